package op

import (
	"errors"
	"fmt"

	"pullback/internal/dense"
	"pullback/internal/lane"
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

var (
	_ record.Linear       = dot{}
	_ lane.Reducer        = dot{}
	_ lane.Preparer       = dot{}
	_ lane.PrivateLowerer = dot{}
)

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

func (dot) Reduction(in []ir.Type) (lane.Code, []int) { return lane.FMA, []int{in[0].Rank() - 1} }

func (o dot) Eval(in, out []ir.Array) { evalPrepared(o, in, out) }

// Prepare takes operands whose elements lie in order.
func (dot) Prepare(in []ir.Type, at []lane.View) (eval func(in, out []ir.Array), ok bool) {
	if !at[0].InOrder(in[0].Shape) || !at[1].InOrder(in[1].Shape) {
		return nil, false
	}
	switch in[0].DType {
	case ir.Float64:
		return prepareDot[float64](in[0], at), true
	case ir.Float32:
		return prepareDot[float32](in[0], at), true
	case ir.Int32:
		return prepareDot[int32](in[0], at), true
	case ir.Int64:
		return prepareDot[int64](in[0], at), true
	case ir.Uint32:
		return prepareDot[uint32](in[0], at), true
	}
	return prepareDot[uint64](in[0], at), true
}

func prepareDot[T ir.Number](t ir.Type, at []lane.View) func(in, out []ir.Array) {
	last := t.Rank() - 1
	r := &dense.Reduction[T]{Kind: dense.Dot, N: t.Shape[last], Inner: 1}
	r.Outer = ir.Of(t.DType, t.Shape[:last]...).Size()
	size := t.Size()
	return func(in, out []ir.Array) {
		x, y := from[T](in[0], at[0])[:size], from[T](in[1], at[1])[:size]
		r.Run(ir.Stored[T](out[0]), x, y)
		canonicalise(out[0])
	}
}

// Private gives each lane vectors of its own.
func (dot) Private(lanes int, in []ir.Type) (p lane.Private, ok bool) {
	n := in[0].Shape[in[0].Rank()-1]
	vectors := ir.Of(ir.Bool, in[0].Shape[:in[0].Rank()-1]...).Size()
	lower := func(b *lane.Builder, in []lane.Elements) [][]lane.Value {
		var out []lane.Value
		for v := range vectors / lanes {
			out = append(out, b.InnerProduct(n, func(i int) (x, y lane.Value) {
				return in[0](v*n + i), in[1](v*n + i)
			}))
		}
		return [][]lane.Value{out}
	}
	p = lane.Private{Own: []bool{true, true}, Lower: lower, Cost: 2 * in[0].Size() / lanes}
	return p, n > 0 && vectors%lanes == 0
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
