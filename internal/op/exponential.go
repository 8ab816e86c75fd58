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
func (exp) Result(in []ir.DType) (ir.DType, error)            { return floats(in) }
func (exp) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Exp(in[0]) }

func (exp) JVP(_ []Value, y Value, dx []record.Tangent) record.Tangent {
	return scaled(dx[0], y)
}

// Log is the natural logarithm.
func Log(x Value) Value { return record.Apply1(elementwise[log]{}, x) }

type log struct{}

var _ record.Primitive = elementwise[log]{}

func (log) Name() string                                      { return "log" }
func (log) Result(in []ir.DType) (ir.DType, error)            { return floats(in) }
func (log) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Log(in[0]) }

func (log) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	return record.Tangent{Value: Div(dx[0].Value, x[0])}
}
