package op

import (
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// And is the logical and of bools, or of each bit of integers.
func And(x, y Value) Value { return record.Apply1(elementwise[and]{}, x, y) }

type and struct{ noTangent }

var _ record.Primitive = elementwise[and]{}

func (and) Name() string                                      { return "and" }
func (and) Result(in []ir.DType) (ir.DType, error)            { return bits(2, in) }
func (and) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.And(in[0], in[1]) }

// Or is the logical or of bools, or of each bit of integers.
func Or(x, y Value) Value { return record.Apply1(elementwise[or]{}, x, y) }

type or struct{ noTangent }

var _ record.Primitive = elementwise[or]{}

func (or) Name() string                                      { return "or" }
func (or) Result(in []ir.DType) (ir.DType, error)            { return bits(2, in) }
func (or) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Or(in[0], in[1]) }

// Xor is the exclusive or of bools, or of each bit of integers.
func Xor(x, y Value) Value { return record.Apply1(elementwise[xor]{}, x, y) }

type xor struct{ noTangent }

var _ record.Primitive = elementwise[xor]{}

func (xor) Name() string                                      { return "xor" }
func (xor) Result(in []ir.DType) (ir.DType, error)            { return bits(2, in) }
func (xor) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Xor(in[0], in[1]) }

// Not is the negation of bools, or of each bit of integers.
func Not(x Value) Value { return record.Apply1(elementwise[not]{}, x) }

type not struct{ noTangent }

var _ record.Primitive = elementwise[not]{}

func (not) Name() string                                      { return "not" }
func (not) Result(in []ir.DType) (ir.DType, error)            { return bits(1, in) }
func (not) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Not(in[0]) }

// ShiftLeft moves the bits of the integer x up by n; 0 where n is negative or at least the width.
func ShiftLeft(x, n Value) Value { return record.Apply1(elementwise[shiftLeft]{}, x, n) }

type shiftLeft struct{ noTangent }

var _ record.Primitive = elementwise[shiftLeft]{}

func (shiftLeft) Name() string                           { return "shift_left" }
func (shiftLeft) Result(in []ir.DType) (ir.DType, error) { return integers(2, in) }

func (shiftLeft) Lower(b *lane.Builder, in []lane.Value) lane.Value {
	return b.ShiftLeft(in[0], in[1])
}

// ShiftRight moves the bits of the integer x down by n, repeating the sign of a signed one; 0 or
// -1, by that sign, where n is negative or at least the width.
func ShiftRight(x, n Value) Value { return record.Apply1(elementwise[shiftRight]{}, x, n) }

type shiftRight struct{ noTangent }

var _ record.Primitive = elementwise[shiftRight]{}

func (shiftRight) Name() string                           { return "shift_right" }
func (shiftRight) Result(in []ir.DType) (ir.DType, error) { return integers(2, in) }

func (shiftRight) Lower(b *lane.Builder, in []lane.Value) lane.Value {
	return b.ShiftRight(in[0], in[1])
}
