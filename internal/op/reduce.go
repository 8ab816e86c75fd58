package op

import (
	"errors"
	"fmt"
	"slices"

	"pullback/internal/dense"
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Sum adds x's elements along the given axes, which are distinct and non-negative; without axes
// it is x itself. The order of the additions depends on the reduced extents alone.
func Sum(x Value, axes ...int) Value {
	if len(axes) == 0 {
		return x
	}
	return record.Apply1(sum{sorted(axes)}, x)
}

func sorted(axes []int) []int {
	axes = slices.Clone(axes)
	slices.Sort(axes)
	return axes
}

type sum struct{ Axes []int }

var (
	_ record.Linear = sum{}
	_ record.Sharer = sum{}
	_ lane.Reducer  = sum{}
	_ lane.Preparer = sum{}
)

func (sum) Name() string { return "reduce_sum" }

func (o sum) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(1, len(in)); err != nil {
		return nil, err
	}
	return reducedNumbers(in[0], o.Axes)
}

func (o sum) Reduction([]ir.Type) (lane.Code, []int) { return lane.Add, o.Axes }

func (o sum) Eval(in, out []ir.Array) { evalReduction(o, in[0], out[0]) }

func (o sum) Prepare(in []ir.Type, at []lane.View) (eval func(in, out []ir.Array), ok bool) {
	return prepareReduction(o, in[0], at[0])
}

func (o sum) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	return shareReduction(o, in[0], out[0])
}

func (o sum) JVP(_, _ []Value, dx []record.Tangent) []record.Tangent {
	return record.Some(Sum(dx[0].Value, o.Axes...))
}

func (o sum) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	return record.Some(Unreduce(ct[0].Value, x[0].Type.Shape, o.Axes))
}

func (o sum) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return []Value{Sum(x[0], shifted(o.Axes)...)}, nil
}

// Unreduce repeats y, a reduction of an array of the given shape, along the reduced axes.
func Unreduce(y Value, shape, axes []int) Value {
	return Broadcast(y, shape, keptAxes(len(shape), axes))
}

// evalReduction reduces in along the axes; out is written.
func evalReduction(op lane.Reducer, in, out ir.Array) {
	_, axes := op.Reduction([]ir.Type{in.Type()})
	in, at := adjoining(in.Dense(), axes)
	t := in.Type()
	eval, _ := prepareReduction(inPlace{op, Range(at, at+len(axes))}, t, lane.Whole(t.Shape))
	eval([]ir.Array{in}, []ir.Array{out})
}

// inPlace is a reduction over other axes.
type inPlace struct {
	lane.Reducer
	axes []int
}

func (o inPlace) Reduction(in []ir.Type) (lane.Code, []int) {
	code, _ := o.Reducer.Reduction(in)
	return code, o.axes
}

// prepareReduction takes an operand whose elements all lie together, in an order of its axes in
// which those that are reduced are side by side; in both kinds of axes the first is the outermost.
func prepareReduction(op lane.Reducer, in ir.Type, at lane.View) (
	eval func(in, out []ir.Array), ok bool) {
	code, axes := op.Reduction([]ir.Type{in})
	size := func(axes []int) int { return ir.Of(ir.Bool, permuted(in.Shape, axes)...).Size() }
	order := slices.DeleteFunc(Range(0, in.Rank()), func(a int) bool { return in.Shape[a] == 1 })
	if in.Size() > 0 {
		slices.SortStableFunc(order, func(a, b int) int { return at.Strides[b] - at.Strides[a] })
	}
	isReduced := func(a int) bool { return slices.Contains(axes, a) }
	first := max(0, slices.IndexFunc(order, isReduced))
	after := first
	for after < len(order) && isReduced(order[after]) {
		after++
	}
	before, reduced, inside := order[:first], order[first:after], order[after:]
	if !at.Permuted(order).InOrder(permuted(in.Shape, order)) || !slices.IsSorted(reduced) ||
		!slices.IsSorted(slices.Concat(before, inside)) || slices.ContainsFunc(inside, isReduced) {
		return nil, false
	}
	outer, n, inner := size(before), size(reduced), size(inside)
	switch in.DType {
	case ir.Float64:
		return reduceNumbers[float64](code, outer, n, inner, at), true
	case ir.Float32:
		return reduceNumbers[float32](code, outer, n, inner, at), true
	case ir.Int32:
		return reduceNumbers[int32](code, outer, n, inner, at), true
	case ir.Int64:
		return reduceNumbers[int64](code, outer, n, inner, at), true
	case ir.Uint32:
		return reduceNumbers[uint32](code, outer, n, inner, at), true
	case ir.Uint64:
		return reduceNumbers[uint64](code, outer, n, inner, at), true
	}
	decide := dense.Any
	if code == lane.And {
		decide = dense.All
	}
	return func(in, out []ir.Array) {
		decide(ir.Stored[bool](out[0]), from[bool](in[0], at)[:outer*n*inner], outer, n, inner)
	}, true
}

func reduceNumbers[T ir.Number](code lane.Code, outer, n, inner int, at lane.View) (
	eval func(in, out []ir.Array)) {
	kinds := map[lane.Code]dense.Kind{
		lane.Add: dense.Sum, lane.Mul: dense.Product, lane.Max: dense.Max, lane.Min: dense.Min,
	}
	r := &dense.Reduction[T]{Kind: kinds[code], Outer: outer, N: n, Inner: inner}
	return func(in, out []ir.Array) {
		r.Run(ir.Stored[T](out[0]), from[T](in[0], at)[:outer*n*inner], nil)
		canonicalise(out[0])
	}
}

// canonicalise makes every NaN the same one.
func canonicalise(a ir.Array) {
	switch d := a.Memory().(type) {
	case []float64:
		canonicalNaNs(d)
	case []float32:
		canonicalNaNs(d)
	}
}

func canonicalNaNs[T lane.Float](xs []T) {
	for i, x := range xs {
		xs[i] = lane.CanonicalNaN(x)
	}
}

// adjoining is a with the given axes side by side, from axis at on: a itself if they are so, and
// otherwise rearranged with them last.
func adjoining(a ir.Array, axes []int) (rearranged ir.Array, at int) {
	last := len(axes) - 1
	if axes[last]-axes[0] == last {
		return a, axes[0]
	}
	t := a.Type()
	o := transpose{append(keptAxes(t.Rank(), axes), axes...)}
	out := ir.NewArray(ir.Type{DType: t.DType, Shape: permuted(t.Shape, o.Perm)})
	o.Eval([]ir.Array{a}, []ir.Array{out})
	return out, t.Rank() - len(axes)
}

// shareReduction reduces one row of a fill, since all are the same.
func shareReduction(op lane.Reducer, in ir.Array, out ir.Type) ([]ir.Array, bool) {
	if !in.IsFill() {
		return nil, false
	}
	_, axes := op.Reduction([]ir.Type{in.Type()})
	n := 1
	for _, a := range axes {
		n *= in.Type().Shape[a]
	}
	y := ir.NewArray(ir.Of(out.DType))
	evalReduction(inPlace{op, []int{0}}, in.Spread(n), y)
	return []ir.Array{y.Spread(out.Shape...)}, true
}

// reducedNumbers is the result type of a reduction of numbers.
func reducedNumbers(t ir.Type, axes []int) ([]ir.Type, error) {
	if t.DType == ir.Bool {
		return nil, errors.New("a bool is no number; convert it with ad.Convert, " +
			"or use ad.Any or ad.All")
	}
	out, err := reducedType(t, axes)
	return []ir.Type{out}, err
}

// reducedType is t without the given axes.
func reducedType(t ir.Type, axes []int) (ir.Type, error) {
	if len(axes) == 0 {
		return t, errors.New("no axes are named")
	}
	for i, a := range axes {
		if a < 0 || a >= t.Rank() || i > 0 && a <= axes[i-1] {
			return t, fmt.Errorf("the axes %v are not distinct axes of %v", axes, t)
		}
	}
	shape := []int{}
	for _, a := range keptAxes(t.Rank(), axes) {
		shape = append(shape, t.Shape[a])
	}
	return ir.Type{DType: t.DType, Shape: shape}, nil
}

// keptAxes lists the axes of an array of the given rank that are not in axes.
func keptAxes(rank int, axes []int) []int {
	kept := []int{}
	for a := range rank {
		if !slices.Contains(axes, a) {
			kept = append(kept, a)
		}
	}
	return kept
}

// shifted is the axes after a leading axis was added.
func shifted(axes []int) []int {
	out := make([]int, len(axes))
	for i, a := range axes {
		out[i] = a + 1
	}
	return out
}
