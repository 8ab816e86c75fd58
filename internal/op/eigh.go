package op

import (
	"slices"
	"sync"

	"pullback/internal/dense"
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Eigh computes the eigenvalues and eigenvectors of stacks of symmetric matrices
// a [batch..., n, n]: A·V = V·diag(w) with VᵀV = 1. The values w [batch..., n] ascend; column j of
// v belongs to value j, and its component of greatest magnitude is positive. It reads the
// lower triangle of a. A matrix with a NaN or an infinity gives NaN throughout.
//
// Derivatives take a to stay symmetric, as those of Cholesky do. At eigenvalues that are equal the
// vectors have none, and their tangents are infinite or NaN. The tangents of equal values depend
// on the choice of vectors; those of their sum do not.
func Eigh(a Value) (w, v Value) {
	y := record.Apply(eigh{}, a)
	return y[0], y[1]
}

type eigh struct{}

var (
	_ record.Primitive    = eigh{}
	_ lane.Preparer       = eigh{}
	_ lane.PrivateLowerer = eigh{}
)

func (eigh) Name() string { return "eigh" }

func (eigh) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(1, len(in)); err != nil {
		return nil, err
	}
	if err := squareFloats(in[0]); err != nil {
		return nil, err
	}
	return []ir.Type{ir.Of(in[0].DType, in[0].Shape[:in[0].Rank()-1]...), in[0]}, nil
}

func (o eigh) Eval(in, out []ir.Array) { evalPrepared(o, in, out) }

func (eigh) Prepare(in []ir.Type, at []lane.View) (eval func(in, out []ir.Array), ok bool) {
	if in[0].DType == ir.Float32 {
		return prepareEigh[float32](in, at)
	}
	return prepareEigh[float64](in, at)
}

func prepareEigh[T dense.Float](in []ir.Type, at []lane.View) (
	eval func(in, out []ir.Array), ok bool) {
	batch, n, _ := stackSize(in[0])
	scratch := new(sync.Pool) // of *[]T
	return prepareStack(in, at, batch, n*n*n, func(in, out []ir.Array, lo, hi int) {
		a, _ := scratch.Get().(*[]T)
		if a == nil {
			a = new([]T)
		}
		*a = append((*a)[:0], ir.Stored[T](in[0])[lo*n*n:hi*n*n]...) // is overwritten
		w, v := ir.Stored[T](out[0])[lo*n:hi*n], ir.Stored[T](out[1])[lo*n*n:hi*n*n]
		dense.SymmetricEigen(w, v, *a, hi-lo, n)
		scratch.Put(a)
		canonicalNaNs(w)
		canonicalNaNs(v)
	})
}

// Private gives each lane matrices of its own. Its Lower is dense.SymmetricEigen, number by
// number: where that decides by the numbers, it computes both ways and selects.
func (eigh) Private(lanes int, in []ir.Type) (p lane.Private, ok bool) {
	batch, n, _ := stackSize(in[0])
	rotation := 16 + 8*n + 2*n*n
	return privateStack(batch, lanes, n*n*(8+rotation/2), in,
		func(b *lane.Builder, x [][]lane.Value) [][]lane.Value {
			w, v := smallEigen(b, x[0], n)
			return [][]lane.Value{w, v}
		})
}

// JVP: with M = Vᵀ·dA·V, dw is its diagonal, and dV = V·K where K[i][j] = M[i][j] / (w[j] - w[i])
// off the diagonal (Giles, "Collected matrix derivative results for forward and reverse mode
// algorithmic differentiation", 2008, section 3.1).
func (eigh) JVP(_, y []Value, dx []record.Tangent) []record.Tangent {
	w, v := y[0], y[1]
	t := v.Type()
	rank := t.Rank()
	m := Contract(v, multiply(symmetricPart(dx[0].Value), v), rank-2, true, false)

	shape, batch := t.Shape, Range(0, rank-2)
	columns := Broadcast(w, shape, append(slices.Clone(batch), rank-1))
	rows := Broadcast(w, shape, append(slices.Clone(batch), rank-2))
	// On the diagonal, where the gap is 0, it is 0 / 1.
	one := Broadcast(Identity(t.DType, shape[rank-1]), shape, []int{rank - 2, rank - 1})
	gaps := Add(Sub(columns, rows), one)
	off := Add(LowerTriangle(m, -1), UpperTriangle(m, 1))
	return []record.Tangent{some(Diagonal(m)), some(multiply(v, Div(off, gaps)))}
}

func (o eigh) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return record.Apply(o, x[0]), nil
}
