package op

import (
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// FMA is x·y + z of floats with one rounding: the only place where a product and a sum are
// fused, since no executor fuses them of its own accord.
func FMA(x, y, z Value) Value { return record.Apply1(elementwise[fma]{}, x, y, z) }

type fma struct{}

var _ record.Primitive = elementwise[fma]{}

func (fma) Name() string                           { return "fma" }
func (fma) Result(in []ir.DType) (ir.DType, error) { return floats(3, in) }

func (fma) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.FMA(in[0], in[1], in[2]) }

func (fma) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	product := AddTangents(scaled(dx[0], x[1]), scaled(dx[1], x[0]))
	return AddTangents(product, dx[2])
}
