package native

import (
	"slices"

	"pullback/internal/lane"
	"pullback/internal/native/asm"
	"pullback/ir"
)

// foreachLoop translates a loop over lanes: what is the same in all gangs comes before it.
func (s *selector) foreachLoop(f *lane.Foreach) error {
	s.foreach = f
	s.stored = make([]bool, len(s.p.Buffers))
	scratch := false
	lane.Walk(f.Body, func(stmt lane.Stmt) {
		if i, ok := stmt.(*lane.Instr); ok {
			scratch = scratch || i.Code == lane.ScratchLoad || i.Code == lane.ScratchStore
			if i.Code == lane.Store {
				s.stored[i.Access.Buffer] = true
			}
		}
	})
	if f.Extent == 0 {
		s.foreach = nil
		return nil
	}
	if err := s.hoist(f.Body, false); err != nil {
		return err
	}
	at := &foreach{extent: f.Extent, divided: s.p.Splittable(), row: f.Extent}
	if len(f.Reductions) > 0 {
		at.row = f.Row
		at.blocks, _ = lane.BlockOf(f.Row, f.Row) // the first of the second row
	}
	if at.rows() && int64(at.row) >= maxExtent {
		return unsupported("rows of 2^31 lanes and more")
	}
	l := s.newLoop(at)
	s.pseudo(begin).loop = l
	s.head(l)
	if scratch {
		s.pseudo(clearScratch)
	}
	if err := s.block(f.Body); err != nil {
		return err
	}
	for _, r := range f.Reductions {
		if err := s.reduce(r, at); err != nil {
			return err
		}
	}
	s.close(l, next)
	s.foreach = nil
	return nil
}

func (s *selector) newLoop(f *foreach) *loop {
	l := &loop{foreach: f, head: s.label(), end: s.label(), resume: s.label()}
	s.loops = append(s.loops, l)
	return l
}

func (s *selector) head(l *loop) {
	l.first = len(s.code)
	s.pseudo(head).loop = l
}

// instructionsPerFuel is how many instructions cost as much fuel as a back-edge: a call of
// lane.Fuel then takes some tens of microseconds.
const instructionsPerFuel = 64

// close ends a loop by its back-edge.
func (s *selector) close(l *loop, f form) {
	s.pseudo(f).loop = l
	l.last = len(s.code) - 1
	time := 0
	for k := l.first; k < l.last; k++ {
		time += s.time(&s.code[k])
	}
	l.fuel = 1 + time/instructionsPerFuel
}

// time is how many simple instructions take as long as i, about: more counts where it is long.
func (s *selector) time(i *instruction) int {
	const division, element = 40, 16
	switch {
	case i.form == byLane && (i.scalar.op == quotient || i.scalar.op == remainder):
		return division * s.lanes
	case i.form == byLane:
		return element * s.lanes
	case i.memory != nil && i.memory.gather != none:
		return element * s.perPart(8)
	}
	switch i.op {
	case asm.VDIVPS, asm.VDIVPD, asm.VSQRTPS, asm.VSQRTPD:
		return division
	}
	return 1
}

// hoist computes before a loop what is the same in all its rounds: with varying that is what
// does not depend on the loop, otherwise only what is the same in all lanes. Every operation is
// total and so may run although the loop might not.
func (s *selector) hoist(b lane.Block, varying bool) error {
	for _, stmt := range b {
		switch stmt := stmt.(type) {
		case *lane.While:
			if stmt.Rare {
				continue
			}
			if err := s.hoist(stmt.Cond, varying); err != nil {
				return err
			}
			if err := s.hoist(stmt.Body, varying); err != nil {
				return err
			}
		case *lane.Instr:
			if s.invariant(stmt, varying) {
				if err := s.instr(stmt); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// invariant says whether an instruction that does not exist yet can be computed here.
func (s *selector) invariant(i *lane.Instr, varying bool) bool {
	switch {
	case i.Out == lane.None || !s.needed[i.Out] || s.made(i.Out) || i.Code == lane.ScratchLoad,
		s.varies[i.Out] && !varying,
		i.Code == lane.Load && s.stored[i.Access.Buffer]:
		return false
	}
	in, _ := s.operands(i)
	for _, v := range in {
		if v != lane.None && !s.made(v) {
			return false
		}
	}
	return true
}

// while translates a loop whose lanes leave one by one, or all at once if its test is uniform.
func (s *selector) while(w *lane.While) error {
	if w.Rare {
		return s.rarely(w)
	}
	if s.foreach != nil {
		if err := s.hoist(lane.Block{w}, true); err != nil {
			return err
		}
	}
	states := s.enter(w.State, w.Init)
	outer := s.mask
	masked := s.varies[w.Test]
	if masked {
		s.mask = s.loopMask(outer)
	}
	l := s.newLoop(nil)
	s.head(l)
	if err := s.block(w.Cond); err != nil {
		return err
	}
	s.leaveUnless(l, w.Test, masked)
	if err := s.block(w.Body); err != nil {
		return err
	}
	s.advance(w.Next, states, masked)
	s.close(l, backEdge)
	s.mask = outer
	return nil
}

// enter gives the states of a loop registers of their own, with what they are at first.
func (s *selector) enter(state, init []lane.Value) []value {
	states := make([]value, len(state))
	for k, v := range state {
		t, varies := s.p.Types[v], s.varies[v]
		x := s.values[init[k]]
		if t == ir.Bool {
			x = s.resized(x, s.masks, s.varies[init[k]])
		}
		states[k].size = x.size
		for j := range s.partsOf(varies, x.size) {
			y := s.stateRegister(t, x.size)
			s.move(y, x.part(j))
			states[k].parts = append(states[k].parts, y)
		}
		s.values[v] = states[k]
	}
	return states
}

func (s *selector) stateRegister(t ir.DType, size int) virtual {
	if t == ir.Bool {
		return s.set.maskRegister(size)
	}
	return s.vector(size)
}

// move writes one register to another.
func (s *selector) move(to, from virtual) {
	i := s.plain(copyRegister)
	i.out, i.in[0] = to, from
}

func (s *selector) moves(to, from []virtual) {
	for k := range to {
		s.move(to[k], from[k])
	}
}

// loopMask is a new mask with the lanes that are active here.
func (s *selector) loopMask(outer []virtual) []virtual {
	var mask []virtual
	for k := range s.parts(s.masks) {
		m := s.set.maskRegister(s.masks)
		if outer != nil {
			s.move(m, outer[k])
		} else {
			s.move(m, s.set.active(s.masks, k))
		}
		mask = append(mask, m)
	}
	return mask
}

// leaveUnless goes to the end of a loop if no lane goes on.
func (s *selector) leaveUnless(l *loop, test lane.Value, masked bool) {
	if !masked {
		x := s.resized(s.values[test], s.masks, false)
		i := s.pseudo(skipUnless)
		i.in[0], i.label = x.parts[0], l.end
		return
	}
	s.restrict(test)
	i := s.pseudo(leave)
	i.also, i.label = s.mask, l.end
}

// restrict takes the lanes for which a test fails out of the mask.
func (s *selector) restrict(test lane.Value) {
	x := s.resized(s.values[test], s.masks, s.varies[test])
	for k, m := range s.mask {
		s.move(m, s.set.logic(lane.And, s.masks, [3]virtual{m, x.part(k), none}, 0))
	}
}

// advance gives the states their next values, in the lanes that go on.
func (s *selector) advance(to []lane.Value, states []value, masked bool) {
	next := make([]value, len(to))
	for k, v := range to {
		if next[k] = s.values[v]; s.p.Types[v] == ir.Bool {
			next[k] = s.resized(next[k], s.masks, s.varies[v])
		}
		// A state that becomes another one must be read before that one is overwritten.
		if slices.ContainsFunc(states, func(x value) bool {
			return x.parts[0] == next[k].parts[0] && x.parts[0] != states[k].parts[0]
		}) {
			copied := value{size: next[k].size}
			for _, p := range next[k].parts {
				copied.parts = append(copied.parts, s.like(p))
			}
			s.moves(copied.parts, next[k].parts)
			next[k] = copied
		}
	}
	for k, v := range to {
		if next[k].parts[0] == states[k].parts[0] {
			continue
		}
		t := s.p.Types[v]
		var mask value
		if masked {
			mask = s.resized(value{s.mask, s.masks}, states[k].size, true)
		}
		for j, p := range states[k].parts {
			switch {
			case !masked:
				s.move(p, next[k].part(j))
			case t == ir.Bool:
				s.set.mergeMask(states[k].size, p, mask.part(j), next[k].part(j))
			default:
				s.set.merge(states[k].size, p, mask.part(j), next[k].part(j))
			}
		}
	}
}
