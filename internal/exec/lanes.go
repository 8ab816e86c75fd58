package exec

import (
	"pullback/internal/control"
	"pullback/internal/lane"
	"pullback/ir"
)

// laneSize says whether a node can be part of a lane program, and of how many lanes: it is
// elementwise, or a loop over nothing else whose every lane runs to its own end.
func laneSize(n ir.Node) (size int, ok bool) {
	switch op := n.Op.(type) {
	case lane.Lowerer:
		return n.Out[0].Size(), n.Out[0].Size() > 0
	case control.While:
		size = n.Out[0].Size()
		for _, v := range n.In {
			if s := v.Size(); s != size && s != 1 {
				return 0, false
			}
		}
		for _, v := range n.Out {
			if v.Size() != size {
				return 0, false
			}
		}
		return size, size > 0 && laneable(op.Cond, size) && laneable(op.Body, size)
	}
	return 0, false
}

// laneable says whether a program can run in each of size lanes on that lane's own elements.
// Its values have size elements, or one, which is the same in all lanes.
func laneable(g *ir.Graph, size int) bool {
	fits := func(vs []ir.Value) bool {
		for _, v := range vs {
			if s := v.Size(); s != size && s != 1 || v.IsKnown() && !v.Array().IsFill() && s != 1 {
				return false
			}
		}
		return true
	}
	for _, n := range g.Nodes() {
		if !fits(n.In) || !fits(n.Out) {
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

// emitGraph appends a laneable program to b, for parameters that are in the given lane values.
func emitGraph(b *lane.Builder, g *ir.Graph, in []lane.Value) []lane.Value {
	env := make([]lane.Value, g.NumValues())
	for i, v := range g.In() {
		env[v.ID()] = in[i]
	}
	get := func(vs []ir.Value) []lane.Value {
		out := make([]lane.Value, len(vs))
		for i, v := range vs {
			if v.IsKnown() {
				out[i] = emitConstant(b, v.Array())
			} else {
				out[i] = env[v.ID()]
			}
		}
		return out
	}
	for _, n := range g.Nodes() {
		for i, v := range emitNode(b, n, get(n.In)) {
			env[n.Out[i].ID()] = v
		}
	}
	return get(g.Out())
}

func emitNode(b *lane.Builder, n ir.Node, in []lane.Value) []lane.Value {
	switch op := n.Op.(type) {
	case lane.Lowerer:
		return op.Lower(b, in)
	case control.While:
		bodyAt := op.CondConsts + op.BodyConsts
		condConsts, bodyConsts, init := in[:op.CondConsts], in[op.CondConsts:bodyAt], in[bodyAt:]
		return b.While(init,
			func(state []lane.Value) lane.Value {
				return emitGraph(b, op.Cond, append(append([]lane.Value{}, condConsts...), state...))[0]
			},
			func(state []lane.Value) []lane.Value {
				return emitGraph(b, op.Body, append(append([]lane.Value{}, bodyConsts...), state...))
			})
	}
	return in[:1] // a view
}

// emitConstant is a constant that is the same in all lanes.
func emitConstant(b *lane.Builder, a ir.Array) lane.Value {
	switch d := a.Memory().(type) {
	case []float64:
		return b.Float(ir.Float64, d[0])
	case []float32:
		return b.Float(ir.Float32, float64(d[0]))
	case []int32:
		return b.Int(ir.Int32, int64(d[0]))
	case []int64:
		return b.Int(ir.Int64, d[0])
	case []uint32:
		return b.Int(ir.Uint32, int64(d[0]))
	case []uint64:
		return b.Int(ir.Uint64, int64(d[0]))
	case []bool:
		return b.Bool(d[0])
	}
	panic("exec: the zero Array is no constant")
}
