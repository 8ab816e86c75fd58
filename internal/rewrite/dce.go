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
	isUsed := func(v ir.Value) bool { return used[v.ID()] }
	flags := func(vs []ir.Value) []bool {
		out := make([]bool, len(vs))
		for i, v := range vs {
			out[i] = used[v.ID()]
		}
		return out
	}
	changed := false
	for _, n := range slices.Backward(g.Nodes()) {
		if slices.ContainsFunc(n.Out, isUsed) {
			mark(n.In)
		} else {
			changed = true
		}
		// In a replay it becomes a number, which a held program may make use of.
		changed = changed || !slices.ContainsFunc(n.In, isRecorded)
	}
	held := within(g, dce)
	if !changed && len(held) == 0 && !slices.ContainsFunc(g.Nodes(), func(n ir.Node) bool {
		return isTrimmable(n) && trims(n, flags(n.Out))
	}) {
		return g
	}
	return replay(g, held, func(_ int, n ir.Node, in []ir.Value) []ir.Value {
		switch {
		case !slices.ContainsFunc(n.Out, isUsed):
			return nil
		case !isTrimmable(n):
			return same(n, in)
		}
		t := trimming{n: n, in: in, used: flags(n.Out)}
		return t.apply()
	})
}

func isRecorded(v ir.Value) bool { return !v.IsKnown() }
