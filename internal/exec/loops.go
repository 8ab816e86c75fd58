package exec

import (
	"slices"

	"pullback/internal/control"
	"pullback/ir"
)

// whileStep runs a loop on whole arrays. In a batch, a problem whose condition failed keeps its
// state while others go on.
type whileStep struct {
	operands
	op         control.While
	cond, body *Program
}

// whileRun is the loop's memory: two copies of the state, of which one becomes the other.
type whileRun struct {
	bound
	state, next    []ir.Array
	condIn, bodyIn []ir.Array
	pred           []ir.Array
	cond, body     *state
}

func (w *whileStep) run(s *state, own *any) {
	r := keep[whileRun](own)
	w.bind(s, &r.bound)
	bodyAt := w.op.CondConsts + w.op.BodyConsts
	if r.pred == nil {
		for _, t := range w.outTypes {
			r.state = append(r.state, ir.NewArray(t))
			r.next = append(r.next, ir.NewArray(t))
		}
		r.condIn = make([]ir.Array, w.op.CondConsts+len(r.state))
		r.bodyIn = make([]ir.Array, w.op.BodyConsts+len(r.state))
		r.pred = []ir.Array{ir.NewArray(w.op.Cond.Out()[0].Type())}
	}
	copy(r.condIn, r.in[:w.op.CondConsts])
	copy(r.bodyIn, r.in[w.op.CondConsts:bodyAt])
	for i, a := range r.in[bodyAt:] {
		ir.Copy(r.state[i], a)
	}
	for {
		copy(r.condIn[w.op.CondConsts:], r.state)
		w.cond.runWith(w.cond.inner(&r.cond), r.condIn, r.pred)
		going := ir.Stored[bool](r.pred[0])
		if !slices.Contains(going, true) {
			break
		}
		copy(r.bodyIn[w.op.BodyConsts:], r.state)
		w.body.runWith(w.body.inner(&r.body), r.bodyIn, r.next)
		if slices.Contains(going, false) {
			for i := range r.state {
				keepRows(going, r.next[i], r.state[i])
			}
		}
		r.state, r.next = r.next, r.state
	}
	for i, a := range r.out {
		ir.Copy(a, r.state[i])
	}
}

// keepRows copies from src the problems that are not going on.
func keepRows(going []bool, dst, src ir.Array) {
	n := src.Len() / len(going)
	for i, g := range going {
		if !g {
			ir.CopyRange(dst, i*n, src, i*n, n)
		}
	}
}

// scanStep runs a loop of fixed length, element by element of the arrays scanned over.
type scanStep struct {
	operands
	op   control.Scan
	body *Program
}

type scanRun struct {
	bound
	carry, next []ir.Array
	bodyIn      []ir.Array
	bodyOut     []ir.Array
	body        *state
}

func (c *scanStep) run(s *state, own *any) {
	r := keep[scanRun](own)
	c.bind(s, &r.bound)
	first := c.op.Consts + c.op.Carry
	if r.bodyIn == nil {
		for _, v := range c.op.Body.In()[c.op.Consts:first] {
			r.carry = append(r.carry, ir.NewArray(v.Type()))
			r.next = append(r.next, ir.NewArray(v.Type()))
		}
		for _, v := range c.op.Body.In() {
			r.bodyIn = append(r.bodyIn, ir.NewArray(v.Type()))
		}
		for _, v := range c.op.Body.Out() {
			r.bodyOut = append(r.bodyOut, ir.NewArray(v.Type()))
		}
	}
	copy(r.bodyIn, r.in[:c.op.Consts])
	for i := range r.carry {
		ir.Copy(r.carry[i], r.in[c.op.Consts+i])
	}
	for k := range c.op.Length {
		i := c.op.Round(k)
		copy(r.bodyIn[c.op.Consts:], r.carry)
		for j, a := range r.in[first:] {
			row := r.bodyIn[first+j]
			ir.CopyRange(row, 0, a, i*row.Len(), row.Len())
		}
		copy(r.bodyOut, r.next)
		c.body.runWith(c.body.inner(&r.body), r.bodyIn, r.bodyOut)
		for j, row := range r.bodyOut[c.op.Carry:] {
			ir.CopyRange(r.out[c.op.Carry+j], i*row.Len(), row, 0, row.Len())
		}
		r.carry, r.next = r.next, r.carry
	}
	for i, a := range r.carry {
		ir.Copy(r.out[i], a)
	}
}
