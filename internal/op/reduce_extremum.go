package op

import (
	"fmt"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// ReduceMax is the greatest of x's elements along the given axes, which are distinct and
// non-negative; without axes it is x itself. A NaN among them wins, and -0 < +0.
func ReduceMax(x Value, axes ...int) Value {
	if len(axes) == 0 {
		return x
	}
	return record.Apply1(reduceMax{sorted(axes)}, x)
}

// ReduceMin is the least of x's elements along the given axes; see ReduceMax.
func ReduceMin(x Value, axes ...int) Value {
	if len(axes) == 0 {
		return x
	}
	return record.Apply1(reduceMin{sorted(axes)}, x)
}

type reduceMax struct{ Axes []int }

var (
	_ record.Primitive = reduceMax{}
	_ record.Sharer    = reduceMax{}
	_ lane.Reducer     = reduceMax{}
	_ lane.Preparer    = reduceMax{}
)

func (reduceMax) Name() string { return "reduce_max" }

func (o reduceMax) Type(in []ir.Type) ([]ir.Type, error) {
	return extremumType("greatest", in, o.Axes)
}

func (o reduceMax) Reduction([]ir.Type) (lane.Code, []int) { return lane.Max, o.Axes }

func (o reduceMax) Eval(in, out []ir.Array) { evalReduction(o, in[0], out[0]) }

func (o reduceMax) Prepare(in []ir.Type, at []lane.View) (eval func(in, out []ir.Array), ok bool) {
	return prepareReduction(o, in[0], at[0])
}

func (o reduceMax) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	return shareReduction(o, in[0], out[0])
}

func (o reduceMax) JVP(x, y []Value, dx []record.Tangent) []record.Tangent {
	return record.Some(meanWhereEqual(x[0], y[0], dx[0].Value, o.Axes))
}

func (o reduceMax) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return []Value{ReduceMax(x[0], shifted(o.Axes)...)}, nil
}

type reduceMin struct{ Axes []int }

var (
	_ record.Primitive = reduceMin{}
	_ record.Sharer    = reduceMin{}
	_ lane.Reducer     = reduceMin{}
	_ lane.Preparer    = reduceMin{}
)

func (reduceMin) Name() string { return "reduce_min" }

func (o reduceMin) Type(in []ir.Type) ([]ir.Type, error) {
	return extremumType("least", in, o.Axes)
}

func (o reduceMin) Reduction([]ir.Type) (lane.Code, []int) { return lane.Min, o.Axes }

func (o reduceMin) Eval(in, out []ir.Array) { evalReduction(o, in[0], out[0]) }

func (o reduceMin) Prepare(in []ir.Type, at []lane.View) (eval func(in, out []ir.Array), ok bool) {
	return prepareReduction(o, in[0], at[0])
}

func (o reduceMin) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	return shareReduction(o, in[0], out[0])
}

func (o reduceMin) JVP(x, y []Value, dx []record.Tangent) []record.Tangent {
	return record.Some(meanWhereEqual(x[0], y[0], dx[0].Value, o.Axes))
}

func (o reduceMin) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return []Value{ReduceMin(x[0], shifted(o.Axes)...)}, nil
}

// extremumType refuses what has no extremum, unless no result asks for it.
func extremumType(which string, in []ir.Type, axes []int) ([]ir.Type, error) {
	if err := arity(1, len(in)); err != nil {
		return nil, err
	}
	out, err := reducedNumbers(in[0], axes)
	if err == nil && in[0].Size() == 0 && out[0].Size() > 0 {
		err = fmt.Errorf("there is no %s of no elements, and the axes %v of %v have none",
			which, axes, in[0])
	}
	return out, err
}

// meanWhereEqual is the tangent of an extremum y: the mean of the tangents of the elements that
// attain it, so that ties have equal shares, as in JAX. Where y is NaN nothing equals it, and
// 0/0 gives NaN.
func meanWhereEqual(x, y, dx Value, axes []int) Value {
	t := dx.Type()
	attains := Equal(x, Unreduce(y, t.Shape, axes))
	total := Sum(Select(attains, dx, Zeros(t)), axes...)
	return Div(total, Sum(Convert(attains, t.DType), axes...))
}
