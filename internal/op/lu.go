package op

import (
	"pullback/internal/dense"
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

var _ record.Primitive = lu{}

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

func (lu) Eval(in, out []ir.Array) {
	if in[0].Type().DType == ir.Float32 {
		factoriseLU[float32](in[0], out)
	} else {
		factoriseLU[float64](in[0], out)
	}
}

func factoriseLU[T dense.Float](in ir.Array, out []ir.Array) {
	a, factors := ir.Data[T](in), ir.Stored[T](out[0])
	pivots, permutation := ir.Stored[int32](out[1]), ir.Stored[int32](out[2])
	batch, n, _ := stackSize(in.Type())
	forStack(batch, n*n*n, func(lo, hi int) {
		i, j := lo*n, hi*n
		dense.LU(factors[i*n:j*n], a[i*n:j*n], pivots[i:j], permutation[i:j], hi-lo, n)
	})
	canonicalNaNs(factors)
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
