package rewrite

import (
	"slices"

	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// inline replaces operations that exist for their derivative rule by what they compute.
func inline(g *ir.Graph) *ir.Graph {
	held := within(g, inline)
	if len(held) == 0 && !slices.ContainsFunc(g.Nodes(), isRuled) {
		return g
	}
	return replay(g, held, func(_ int, n ir.Node, in []ir.Value) []ir.Value {
		r, ok := n.Op.(record.Ruled)
		if !ok {
			return same(n, in)
		}
		primal := inline(record.Trace(r.Primal, ir.TypesOf(in)))
		return transform.Run(primal, in)
	})
}

func isRuled(n ir.Node) bool {
	_, ok := n.Op.(record.Ruled)
	return ok
}
