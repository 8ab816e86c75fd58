package interp

import (
	"slices"

	"pullback/internal/lane"
	"pullback/ir"
)

// loop lays a while out as
//
//	states = Init; jump test
//	body:  Body; states = Next
//	test:  Cond; back to body
//
// If the test varies, a mask has the lanes that are left, and a lane that is out keeps its
// states because the moves and the stores obey the mask. All else is computed for every lane:
// no operation can fail. While no lane is out the mask costs nothing but its counting.
func (c *flattener) loop(w *lane.While) {
	for k, v := range w.Init {
		c.move(w.State[k], v, c.define(w.State[k]), c.of[v], none, -1)
	}
	mask, masked := c.mask, c.masked
	varies := c.varies[w.Test]
	if varies {
		c.enter()
	}
	entry := c.emit(newInstr(jump, nil, 0))
	first := len(c.k.code)
	c.block(w.Body)
	c.next(w, first)
	c.k.code[entry].target = len(c.k.code)
	c.block(w.Cond)
	back := newInstr(repeat, nil, 0)
	if varies {
		back.control, back.mask, back.masked = vote, c.mask, c.masked
	}
	back.in[0], back.target = c.of[w.Test], first
	c.loops = append(c.loops, newSpan(first, c.emit(back)))
	c.mask, c.masked = mask, masked
}

// enter gives a loop whose test varies its mask.
func (c *flattener) enter() {
	i := newInstr(enter, nil, 0)
	if c.mask != none {
		i.in[0], i.imm = c.mask, uint64(c.masked)
	}
	c.mask, c.masked = c.varying(ir.Bool), int32(c.k.masks)
	c.k.masks++
	i.out, i.masked = c.mask, c.masked
	c.emit(i)
}

// next sets the states to their next values, all at once: those that become another state are
// copied first. Code from first on is the loop's.
func (c *flattener) next(w *lane.While, first int) {
	from := make([]uint32, len(w.Next))
	for k, v := range w.Next {
		from[k] = c.of[v]
		if at := slices.Index(w.State, v); at >= 0 && at != k {
			if from[k] = c.uniform(); c.varies[v] {
				from[k] = c.varying(c.p.Types[v])
			}
			c.move(v, v, from[k], c.of[v], none, -1)
		}
	}
	mask, masked := c.mask, c.masked
	if !c.varies[w.Test] {
		mask, masked = none, -1
	}
	for k, v := range w.Next {
		state := w.State[k]
		once := slices.Index(w.Next[k+1:], v) < 0 && slices.Index(w.Next[:k], v) < 0
		if v == state || mask == none && once && c.coalesce(first, from[k], c.of[state]) {
			continue
		}
		c.move(state, v, c.of[state], from[k], mask, masked)
	}
}

// move emits to = from, the registers of the values state and v or of copies of them.
func (c *flattener) move(state, v lane.Value, to, from, mask uint32, masked int32) {
	i := newInstr(compute, c.copyOp(state), blockOf(c.varies[state]))
	i.out, i.in[0], i.mask, i.masked = to, from, mask, masked
	if c.varies[state] && !c.varies[v] {
		i.form = 1
	}
	c.emit(i)
}

// copyOp is the op that copies v's register.
func (c *flattener) copyOp(v lane.Value) op {
	if c.varies[v] {
		return moveOp(c.p.Types[v])
	}
	return move[uint64] // a whole uniform register
}

// coalesce lets the instruction that defines from write the state's register at once, and says
// whether it could: not if the state is still read after it, or if the code branches in between.
func (c *flattener) coalesce(first int, from, state uint32) bool {
	if c.registers[from] != c.registers[state] {
		return false
	}
	code := c.k.code
	for at := len(code) - 1; at >= first && code[at].run != nil; at-- {
		i := &code[at]
		if i.out == from {
			i.out = state
			for k := at + 1; k < len(code); k++ {
				code[k].rename(from, state)
			}
			return true
		}
		if i.out == state || i.reads(state) {
			return false
		}
	}
	return false
}

func (i *instr) reads(r uint32) bool {
	return i.in[0] == r || i.in[1] == r || i.in[2] == r || i.mask == r
}

func (i *instr) rename(from, to uint32) {
	for k, r := range i.in {
		if r == from {
			i.in[k] = to
		}
	}
}
