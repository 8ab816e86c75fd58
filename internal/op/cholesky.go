package op

import (
	"slices"

	"pullback/internal/dense"
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Cholesky factorises stacks of symmetric positive definite matrices a [batch..., n, n] as L·Lᵀ
// and gives L, with zeros above the diagonal. It reads the lower triangle of a. A matrix that is
// not positive definite gives NaN throughout.
//
// Derivatives take a to stay symmetric: of a tangent the symmetric part counts, and cotangents
// are symmetric.
func Cholesky(a Value) Value { return record.Apply1(cholesky{}, a) }

type cholesky struct{}

var (
	_ record.Primitive    = cholesky{}
	_ lane.Preparer       = cholesky{}
	_ lane.PrivateLowerer = cholesky{}
)

func (cholesky) Name() string { return "cholesky" }

func (cholesky) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(1, len(in)); err != nil {
		return nil, err
	}
	return in, squareFloats(in[0])
}

func (o cholesky) Eval(in, out []ir.Array) { evalPrepared(o, in, out) }

func (cholesky) Prepare(in []ir.Type, at []lane.View) (eval func(in, out []ir.Array), ok bool) {
	if in[0].DType == ir.Float32 {
		return prepareCholesky[float32](in, at)
	}
	return prepareCholesky[float64](in, at)
}

func prepareCholesky[T dense.Float](in []ir.Type, at []lane.View) (
	eval func(in, out []ir.Array), ok bool) {
	batch, n, _ := stackSize(in[0])
	return prepareStack(in, at, batch, n*n*n, func(in, out []ir.Array, lo, hi int) {
		a, l := ir.Stored[T](in[0])[lo*n*n:hi*n*n], ir.Stored[T](out[0])[lo*n*n:hi*n*n]
		dense.Cholesky(l, a, nil, hi-lo, n)
		canonicalNaNs(l)
	})
}

// Private gives each lane matrices of its own.
func (cholesky) Private(lanes int, in []ir.Type) (p lane.Private, ok bool) {
	batch, n, _ := stackSize(in[0])
	return privateStack(batch, lanes, n*n*n, in,
		func(b *lane.Builder, x [][]lane.Value) [][]lane.Value {
			return [][]lane.Value{smallCholesky(b, x[0], n)}
		})
}

func smallCholesky(b *lane.Builder, a []lane.Value, n int) []lane.Value {
	t := b.Type(a[0])
	zero, positive := b.Float(t, 0), b.Bool(true)
	l := slices.Repeat([]lane.Value{zero}, n*n)
	for j := range n {
		for i := j; i < n; i++ {
			s := a[i*n+j]
			for k := range j {
				s = b.FMA(b.Neg(l[j*n+k]), l[i*n+k], s)
			}
			if i == j {
				positive = b.And(positive, b.Less(zero, s))
				l[i*n+j] = b.Sqrt(s)
			} else {
				l[i*n+j] = b.Div(s, l[j*n+j])
			}
		}
	}
	nan := b.Div(zero, zero)
	for i, v := range l {
		l[i] = b.Select(positive, v, nan)
	}
	return l
}

// JVP is dL = L·Φ(L⁻¹·dA·L⁻ᵀ), where Φ takes the lower triangle and half of the diagonal (Murray,
// "Differentiation of the Cholesky decomposition", 2016, arXiv:1602.07527, equation 8).
func (cholesky) JVP(_, y []Value, dx []record.Tangent) []record.Tangent {
	l, m := y[0], symmetricPart(dx[0].Value)
	m = TriangularSolve(l, m, dense.Triangle{})
	m = TriangularSolve(l, MatrixTranspose(m), dense.Triangle{})
	half := like(m, 0.5)
	phi := Mul(Add(LowerTriangle(m, 0), LowerTriangle(m, -1)), half)
	return record.Some(multiply(l, phi))
}

func (o cholesky) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return record.Apply(o, x[0]), nil
}
