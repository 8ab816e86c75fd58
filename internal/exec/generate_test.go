package exec_test

import (
	"math"
	"math/rand/v2"
	"slices"

	"pullback/internal/dense"
	"pullback/internal/lane/lanetest"
	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/ir"
)

// generator records random valid programs over all primitives: views and fills of every kind,
// sizes 0, 1, odd, and large enough that threads share the work.
type generator struct {
	r      *rand.Rand
	most   int // elements of a value
	values []ir.Value
	depth  int  // of nested programs
	small  bool // nothing but what lanes compute on small arrays of their own
}

// randomGraph is a program of about n operations, and operands for it.
func randomGraph(seed uint64, n int) (g *ir.Graph, in []ir.Array) {
	r := rand.New(rand.NewPCG(seed, 1))
	a := &generator{r: r, most: []int{40, 300, 40000}[r.IntN(3)]}
	types := make([]ir.Type, 2+r.IntN(4))
	for i := range types {
		types[i] = ir.Of(a.dtype(), a.shape()...)
		in = append(in, a.array(types[i]))
	}
	g = record.Trace(func(params []ir.Value) []ir.Value {
		a.values = slices.Clone(params)
		a.steps(n)
		out := []ir.Value{a.pick(nil), a.pick(nil), a.pick(nil)}
		return append(out, a.values[len(a.values)-1], params[0])
	}, types)
	return g, in
}

func (a *generator) dtype() ir.DType {
	if a.r.IntN(3) > 0 {
		return ir.DType(a.r.IntN(2)) // a float
	}
	return ir.DTypes()[a.r.IntN(7)]
}

func (a *generator) shape() []int {
	shape := make([]int, a.r.IntN(4))
	size := 1
	for i := range shape {
		shape[i] = []int{1, 1, 2, 3, 5, 8, 17}[a.r.IntN(7)]
		if size*shape[i] > a.most {
			shape[i] = 1
		}
		size *= shape[i]
	}
	if k := len(shape); k > 0 && a.r.IntN(12) == 0 {
		shape[a.r.IntN(k)] = 0
	} else if k > 0 && a.r.IntN(6) == 0 {
		i := a.r.IntN(k)
		shape[i] *= max(1, a.most/size)
	}
	return shape
}

// array is random numbers, special ones among them.
func (a *generator) array(t ir.Type) ir.Array {
	y := ir.NewArray(t)
	switch d := y.Memory().(type) {
	case []float64:
		fill(d, func() float64 { return math.Float64frombits(lanetest.Bits(a.r, t.DType)) })
	case []float32:
		fill(d, func() float32 { return math.Float32frombits(uint32(lanetest.Bits(a.r, t.DType))) })
	case []int32:
		fill(d, func() int32 { return int32(lanetest.Bits(a.r, t.DType)) })
	case []int64:
		fill(d, func() int64 { return int64(lanetest.Bits(a.r, t.DType)) })
	case []uint32:
		fill(d, func() uint32 { return uint32(lanetest.Bits(a.r, t.DType)) })
	case []uint64:
		fill(d, func() uint64 { return lanetest.Bits(a.r, t.DType) })
	case []bool:
		fill(d, func() bool { return a.r.IntN(2) == 0 })
	}
	return y
}

func fill[T any](xs []T, f func() T) {
	for i := range xs {
		xs[i] = f()
	}
}

// pick is a value that suits, one of the last ones rather than the first; ok is nil for any.
func (a *generator) pick(ok func(ir.Value) bool) ir.Value {
	for range 20 {
		i := a.r.IntN(len(a.values))
		i = max(i, a.r.IntN(len(a.values)))
		if v := a.values[i]; ok == nil || ok(v) {
			return v
		}
	}
	return ir.Value{}
}

// of is a value of the given type: one that is there, or made from another one.
func (a *generator) of(t ir.Type) ir.Value {
	if v := a.pick(func(v ir.Value) bool { return v.Type().Equal(t) }); v.IsValid() &&
		a.r.IntN(4) > 0 {
		return v
	}
	switch a.r.IntN(4) {
	case 0:
		if v := a.pick(func(v ir.Value) bool { return v.Size() == t.Size() }); v.IsValid() {
			return op.Reshape(op.Convert(v, t.DType), t.Shape)
		}
	case 1:
		return ir.Known(ir.FillNumber(t, float64(a.r.IntN(3)))) // ones and zeros, which fold
	case 2:
		if t.DType.IsInteger() && a.r.IntN(2) == 0 && t.Size() > 0 { // the numbers of lanes
			return op.Reshape(op.Iota(ir.Of(t.DType, t.Size()), 0), t.Shape)
		}
		return ir.Known(a.array(t))
	}
	v := a.pick(nil)
	if v.Size() == 0 {
		return ir.Known(a.array(ir.Of(t.DType)).Spread(t.Shape...))
	}
	one := op.Slice(op.Reshape(v, []int{v.Size()}), []int{v.Size() - 1}, []int{v.Size()}, nil)
	return op.Scalar(op.Convert(op.Reshape(one, nil), t.DType), t.Shape)
}

// count is a value made of small non-negative integers of type d.
func (a *generator) count(d ir.DType, below int, shape ...int) ir.Value {
	v := a.of(ir.Of(ir.Int64, shape...))
	hi := ir.Known(ir.FillNumber(v.Type(), float64(below-1)))
	return op.Convert(op.Min(op.Max(v, op.Zeros(v.Type())), hi), d)
}

func (a *generator) steps(n int) {
	for range n {
		x := a.pick(nil)
		var made []ir.Value
		switch k := a.r.IntN(20); {
		case k < 7:
			made = a.elementwise(x)
		case k < 13:
			made = a.view(x)
		case k < 15:
			made = a.reduction(x)
		case k < 18 && a.small:
			made = a.smallMatrix()
		case k < 17:
			made = a.indexing(x)
		case k < 18:
			made = a.matrix()
		case a.depth < 2:
			made = a.control(x)
		}
		for _, v := range made {
			if v.Size() <= a.most {
				a.values = append(a.values, v)
			}
		}
	}
}

func (a *generator) elementwise(x ir.Value) []ir.Value {
	t := x.Type()
	one := func(fs ...func(ir.Value) ir.Value) []ir.Value {
		return []ir.Value{fs[a.r.IntN(len(fs))](x)}
	}
	two := func(fs ...func(x, y ir.Value) ir.Value) []ir.Value {
		return []ir.Value{fs[a.r.IntN(len(fs))](x, a.of(t))}
	}
	switch k := a.r.IntN(8); {
	case k == 0:
		return []ir.Value{op.Convert(x, a.dtype())}
	case k == 1:
		return []ir.Value{op.Select(a.of(t.With(ir.Bool)), x, a.of(t))}
	case k == 2 && t.DType != ir.Bool:
		return two(op.Equal, op.NotEqual, op.Less, op.LessEqual)
	case t.DType == ir.Bool:
		return append(one(op.Not), two(op.And, op.Or, op.Xor)...)
	case t.DType == ir.Uint32 && k < 6:
		u, v := op.Threefry2x32(a.of(t), a.of(t), x, a.of(t))
		return []ir.Value{u, v}
	case t.DType.IsInteger() && k < 6:
		return two(op.And, op.Or, op.Xor, op.ShiftLeft, op.ShiftRight, op.Rem, op.Div)
	case t.DType.IsFloat() && k == 3:
		return one(op.Exp, op.Expm1, op.Log, op.Log1p, op.Sin, op.Cos, op.Tanh, op.Erf, op.ErfInv,
			op.ErfInvXLA, op.Tan, op.Asin, op.Acos, op.Atan, op.Sinh, op.Cosh, op.Sigmoid,
			op.Softplus, op.LogGamma,
			func(x ir.Value) ir.Value { return op.Polygamma(1, x) })
	case t.DType.IsFloat() && k == 4:
		return one(op.Sqrt, op.Floor, op.Ceil, op.Trunc, op.Round, op.IsNaN, op.IsFinite,
			op.StopGradient)
	case t.DType.IsFloat() && k == 5:
		return append(two(op.Div, op.Pow, op.Atan2, op.LogAddExp), op.FMA(x, a.of(t), a.of(t)))
	case t.DType != ir.Uint64 && t.DType != ir.Uint32 && k == 6:
		return one(op.Neg, op.Abs, op.Sign,
			func(x ir.Value) ir.Value { return op.IntegerPow(x, 3) })
	case t.DType.Bits() == 64 && k == 7:
		return []ir.Value{op.Bitcast(x, []ir.DType{ir.Float64, ir.Int64, ir.Uint64}[a.r.IntN(3)])}
	}
	return two(op.Add, op.Sub, op.Mul, op.Min, op.Max)
}

func (a *generator) view(x ir.Value) []ir.Value {
	shape := x.Shape()
	rank := len(shape)
	each := func(f func(n int) int) []int {
		out := make([]int, rank)
		for i, n := range shape {
			out[i] = f(n)
		}
		return out
	}
	switch a.r.IntN(8) {
	case 0:
		return []ir.Value{op.Transpose(x, a.r.Perm(rank))}
	case 1: // join or split axes
		if rank > 1 && a.r.IntN(2) == 0 {
			i := a.r.IntN(rank - 1)
			shape[i] *= shape[i+1]
			return []ir.Value{op.Reshape(x, slices.Delete(shape, i+1, i+2))}
		}
		for i, n := range shape {
			for _, d := range []int{2, 3, 5, 8, 17} {
				if n > d && n%d == 0 {
					shape[i] = n / d
					return []ir.Value{op.Reshape(x, slices.Insert(shape, i+a.r.IntN(2), d))}
				}
			}
		}
		return []ir.Value{op.ExpandDims(x, a.r.IntN(rank+1))}
	case 2:
		at := a.r.IntN(rank + 1)
		axes := op.Range(0, rank+1)
		n := []int{1, 2, 3, 17}[a.r.IntN(4)]
		return []ir.Value{op.Broadcast(x, slices.Insert(shape, at, n),
			slices.Delete(axes, at, at+1))}
	case 3, 4:
		start := each(func(n int) int { return a.r.IntN(n/2 + 1) })
		limit, stride := slices.Clone(start), each(func(int) int { return 1 + a.r.IntN(2) })
		for i, n := range shape {
			limit[i] += a.r.IntN(n-start[i]+1) | a.r.IntN(n-start[i]+1)
			limit[i] = min(limit[i], n)
		}
		return []ir.Value{op.Slice(x, start, limit, stride)}
	case 5:
		var axes []int
		for i := range shape {
			if a.r.IntN(2) == 0 {
				axes = append(axes, i)
			}
		}
		return []ir.Value{op.Reverse(x, axes...)}
	case 6:
		count := func(int) int { return a.r.IntN(3) }
		return []ir.Value{op.Pad(x, each(count), each(count), each(count))}
	}
	if rank == 0 {
		return []ir.Value{op.Stack(0, x, a.of(x.Type()), x)}
	}
	return []ir.Value{op.Concatenate(a.r.IntN(rank), x, a.of(x.Type()))}
}

func (a *generator) reduction(x ir.Value) []ir.Value {
	var axes []int
	empty, all := false, a.r.IntN(3) == 0
	for i, n := range x.Type().Shape {
		if all || a.r.IntN(3) > 0 {
			empty = empty || n == 0
			axes = append(axes, i)
		}
	}
	if len(axes) == 0 {
		return nil
	}
	if x.DType() == ir.Bool {
		return []ir.Value{op.Any(x, axes...), op.All(x, axes...)}
	}
	fs := []func(ir.Value, ...int) ir.Value{op.Sum, op.Sum, op.Prod, op.ReduceMax, op.ReduceMin}
	if empty { // has no greatest element
		fs = fs[:3]
	}
	y := fs[a.r.IntN(len(fs))](x, axes...)
	if all && a.r.IntN(2) == 0 { // several totals of one value
		line := op.Reshape(x, []int{x.Size()})
		return []ir.Value{y, op.Dot(line, line), op.Sum(op.Abs(x), axes...)}
	}
	if a.r.IntN(2) == 0 { // and back, as in a softmax
		return []ir.Value{y, op.Sub(x, op.Unreduce(y, x.Shape(), axes))}
	}
	if a.small {
		return []ir.Value{y}
	}
	return []ir.Value{y, op.Cumsum(x, axes[0], a.r.IntN(2) == 0)}
}

func (a *generator) indexing(x ir.Value) []ir.Value {
	shape := x.Shape()
	if len(shape) == 0 || shape[0] == 0 {
		return nil
	}
	index := a.of(ir.Of([]ir.DType{ir.Int32, ir.Int64}[a.r.IntN(2)], 3))
	taken := op.Gather(x, index, 0)
	starts, sizes := make([]ir.Value, len(shape)), make([]int, len(shape))
	for i, n := range shape {
		starts[i], sizes[i] = a.of(ir.Of(ir.Int64)), a.r.IntN(n+1)
	}
	window := op.DynamicSlice(x, starts, sizes)
	if x.DType() == ir.Bool {
		return []ir.Value{taken, window}
	}
	return []ir.Value{taken, window, op.ScatterAdd(x, index, a.of(taken.Type()), 0),
		op.DynamicUpdateSlice(x, a.of(window.Type()), starts)}
}

// matrix multiplies and factorises. Its operands are views often enough.
func (a *generator) matrix() []ir.Value {
	d := []ir.DType{ir.Float64, ir.Float32, ir.Int32}[a.r.IntN(3)]
	n := func() int { return []int{0, 1, 2, 3, 5, 8, 17, 40}[a.r.IntN(8)] }
	batch := make([]int, a.r.IntN(3))
	for i := range batch {
		batch[i] = 1 + a.r.IntN(3)
	}
	m, k, l := n(), n(), n()
	operand := func(rows, columns int) (ir.Value, bool) {
		shape := append(slices.Clone(batch), rows, columns)
		if ir.Of(d, shape...).Size() > a.most {
			return ir.Value{}, false
		}
		perm := a.r.Perm(len(shape))
		inverse, stored := make([]int, len(perm)), make([]int, len(perm))
		for i, p := range perm {
			inverse[p], stored[i] = i, shape[p]
		}
		if a.r.IntN(2) == 0 {
			return a.of(ir.Of(d, shape...)), true
		}
		return op.Transpose(a.of(ir.Of(d, stored...)), inverse), true
	}
	transposeA, transposeB := a.r.IntN(2) == 0, a.r.IntN(2) == 0
	swap := func(x, y int, yes bool) (int, int) {
		if yes {
			return y, x
		}
		return x, y
	}
	m1, k1 := swap(m, k, transposeA)
	k2, l2 := swap(k, l, transposeB)
	x, ok := operand(m1, k1)
	y, ok2 := operand(k2, l2)
	if !ok || !ok2 {
		return nil
	}
	out := []ir.Value{op.Contract(x, y, len(batch), transposeA, transposeB)}
	if z, ok := operand(m1, k1); ok {
		out = append(out, op.Dot(x, z))
	}
	if square, ok := operand(k, k); ok && d.IsFloat() && k < 9 {
		w, v := op.Eigh(square)
		factors, _, _ := op.LU(square)
		out = append(out, w, v, factors, op.Cholesky(square), op.LowerTriangle(square, 0))
		if right, ok := operand(k, l); ok {
			upper := dense.Triangle{Upper: a.r.IntN(2) == 0}
			out = append(out, op.Solve(square, right), op.TriangularSolve(square, right, upper))
		}
	}
	return out
}
