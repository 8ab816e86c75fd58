package op

import (
	"math"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Erf is the error function, 2/√π times the integral of exp(-t²) from 0 to x.
func Erf(x Value) Value { return record.Apply1(elementwise[erf]{}, x) }

type erf struct{}

var _ record.Primitive = elementwise[erf]{}

func (erf) Name() string                                      { return "erf" }
func (erf) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (erf) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Erf(in[0]) }

func (erf) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	density := Exp(Neg(Mul(x[0], x[0])))
	return scaled(dx[0], Mul(like(x[0], 2/math.SqrtPi), density))
}

// ErfInv is the inverse of Erf: ±infinity at ±1, NaN beyond.
func ErfInv(x Value) Value { return record.Apply1(elementwise[erfInv]{}, x) }

type erfInv struct{}

var _ record.Primitive = elementwise[erfInv]{}

func (erfInv) Name() string                                      { return "erfinv" }
func (erfInv) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (erfInv) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.ErfInv(in[0]) }

func (erfInv) JVP(_ []Value, y Value, dx []record.Tangent) record.Tangent {
	return scaled(dx[0], erfInvSlope(y))
}

// erfInvSlope is 1/erf'(y).
func erfInvSlope(y Value) Value { return Mul(like(y, math.SqrtPi/2), Exp(Mul(y, y))) }

// ErfInvXLA is ErfInv with the digits of JAX's, less accurate: normal random numbers are made
// with it, to agree with JAX's, and nothing else should be.
func ErfInvXLA(x Value) Value { return record.Apply1(elementwise[erfInvXLA]{}, x) }

type erfInvXLA struct{}

var _ record.Primitive = elementwise[erfInvXLA]{}

func (erfInvXLA) Name() string                                      { return "erfinv_xla" }
func (erfInvXLA) Result(in []ir.DType) (ir.DType, error)            { return floats(1, in) }
func (erfInvXLA) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.ErfInvXLA(in[0]) }

func (erfInvXLA) JVP(_ []Value, y Value, dx []record.Tangent) record.Tangent {
	return scaled(dx[0], erfInvSlope(y))
}
