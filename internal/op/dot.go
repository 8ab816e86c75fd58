package op

import (
	"errors"
	"fmt"

	"pullback/internal/dense"
	"pullback/internal/record"
	"pullback/ir"
)

// Dot is the inner product of x and y along their last axis: of two vectors a scalar, and in
// general of [batch..., k] and [batch..., k] the shape [batch...].
//
// The order is that of Sum, with fused multiply-adds: another than Contract's, which is better
// suited to many sums at once. So the bits of Dot are in general not those of MatVec.
func Dot(x, y Value) Value { return record.Apply1(dot{}, x, y) }

type dot struct{}

var _ record.Linear = dot{}

func (dot) Name() string { return "dot" }

func (dot) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(2, len(in)); err != nil {
		return nil, err
	}
	d, err := numbers(2, []ir.DType{in[0].DType, in[1].DType})
	if err != nil {
		return nil, err
	}
	last := in[0].Rank() - 1
	if last < 0 {
		return nil, errors.New("a scalar has no axis to sum over; multiply with Mul")
	}
	if !in[0].Equal(in[1]) {
		return nil, fmt.Errorf("the shapes %v and %v differ", in[0].Shape, in[1].Shape)
	}
	return []ir.Type{ir.Of(d, in[0].Shape[:last]...)}, nil
}

func (dot) Eval(in, out []ir.Array) {
	switch out[0].Type().DType {
	case ir.Float64:
		dotNumbers[float64](in, out[0])
		canonicalNaNs(ir.Stored[float64](out[0]))
	case ir.Float32:
		dotNumbers[float32](in, out[0])
		canonicalNaNs(ir.Stored[float32](out[0]))
	case ir.Int32:
		dotNumbers[int32](in, out[0])
	case ir.Int64:
		dotNumbers[int64](in, out[0])
	case ir.Uint32:
		dotNumbers[uint32](in, out[0])
	case ir.Uint64:
		dotNumbers[uint64](in, out[0])
	}
}

func dotNumbers[T ir.Number](in []ir.Array, out ir.Array) {
	t := in[0].Type()
	r := dense.Reduction[T]{Kind: dense.Dot, Outer: out.Len(), N: t.Shape[t.Rank()-1], Inner: 1}
	r.Run(ir.Stored[T](out), ir.Data[T](in[0]), ir.Data[T](in[1]))
}

func (dot) JVP(x, _ []Value, dx []record.Tangent) []record.Tangent {
	var out record.Tangent
	if !dx[0].IsZero() {
		out.Value = Dot(dx[0].Value, x[1])
	}
	if !dx[1].IsZero() {
		out = AddTangents(out, some(Dot(x[0], dx[1].Value)))
	}
	return []record.Tangent{out}
}

func (dot) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	t := x[0].Type
	c := Unreduce(ct[0].Value, t.Shape, []int{t.Rank() - 1})
	if x[0].Linear {
		return []record.Tangent{some(Mul(c, x[1].Value)), {}}
	}
	return []record.Tangent{{}, some(Mul(c, x[0].Value))}
}

func (dot) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	x = alignBatch(n, x, batched)
	return []Value{Dot(x[0], x[1])}, nil
}
