package op

import (
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Exp is e to the x.
func Exp(x Value) Value { return record.Apply1(elementwise[exp]{}, x) }

type exp struct{}

var _ record.Primitive = elementwise[exp]{}

func (exp) Name() string                                      { return "exp" }
func (exp) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (exp) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Exp(in[0]) }

func (exp) JVP(_ []Value, y Value, dx []record.Tangent) record.Tangent {
	return scaled(dx[0], y)
}

// Expm1 is e to the x, minus 1, accurate near 0.
func Expm1(x Value) Value { return record.Apply1(elementwise[expm1]{}, x) }

type expm1 struct{}

var _ record.Primitive = elementwise[expm1]{}

func (expm1) Name() string                                      { return "expm1" }
func (expm1) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (expm1) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Expm1(in[0]) }

// JVP does not use y + 1, which has few correct digits where y is near -1.
func (expm1) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	return scaled(dx[0], Exp(x[0]))
}

// Log is the natural logarithm.
func Log(x Value) Value { return record.Apply1(elementwise[log]{}, x) }

type log struct{}

var _ record.Primitive = elementwise[log]{}

func (log) Name() string                                      { return "log" }
func (log) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (log) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Log(in[0]) }

func (log) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	return some(Div(dx[0].Value, x[0]))
}

// Log1p is the natural logarithm of 1 + x, accurate near 0.
func Log1p(x Value) Value { return record.Apply1(elementwise[log1p]{}, x) }

type log1p struct{}

var _ record.Primitive = elementwise[log1p]{}

func (log1p) Name() string                                      { return "log1p" }
func (log1p) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (log1p) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Log1p(in[0]) }

func (log1p) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	return some(Div(dx[0].Value, Add(x[0], like(x[0], 1))))
}
