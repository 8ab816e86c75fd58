package rewrite

import (
	"pullback/internal/record"
	"pullback/ir"
)

// Simplifier is an operation that is sometimes one of its own operands, or a simpler operation
// on them, with the same bits. ok is false where there is nothing to simplify.
type Simplifier interface {
	Simplify(in []ir.Value) (out ir.Value, ok bool)
}

// simplify replays the program: what has become known is computed, and operations simplify.
func simplify(g *ir.Graph) *ir.Graph {
	return replay(g, func(n ir.Node, in []ir.Value) []ir.Value {
		op := within(n.Op, simplify)
		if s, ok := op.(Simplifier); ok {
			var out ir.Value
			record.Inheriting(record.GraphsOf(in), n.Pos, func() { out, ok = s.Simplify(in) })
			if ok {
				return []ir.Value{out}
			}
		}
		return record.ApplyAt(n.Pos, op, in...)
	})
}
