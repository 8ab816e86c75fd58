package rewrite

import (
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// inline replaces operations that exist for their derivative rule by what they compute.
func inline(g *ir.Graph) *ir.Graph {
	return replay(g, func(n ir.Node, in []ir.Value) (out []ir.Value) {
		r, ok := n.Op.(record.Ruled)
		if !ok {
			return record.ApplyAt(n.Pos, within(n.Op, inline), in...)
		}
		primal := inline(record.Trace(r.Primal, ir.TypesOf(in)))
		return transform.Run(primal, in)
	})
}
