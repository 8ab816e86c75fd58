package op

import (
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Sinh is the hyperbolic sine.
func Sinh(x Value) Value { return record.Apply1(elementwise[sinh]{}, x) }

type sinh struct{}

var _ record.Primitive = elementwise[sinh]{}

func (sinh) Name() string                                      { return "sinh" }
func (sinh) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (sinh) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Sinh(in[0]) }

func (sinh) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	return scaled(dx[0], Cosh(x[0]))
}

// Cosh is the hyperbolic cosine.
func Cosh(x Value) Value { return record.Apply1(elementwise[cosh]{}, x) }

type cosh struct{}

var _ record.Primitive = elementwise[cosh]{}

func (cosh) Name() string                                      { return "cosh" }
func (cosh) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (cosh) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Cosh(in[0]) }

func (cosh) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	return scaled(dx[0], Sinh(x[0]))
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
