package rewrite

import (
	"slices"

	"pullback/ir"
)

// dce drops operations that no result depends on, and what those that hold programs do not need.
// Operations have no effects.
func dce(g *ir.Graph) *ir.Graph {
	used := make([]bool, g.NumValues())
	mark := func(vs []ir.Value) {
		for _, v := range vs {
			if v.Graph() == g {
				used[v.ID()] = true
			}
		}
	}
	mark(g.Out())
	live := func(n ir.Node) bool {
		return slices.ContainsFunc(n.Out, func(v ir.Value) bool { return used[v.ID()] })
	}
	for _, n := range slices.Backward(g.Nodes()) {
		if live(n) {
			mark(n.In)
		}
	}
	return replay(g, func(n ir.Node, in []ir.Value) []ir.Value {
		if !live(n) {
			return nil
		}
		flags := make([]bool, len(n.Out))
		for i, v := range n.Out {
			flags[i] = used[v.ID()]
		}
		return trimmed(n, within(n.Op, dce), in, flags)
	})
}
