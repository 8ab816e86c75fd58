package op

import (
	"fmt"

	"pullback/internal/dense"
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Solve solves A·x = b by LU factorisation with partial pivoting, for a square matrix a (n, n)
// and b of n elements or, with a right-hand side in each column, (n, m). Stacks of them have common
// leading axes: a [batch..., n, n] and b [batch..., n] or [batch..., n, m]. A system of one
// equation is a division. A singular matrix gives infinities and NaNs.
//
// Derivatives of any order and transposes reuse the factors. Where many problems share the
// matrix, it is factorised once.
func Solve(a, b Value) Value {
	at, bt := a.Type(), b.Type()
	if r := at.Rank(); bt.Rank() > 0 && r >= 2 && at.Shape[r-2] == 1 && at.Shape[r-1] == 1 {
		divisor := Squeeze(a, r-1)
		return Div(b, Broadcast(divisor, bt.Shape, Range(0, r-1)))
	}
	if bt.Rank() == at.Rank()-1 {
		return Squeeze(Solve(a, ExpandDims(b, bt.Rank())), bt.Rank())
	}
	factors, pivots, _ := LU(StopGradient(a)) // the derivative is taken below, through a itself
	return record.Apply1(luSolve{}, a, factors, pivots, b)
}

// Inverse is the inverse of each matrix of a stack [batch..., n, n]. To multiply by it, Solve is
// faster and more accurate.
func Inverse(a Value) Value {
	refuseUnlessSquare("inverse", a)
	t := a.Type()
	r := t.Rank()
	return Solve(a, Broadcast(Identity(t.DType, t.Shape[r-1]), t.Shape, Range(r-2, r)))
}

// luSolve solves A·X = B, or Aᵀ·X = B, given A's factors. Its operands are A, the factors and
// pivots that LU made of it, and B. It computes with the factors alone; A is there for the
// derivative, which is that of the equation. The factors' own tangents play no part in it.
type luSolve struct{ Transposed bool }

var (
	_ record.Linear       = luSolve{}
	_ lane.Preparer       = luSolve{}
	_ lane.PrivateLowerer = luSolve{}
)

func (luSolve) Name() string { return "lu_solve" }

func (luSolve) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(4, len(in)); err != nil {
		return nil, err
	}
	made, err := lu{}.Type(in[:1])
	if err != nil {
		return nil, err
	}
	if !in[1].Equal(made[0]) || !in[2].Equal(made[1]) {
		return nil, fmt.Errorf("%v and %v are no factors and pivots of %v", in[1], in[2], in[0])
	}
	return in[3:], rightHandSides(in[0], in[3])
}

func (o luSolve) Eval(in, out []ir.Array) { evalPrepared(o, in, out) }

// Prepare does not mind where A is, which is not read.
func (o luSolve) Prepare(in []ir.Type, at []lane.View) (eval func(in, out []ir.Array), ok bool) {
	if in[1].DType == ir.Float32 {
		return prepareLUSolve[float32](o, in, at)
	}
	return prepareLUSolve[float64](o, in, at)
}

func prepareLUSolve[T dense.Float](o luSolve, in []ir.Type, at []lane.View) (
	eval func(in, out []ir.Array), ok bool) {
	batch, n, m := stackSize(in[3])
	return prepareStack(in[1:], at[1:], batch, n*n*m, func(in, out []ir.Array, lo, hi int) {
		factors, pivots := ir.Stored[T](in[1])[lo*n*n:hi*n*n], ir.Stored[int32](in[2])[lo*n:hi*n]
		b, x := ir.Stored[T](in[3])[lo*n*m:hi*n*m], ir.Stored[T](out[0])[lo*n*m:hi*n*m]
		dense.SolveLU(x, factors, pivots, b, hi-lo, n, m, o.Transposed)
		canonicalNaNs(x)
	})
}

// Private gives each lane systems of its own.
func (o luSolve) Private(lanes int, in []ir.Type) (p lane.Private, ok bool) {
	batch, n, m := stackSize(in[3])
	return privateStack(batch, lanes, 2*n*n*m, in,
		func(b *lane.Builder, x [][]lane.Value) [][]lane.Value {
			factors, pivots, y := x[1], x[2], x[3]
			if !o.Transposed {
				for k := range n {
					exchangeRows(b, y, k, n, m, pivots[k])
				}
				triangularSolve{Unit: true}.solve(b, y, factors, n, m)
				triangularSolve{Upper: true}.solve(b, y, factors, n, m)
				return [][]lane.Value{y}
			}
			triangularSolve{Upper: true, Transposed: true}.solve(b, y, factors, n, m)
			triangularSolve{Unit: true, Transposed: true}.solve(b, y, factors, n, m)
			for k := n - 1; k >= 0; k-- {
				exchangeRows(b, y, k, n, m, pivots[k])
			}
			return [][]lane.Value{y}
		})
}

// JVP solves A·dX = dB - dA·X with the same factors.
func (o luSolve) JVP(x, y []Value, dx []record.Tangent) []record.Tangent {
	rhs := dx[3]
	if da := dx[0]; !da.IsZero() {
		change := Contract(da.Value, y[0], da.Type().Rank()-2, o.Transposed, false)
		rhs = AddTangents(rhs, some(Neg(change)))
	}
	if rhs.IsZero() {
		return []record.Tangent{rhs}
	}
	return record.Some(record.Apply1(o, x[0], x[1], x[2], rhs.Value))
}

func (o luSolve) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	o.Transposed = !o.Transposed
	back := record.Apply1(o, x[0].Value, x[1].Value, x[2].Value, ct[0].Value)
	return []record.Tangent{{}, {}, {}, some(back)}
}

// Batch joins the right-hand sides of problems that share a matrix, as triangularSolve's does.
func (o luSolve) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	if batched[0] || batched[1] || batched[2] {
		return record.Apply(o, alignBatch(n, x, batched)...), nil
	}
	return []Value{columnsTogether(x[3], func(b Value) Value {
		return record.Apply1(o, x[0], x[1], x[2], b)
	})}, nil
}
