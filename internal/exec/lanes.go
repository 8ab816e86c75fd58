package exec

import (
	"pullback/internal/lane"
	"pullback/ir"
)

// laneSize says whether a node is elementwise, and so part of a lane program of so many lanes.
func laneSize(n ir.Node) (size int, ok bool) {
	_, ok = n.Op.(lane.Lowerer)
	return n.Out[0].Size(), ok && n.Out[0].Size() > 0
}

func isOneNumber(v ir.Value) bool { return v.IsKnown() && (v.Array().IsFill() || v.Size() == 1) }

// emitConstant is a constant that is the same in all lanes.
func emitConstant(b *lane.Builder, a ir.Array) lane.Value {
	t := a.Type().DType
	return b.Bits(t, lane.Canonical(t, a.Bits(0)))
}

// isLaneView says whether lane i of n's result is lane i of its operand: the elements keep
// their order, or one element is repeated.
func isLaneView(n ir.Node) bool {
	op, ok := n.Op.(lane.Viewer)
	if !ok {
		return false
	}
	in, out := n.In[0].Type(), n.Out[0].Type()
	if in.Size() == 1 {
		return true
	}
	view, ok := op.View(in, lane.Whole(in.Shape))
	return ok && in.Size() == out.Size() && view.IsWhole(out.Shape)
}
