package exec_test

import (
	"slices"

	"pullback/ad"
	"pullback/internal/control"
	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/ir"
)

// Control flow in random programs.

// inside generates within a nested program that sees the values around it and some of its own.
func (a *generator) inside(own []ir.Value, n int, then func(*generator)) {
	b := &generator{r: a.r, most: min(a.most, 300), depth: a.depth + 1, small: a.small}
	for range 3 {
		if v := a.pick(nil); v.Size() <= b.most {
			b.values = append(b.values, v)
		}
	}
	b.values = append(b.values, own...)
	if len(b.values) == 0 {
		b.values = append(b.values, ir.Known(ir.Fill(0.5)))
	}
	b.steps(n)
	then(b)
}

func (a *generator) control(x ir.Value) []ir.Value {
	if x.Size() > 300 && a.r.IntN(4) > 0 || x.DType() == ir.Bool {
		x = a.of(ir.Of(ir.Float64, 3))
	}
	y := a.of(ir.Of(a.dtype(), x.Shape()...))
	n := 1 + a.r.IntN(3)
	switch a.r.IntN(6) {
	case 0:
		branch := func() (out []ir.Value) {
			a.inside(nil, n,
				func(b *generator) { out = []ir.Value{b.of(x.Type()), b.of(y.Type())} })
			return out
		}
		return ad.Cond(op.Less(a.count(ir.Int64, 2), ir.Known(ir.Fill(int64(1)))), branch, branch)
	// each element is a problem with rounds of its own; the body's operations are elementwise
	case 1:
		rounds := a.count(ir.Int64, 5, x.Shape()...)
		out := while([]ir.Value{rounds, x, y},
			func(s []ir.Value) ir.Value { return op.Less(op.Zeros(s[0].Type()), s[0]) },
			func(s []ir.Value) []ir.Value {
				one := ir.Known(ir.FillNumber(s[0].Type(), 1))
				next := []ir.Value{op.Sub(s[0], one), s[1], s[2]}
				b := &generator{r: a.r, most: 300, values: s[1:], depth: 2}
				next[1] = op.Convert(b.elementwise(s[1])[0], s[1].DType())
				b.values = append(b.values, next[1])
				if s[2].DType() != ir.Bool {
					next[2] = op.Add(s[2], op.Convert(next[1], s[2].DType()))
				}
				return next
			})
		return out[1:]
	case 2:
		out := ad.While([]ir.Value{a.count(ir.Int32, 4), x, y},
			func(s []ir.Value) ir.Value { return op.Less(ir.Known(ir.Fill(int32(0))), s[0]) },
			func(s []ir.Value) (next []ir.Value) {
				a.inside(s, n, func(b *generator) {
					one := ir.Known(ir.Fill(int32(1)))
					next = []ir.Value{op.Sub(s[0], one), b.of(x.Type()), b.of(y.Type())}
				})
				return next
			})
		return out[1:]
	case 3:
		return a.elementwiseScan(x)
	case 4:
		return a.batchedLoop(a.r.IntN(2) == 0, a.depth == 0)
	}
	length := a.r.IntN(4)
	rows := []ir.Value{a.of(x.Type().Batched(length)), a.of(ir.Of(ir.Int64, length))}
	carry, ys := ad.Scan([]ir.Value{x}, rows, func(s, row []ir.Value) (next, made []ir.Value) {
		a.inside(append(slices.Clone(s), row...), n, func(b *generator) {
			next, made = []ir.Value{b.of(x.Type())}, []ir.Value{b.of(y.Type()), b.pick(nil)}
		})
		return next, made
	})
	return append(carry, ys...)
}

// elementwiseScan has rounds in which nothing but element by element operations happen, loops over
// rounds and conditionals among them.
func (a *generator) elementwiseScan(x ir.Value) []ir.Value {
	length := a.r.IntN(5)
	rows := []ir.Value{a.of(x.Type().Batched(length)), a.of(ir.Of(ir.Float64, length))}
	if a.r.IntN(2) == 0 && length > 0 && x.Type().Rank() > 0 { // rows that do not lie in order
		rank := x.Type().Rank()
		shape := append(x.Shape(), length)
		rows[0] = op.MoveAxis(a.of(ir.Of(x.DType(), shape...)), rank, 0)
	}
	body := func(s, row []ir.Value) (next, made []ir.Value) {
		b := &generator{r: a.r, most: 300, values: []ir.Value{s[0], row[0]}, depth: 2}
		y := op.Convert(b.elementwise(s[0])[0], x.DType())
		one := op.Convert(row[1], x.DType())
		y = op.Add(y, op.Scalar(one, x.Shape()))
		if a.r.IntN(2) == 0 {
			y = ad.Cond(op.Less(row[1], ir.Known(ir.Fill(0.5))),
				func() ir.Value { return op.Mul(y, row[0]) },
				func() ir.Value { return op.Min(y, s[0]) })
		}
		if a.r.IntN(2) == 0 {
			y = ad.ForI(3, y, func(i, y ir.Value) ir.Value {
				return op.Sub(y, op.Scalar(op.Convert(i, y.DType()), y.Shape()))
			})
		}
		return []ir.Value{y}, []ir.Value{op.Max(y, s[0])}
	}
	carry, ys := ad.Scan([]ir.Value{x}, rows, body)
	return append(carry, ys...)
}

// while is a batched loop, as Vmap makes them: the condition has the shape of the state, and each
// element leaves on its own.
func while(state []ir.Value, cond func(s []ir.Value) ir.Value,
	body func(s []ir.Value) []ir.Value) []ir.Value {
	types := ir.TypesOf(state)
	closed := func(f func(s []ir.Value) []ir.Value) (*ir.Graph, []ir.Value) {
		return record.Trace(f, types).CloseFirst()
	}
	test, testFree := closed(func(s []ir.Value) []ir.Value { return []ir.Value{cond(s)} })
	step, stepFree := closed(body)
	w := control.While{Cond: test, Body: step, CondConsts: len(testFree), BodyConsts: len(stepFree)}
	return record.Apply(w, slices.Concat(testFree, stepFree, state)...)
}
