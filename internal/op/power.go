package op

import (
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Sqrt is the square root, correctly rounded; NaN below zero.
func Sqrt(x Value) Value { return record.Apply1(elementwise[sqrt]{}, x) }

type sqrt struct{}

var _ record.Primitive = elementwise[sqrt]{}

func (sqrt) Name() string                                      { return "sqrt" }
func (sqrt) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (sqrt) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Sqrt(in[0]) }

func (sqrt) JVP(_ []Value, y Value, dx []record.Tangent) record.Tangent {
	return some(Div(dx[0].Value, Add(y, y)))
}

// Pow is x to the y, for floats; its special values are C99's. IntegerPow is for exponents that
// are known integers.
func Pow(x, y Value) Value { return record.Apply1(elementwise[pow]{}, x, y) }

type pow struct{}

var _ record.Primitive = elementwise[pow]{}

func (pow) Name() string                                      { return "pow" }
func (pow) Result(in []ir.DType) (ir.DType, error)            { return floats(2, in) }
func (pow) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Pow(in[0], in[1]) }

// JVP is dx·y·x^(y-1) + dy·log(x)·x^y with two cares at x = 0. The first term is zero for y = 0,
// where its power would be infinite; only at x = y = 0 is the exponent replaced, since elsewhere
// the factor y must stay even where it is zero, for its own derivative. In the second term the
// logarithm is replaced by 0 for y > 0, where x^y is 0 beside y too. Not for y = 0, where x^y falls
// from 1 to 0 and the derivative is log(0)·1, -infinity, as that of x^x is there (JAX has 0); nor
// for y < 0, where it is the limit from x > 0.
func (pow) JVP(x []Value, z Value, dx []record.Tangent) record.Tangent {
	base, exponent := x[0], x[1]
	atZero := Equal(base, like(base, 0))
	var out record.Tangent
	if !dx[0].IsZero() {
		one := like(exponent, 1)
		both := And(atZero, Equal(exponent, like(exponent, 0)))
		lower := Select(both, one, Sub(exponent, one))
		out = scaled(dx[0], Mul(exponent, Pow(base, lower)))
	}
	if !dx[1].IsZero() {
		flat := And(atZero, Less(like(exponent, 0), exponent))
		logarithm := Log(Select(flat, like(base, 1), base))
		out = AddTangents(out, scaled(dx[1], Mul(logarithm, z)))
	}
	return out
}
