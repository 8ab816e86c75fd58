// Package transform turns graphs into other graphs: derivatives, transposes, batches. It knows
// the interface of a primitive and the few operations that every transform needs (addition,
// zeros, broadcasts); rules are the primitives' own.
//
// A transform replays a graph, node by node, on values. Where the values are known it computes,
// where they are recorded it records: so that transforms compose without code for it.
package transform

import (
	"pullback/internal/record"
	"pullback/ir"
)

// env maps the values of one graph to the values they have in a replay; values of other graphs
// and known ones stand for themselves.
type env struct {
	graph  *ir.Graph
	values []ir.Value
	typed  bool       // the values have the types of the graph's, as they must unless it is batched
	list   []ir.Value // of the operands of the node that is replayed
}

func newEnv(g *ir.Graph, in []ir.Value) env {
	e := env{graph: g, values: make([]ir.Value, g.NumValues()), typed: true}
	e.set(g.In(), in)
	for i, v := range g.In() {
		e.typed = e.typed && in[i].IsValid() && in[i].Type().Equal(v.Type())
	}
	return e
}

func (e *env) set(vs, to []ir.Value) {
	for i, v := range vs {
		e.values[v.ID()] = to[i]
	}
}

func (e *env) get(v ir.Value) ir.Value {
	if v.Graph() != e.graph {
		return v
	}
	return e.values[v.ID()]
}

func (e *env) all(vs []ir.Value) []ir.Value {
	out := make([]ir.Value, len(vs))
	for i, v := range vs {
		out[i] = e.get(v)
	}
	return out
}

// replay applies a node's operation to its operands' values.
func (e *env) replay(n ir.Node) {
	e.list = e.list[:0]
	for _, v := range n.In {
		e.list = append(e.list, e.get(v))
	}
	if op := n.Op.(ir.Evaluator); e.typed {
		e.set(n.Out, record.Replay(n, op, e.list))
	} else {
		e.set(n.Out, record.ApplyAt(n.Pos, op, e.list...))
	}
}

// Run applies the program g to x, one value for each parameter.
func Run(g *ir.Graph, x []ir.Value) []ir.Value {
	e := newEnv(g, x)
	for _, n := range g.Nodes() {
		e.replay(n)
	}
	return e.all(g.Out())
}

// primitive is n's operation with its rules. What is recorded came through the door, and the
// door takes primitives: a user's own operation is wrapped in one.
func primitive(n ir.Node) record.Primitive { return n.Op.(record.Primitive) }
