package op

import (
	"fmt"
	"slices"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Broadcast repeats x along new axes: axis i of x becomes axis axes[i] of the result, which has
// the given shape. The axes are strictly increasing, and x's extents are kept.
func Broadcast(x Value, shape, axes []int) Value {
	if slices.Equal(x.Type().Shape, shape) {
		return x
	}
	return record.Apply1(broadcast{slices.Clone(shape), slices.Clone(axes)}, x)
}

// Lead is x repeated n times along a new leading axis.
func Lead(x Value, n int) Value {
	t := x.Type()
	return Broadcast(x, t.Batched(n).Shape, Range(1, t.Rank()+1))
}

// Scalar broadcasts a scalar to a shape.
func Scalar(x Value, shape []int) Value { return Broadcast(x, shape, nil) }

// Zeros is the array of type t whose elements are all zero, or false.
func Zeros(t ir.Type) Value { return ir.Known(ir.FillNumber(t, 0)) }

// Range is lo, lo+1, ..., hi-1.
func Range(lo, hi int) []int {
	out := make([]int, 0, max(0, hi-lo))
	for i := lo; i < hi; i++ {
		out = append(out, i)
	}
	return out
}

type broadcast struct{ Shape, Axes []int }

var (
	_ record.Linear = broadcast{}
	_ record.Sharer = broadcast{}
	_ lane.Viewer   = broadcast{}
)

func (broadcast) Name() string { return "broadcast" }

func (o broadcast) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(1, len(in)); err != nil {
		return nil, err
	}
	s := in[0].Shape
	if len(o.Axes) != len(s) {
		return nil, fmt.Errorf("%d axes are named for an operand of rank %d", len(o.Axes), len(s))
	}
	for i, a := range o.Axes {
		if a < 0 || a >= len(o.Shape) || i > 0 && a <= o.Axes[i-1] {
			return nil, fmt.Errorf("the axes %v do not increase within the shape %v",
				o.Axes, o.Shape)
		}
		if o.Shape[a] != s[i] {
			return nil, fmt.Errorf("the shape %v does not broadcast to %v", s, o.Shape)
		}
	}
	return []ir.Type{{DType: in[0].DType, Shape: o.Shape}}, nil
}

// View reads element 0 along the new axes, again and again.
func (o broadcast) View(_ ir.Type, at lane.View) (v lane.View, ok bool) {
	v = lane.View{Offset: at.Offset, Strides: make([]int, len(o.Shape))}
	for i, stride := range at.Strides {
		v.Strides[o.Axes[i]] = stride
	}
	return v, true
}

func (o broadcast) Eval(in, out []ir.Array) { evalView(o, in[0], out[0]) }

func (o broadcast) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	return shareView(in, out)
}

func (o broadcast) JVP(_, _ []Value, dx []record.Tangent) []record.Tangent {
	return record.Some(record.Apply1(o, dx[0].Value))
}

// Transpose sums over the axes along which x was repeated.
func (o broadcast) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	var repeated []int
	for a := range o.Shape {
		if !slices.Contains(o.Axes, a) {
			repeated = append(repeated, a)
		}
	}
	return record.Some(Sum(ct[0].Value, repeated...))
}

func (o broadcast) Batch(n int, x []Value, _ []bool) ([]Value, []bool) {
	axes := []int{0}
	for _, a := range o.Axes {
		axes = append(axes, a+1)
	}
	return record.Apply(broadcast{append([]int{n}, o.Shape...), axes}, x[0]), nil
}
