package op

import (
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Asin is the arc sine in radians, NaN outside [-1, 1].
func Asin(x Value) Value { return record.Apply1(elementwise[asin]{}, x) }

type asin struct{}

var _ record.Primitive = elementwise[asin]{}

func (asin) Name() string                                      { return "asin" }
func (asin) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (asin) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Asin(in[0]) }

func (asin) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	return some(Div(dx[0].Value, besideOne(x[0])))
}

// besideOne is √(1 - x²) as a root of a product, whose factors are exact where x is near ±1.
func besideOne(x Value) Value {
	one := like(x, 1)
	return Sqrt(Mul(Sub(one, x), Add(one, x)))
}

// Acos is the arc cosine in radians, NaN outside [-1, 1].
func Acos(x Value) Value { return record.Apply1(elementwise[acos]{}, x) }

type acos struct{}

var _ record.Primitive = elementwise[acos]{}

func (acos) Name() string                                      { return "acos" }
func (acos) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (acos) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Acos(in[0]) }

func (acos) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	return some(Neg(Div(dx[0].Value, besideOne(x[0]))))
}

// Atan is the arc tangent in radians.
func Atan(x Value) Value { return record.Apply1(elementwise[atan]{}, x) }

type atan struct{}

var _ record.Primitive = elementwise[atan]{}

func (atan) Name() string                                      { return "atan" }
func (atan) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (atan) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Atan(in[0]) }

func (atan) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	return some(Div(dx[0].Value, Add(Mul(x[0], x[0]), like(x[0], 1))))
}

// Atan2 is the angle of the point (x, y) in radians, from -π to π.
func Atan2(y, x Value) Value { return record.Apply1(elementwise[atan2]{}, y, x) }

type atan2 struct{}

var _ record.Primitive = elementwise[atan2]{}

func (atan2) Name() string                                      { return "atan2" }
func (atan2) Result(in []ir.DType) (ir.DType, error)            { return floats(2, in) }
func (atan2) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Atan2(in[0], in[1]) }

// JVP is (x dy - y dx) / (x² + y²), with x and y divided by the greater first, so that no square
// leaves the range of floats. The quotient does not depend on that divisor, so that no derivative
// of it need do so. At the origin the angle has no derivative, and this is NaN.
func (atan2) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	size := StopGradient(Max(Abs(x[0]), Abs(x[1])))
	up, along := Div(x[0], size), Div(x[1], size)
	square := Mul(size, Add(Mul(up, up), Mul(along, along)))
	var out record.Tangent
	if !dx[0].IsZero() {
		out = scaled(dx[0], Div(along, square))
	}
	if !dx[1].IsZero() {
		out = AddTangents(out, scaled(dx[1], Neg(Div(up, square))))
	}
	return out
}
