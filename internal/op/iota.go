package op

import (
	"errors"
	"fmt"
	"slices"

	"pullback/internal/record"
	"pullback/ir"
)

// Iota is the array of type t that counts 0, 1, 2, ... along an axis and is constant along the
// others. Floats hold all counts below 2^53, float32 below 2^24; beyond that they are rounded.
func Iota(t ir.Type, axis int) Value {
	return record.Apply1(counting{t.DType, slices.Clone(t.Shape), axis})
}

type counting struct {
	DType ir.DType
	Shape []int
	Axis  int
}

var _ record.Primitive = counting{}

func (counting) Name() string { return "iota" }

func (o counting) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(0, len(in)); err != nil {
		return nil, err
	}
	if o.DType == ir.Bool {
		return nil, errors.New("bools do not count")
	}
	if slices.ContainsFunc(o.Shape, negative) {
		return nil, fmt.Errorf("the shape %v has a negative extent", o.Shape)
	}
	if o.Axis < 0 || o.Axis >= len(o.Shape) {
		return nil, fmt.Errorf("there is no axis %d in the shape %v", o.Axis, o.Shape)
	}
	return []ir.Type{{DType: o.DType, Shape: o.Shape}}, nil
}

func (o counting) Eval(_, out []ir.Array) {
	switch o.DType {
	case ir.Float64:
		count[float64](o, out[0])
	case ir.Float32:
		count[float32](o, out[0])
	case ir.Int32:
		count[int32](o, out[0])
	case ir.Int64:
		count[int64](o, out[0])
	case ir.Uint32:
		count[uint32](o, out[0])
	case ir.Uint64:
		count[uint64](o, out[0])
	}
}

func count[T ir.Number](o counting, out ir.Array) {
	n := o.Shape[o.Axis]
	inner := ir.Of(o.DType, o.Shape[o.Axis+1:]...).Size()
	ys := ir.Stored[T](out)
	for i := range ys {
		ys[i] = T(i / inner % n)
	}
}

// JVP is never asked: there is no operand to have a tangent.
func (counting) JVP(_, _ []Value, _ []record.Tangent) []record.Tangent {
	return []record.Tangent{{}}
}

// Batch is never asked: there is no operand to be batched.
func (o counting) Batch(int, []Value, []bool) ([]Value, []bool) {
	return record.Apply(o), []bool{false}
}
