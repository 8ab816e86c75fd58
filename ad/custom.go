package ad

import (
	"slices"

	"pullback/internal/control"
	"pullback/internal/record"
	"pullback/ir"
)

// CustomJVP is f with a derivative of your own: rule gives f(x) and its tangent in the direction
// dx. Both go through every transformer; derivatives of higher order are the rule's own. What
// the functions close over must not be differentiated. Integers and bools in x and in the result
// have zeros for tangents.
func CustomJVP[In, Out any](f func(In) Out, rule func(x, dx In) (y, dy Out)) func(In) Out {
	refuseNil("custom_jvp", f == nil || rule == nil)
	return func(x In) Out {
		in := takeApart(x, false)
		n, types := len(in.leaves), ir.TypesOf(in.leaves)
		r := recordAt(f, in.rebuild, types)
		g := trace(func(p []Value) []Value {
			y, dy := rule(in.rebuild(p[:n]), in.rebuild(p[n:]))
			sameTypes("custom_jvp", "the function's result", "the rule's", r.parts,
				takeApart(y, true))
			tangent := takeApart(dy, true)
			sameTypes("custom_jvp", "the function's result", "the rule's tangent", r.parts, tangent)
			return tangent.leaves
		}, slices.Concat(types, types))
		closed, free := control.CloseTogether(r.graph, g)
		c := control.CustomJVP{F: closed[0], Rule: closed[1], Free: len(free)}
		return r.rebuild(record.Apply(c, slices.Concat(in.leaves, free)...))
	}
}

// CustomVJP is f with a reverse rule of your own: forward gives f(x) and the residuals to keep,
// and backward the cotangent of x from those and the cotangent of f(x), in which it is linear.
// Forward mode transposes backward. What the functions close over must not be differentiated.
// The cotangents of integers and bools in x are ignored.
func CustomVJP[In, Out, Res any](f func(In) Out, forward func(In) (Out, Res),
	backward func(residuals Res, ct Out) In) func(In) Out {
	refuseNil("custom_vjp", f == nil || forward == nil || backward == nil)
	return func(x In) Out {
		in := takeApart(x, true)
		types := ir.TypesOf(in.leaves)
		r := recordAt(f, in.rebuild, types)
		var residuals parts[Res]
		fwd := trace(func(p []Value) []Value {
			y, res := forward(in.rebuild(p))
			first := takeApart(y, true)
			sameTypes("custom_vjp", "the function's result", "that of forward", r.parts, first)
			residuals = takeApart(res, false)
			return slices.Concat(first.leaves, residuals.leaves)
		}, types)
		k, results := len(residuals.leaves), ir.TypesOf(r.graph.Out())
		bwd := trace(func(p []Value) []Value {
			ct := takeApart(backward(residuals.rebuild(p[:k]), r.rebuild(p[k:])), true)
			sameParts("custom_vjp", "the argument", "its cotangent", in.walk, ct.walk, false)
			for i, v := range in.leaves {
				if t, u := v.Type(), ct.leaves[i].Type(); t.DType.IsFloat() && !t.Equal(u) {
					panic(mistake("custom_vjp", nil, "%s is %v in the argument and %v in what "+
						"backward gives; a cotangent must have the type of its value", in.path(i),
						t, u))
				}
			}
			return ct.leaves
		}, slices.Concat(ir.TypesOf(residuals.leaves), results))
		closed, free := control.CloseTogether(r.graph, fwd, bwd)
		c := control.CustomVJP{F: closed[0], Forward: closed[1], Backward: closed[2],
			Free: len(free)}
		return r.rebuild(record.Apply(c, slices.Concat(in.leaves, free)...))
	}
}
