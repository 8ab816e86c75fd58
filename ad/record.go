package ad

import (
	"pullback/internal/control"
	"pullback/internal/record"
	"pullback/ir"
)

// recorded is a function of trees as a graph over their leaves, and the parts of its result.
type recorded[Out any] struct {
	graph *ir.Graph
	parts[Out]
}

// recordAt records f for arguments that like builds from leaves of the given types.
func recordAt[In, Out any](f func(In) Out, like func([]Value) In, types []ir.Type) recorded[Out] {
	var r recorded[Out]
	r.graph = trace(func(params []Value) []Value {
		r.parts = takeApart(f(like(params)), true)
		return r.leaves
	}, types)
	return r
}

// trace records what a user's function does.
func trace(f func([]Value) []Value, types []ir.Type) *ir.Graph {
	return control.Sink(record.Trace(f, types))
}

// tangentsOf pairs the leaves of a tree with those of a tangent; integers and bools have none.
func tangentsOf(name, what string, x walk, dx walk) []record.Tangent {
	sameParts(name, "the values", "the "+what+"s", x, dx, false)
	out := make([]record.Tangent, len(x.leaves))
	for i, d := range dx.leaves {
		v := x.leaves[i]
		if !v.DType().IsFloat() {
			continue
		}
		if !d.Type().Equal(v.Type()) {
			panic(mistake(name, nil, "the %s of a %v is a %v; it must have the type of its value",
				what, v.Type(), d.Type()))
		}
		out[i] = record.Tangent{Value: d}
	}
	return out
}

// writtenOut is tangents of values of the given types, structural zeros included.
func writtenOut(ts []record.Tangent, types []ir.Type) []Value {
	out := make([]Value, len(ts))
	for i, t := range ts {
		out[i] = t.Dense(types[i])
	}
	return out
}
