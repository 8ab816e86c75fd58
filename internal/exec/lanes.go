package exec

import (
	"pullback/internal/control"
	"pullback/internal/lane"
	"pullback/ir"
)

// laneSize says whether a node can be part of a lane program, and of how many lanes: it is
// elementwise, or a loop or a conditional over nothing else, every lane of which is on its own.
func laneSize(n ir.Node) (size int, ok bool) {
	if _, ok := n.Op.(lane.Lowerer); ok {
		return n.Out[0].Size(), n.Out[0].Size() > 0
	}
	switch op := n.Op.(type) {
	case control.While:
		size, ok = sizeOf(n.Out)
		return size, ok && fit(n.In, size) && laneable(op.Cond, size) && laneable(op.Body, size)
	case control.Scan:
		// One round is no loop, and its rows would be hard to tell from elements of lanes.
		size, ok = sizeOf(op.Body.Out())
		return size, ok && op.Length > 1 && op.Carry > 0 && fit(n.In[:op.Consts+op.Carry], size) &&
			laneable(op.Body, size)
	case control.Cond:
		size, ok = sizeOf(n.Out)
		return size, ok && fit(n.In, size) && cheap(op.Then, size) && cheap(op.Else, size)
	}
	return 0, false
}

// sizeOf is the number of elements that all values have, if they agree and there are some.
func sizeOf(vs []ir.Value) (size int, ok bool) {
	for _, v := range vs {
		if size = v.Size(); size != vs[0].Size() {
			return 0, false
		}
	}
	return size, size > 0
}

// fit says whether values are lane by lane, or one number for all lanes.
func fit(vs []ir.Value, size int) bool {
	for _, v := range vs {
		if s := v.Size(); s != size && s != 1 {
			return false
		}
	}
	return true
}

// cheapNodes bounds the branches of conditionals of which lanes compute both and choose.
const cheapNodes = 16

// cheap says whether a program is laneable, short and without loops.
func cheap(g *ir.Graph, size int) bool {
	for _, n := range g.Nodes() {
		switch n.Op.(type) {
		case control.While, control.Scan, control.Cond:
			return false
		}
	}
	return len(g.Nodes()) <= cheapNodes && laneable(g, size)
}

// laneable says whether a program can run in each of size lanes on that lane's own elements.
// Its values have size elements, or one, which is the same in all lanes.
func laneable(g *ir.Graph, size int) bool {
	fits := func(vs []ir.Value) bool {
		for _, v := range vs {
			if v.IsKnown() && !isOneNumber(v) {
				return false
			}
		}
		return fit(vs, size)
	}
	for _, n := range g.Nodes() {
		in := n.In
		if s, ok := n.Op.(control.Scan); ok {
			// In a loop there is no place for rows but constants.
			first := s.Consts + s.Carry
			for _, v := range in[first:] {
				if !v.IsKnown() || v.Size() != s.Length && !v.Array().IsFill() {
					return false
				}
			}
			if len(n.Out) > s.Carry {
				return false
			}
			in = in[:first]
		}
		if !fits(in) || !fits(n.Out) {
			return false
		}
		if isLaneView(n) {
			continue
		}
		if _, ok := laneSize(n); !ok {
			return false
		}
	}
	return fits(g.Out())
}

func isOneNumber(v ir.Value) bool { return v.IsKnown() && (v.Array().IsFill() || v.Size() == 1) }

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
