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

// Tanh is the hyperbolic tangent.
func Tanh(x Value) Value { return record.Apply1(elementwise[tanh]{}, x) }

type tanh struct{}

var _ record.Primitive = elementwise[tanh]{}

func (tanh) Name() string                                      { return "tanh" }
func (tanh) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (tanh) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Tanh(in[0]) }

// JVP is dx·(1 - y²) as a product, whose factors are exact where y is near ±1.
func (tanh) JVP(_ []Value, y Value, dx []record.Tangent) record.Tangent {
	one := like(y, 1)
	return scaled(dx[0], Mul(Sub(one, y), Add(one, y)))
}
