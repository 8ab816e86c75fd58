package op

import (
	"math"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Equal says where x = y, for numbers or bools. A NaN equals nothing.
func Equal(x, y Value) Value { return record.Apply1(elementwise[equal]{}, x, y) }

type equal struct{ noTangent }

var _ record.Primitive = elementwise[equal]{}

func (equal) Name() string { return "equal" }

func (equal) Result(in []ir.DType) (ir.DType, error) {
	_, err := sameType(2, in)
	return ir.Bool, err
}

func (equal) Lower(b *lane.Builder, in []lane.Value) lane.Value {
	if b.Type(in[0]) == ir.Bool {
		return b.Not(b.Xor(in[0], in[1]))
	}
	return b.Equal(in[0], in[1])
}

// NotEqual says where x ≠ y, for numbers or bools. A NaN differs from everything.
func NotEqual(x, y Value) Value { return record.Apply1(elementwise[notEqual]{}, x, y) }

type notEqual struct{ noTangent }

var _ record.Primitive = elementwise[notEqual]{}

func (notEqual) Name() string { return "not_equal" }

func (notEqual) Result(in []ir.DType) (ir.DType, error) {
	_, err := sameType(2, in)
	return ir.Bool, err
}

func (notEqual) Lower(b *lane.Builder, in []lane.Value) lane.Value {
	if b.Type(in[0]) == ir.Bool {
		return b.Xor(in[0], in[1])
	}
	return b.NotEqual(in[0], in[1])
}

// Less says where x < y; nowhere where one is NaN.
func Less(x, y Value) Value { return record.Apply1(elementwise[less]{}, x, y) }

type less struct{ noTangent }

var _ record.Primitive = elementwise[less]{}

func (less) Name() string                                      { return "less" }
func (less) Result(in []ir.DType) (ir.DType, error)            { return ordered(in) }
func (less) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Less(in[0], in[1]) }

// LessEqual says where x ≤ y; nowhere where one is NaN.
func LessEqual(x, y Value) Value { return record.Apply1(elementwise[lessEqual]{}, x, y) }

type lessEqual struct{ noTangent }

var _ record.Primitive = elementwise[lessEqual]{}

func (lessEqual) Name() string                           { return "less_equal" }
func (lessEqual) Result(in []ir.DType) (ir.DType, error) { return ordered(in) }

func (lessEqual) Lower(b *lane.Builder, in []lane.Value) lane.Value {
	return b.LessEqual(in[0], in[1])
}

func ordered(in []ir.DType) (ir.DType, error) {
	_, err := numbers(2, in)
	return ir.Bool, err
}

// IsNaN says where the float x is no number.
func IsNaN(x Value) Value { return record.Apply1(elementwise[isNaN]{}, x) }

type isNaN struct{ noTangent }

var _ record.Primitive = elementwise[isNaN]{}

func (isNaN) Name() string                                      { return "is_nan" }
func (isNaN) Result(in []ir.DType) (ir.DType, error)            { return classified(in) }
func (isNaN) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.NotEqual(in[0], in[0]) }

// IsFinite says where the float x is neither infinite nor NaN.
func IsFinite(x Value) Value { return record.Apply1(elementwise[isFinite]{}, x) }

type isFinite struct{ noTangent }

var _ record.Primitive = elementwise[isFinite]{}

func (isFinite) Name() string                           { return "is_finite" }
func (isFinite) Result(in []ir.DType) (ir.DType, error) { return classified(in) }

func (isFinite) Lower(b *lane.Builder, in []lane.Value) lane.Value {
	return b.Less(b.Abs(in[0]), b.Float(b.Type(in[0]), math.Inf(1)))
}

func classified(in []ir.DType) (ir.DType, error) {
	_, err := floats(1, in)
	return ir.Bool, err
}
