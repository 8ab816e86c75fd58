package op

import (
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Abs is |x|; for integers |MinInt| is MinInt. Its derivative is Sign(x), 0 at 0.
func Abs(x Value) Value { return record.Apply1(elementwise[abs]{}, x) }

type abs struct{}

var _ record.Primitive = elementwise[abs]{}

func (abs) Name() string                                      { return "abs" }
func (abs) Result(in []ir.DType) (ir.DType, error)            { return numbers(1, in) }
func (abs) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Abs(in[0]) }

func (abs) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	return scaled(dx[0], Sign(x[0]))
}

// Sign is 1, -1, or x itself where that is a zero or NaN. Its derivative is zero.
func Sign(x Value) Value { return record.Apply1(elementwise[sign]{}, x) }

type sign struct{ noTangent }

var _ record.Primitive = elementwise[sign]{}

func (sign) Name() string                           { return "sign" }
func (sign) Result(in []ir.DType) (ir.DType, error) { return numbers(1, in) }

func (sign) Lower(b *lane.Builder, in []lane.Value) lane.Value {
	x, t := in[0], b.Type(in[0])
	zero := number(b, t, 0)
	y := b.Select(b.Less(zero, x), number(b, t, 1), x)
	if !t.IsSigned() {
		return y
	}
	return b.Select(b.Less(x, zero), number(b, t, -1), y)
}
