package ad

import (
	"pullback/internal/record"
	"pullback/ir"
)

// recorded is a function of trees as a graph over their leaves.
type recorded[Out any] struct {
	graph   *ir.Graph
	rebuild func([]Value) Out
}

// recordAt records f for arguments that like builds from leaves of the given types.
func recordAt[In, Out any](f func(In) Out, like func([]Value) In, types []ir.Type) recorded[Out] {
	var r recorded[Out]
	r.graph = record.Trace(func(params []Value) []Value {
		var leaves []Value
		leaves, r.rebuild = Flatten(f(like(params)))
		return leaves
	}, types)
	return r
}

// tangentsOf pairs the leaves of a tree with those of a tangent; integers and bools have none.
func tangentsOf(name string, x, dx []Value) []record.Tangent {
	if len(dx) != len(x) {
		panic(mistake(name, x, "%d tangents were given for %d values", len(dx), len(x)))
	}
	out := make([]record.Tangent, len(x))
	for i, d := range dx {
		if !x[i].DType().IsFloat() {
			continue
		}
		if !d.Type().Equal(x[i].Type()) {
			panic(mistake(name, []Value{x[i], d}, "a tangent or cotangent must have the type of its value"))
		}
		out[i] = record.Tangent{Value: d}
	}
	return out
}

// dense writes out tangents of values of the given types.
func dense(ts []record.Tangent, types []ir.Type) []Value {
	out := make([]Value, len(ts))
	for i, t := range ts {
		out[i] = t.Dense(types[i])
	}
	return out
}
