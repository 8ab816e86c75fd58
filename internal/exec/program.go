package exec

import (
	"sync"

	"pullback/ir"
)

// Program is a compiled graph. It may be run by many goroutines at once.
type Program struct {
	graph   *ir.Graph
	buffers []buffer
	steps   []step
	in, out []int // buffers of the parameters and the results
	slots   []ir.Type
	states  sync.Pool // of *state
}

// bufferKind says who gives a buffer its memory.
type bufferKind uint8

const (
	temporary bufferKind = iota // the run's state, shared with others whose life does not overlap
	parameter                   // the caller
	constant                    // the program
	result                      // the caller, who keeps it
)

type buffer struct {
	typ   ir.Type
	kind  bufferKind
	value ir.Array // of a constant
	slot  int      // of a temporary
}

func (p *Program) newBuffer(t ir.Type, kind bufferKind) int {
	p.buffers = append(p.buffers, buffer{typ: t, kind: kind})
	return len(p.buffers) - 1
}

func (p *Program) constant(a ir.Array) int {
	at := p.newBuffer(a.Type(), constant)
	p.buffers[at].value = a
	return at
}

// step is one kernel. It reads and writes buffers of the run's state by number.
type step interface {
	// run computes; own is what the step keeps in this state from run to run.
	run(s *state, own *any)
	reads() []int
	writes() []int
	explain(l *listing)
}

// state is the memory of one run.
type state struct {
	arrays []ir.Array // by buffer
	own    []any      // by step: what the step keeps from run to run
	fills  []ir.Array // by parameter: memory for a fill, once there was one
}

// written is the fill a, parameter i of n, written out in full.
func (s *state) written(i int, a ir.Array, n int) ir.Array {
	if s.fills == nil {
		s.fills = make([]ir.Array, n)
	}
	if s.fills[i].Memory() == nil {
		s.fills[i] = ir.NewArray(a.Type())
	}
	ir.Copy(s.fills[i], a)
	return s.fills[i]
}

// plan gives temporaries slots: a slot is free again after the last step that reads it.
func (p *Program) plan() {
	last := make([]int, len(p.buffers))
	for b := range last {
		last[b] = -1
	}
	for i, s := range p.steps {
		for _, b := range s.reads() {
			last[b] = i
		}
		for _, b := range s.writes() {
			last[b] = max(last[b], i)
		}
	}
	type class struct {
		dtype ir.DType
		size  int
	}
	ends := make([][]int, len(p.steps)) // the buffers whose last step it is
	for b, i := range last {
		if i >= 0 && p.buffers[b].kind == temporary {
			ends[i] = append(ends[i], b)
		}
	}
	free := map[class][]int{}
	done := make([]bool, len(p.buffers))
	for i, s := range p.steps {
		for _, b := range s.writes() {
			if p.buffers[b].kind != temporary || done[b] {
				continue
			}
			done[b] = true
			k := class{p.buffers[b].typ.DType, p.buffers[b].typ.Size()}
			if list := free[k]; len(list) > 0 {
				p.buffers[b].slot = list[len(list)-1]
				free[k] = list[:len(list)-1]
				continue
			}
			p.slots = append(p.slots, ir.Of(k.dtype, k.size))
			p.buffers[b].slot = len(p.slots) - 1
		}
		for _, b := range ends[i] {
			if !done[b] { // of no elements, which nobody writes
				continue
			}
			k := class{p.buffers[b].typ.DType, p.buffers[b].typ.Size()}
			free[k] = append(free[k], p.buffers[b].slot)
		}
	}
}

// newState makes the memory of a run: temporaries and constants are bound once for all.
func (p *Program) newState() *state {
	s := &state{arrays: make([]ir.Array, len(p.buffers)), own: make([]any, len(p.steps))}
	slots := make([]ir.Array, len(p.slots))
	for i, t := range p.slots {
		slots[i] = ir.NewArray(t)
	}
	written := map[int]bool{}
	for _, st := range p.steps {
		for _, b := range st.writes() {
			written[b] = true
		}
	}
	for i, b := range p.buffers {
		switch {
		case b.kind == constant:
			s.arrays[i] = b.value
		case b.kind == temporary && written[i]:
			s.arrays[i] = slots[b.slot].Reshaped(b.typ.Shape...)
		case b.kind == temporary: // of no elements, which nobody writes
			s.arrays[i] = ir.NewArray(b.typ)
		}
	}
	return s
}

// Run runs the program on in, one array for each parameter, and gives fresh results.
func (p *Program) Run(in []ir.Array) []ir.Array {
	out := p.newResults()
	p.RunInto(in, out)
	return out
}

func (p *Program) newResults() []ir.Array {
	out := make([]ir.Array, len(p.out))
	for i, v := range p.graph.Out() {
		out[i] = ir.NewArray(v.Type())
	}
	return out
}

// RunInto is Run with memory for the results, which overlaps no parameter.
func (p *Program) RunInto(in, out []ir.Array) {
	s, _ := p.states.Get().(*state)
	if s == nil {
		s = p.newState()
	}
	p.runWith(s, in, out)
	p.states.Put(s)
}

// runWith runs the program in a given state.
func (p *Program) runWith(s *state, in, out []ir.Array) {
	for i, b := range p.in {
		if s.arrays[b] = in[i]; in[i].IsFill() && in[i].Len() > 1 {
			s.arrays[b] = s.written(i, in[i], len(in))
		}
	}
	for i, b := range p.out {
		s.arrays[b] = out[i]
	}
	for i, st := range p.steps {
		st.run(s, &s.own[i])
	}
	for _, b := range p.in {
		s.arrays[b] = ir.Array{}
	}
	for _, b := range p.out {
		s.arrays[b] = ir.Array{}
	}
}

// inner is the state of a program inside a step, which is made on first use and kept.
func (p *Program) inner(s **state) *state {
	if *s == nil {
		*s = p.newState()
	}
	return *s
}
