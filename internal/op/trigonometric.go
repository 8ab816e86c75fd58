package op

import (
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Sin is the sine of x radians.
func Sin(x Value) Value { return record.Apply1(elementwise[sin]{}, x) }

type sin struct{}

var _ record.Primitive = elementwise[sin]{}

func (sin) Name() string                                      { return "sin" }
func (sin) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (sin) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Sin(in[0]) }

func (sin) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	return scaled(dx[0], Cos(x[0]))
}

// Cos is the cosine of x radians.
func Cos(x Value) Value { return record.Apply1(elementwise[cos]{}, x) }

type cos struct{}

var _ record.Primitive = elementwise[cos]{}

func (cos) Name() string                                      { return "cos" }
func (cos) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (cos) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Cos(in[0]) }

func (cos) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	return scaled(dx[0], Neg(Sin(x[0])))
}

// Tan is the tangent of x radians.
func Tan(x Value) Value { return record.Apply1(elementwise[tan]{}, x) }

type tan struct{}

var _ record.Primitive = elementwise[tan]{}

func (tan) Name() string                                      { return "tan" }
func (tan) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (tan) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Tan(in[0]) }

func (tan) JVP(_ []Value, y Value, dx []record.Tangent) record.Tangent {
	return scaled(dx[0], Add(Mul(y, y), like(y, 1)))
}
