package op

import (
	"fmt"
	"slices"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Reshape is x's elements, in the same row-major order, under another shape of the same size.
func Reshape(x Value, shape []int) Value {
	if slices.Equal(x.Type().Shape, shape) {
		return x
	}
	return record.Apply1(reshape{slices.Clone(shape)}, x)
}

type reshape struct{ Shape []int }

var (
	_ record.Linear = reshape{}
	_ record.Sharer = reshape{}
	_ lane.Viewer   = reshape{}
)

func (reshape) Name() string { return "reshape" }

func (o reshape) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(1, len(in)); err != nil {
		return nil, err
	}
	t := ir.Type{DType: in[0].DType, Shape: o.Shape}
	if slices.ContainsFunc(o.Shape, negative) {
		return nil, fmt.Errorf("the shape %v has a negative extent", o.Shape)
	}
	if t.Size() != in[0].Size() {
		return nil, fmt.Errorf("%d elements do not fill the shape %v, which holds %d",
			in[0].Size(), o.Shape, t.Size())
	}
	return []ir.Type{t}, nil
}

func negative(n int) bool { return n < 0 }

func (o reshape) View(in ir.Type, at lane.View) (v lane.View, ok bool) {
	return at.Reshaped(in.Shape, o.Shape)
}

func (reshape) Eval(in, out []ir.Array) { ir.Copy(out[0], in[0]) }

// Share always can: values are immutable.
func (o reshape) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	return []ir.Array{in[0].Reshaped(out[0].Shape...)}, true
}

func (o reshape) JVP(_, _ []Value, dx []record.Tangent) []record.Tangent {
	return record.Some(Reshape(dx[0].Value, o.Shape))
}

func (o reshape) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	return record.Some(Reshape(ct[0].Value, x[0].Type.Shape))
}

func (o reshape) Batch(n int, x []Value, _ []bool) ([]Value, []bool) {
	return []Value{Reshape(x[0], append([]int{n}, o.Shape...))}, nil
}
