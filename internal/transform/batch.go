package transform

import (
	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/ir"
)

// Batch runs g for n problems at once: parameter i has a new leading axis of n where batched[i].
// It says which results have that axis: those that depend on a batched parameter.
func Batch(g *ir.Graph, n int, x []ir.Value, batched []bool) (y []ir.Value, batchedOut []bool) {
	e := newEnv(g, x)
	isBatched := make([]bool, g.NumValues())
	for i, v := range g.In() {
		isBatched[v.ID()] = batched[i]
	}
	of := func(vs []ir.Value) (flags []bool, some bool) {
		flags = make([]bool, len(vs))
		for i, v := range vs {
			flags[i] = v.Graph() == g && isBatched[v.ID()]
			some = some || flags[i]
		}
		return flags, some
	}
	graphs := record.GraphsOf(x, g.Free())
	for _, node := range g.Nodes() {
		flags, some := of(node.In)
		if !some {
			e.replay(node)
			continue
		}
		xs := e.all(node.In)
		record.Inheriting(graphs, node.Pos, func() {
			ys, out := primitive(node).Batch(n, xs, flags)
			e.set(node.Out, ys)
			for i, v := range node.Out {
				isBatched[v.ID()] = out == nil || out[i]
			}
		})
	}
	batchedOut, _ = of(g.Out())
	return e.all(g.Out()), batchedOut
}

// BatchAll is Batch with the axis on every result.
func BatchAll(g *ir.Graph, n int, x []ir.Value, batched []bool) []ir.Value {
	y, flags := Batch(g, n, x, batched)
	for i, b := range flags {
		if !b {
			y[i] = op.Lead(y[i], n)
		}
	}
	return y
}
