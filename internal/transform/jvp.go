package transform

import (
	"slices"

	"pullback/internal/record"
	"pullback/ir"
)

// tangents maps the values of one graph to their tangents; others have none.
type tangents struct {
	graph *ir.Graph
	at    []record.Tangent
}

func (t tangents) get(v ir.Value) record.Tangent {
	if v.Graph() != t.graph {
		return record.Tangent{}
	}
	return t.at[v.ID()]
}

func (t tangents) all(vs []ir.Value) []record.Tangent {
	out := make([]record.Tangent, len(vs))
	for i, v := range vs {
		out[i] = t.get(v)
	}
	return out
}

// any says whether one of vs has a tangent.
func (t tangents) any(vs []ir.Value) bool {
	return slices.ContainsFunc(vs, func(v ir.Value) bool { return !t.get(v).IsZero() })
}

// JVP runs g at x together with its derivative there in the direction dx.
func JVP(g *ir.Graph, x []ir.Value, dx []record.Tangent) (y []ir.Value, dy []record.Tangent) {
	e := newEnv(g, x)
	d := tangents{g, make([]record.Tangent, g.NumValues())}
	for i, v := range g.In() {
		d.at[v.ID()] = dx[i]
	}
	graphs := record.GraphsOf(x, valuesOf(dx), g.Free())
	for _, n := range g.Nodes() {
		if !d.any(n.In) || !anyFloat(n.Out) {
			e.replay(n)
			continue
		}
		record.Inheriting(graphs, n.Pos, func() {
			ys, dys := jvpNode(n, e.all(n.In), d.all(n.In))
			e.set(n.Out, ys)
			for i, v := range n.Out {
				if v.DType().IsFloat() {
					d.at[v.ID()] = dys[i]
				}
			}
		})
	}
	return e.all(g.Out()), d.all(g.Out())
}

func jvpNode(n ir.Node, x []ir.Value, dx []record.Tangent) ([]ir.Value, []record.Tangent) {
	p := primitive(n)
	if l, ok := p.(record.Linearizer); ok {
		return l.Linearize(x, dx)
	}
	y := record.ApplyAt(n.Pos, p, x...)
	return y, p.JVP(x, y, dx)
}

func anyFloat(vs []ir.Value) bool {
	for _, v := range vs {
		if v.DType().IsFloat() {
			return true
		}
	}
	return false
}

func valuesOf(ts []record.Tangent) []ir.Value {
	var vs []ir.Value
	for _, t := range ts {
		if !t.IsZero() {
			vs = append(vs, t.Value)
		}
	}
	return vs
}
