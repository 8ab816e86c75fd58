package exec_test

import (
	"math/rand/v2"
	"slices"

	"pullback/ad"
	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// Batches of small problems in random programs.

// batchedLoop is what Vmap makes of a problem with a loop over small arrays: each problem of the
// batch leaves on its own. Some of what the loop reads all problems have in common. If nest, a
// problem may itself have a batch of smaller ones inside.
func (a *generator) batchedLoop(small, nest bool) []ir.Value {
	n := []int{1, 2, 3, 5, 17}[min(1+a.r.IntN(4), a.r.IntN(20))]
	typed := func(d ir.DType) ir.Type {
		shapes := [][]int{{}, {}, {2}, {2}, {2, 2}, {3}, {1, 3}, {5}, {2, 1, 2}, {70}, {2, 70}}
		return ir.Of(d, shapes[a.r.IntN(len(shapes))]...)
	}
	types := []ir.Type{ir.Of(ir.Int64), typed(ir.Float64), typed(a.dtype()), typed(a.dtype()),
		typed(ir.Float64)}
	inner := func(depth int, values ...ir.Value) *generator {
		return &generator{r: a.r, most: 150, depth: depth, small: small, values: values}
	}
	scan, rounds := a.r.IntN(3) == 0, 2+a.r.IntN(2)
	rows := typed(a.dtype()).Batched(rounds)
	if scan {
		types = append(types, rows)
	}
	one := ir.Known(ir.Fill(int64(1)))
	body := func(p, s []ir.Value) []ir.Value {
		b := inner(1+a.r.IntN(2), slices.Concat(s[1:], p)...)
		b.steps(1 + a.r.IntN(3))
		if nest && a.r.IntN(3) == 0 {
			b.values = append(b.values, b.batchedLoop(small, false)...)
		}
		return []ir.Value{op.Sub(s[0], one), b.next(s[1]), b.next(s[2])}
	}
	g := record.Trace(func(p []ir.Value) []ir.Value {
		var out []ir.Value
		if scan {
			round := func(s, row []ir.Value) (next, made []ir.Value) {
				next = body(append(p[3:5:5], row...), s)
				return next, next[1:2]
			}
			var made []ir.Value
			out, made = ad.Scan(append([]ir.Value{one}, p[1:3]...), p[5:], round)
			out = append(out, made...)
		} else {
			out = ad.While(p[:3],
				func(s []ir.Value) ir.Value { return op.Less(ir.Known(ir.Fill(int64(0))), s[0]) },
				func(s []ir.Value) []ir.Value { return body(p[3:], s) })
		}
		b := inner(2, slices.Concat(out[1:], p[3:])...)
		b.steps(1 + a.r.IntN(2))
		return append(out[1:], b.values[len(b.values)-1])
	}, types)
	operands, batched := make([]ir.Value, len(types)), make([]bool, len(types))
	for i, t := range types {
		if batched[i] = i < 3 || a.r.IntN(2) == 0; batched[i] {
			t = t.Batched(n)
		}
		operands[i] = a.of(t)
	}
	operands[0] = a.count(ir.Int64, 4, n)
	return transform.BatchAll(g, n, operands, batched)
}

// next is x and something of what was computed last.
func (a *generator) next(x ir.Value) ir.Value {
	v := a.values[len(a.values)-1-a.r.IntN(min(3, len(a.values)))]
	t := x.Type()
	if v.Type().Equal(t) {
		return v
	}
	if x.DType() == ir.Bool {
		return op.Not(x)
	}
	sum := op.Sum(op.Convert(v, t.DType), op.Range(0, v.Type().Rank())...)
	return op.Add(x, op.Scalar(sum, t.Shape))
}

// smallMatrix multiplies and decomposes matrices of a few rows, and picks from vectors.
func (a *generator) smallMatrix() []ir.Value {
	d := []ir.DType{ir.Float64, ir.Float32, ir.Int32}[a.r.IntN(3)]
	m, k, n := 1+a.r.IntN(3), 1+a.r.IntN(3), 1+a.r.IntN(3)
	square := a.of(ir.Of(d, k, k))
	out := []ir.Value{
		op.MatMul(a.of(ir.Of(d, m, k)), a.of(ir.Of(d, k, n))),
		op.Contract(a.of(ir.Of(d, 2, k, m)), a.of(ir.Of(d, 2, k, k)), 1, true, a.r.IntN(2) == 0),
		op.MatVec(square, a.of(ir.Of(d, k))),
		op.Dot(a.of(ir.Of(d, m, k)), a.of(ir.Of(d, m, k))),
		op.Dot(a.of(ir.Of(d, 20)), a.of(ir.Of(d, 20))),
		op.Gather(square, a.count(ir.Int64, 5, m), 0),
	}
	if d.IsFloat() {
		w, v := op.Eigh(square)
		out = append(out, w, v)
	}
	return out[a.r.IntN(len(out)):]
}

// randomBatch is a program around batches of small problems, and operands for it.
func randomBatch(seed uint64) (g *ir.Graph, in []ir.Array) {
	a := &generator{r: rand.New(rand.NewPCG(seed, 2)), most: 300, depth: 2}
	types := []ir.Type{ir.Of(ir.Float64, 3, 2), ir.Of(ir.Float64, 17),
		ir.Of(a.dtype(), a.shape()...)}
	for _, t := range types {
		in = append(in, a.array(t))
	}
	g = record.Trace(func(params []ir.Value) []ir.Value {
		a.values = slices.Clone(params)
		var out []ir.Value
		for range 1 + a.r.IntN(2) {
			made := a.batchedLoop(a.r.IntN(8) > 0, true)
			a.values = append(a.values, made...)
			a.steps(a.r.IntN(3))
			out = append(out, made...)
		}
		return append(out, a.values[len(a.values)-1])
	}, types)
	return g, in
}
