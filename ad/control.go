package ad

import (
	"pullback/internal/control"
	"pullback/internal/record"
	"pullback/ir"
)

// Cond runs then if pred holds and otherwise else, and gives its result. The functions read
// what they need from around them. Known numbers decide at once; a recorded condition records
// both functions, whose results must have the same types.
func Cond[Out any](pred Value, then, otherwise func() Out) Out {
	if pred.IsKnown() && pred.Type().Equal(ir.Of(Bool)) {
		if pred.Bool() {
			return then()
		}
		return otherwise()
	}
	a := recordAt(func([]Value) Out { return then() }, sameList, nil)
	b := recordAt(func([]Value) Out { return otherwise() }, sameList, nil)
	closed, free := control.CloseTogether(a.graph, b.graph)
	out := record.Apply(control.Cond{Then: closed[0], Else: closed[1]}, append([]Value{pred}, free...)...)
	return a.rebuild(out)
}

func sameList(vs []Value) []Value { return vs }

// While applies body to the state for as long as cond holds, which is a scalar bool. It can be
// differentiated forward; in reverse use ForI, Scan, or a solver.
func While[S any](init S, cond func(S) Value, body func(S) S) S {
	state, like := Flatten(init)
	types := ir.TypesOf(state)
	c := recordAt(cond, like, types)
	b := recordAt(body, like, types)
	condGraph, condFree := frontClose(c.graph)
	bodyGraph, bodyFree := frontClose(b.graph)
	w := control.While{Cond: condGraph, Body: bodyGraph, CondConsts: len(condFree), BodyConsts: len(bodyFree)}
	operands := append(append(condFree, bodyFree...), state...)
	return like(record.Apply(w, operands...))
}

// frontClose closes a graph with the foreign values as its first parameters.
func frontClose(g *ir.Graph) (closed *ir.Graph, free []Value) {
	inner, free := g.Close()
	if len(free) == 0 {
		return g, nil
	}
	return control.FreeFirst(inner, len(free)), free
}

// ForI applies body n times to the state, with the round's number, an int64 from 0.
func ForI[S any](n int, init S, body func(i Value, state S) S) S {
	state, _ := Scan(init, Arange(Int64, n), func(s S, i Value) (S, []Value) { return body(i, s), nil })
	return state
}

// Scan applies body along axis 0 of every Value in xs, carrying the state from one element to
// the next, and stacks what body gives beside the state along a new axis 0.
func Scan[S, X, Y any](init S, xs X, body func(state S, x X) (S, Y)) (S, Y) {
	state, like := Flatten(init)
	rows, likeX := Flatten(xs)
	n := scanLength(rows)
	types := ir.TypesOf(state)
	for _, v := range rows {
		t := v.Type()
		types = append(types, ir.Type{DType: t.DType, Shape: t.Shape[1:]})
	}
	var rebuild func([]Value) Y
	g := record.Trace(func(p []Value) []Value {
		s, y := body(like(p[:len(state)]), likeX(p[len(state):]))
		next, ys := leavesOf(s), []Value(nil)
		ys, rebuild = Flatten(y)
		if len(next) != len(state) {
			panic(mistake("scan", next, "the body's state holds %d Values and the first state %d", len(next), len(state)))
		}
		return append(next, ys...)
	}, types)
	body1, free := frontClose(g)
	s := control.Scan{Body: body1, Length: n, Consts: len(free), Carry: len(state)}
	out := record.Apply(s, append(append(free, state...), rows...)...)
	return like(out[:len(state)]), rebuild(out[len(state):])
}

func scanLength(rows []Value) int {
	n := -1
	for _, v := range rows {
		t := v.Type()
		if t.Rank() == 0 || n >= 0 && t.Shape[0] != n {
			panic(mistake("scan", rows, "all Values to scan over must have a leading axis of the same length"))
		}
		n = t.Shape[0]
	}
	if n < 0 {
		panic(mistake("scan", nil, "there is no Value to scan over; use ad.ForI for a number of rounds"))
	}
	return n
}

// CustomJVP is f with a derivative of your own: rule gives f(x) and its tangent in the direction
// dx. What the functions close over must not be differentiated.
func CustomJVP[In, Out any](f func(In) Out, rule func(x, dx In) (y, dy Out)) func(In) Out {
	return func(x In) Out {
		in, like := Flatten(x)
		types := ir.TypesOf(in)
		r := recordAt(f, like, types)
		g := record.Trace(func(p []Value) []Value {
			_, dy := rule(like(p[:len(in)]), like(p[len(in):]))
			return leavesOf(dy)
		}, append(append([]ir.Type{}, types...), types...))
		closed, free := control.CloseTogether(r.graph, g)
		c := control.CustomJVP{F: closed[0], Rule: closed[1], Free: len(free)}
		return r.rebuild(record.Apply(c, append(in, free...)...))
	}
}

// CustomVJP is f with a reverse rule of your own: forward gives f(x) and the residuals to keep,
// and backward the cotangent of x from those and the cotangent of f(x). What the functions close
// over must not be differentiated.
func CustomVJP[In, Out, Res any](f func(In) Out, forward func(In) (Out, Res),
	backward func(residuals Res, ct Out) In) func(In) Out {
	return func(x In) Out {
		in, like := Flatten(x)
		types := ir.TypesOf(in)
		r := recordAt(f, like, types)
		var likeRes func([]Value) Res
		fwd := record.Trace(func(p []Value) []Value {
			y, res := forward(like(p))
			var residuals []Value
			residuals, likeRes = Flatten(res)
			return append(leavesOf(y), residuals...)
		}, types)
		results := ir.TypesOf(r.graph.Out())
		all := ir.TypesOf(fwd.Out())
		n := len(results)
		bwd := record.Trace(func(p []Value) []Value {
			k := len(all) - n
			return leavesOf(backward(likeRes(p[:k]), r.rebuild(p[k:])))
		}, append(append([]ir.Type{}, all[n:]...), results...))
		closed, free := control.CloseTogether(r.graph, fwd, bwd)
		c := control.CustomVJP{F: closed[0], Forward: closed[1], Backward: closed[2], Free: len(free)}
		return r.rebuild(record.Apply(c, append(in, free...)...))
	}
}
