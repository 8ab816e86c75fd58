package op

import (
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// The functions below are one operation each, and not compositions, since |x| and max(x, 0), of
// which they are made, have no second derivatives where these functions are smooth.

// Sigmoid is 1 / (1 + e^-x), with all its digits at both ends.
func Sigmoid(x Value) Value { return record.Apply1(elementwise[sigmoid]{}, x) }

type sigmoid struct{}

var _ record.Primitive = elementwise[sigmoid]{}

func (sigmoid) Name() string                           { return "sigmoid" }
func (sigmoid) Result(in []ir.DType) (ir.DType, error) { return floats(1, in) }

func (sigmoid) Lower(b *lane.Builder, in []lane.Value) lane.Value {
	x := in[0]
	t := b.Type(x)
	zero, one := b.Float(t, 0), b.Float(t, 1)
	e := b.Exp(b.Neg(b.Abs(x)))
	return b.Div(b.Select(b.LessEqual(zero, x), one, e), b.Add(one, e))
}

// JVP takes 1 - y from the other end, where it has all its digits.
func (sigmoid) JVP(x []Value, y Value, dx []record.Tangent) record.Tangent {
	return scaled(dx[0], Mul(y, Sigmoid(Neg(x[0]))))
}

// Softplus is log(1 + e^x), which does not overflow.
func Softplus(x Value) Value { return record.Apply1(elementwise[softplus]{}, x) }

type softplus struct{}

var _ record.Primitive = elementwise[softplus]{}

func (softplus) Name() string                           { return "softplus" }
func (softplus) Result(in []ir.DType) (ir.DType, error) { return floats(1, in) }

func (softplus) Lower(b *lane.Builder, in []lane.Value) lane.Value {
	x := in[0]
	rest := b.Log1p(b.Exp(b.Neg(b.Abs(x))))
	return b.Add(b.Max(x, b.Float(b.Type(x), 0)), rest)
}

func (softplus) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	return scaled(dx[0], Sigmoid(x[0]))
}

// LogAddExp is log(e^x + e^y), which does not overflow.
func LogAddExp(x, y Value) Value { return record.Apply1(elementwise[logAddExp]{}, x, y) }

type logAddExp struct{}

var _ record.Primitive = elementwise[logAddExp]{}

func (logAddExp) Name() string                           { return "log_add_exp" }
func (logAddExp) Result(in []ir.DType) (ir.DType, error) { return floats(2, in) }

// Lower takes the difference of two equal infinities to be 0.
func (logAddExp) Lower(b *lane.Builder, in []lane.Value) lane.Value {
	x, y := in[0], in[1]
	gap := b.Select(b.Equal(x, y), b.Float(b.Type(x), 0), b.Abs(b.Sub(x, y)))
	return b.Add(b.Max(x, y), b.Log1p(b.Exp(b.Neg(gap))))
}

// JVP shares alike between two equal infinities, as between other equals.
func (logAddExp) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	infinite := And(Equal(x[0], x[1]), Not(IsFinite(x[0])))
	gap := Select(infinite, like(x[0], 0), Sub(x[0], x[1]))
	var out record.Tangent
	if !dx[0].IsZero() {
		out = scaled(dx[0], Sigmoid(gap))
	}
	if !dx[1].IsZero() {
		out = AddTangents(out, scaled(dx[1], Sigmoid(Neg(gap))))
	}
	return out
}
