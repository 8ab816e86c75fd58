package op

import (
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Rem is the remainder of the integers x / y, with the sign of x; x where y is 0.
func Rem(x, y Value) Value { return record.Apply1(elementwise[rem]{}, x, y) }

type rem struct{ noTangent }

var _ record.Primitive = elementwise[rem]{}

func (rem) Name() string                                      { return "rem" }
func (rem) Result(in []ir.DType) (ir.DType, error)            { return integers(2, in) }
func (rem) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Rem(in[0], in[1]) }
