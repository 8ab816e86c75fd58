package op

import (
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Min is the smaller of x and y: IEEE-2019 minimum, where NaN wins and -0 < +0. At a tie each
// operand has half of the derivative, as in JAX.
func Min(x, y Value) Value { return record.Apply1(elementwise[minimum]{}, x, y) }

type minimum struct{}

var _ record.Primitive = elementwise[minimum]{}

func (minimum) Name() string                                      { return "min" }
func (minimum) Result(in []ir.DType) (ir.DType, error)            { return numbers(2, in) }
func (minimum) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Min(in[0], in[1]) }

func (minimum) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	return AddTangents(ofWinner(dx[0], x[0], x[1]), ofWinner(dx[1], x[1], x[0]))
}

// Max is the greater of x and y: IEEE-2019 maximum, where NaN wins and +0 > -0. At a tie each
// operand has half of the derivative, as in JAX.
func Max(x, y Value) Value { return record.Apply1(elementwise[maximum]{}, x, y) }

type maximum struct{}

var _ record.Primitive = elementwise[maximum]{}

func (maximum) Name() string                                      { return "max" }
func (maximum) Result(in []ir.DType) (ir.DType, error)            { return numbers(2, in) }
func (maximum) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Max(in[0], in[1]) }

func (maximum) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	return AddTangents(ofWinner(dx[0], x[1], x[0]), ofWinner(dx[1], x[0], x[1]))
}

// ofWinner is dx where less < more, half of it where they are equal, else zero. It selects
// rather than multiplies, so that an infinite tangent of the loser leaves no NaN.
func ofWinner(dx record.Tangent, less, more Value) record.Tangent {
	if dx.IsZero() {
		return dx
	}
	half := Mul(dx.Value, like(dx.Value, 0.5))
	other := Select(Equal(less, more), half, like(dx.Value, 0))
	return some(Select(Less(less, more), dx.Value, other))
}
