package op

import (
	"errors"
	"fmt"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Concatenate joins the operands along an axis. Their other extents agree.
func Concatenate(axis int, xs ...Value) Value {
	if len(xs) == 1 && axis >= 0 && axis < xs[0].Type().Rank() {
		return xs[0]
	}
	return record.Apply1(concatenate{axis}, xs...)
}

type concatenate struct{ Axis int }

var (
	_ record.Linear = concatenate{}
	_ lane.Placer   = concatenate{}
	_ lane.Preparer = concatenate{}
)

func (concatenate) Name() string { return "concatenate" }

func (o concatenate) Type(in []ir.Type) ([]ir.Type, error) {
	if len(in) == 0 {
		return nil, errors.New("there is nothing to concatenate")
	}
	if o.Axis < 0 || o.Axis >= in[0].Rank() {
		return nil, fmt.Errorf("there is no axis %d in an operand of rank %d; "+
			"Stack makes a new axis", o.Axis, in[0].Rank())
	}
	total := 0
	for _, t := range in {
		if t.DType != in[0].DType {
			return nil, fmt.Errorf("the element types %v and %v differ; "+
				"convert one with ad.Convert", in[0].DType, t.DType)
		}
		if t.Rank() != in[0].Rank() || !t.Equal(o.with(in[0], t.Shape[o.Axis])) {
			return nil, fmt.Errorf("the shapes %v and %v differ along other axes than %d",
				in[0].Shape, t.Shape, o.Axis)
		}
		total += t.Shape[o.Axis]
	}
	return []ir.Type{o.with(in[0], total)}, nil
}

// with is t with another extent along the axis.
func (o concatenate) with(t ir.Type, extent int) ir.Type {
	shape := append([]int{}, t.Shape...)
	shape[o.Axis] = extent
	return ir.Type{DType: t.DType, Shape: shape}
}

func (o concatenate) Place(in []ir.Type, out ir.Type) []lane.View {
	views := make([]lane.View, len(in))
	v := lane.Whole(out.Shape)
	for i, t := range in {
		views[i] = v
		v.Offset += t.Shape[o.Axis] * v.Strides[o.Axis]
	}
	return views
}

func (o concatenate) Eval(in, out []ir.Array) {
	types := make([]ir.Type, len(in))
	for i, a := range in {
		types[i] = a.Type()
	}
	for i, v := range o.Place(types, out[0].Type()) {
		evalPlace(v, in[i], out[0])
	}
}

func (o concatenate) Prepare(in []ir.Type, at []lane.View) (
	eval func(in, out []ir.Array), ok bool) {
	out, _ := o.Type(in)
	moves := preparePlaces(o, in, at, out[0])
	return func(in, out []ir.Array) {
		for i, m := range moves {
			m.run(out[0], in[i])
		}
	}, true
}

func (o concatenate) JVP(x, _ []Value, dx []record.Tangent) []record.Tangent {
	tangents := make([]Value, len(dx))
	for i, t := range dx {
		tangents[i] = t.Dense(x[i].Type())
	}
	return record.Some(Concatenate(o.Axis, tangents...))
}

func (o concatenate) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	out := make([]record.Tangent, len(x))
	start := make([]int, ct[0].Type().Rank())
	for i, operand := range x {
		limit := append([]int{}, operand.Type.Shape...)
		limit[o.Axis] += start[o.Axis]
		if operand.Linear {
			out[i].Value = Slice(ct[0].Value, start, limit, nil)
		}
		start[o.Axis] = limit[o.Axis]
	}
	return out
}

func (o concatenate) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	return []Value{Concatenate(o.Axis+1, alignBatch(n, x, batched)...)}, nil
}
