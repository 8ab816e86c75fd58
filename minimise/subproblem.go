package minimise

import (
	"math"

	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/internal/op"
)

// quadratic is the model m(p) = gᵀp + ½pᵀHp in the space of H's eigenvectors: w are the
// eigenvalues, ascending, v the vectors in columns, b = vᵀg.
type quadratic struct{ W, V, B Value }

// decompose gives the model of a gradient and a Hessian. An eigenvalue that may be rounding is 0.
func decompose(g, hessian Value) quadratic {
	w, v := op.Eigh(hessian)
	rounding := ad.Mul(ad.MaxOf(ad.Abs(w)), 256*implicit.Epsilon(w.DType()))
	w = ad.Where(ad.LessEqual(ad.Abs(w), rounding), ad.ZerosLike(w), w)
	return quadratic{w, v, ad.MatVec(ad.Transpose(v), g)}
}

// without drops the parts of the gradient along directions of no curvature where all is asked for,
// a bool, or where within the radius they promise no more than so much: there rounding errors
// would lead far away.
func (q quadratic) without(all, much, radius Value) quadratic {
	nothing := ad.Or(all, ad.LessEqual(ad.Mul(ad.Abs(q.B), radius), much))
	q.B = ad.Where(ad.And(ad.Equal(q.W, 0), nothing), ad.ZerosLike(q.B), q.B)
	return q
}

// gain is how far the minimum of the model is down, in directions of no curvature as far as the
// given size; infinite where it has none.
func (q quadratic) gain(size Value) Value {
	parts := ad.Div(ad.Square(q.B), ad.Mul(implicit.Divisor(q.W), 2))
	parts = ad.Where(ad.Equal(q.W, 0), ad.Mul(ad.Abs(q.B), size), parts)
	return ad.Where(ad.Less(ad.At(q.W, 0), 0), ad.Like(size, math.Inf(1)), ad.Sum(parts))
}

// raised is the model with so much more of curvature everywhere that it has no negative one.
func (q quadratic) raised() quadratic {
	return quadratic{ad.Sub(q.W, ad.Min(ad.At(q.W, 0), 0)), q.V, q.B}
}

// at is vᵀp at the minimum of m(p) + ½λ|p|², infinite where there is none, and its length.
func (q quadratic) at(lambda Value) (p, length Value) {
	curvature := ad.Add(q.W, lambda)
	none := ad.Where(ad.Equal(q.B, 0), ad.ZerosLike(q.B), ad.Like(q.B, math.Inf(1)))
	p = ad.Where(ad.Greater(curvature, 0), ad.Div(q.B, implicit.Divisor(curvature)), none)
	return ad.Neg(p), norm(p)
}

// shifts are the search for λ, which is between Low and High, with |p(λ)|.
type shifts struct{ Low, High, Lambda, Length, Tries Value }

const maxShifts = 40 // bisection alone finds λ to a tenth long before

// within is the least point of the model in the ball of a radius, to a tenth of its length where
// it is on the sphere: the solution of (H + λ)p = -g by Newton's method on 1/|p(λ)| = 1/radius
// (Moré and Sorensen, SIAM J. Sci. Stat. Comput. 4, 1983), kept within a bracket. λ is counted
// from where H + λ has no negative eigenvalue, lest the difference be lost. Where H has one and g
// no part along its vector, p goes along that vector to the sphere.
func (q quadratic) within(radius Value) Value {
	saddle := ad.Less(ad.At(q.W, 0), 0)
	q = q.raised()
	inner, length := q.at(ad.ZerosLike(radius))
	inside := ad.LessEqual(length, radius)

	high := ad.Div(norm(q.B), radius)
	_, first := q.at(high)
	end := ad.While(shifts{ad.ZerosLike(high), high, high, first, ad.Scalar(int32(0))},
		func(s shifts) Value {
			off := ad.Greater(ad.Abs(ad.Sub(s.Length, radius)), ad.Mul(radius, .1))
			return ad.And(ad.And(ad.Not(inside), off), ad.Less(s.Tries, int32(maxShifts)))
		},
		func(s shifts) shifts { return q.shift(s, radius) })
	outer, _ := q.at(end.Lambda)

	beyond := ad.Sqrt(ad.Max(ad.Sub(ad.Square(radius), ad.Square(length)), 0))
	lowest := ad.Equal(ad.Arange(ad.Int64, q.W.Size()), int64(0))
	along := ad.Where(ad.And(lowest, saddle), beyond, ad.ZerosLike(q.B))
	inner = ad.Add(inner, ad.Where(ad.Greater(q.B, 0), ad.Neg(along), along))
	return ad.MatVec(q.V, ad.Where(inside, inner, outer))
}

// shift is one step of the search for λ. Where Newton's leaves the bracket, the next is the
// geometric mean of its ends, since λ may have any size, but away from the lower.
func (q quadratic) shift(s shifts, radius Value) shifts {
	long := ad.Greater(s.Length, radius)
	s.Low = ad.Where(long, s.Lambda, s.Low)
	s.High = ad.Where(long, s.High, s.Lambda)
	p, _ := q.at(s.Lambda)
	slope := ad.Sum(ad.Div(ad.Square(p), implicit.Divisor(ad.Add(q.W, s.Lambda))))
	excess := ad.Div(ad.Sub(s.Length, radius), radius)
	newton := ad.Add(s.Lambda, ad.Mul(ad.Div(ad.Square(s.Length), implicit.Divisor(slope)), excess))
	apart := ad.Add(s.Low, ad.Mul(ad.Sub(s.High, s.Low), 1e-3))
	mean := ad.Max(ad.Mul(ad.Sqrt(s.Low), ad.Sqrt(s.High)), apart)
	inside := ad.And(ad.Greater(newton, s.Low), ad.Less(newton, s.High))
	s.Lambda = ad.Where(inside, newton, mean)
	_, s.Length = q.at(s.Lambda)
	s.Tries = ad.Add(s.Tries, 1)
	return s
}

func norm(x Value) Value { return ad.Sqrt(ad.Dot(x, x)) }
