package op

import (
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Add is x + y.
func Add(x, y Value) Value { return record.Apply1(linear[add]{}, x, y) }

type add struct{}

var _ record.Linear = linear[add]{}

func (add) Name() string                           { return "add" }
func (add) Result(in []ir.DType) (ir.DType, error) { return numbers(2, in) }

func (add) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Add(in[0], in[1]) }

func (add) JVP(_ []Value, _ Value, dx []record.Tangent) record.Tangent {
	return AddTangents(dx[0], dx[1])
}

func (add) Transpose(ct Value, _ []record.Operand) []record.Tangent {
	return []record.Tangent{{Value: ct}, {Value: ct}}
}

// AddTangents is the sum of two tangents, computing nothing where one is zero.
func AddTangents(x, y record.Tangent) record.Tangent {
	switch {
	case x.IsZero():
		return y
	case y.IsZero():
		return x
	}
	return some(Add(x.Value, y.Value))
}

// Sub is x - y.
func Sub(x, y Value) Value { return record.Apply1(linear[sub]{}, x, y) }

type sub struct{}

var _ record.Linear = linear[sub]{}

func (sub) Name() string                           { return "sub" }
func (sub) Result(in []ir.DType) (ir.DType, error) { return numbers(2, in) }

func (sub) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Sub(in[0], in[1]) }

func (sub) JVP(_ []Value, _ Value, dx []record.Tangent) record.Tangent {
	switch {
	case dx[0].IsZero():
		return some(Neg(dx[1].Value))
	case dx[1].IsZero():
		return dx[0]
	}
	return some(Sub(dx[0].Value, dx[1].Value))
}

func (sub) Transpose(ct Value, x []record.Operand) []record.Tangent {
	out := []record.Tangent{{Value: ct}, {}}
	if x[1].Linear {
		out[1] = some(Neg(ct))
	}
	return out
}

// Neg is -x.
func Neg(x Value) Value { return record.Apply1(linear[neg]{}, x) }

type neg struct{}

var _ record.Linear = linear[neg]{}

func (neg) Name() string                           { return "neg" }
func (neg) Result(in []ir.DType) (ir.DType, error) { return numbers(1, in) }

func (neg) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Neg(in[0]) }

func (neg) JVP(_ []Value, _ Value, dx []record.Tangent) record.Tangent {
	return some(Neg(dx[0].Value))
}

func (neg) Transpose(ct Value, _ []record.Operand) []record.Tangent {
	return record.Some(Neg(ct))
}

// Mul is x · y.
func Mul(x, y Value) Value { return record.Apply1(linear[mul]{}, x, y) }

type mul struct{}

var _ record.Linear = linear[mul]{}

func (mul) Name() string                           { return "mul" }
func (mul) Result(in []ir.DType) (ir.DType, error) { return numbers(2, in) }

func (mul) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Mul(in[0], in[1]) }

func (mul) JVP(x []Value, _ Value, dx []record.Tangent) record.Tangent {
	return AddTangents(scaled(dx[0], x[1]), scaled(dx[1], x[0]))
}

func (mul) Transpose(ct Value, x []record.Operand) []record.Tangent {
	if x[0].Linear {
		return []record.Tangent{{Value: Mul(ct, x[1].Value)}, {}}
	}
	return []record.Tangent{{}, {Value: Mul(ct, x[0].Value)}}
}

// scaled is dx · s, zero if dx is.
func scaled(dx record.Tangent, s Value) record.Tangent {
	if dx.IsZero() {
		return dx
	}
	return some(Mul(dx.Value, s))
}

// Div is x / y. For integers, x / 0 is all ones and MinInt / -1 is MinInt.
func Div(x, y Value) Value { return record.Apply1(linear[div]{}, x, y) }

type div struct{}

var _ record.Linear = linear[div]{}

func (div) Name() string                           { return "div" }
func (div) Result(in []ir.DType) (ir.DType, error) { return numbers(2, in) }

func (div) Lower(b *lane.Builder, in []lane.Value) lane.Value { return b.Div(in[0], in[1]) }

// JVP is dx/y - dy·(x/y)/y, which does not overflow where y² would.
func (div) JVP(x []Value, y Value, dx []record.Tangent) record.Tangent {
	var out record.Tangent
	if !dx[0].IsZero() {
		out.Value = Div(dx[0].Value, x[1])
	}
	if !dx[1].IsZero() {
		out = AddTangents(out, some(Mul(dx[1].Value, Neg(Div(y, x[1])))))
	}
	return out
}

func (div) Transpose(ct Value, x []record.Operand) []record.Tangent {
	return []record.Tangent{{Value: Div(ct, x[1].Value)}, {}}
}
