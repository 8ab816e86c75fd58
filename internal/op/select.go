package op

import (
	"fmt"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Select is x where cond holds, else y; all three have one shape. What is not selected leaves
// no trace, neither in the result nor in its derivatives.
func Select(cond, x, y Value) Value { return record.Apply1(linear[selection]{}, cond, x, y) }

type selection struct{}

var _ record.Linear = linear[selection]{}

func (selection) Name() string { return "select" }

func (selection) Result(in []ir.DType) (ir.DType, error) {
	if err := arity(3, len(in)); err != nil {
		return 0, err
	}
	if in[0] != ir.Bool {
		return 0, fmt.Errorf("the condition is %v and must be bool", in[0])
	}
	return sameType(2, in[1:])
}

func (selection) Lower(b *lane.Builder, in []lane.Value) lane.Value {
	return b.Select(in[0], in[1], in[2])
}

func (selection) JVP(x []Value, y Value, dx []record.Tangent) record.Tangent {
	return some(Select(x[0], dx[1].Dense(y.Type()), dx[2].Dense(y.Type())))
}

func (selection) Transpose(ct Value, x []record.Operand) []record.Tangent {
	out := make([]record.Tangent, 3)
	zero := like(ct, 0)
	if x[1].Linear {
		out[1] = some(Select(x[0].Value, ct, zero))
	}
	if x[2].Linear {
		out[2] = some(Select(x[0].Value, zero, ct))
	}
	return out
}

// StopGradient is x as a constant: its derivative is zero.
func StopGradient(x Value) Value { return record.Apply1(elementwise[stopGradient]{}, x) }

type stopGradient struct{ noTangent }

var _ record.Primitive = elementwise[stopGradient]{}

func (stopGradient) Name() string                                      { return "stop_gradient" }
func (stopGradient) Result(in []ir.DType) (ir.DType, error)            { return sameType(1, in) }
func (stopGradient) Lower(_ *lane.Builder, in []lane.Value) lane.Value { return in[0] }
