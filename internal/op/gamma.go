package op

import (
	"fmt"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// LogGamma is the logarithm of the gamma function: infinite at 0, NaN below.
func LogGamma(x Value) Value { return record.Apply1(elementwise[logGamma]{}, x) }

type logGamma struct{}

var _ record.Primitive = elementwise[logGamma]{}

func (logGamma) Name() string                                      { return "log_gamma" }
func (logGamma) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (logGamma) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.LogGamma(in[0]) }

func (logGamma) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	return scaled(dx[0], Polygamma(0, x[0]))
}

// Polygamma is the derivative of order n+1 of LogGamma; of n = 0 it is the digamma function.
func Polygamma(n int, x Value) Value { return record.Apply1(polygamma{n}, x) }

type polygamma struct{ N int }

var (
	_ record.Primitive = polygamma{}
	_ record.Sharer    = polygamma{}
	_ lane.Lowerer     = polygamma{}
)

func (polygamma) Name() string { return "polygamma" }

func (o polygamma) Type(in []ir.Type) ([]ir.Type, error) {
	if o.N < 0 || o.N > lane.MaxPolygamma {
		return nil, fmt.Errorf("the order is %d and must be from 0 to %d", o.N, lane.MaxPolygamma)
	}
	return elementwiseType(func(in []ir.DType) (ir.DType, error) { return floats(1, in) }, in)
}

func (o polygamma) Lower(b *lane.Builder, in []lane.Value) []lane.Value {
	return []lane.Value{b.Polygamma(o.N, in[0])}
}

func (o polygamma) Eval(in, out []ir.Array) { evalLowered(o, in, out) }

func (o polygamma) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	return shareFill(o, in, out)
}

func (o polygamma) JVP(x, _ []Value, dx []record.Tangent) []record.Tangent {
	return []record.Tangent{scaled(dx[0], Polygamma(o.N+1, x[0]))}
}

func (o polygamma) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return record.Apply(o, x...), nil
}
