// Package exec runs programs: it lowers a graph to kernels over planned buffers.
//
// A graph becomes groups of nodes, and each group a kernel. Elementwise operations of one size
// are one lane program, and so are reductions of what they compute to one number or over long rows.
// Views are no kernels: they become addresses in the loads of whoever uses them, and so do views of
// views. Every other operation is a kernel of its own, which reads views in place if it is a
// lane.Preparer that can.
//
// Where there are loops, their problems are lanes if they can be: each lane has its part of every
// value, a few elements that it holds one by one, and runs its loop until its own end. What is
// around the loops and small enough joins them: sums, products of small matrices, and whatever else
// is a lane.PrivateLowerer. So an estimation of each of many samples is one kernel.
//
// A Program is immutable. What a run writes is in a state, which is used by one run at a time and
// kept for the next one: so runs may overlap, and after the first ones they allocate nothing.
package exec

import (
	"pullback/internal/lane"
	"pullback/ir"
)

// place says where the elements of a value are: in a buffer, at the addresses of a view over
// the value's own axes.
type place struct {
	buffer int
	view   lane.View
}

// whole says whether the place is a buffer's elements in order, all of the value's.
func (p place) whole(t ir.Type) bool { return p.view.IsWhole(t.Shape) }
