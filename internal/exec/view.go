package exec

import (
	"pullback/internal/lane"
	"pullback/ir"
)

// viewThrough says where the result of a view node is, if its operand is at the given place.
// ok is false for other nodes, and where no strides say it: the elements are then copied.
func viewThrough(n ir.Node, at lane.View) (view lane.View, ok bool) {
	in, out := n.In[0].Type(), n.Out[0].Type()
	switch op := n.Op.(type) {
	case lane.Reshaper:
		if !isRowMajor(at, in.Shape) {
			return view, false
		}
		return lane.View{Offset: at.Offset, Strides: lane.RowMajor(out.Shape)}, true
	case lane.Viewer:
		if at.Offset != 0 || !isRowMajor(at, in.Shape) {
			return view, false
		}
		return op.View(in), true
	}
	return view, false
}

// isRowMajor says whether the elements lie one after the other in row-major order; the strides
// of axes of one element do not matter.
func isRowMajor(v lane.View, shape []int) bool {
	for i, stride := range lane.RowMajor(shape) {
		if shape[i] != 1 && v.Strides[i] != stride {
			return false
		}
	}
	return true
}

// isWhole says whether a view is all elements of an array, in order.
func isWhole(v lane.View, shape []int) bool { return v.Offset == 0 && isRowMajor(v, shape) }
