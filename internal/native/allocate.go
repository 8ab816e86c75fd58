package native

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// pool is the registers that values may have; the others are for operands that have none, for
// the moment of one instruction.
type pool struct{ vectors, masks uint32 }

// allocation says where each virtual register is.
type allocation struct {
	place []int // a real register; or -1-n, slot n of the frame
	slots int
	live  []interval // all, in the order of their starts
	// memory is how often values in slots are touched, for each instruction that runs.
	memory float64
}

// interval is from where a value is made to where it is needed last.
type interval struct {
	v          virtual
	start, end int
	weight     float64 // how often it is touched, an estimate
	length     float64 // how many instructions run while it is needed, likewise
}

// allocate is a linear scan: values are looked at in the order in which they are made, and where
// all registers are taken, the one that is touched least for the time it lives goes to memory,
// for good. (Poletto and Sarkar, "Linear scan register allocation", TOPLAS 21, 1999.)
func allocate(s *selection, p pool) *allocation {
	a := &allocation{place: make([]int, len(s.registers)), live: s.intervals()}
	ends := make([]int, len(s.registers))
	for _, i := range a.live {
		ends[i.v] = i.end
	}
	for k := range s.code {
		if s.code[k].fused != nil {
			s.overwrite(&s.code[k], func(v virtual) bool {
				return !s.registers[v].constant && ends[v] == k
			})
		}
	}
	var vectors, masks []interval
	for _, i := range a.live {
		if s.registers[i.v].mask {
			masks = append(masks, i)
		} else {
			vectors = append(vectors, i)
		}
	}
	a.scan(s, vectors, p.vectors)
	a.scan(s, masks, p.masks)
	total := 0.0
	for _, n := range s.runs() {
		total += n
	}
	for _, i := range a.live {
		if a.place[i.v] < 0 {
			a.memory += i.weight / total
		}
	}
	return a
}

// overwrite orders the operands of a fused multiply-add so that the first, which the result
// replaces, is one that is not needed any more.
func (s *selection) overwrite(i *instruction, dies func(virtual) bool) {
	x, y, z := i.in[0], i.in[1], i.in[2]
	switch {
	case dies(z):
		i.op, i.in, i.fused = i.fused.f231, [3]virtual{z, x, y}, nil // z += x*y
	case dies(y) && !dies(x):
		i.in = [3]virtual{y, x, z}
	case s.registers[x].constant && !dies(x):
		i.in = [3]virtual{y, x, z}
	}
}

// reads visits the registers that i reads.
func (i *instruction) reads(visit func(virtual)) {
	for _, v := range i.in {
		if v != none {
			visit(v)
		}
	}
	if i.under != none {
		visit(i.under)
	}
	if i.memory != nil {
		i.memory.reads(visit)
	}
	if i.details == nil {
		return
	}
	for _, v := range i.also {
		visit(v)
	}
	if i.scalar != nil {
		i.scalar.memory.reads(visit)
	}
}

func (m *memory) reads(visit func(virtual)) {
	if m.index != none {
		visit(m.index)
	}
	if m.gather != none {
		visit(m.gather)
	}
}

// intervals are those of all values but constants, in the order of their starts. What a loop
// needs from before it is needed until its end.
func (s *selection) intervals() []interval {
	of := make([]interval, len(s.registers))
	for v := range of {
		of[v].start = -1
	}
	runs := s.runs()
	before := make([]float64, len(runs)+1) // the sums of runs
	for k, n := range runs {
		before[k+1] = before[k] + n
	}
	var order []virtual
	touch := func(v virtual, k int) {
		if s.registers[v].constant {
			return
		}
		if of[v].start < 0 {
			of[v].start = k
			order = append(order, v)
		}
		of[v].end = k
		of[v].weight += runs[k]
	}
	for k := range s.code {
		i := &s.code[k]
		i.reads(func(v virtual) { touch(v, k) })
		if i.out != none {
			touch(i.out, k)
		}
	}
	out := make([]interval, len(order))
	for n, v := range order {
		i := of[v]
		i.v = v
		for k := len(s.loops) - 1; k >= 0; k-- { // inner ones first
			if l := s.loops[k]; i.start < l.first && l.first <= i.end && i.end < l.last {
				i.end = l.last
			}
		}
		i.length = before[i.end+1] - before[i.start]
		out[n] = i
	}
	slices.SortStableFunc(out, func(a, b interval) int { return cmp.Compare(a.start, b.start) })
	return out
}

// rarely is the depth of the branches that are rarely taken, as if loops around them were left out:
// what they compute is to take no register from others.
const rarely = 4

// runs is how often each instruction runs, an estimate: eight times as often in a loop.
func (s *selection) runs() []float64 {
	depth := make([]int, len(s.code)+1)
	for _, l := range s.loops {
		depth[l.first]++
		depth[l.last+1]--
	}
	runs := make([]float64, len(s.code))
	n := 0
	for k := range runs {
		switch n += depth[k]; s.code[k].form {
		case unlikely:
			n -= rarely
		case likely:
			n += rarely
		}
		runs[k] = math.Ldexp(1, 3*min(n, 6))
	}
	return runs
}

// scan gives places to the values of one class.
func (a *allocation) scan(s *selection, all []interval, free uint32) {
	var live []interval
	for _, i := range all {
		code := &s.code[i.start]
		keep := live[:0]
		for _, l := range live {
			// A value that is used last where this one is made leaves its register to it, unless
			// the instruction writes its result while it still needs the others.
			last := l.end == i.start && !code.apart && (!code.destroys || l.v == code.in[0])
			if l.end < i.start || last {
				free |= 1 << a.place[l.v]
			} else {
				keep = append(keep, l)
			}
		}
		live = keep
		if free == 0 {
			least, at := i, -1
			for k, l := range live {
				if l.cost() < least.cost() {
					least, at = l, k
				}
			}
			if at < 0 {
				a.place[i.v] = a.slot()
				continue
			}
			free |= 1 << a.place[least.v]
			a.place[least.v] = a.slot()
			live = slices.Delete(live, at, at+1)
		}
		a.place[i.v] = bits.TrailingZeros32(free)
		if from := code.in[0]; code.form == copyRegister && !s.registers[from].constant &&
			a.place[from] >= 0 && free>>a.place[from]&1 != 0 {
			a.place[i.v] = a.place[from] // nothing to copy
		}
		free &^= 1 << a.place[i.v]
		live = append(live, i)
	}
}

// cost is what it costs to have a value in memory, against what its register is worth.
func (i interval) cost() float64 { return i.weight / max(1, i.length) }

func (a *allocation) slot() int {
	a.slots++
	return -a.slots
}

// across lists the values that live where a loop goes back, or on from a stop there.
func (a *allocation) across(l *loop) (vs []virtual) {
	for _, i := range a.live {
		if i.start < l.first && i.end >= l.last && a.place[i.v] >= 0 {
			vs = append(vs, i.v)
		}
	}
	return vs
}
