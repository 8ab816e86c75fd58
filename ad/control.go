package ad

import (
	"slices"

	"pullback/internal/control"
	"pullback/internal/record"
	"pullback/ir"
)

// Cond runs then if pred holds and otherwise else, and gives its result. The functions read
// what they need from around them. Known numbers decide at once; a recorded condition records
// both functions, whose results must have the same types; so a mistake in the branch that known
// numbers do not take shows only when the condition is recorded.
func Cond[Out any](pred Value, then, otherwise func() Out) Out {
	refuseNil("cond", then == nil || otherwise == nil)
	if pred.IsKnown() && pred.Type().Equal(ir.Of(Bool)) {
		if pred.Bool() {
			return then()
		}
		return otherwise()
	}
	if t := pred.Type(); !t.Equal(ir.Of(Bool)) {
		panic(mistake("cond", nil, "the condition is %v and must be one bool; use ad.Where to "+
			"decide element by element", t))
	}
	a := recordAt(func([]Value) Out { return then() }, sameList, nil)
	b := recordAt(func([]Value) Out { return otherwise() }, sameList, nil)
	sameTypes("cond", "one branch", "the other", a.parts, b.parts)
	closed, free := control.CloseTogether(a.graph, b.graph)
	cond := control.Cond{Then: closed[0], Else: closed[1]}
	return a.rebuild(record.Apply(cond, append([]Value{pred}, free...)...))
}

func sameList(vs []Value) []Value { return vs }

// While applies body to the state for as long as cond holds, which is a scalar bool. It can be
// differentiated forward; in reverse use ForI, Scan, or a solver.
func While[S any](init S, cond func(S) Value, body func(S) S) S {
	refuseNil("while", cond == nil || body == nil)
	s := takeApart(init, true)
	types := ir.TypesOf(s.leaves)
	c := recordAt(cond, s.rebuild, types)
	if t := c.leaves[0].Type(); !t.Equal(ir.Of(Bool)) {
		panic(mistake("while", nil, "the condition is %v and must be one bool", t))
	}
	b := recordAt(body, s.rebuild, types)
	sameTypes("while", "the first state", "the body's result", s, b.parts)
	condGraph, condFree := c.graph.CloseFirst()
	bodyGraph, bodyFree := b.graph.CloseFirst()
	w := control.While{Cond: condGraph, Body: bodyGraph,
		CondConsts: len(condFree), BodyConsts: len(bodyFree)}
	return s.rebuild(record.Apply(w, slices.Concat(condFree, bodyFree, s.leaves)...))
}

// ForI applies body n times to the state, with the round's number, an int64 from 0.
func ForI[S any](n int, init S, body func(i Value, state S) S) S {
	refuseNil("for", body == nil)
	if n < 0 {
		panic(mistake("for", nil, "%d rounds were asked for; the number cannot be negative", n))
	}
	state, _ := scan("for", init, Arange(Int64, n),
		func(s S, i Value) (S, []Value) { return body(i, s), nil })
	return state
}

// Scan applies body along axis 0 of every Value in xs, carrying the state from one element to
// the next, and stacks what body gives beside the state along a new axis 0.
func Scan[S, X, Y any](init S, xs X, body func(state S, x X) (S, Y)) (S, Y) {
	refuseNil("scan", body == nil)
	return scan("scan", init, xs, body)
}

func scan[S, X, Y any](name string, init S, xs X, body func(state S, x X) (S, Y)) (S, Y) {
	state, rows := takeApart(init, true), takeApart(xs, false)
	n, carry := scanLength(rows.leaves), len(state.leaves)
	types := ir.TypesOf(state.leaves)
	for _, v := range rows.leaves {
		t := v.Type()
		types = append(types, ir.Type{DType: t.DType, Shape: t.Shape[1:]})
	}
	var ys parts[Y]
	g := trace(func(p []Value) []Value {
		next, y := body(state.rebuild(p[:carry]), rows.rebuild(p[carry:]))
		s := takeApart(next, true)
		sameTypes(name, "the first state", "the body's result", state, s)
		ys = takeApart(y, false)
		return append(s.leaves, ys.leaves...)
	}, types)
	closed, free := g.CloseFirst()
	loop := control.Scan{Body: closed, Length: n, Consts: len(free), Carry: carry}
	out := record.Apply(loop, slices.Concat(free, state.leaves, rows.leaves)...)
	return state.rebuild(out[:carry]), ys.rebuild(out[carry:])
}

func scanLength(rows []Value) int {
	n := -1
	for _, v := range rows {
		t := v.Type()
		if t.Rank() == 0 || n >= 0 && t.Shape[0] != n {
			panic(mistake("scan", rows,
				"all Values to scan over must have a leading axis of the same length"))
		}
		n = t.Shape[0]
	}
	if n < 0 {
		panic(mistake("scan", nil,
			"there is no Value to scan over; use ad.ForI for a number of rounds"))
	}
	return n
}
