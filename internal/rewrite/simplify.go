package rewrite

import (
	"slices"

	"pullback/internal/lane"
	primitives "pullback/internal/op"
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
		var out ir.Value
		var ok bool
		record.Inheriting(record.GraphsOf(in), n.Pos, func() {
			if out, ok = reducesOne(op, in); ok {
				return
			}
			if s, is := op.(Simplifier); is {
				out, ok = s.Simplify(in)
			}
		})
		if ok {
			return []ir.Value{out}
		}
		return record.ApplyAt(n.Pos, op, in...)
	})
}

// reducesOne replaces a reduction over axes of one element, as solvers of one unknown have many, by a reshape.
func reducesOne(op ir.Op, in []ir.Value) (out ir.Value, ok bool) {
	r, ok := op.(lane.Reducer)
	if !ok {
		return out, false
	}
	shape := in[0].Type().Shape
	kept := []int{}
	_, axes := r.Reduction()
	for a, n := range shape {
		if !slices.Contains(axes, a) {
			kept = append(kept, n)
		} else if n != 1 {
			return out, false
		}
	}
	return primitives.Reshape(in[0], kept), true
}
