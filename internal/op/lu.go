package op

import (
	"slices"

	"pullback/internal/dense"
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// LU factorises stacks of square matrices a [batch..., n, n] with partial pivoting, P·A = L·U.
// factors, of a's shape, has U in its upper triangle and L, whose diagonal is ones, below it.
// pivots and permutation are int32[batch..., n]: step k exchanged rows k and pivots[k], and row i
// of P·A is row permutation[i] of A. Of a singular matrix U has a zero on its diagonal.
func LU(a Value) (factors, pivots, permutation Value) {
	y := record.Apply(lu{}, a)
	return y[0], y[1], y[2]
}

type lu struct{}

var (
	_ record.Primitive    = lu{}
	_ lane.Preparer       = lu{}
	_ lane.PrivateLowerer = lu{}
)

func (lu) Name() string { return "lu" }

func (lu) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(1, len(in)); err != nil {
		return nil, err
	}
	if err := squareFloats(in[0]); err != nil {
		return nil, err
	}
	rows := ir.Of(ir.Int32, in[0].Shape[:in[0].Rank()-1]...)
	return []ir.Type{in[0], rows, rows}, nil
}

func (o lu) Eval(in, out []ir.Array) { evalPrepared(o, in, out) }

func (lu) Prepare(in []ir.Type, at []lane.View) (eval func(in, out []ir.Array), ok bool) {
	if in[0].DType == ir.Float32 {
		return prepareLU[float32](in, at)
	}
	return prepareLU[float64](in, at)
}

func prepareLU[T dense.Float](in []ir.Type, at []lane.View) (
	eval func(in, out []ir.Array), ok bool) {
	batch, n, _ := stackSize(in[0])
	return prepareStack(in, at, batch, n*n*n, func(in, out []ir.Array, lo, hi int) {
		a, factors := ir.Stored[T](in[0])[lo*n*n:hi*n*n], ir.Stored[T](out[0])[lo*n*n:hi*n*n]
		pivots := ir.Stored[int32](out[1])[lo*n : hi*n]
		permutation := ir.Stored[int32](out[2])[lo*n : hi*n]
		dense.LU(factors, a, pivots, permutation, hi-lo, n)
		canonicalNaNs(factors)
	})
}

// Private gives each lane matrices of its own.
func (lu) Private(lanes int, in []ir.Type) (p lane.Private, ok bool) {
	batch, n, _ := stackSize(in[0])
	return privateStack(batch, lanes, 2*n*n*n, in,
		func(b *lane.Builder, x [][]lane.Value) [][]lane.Value {
			pivots, permutation := smallLU(b, x[0], n)
			return [][]lane.Value{x[0], pivots, permutation}
		})
}

// smallLU factorises a, which it overwrites.
func smallLU(b *lane.Builder, a []lane.Value, n int) (pivots, permutation []lane.Value) {
	number := func(i int) lane.Value { return b.Int(ir.Int32, int64(i)) }
	for i := range n {
		permutation = append(permutation, number(i))
	}
	for k := range n {
		pivot, greatest := number(k), b.Abs(a[k*n+k])
		for i := k + 1; i < n; i++ {
			v := b.Abs(a[i*n+k])
			nan := b.And(b.NotEqual(v, v), b.Equal(greatest, greatest))
			take := b.Or(b.Less(greatest, v), nan)
			pivot, greatest = b.Select(take, number(i), pivot), b.Select(take, v, greatest)
		}
		pivots = append(pivots, pivot)
		exchangeRows(b, a, k, n, n, pivot)
		exchangeRows(b, permutation, k, n, 1, pivot)
		singular := b.Equal(greatest, b.Float(b.Type(greatest), 0))
		for i := k + 1; i < n; i++ {
			row, top := a[i*n:][:n], a[k*n:][:n]
			before := slices.Clone(row)
			row[k] = b.Div(row[k], top[k])
			for j := k + 1; j < n; j++ {
				row[j] = b.FMA(b.Neg(row[k]), top[j], row[j])
			}
			for j := k; j < n; j++ {
				row[j] = b.Select(singular, before[j], row[j])
			}
		}
	}
	return pivots, permutation
}

// exchangeRows swaps rows k and pivot, which is k or one of those below, of n.
func exchangeRows(b *lane.Builder, x []lane.Value, k, n, columns int, pivot lane.Value) {
	top := slices.Clone(x[k*columns:][:columns])
	for i := k + 1; i < n; i++ {
		here := b.Equal(pivot, b.Int(ir.Int32, int64(i)))
		for j := range columns {
			x[k*columns+j] = b.Select(here, x[i*columns+j], x[k*columns+j])
			x[i*columns+j] = b.Select(here, top[j], x[i*columns+j])
		}
	}
}

// JVP differentiates P·A = L·U. With M = L⁻¹·P·dA·U⁻¹, dL is L times the part of M below the
// diagonal, and dU is the rest of M times U. The permutation is constant almost everywhere.
func (lu) JVP(_, y []Value, dx []record.Tangent) []record.Tangent {
	factors, permutation := y[0], y[2]
	m := Gather(dx[0].Value, permutation, factors.Type().Rank()-2)
	m = TriangularSolve(factors, m, dense.Triangle{Unit: true})
	m = TriangularSolve(factors, MatrixTranspose(m), dense.Triangle{Upper: true, Transposed: true})
	m = MatrixTranspose(m)
	below := LowerTriangle(m, -1)
	dl := Add(below, multiply(LowerTriangle(factors, -1), below))
	du := multiply(UpperTriangle(m, 0), UpperTriangle(factors, 0))
	return []record.Tangent{some(Add(dl, du)), {}, {}}
}

func (o lu) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return record.Apply(o, x[0]), nil
}
