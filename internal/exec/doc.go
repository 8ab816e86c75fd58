// Package exec runs programs: it lowers a graph to kernels over planned buffers. Elementwise operations of
// one size, and loops over nothing but such operations, become one lane program; views become
// addresses in the loads of whoever uses them; every other operation is a kernel of its own.
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
