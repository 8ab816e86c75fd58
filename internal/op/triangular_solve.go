package op

import (
	"pullback/internal/dense"
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// TriangularSolve solves T·X = B for stacks of triangular matrices t [batch..., n, n] and
// right-hand sides b [batch..., n, m]. The triangle says which half of t is T, or Tᵀ, and whether
// T's diagonal is ones; what else t holds does not matter. A zero on the diagonal gives infinities
// and NaNs.
func TriangularSolve(t, b Value, triangle dense.Triangle) Value {
	return record.Apply1(triangularSolve(triangle), t, b)
}

type triangularSolve dense.Triangle

var (
	_ record.Linear       = triangularSolve{}
	_ lane.Preparer       = triangularSolve{}
	_ lane.PrivateLowerer = triangularSolve{}
)

func (triangularSolve) Name() string { return "triangular_solve" }

func (triangularSolve) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(2, len(in)); err != nil {
		return nil, err
	}
	if err := squareFloats(in[0]); err != nil {
		return nil, err
	}
	return in[1:], rightHandSides(in[0], in[1])
}

func (o triangularSolve) Eval(in, out []ir.Array) { evalPrepared(o, in, out) }

func (o triangularSolve) Prepare(in []ir.Type, at []lane.View) (
	eval func(in, out []ir.Array), ok bool) {
	if in[0].DType == ir.Float32 {
		return prepareTriangular[float32](o, in, at)
	}
	return prepareTriangular[float64](o, in, at)
}

func prepareTriangular[T dense.Float](o triangularSolve, in []ir.Type, at []lane.View) (
	eval func(in, out []ir.Array), ok bool) {
	batch, n, m := stackSize(in[1])
	return prepareStack(in, at, batch, n*n*m, func(in, out []ir.Array, lo, hi int) {
		t, b := ir.Stored[T](in[0])[lo*n*n:hi*n*n], ir.Stored[T](in[1])[lo*n*m:hi*n*m]
		x := ir.Stored[T](out[0])[lo*n*m : hi*n*m]
		dense.SolveTriangular(x, t, b, hi-lo, n, m, dense.Triangle(o))
		canonicalNaNs(x)
	})
}

// Private gives each lane systems of its own.
func (o triangularSolve) Private(lanes int, in []ir.Type) (p lane.Private, ok bool) {
	batch, n, m := stackSize(in[1])
	return privateStack(batch, lanes, n*n*m, in,
		func(b *lane.Builder, x [][]lane.Value) [][]lane.Value {
			o.solve(b, x[1], x[0], n, m)
			return [][]lane.Value{x[1]}
		})
}

// solve turns the right-hand sides x into the solution.
func (o triangularSolve) solve(b *lane.Builder, x, t []lane.Value, n, columns int) {
	at := func(i, k int) lane.Value { return element(t, n, n, i, k, o.Transposed) }
	backward := o.Upper != o.Transposed
	for step := range n {
		k, first, last := step, step+1, n
		if backward {
			k, first, last = n-1-step, 0, n-1-step
		}
		for j := range columns {
			if !o.Unit {
				x[k*columns+j] = b.Div(x[k*columns+j], at(k, k))
			}
			for i := first; i < last; i++ {
				x[i*columns+j] = b.FMA(b.Neg(at(i, k)), x[k*columns+j], x[i*columns+j])
			}
		}
	}
}

// JVP solves T·dX = dB - dT·X.
func (o triangularSolve) JVP(x, y []Value, dx []record.Tangent) []record.Tangent {
	rhs := dx[1]
	if !dx[0].IsZero() {
		dt := o.triangle(dx[0].Value)
		change := Contract(dt, y[0], dt.Type().Rank()-2, o.Transposed, false)
		rhs = AddTangents(rhs, some(Neg(change)))
	}
	return record.Some(record.Apply1(o, x[0], rhs.Value))
}

// triangle is t with zeros where the operation does not look.
func (o triangularSolve) triangle(t Value) Value {
	diagonal := 0
	if o.Unit {
		diagonal = 1
	}
	if o.Upper {
		return UpperTriangle(t, diagonal)
	}
	return LowerTriangle(t, -diagonal)
}

func (o triangularSolve) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	o.Transposed = !o.Transposed
	return []record.Tangent{{}, some(record.Apply1(o, x[0].Value, ct[0].Value))}
}

// Batch joins the right-hand sides of problems that share a matrix: columns are solved one by one
// anyway.
func (o triangularSolve) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	if batched[0] {
		return record.Apply(o, alignBatch(n, x, batched)...), nil
	}
	return []Value{columnsTogether(x[1], func(b Value) Value {
		return record.Apply1(o, x[0], b)
	})}, nil
}
