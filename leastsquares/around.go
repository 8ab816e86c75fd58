package leastsquares

import (
	"math"

	"pullback/ad"
	"pullback/internal/implicit"
)

// curvature is what the exact second derivatives H of ½|r|² say about a point, in the elements
// that the box leaves free.
type curvature struct {
	Step     Value // Newton's, if convex
	Promised Value // the fall of |r|² there that H promises
	Diagonal Value // of H
	Lowest   Value // the direction of the least curvature
	Least    Value // that curvature, relative to those along the elements
	Convex   Value // bool: every direction curves upwards by more than rounding errors
}

// curvature spends n Hessian-vector products.
func (p Problem) curvature(at Point) curvature {
	n, d := at.X.Size(), at.X.DType()
	half := func(x Value) Value {
		r := p.Residuals(x)
		return ad.Mul(ad.Dot(r, r), .5)
	}
	_, product := ad.Linearize(ad.Grad(half), at.X)
	identity := ad.Identity(d, n)
	h := ad.ExpandDims(product(ad.OnesLike(at.X)), 0)
	if n > 1 {
		h = ad.Vmap(product)(identity)
	}

	// Without what the box holds, and scaled to a unit diagonal.
	diagonal := ad.Abs(ad.Diagonal(h))
	scale := ad.Div(ad.Convert(ad.Not(p.Held(at)), d), ad.Sqrt(implicit.Divisor(diagonal)))
	w, vectors := ad.Eigh(ad.Mul(ad.Mul(h, scale), ad.ExpandDims(scale, 1)))
	e := ad.Mul(ad.Transpose(vectors), scale)

	rounding := ad.Mul(ad.MaxOf(ad.Abs(w)), 64*implicit.Epsilon(d))
	slopes := ad.MatVec(e, at.Gradient())
	parts := ad.Div(slopes, implicit.Divisor(w))
	return curvature{
		Step:     ad.Neg(ad.MatVec(ad.Transpose(e), parts)),
		Promised: ad.Dot(parts, slopes), Diagonal: diagonal,
		Lowest: ad.At(e, 0), Least: ad.At(w, 0),
		Convex: ad.Greater(ad.At(w, 0), rounding),
	}
}

// surroundings is what the curvature says about a point that was found.
type surroundings struct {
	// Saddle is a bool: along some direction |r| was seen to curve downwards.
	Saddle Value
	// Vanished is a bool: an element that mattered at the start no longer does in first order,
	// and hardly in second, as the rate of an exponential that has died out. So nothing is known
	// there.
	Vanished Value
}

// lookAround spends a curvature and two evaluations in the box.
func lookAround(p Problem, at Point, o offset) surroundings {
	defer implicit.OneLine(at.X)()
	d, c := at.X.DType(), p.curvature(at)
	flat := ad.LessEqual(ad.Mul(c.Diagonal, ad.Square(typical(at.X))),
		ad.Mul(ad.Square(o.Length), math.Sqrt(implicit.Epsilon(d))))
	gone := ad.And(ad.And(p.Mattered, ad.Not(p.Held(at))), ad.And(flat, ad.Not(at.matters())))
	left := ad.Greater(o.Length, ad.Mul(p.Start, implicit.Epsilon(d)))

	// Second derivatives have rounding errors, which on a ridge are all there is: so they are
	// believed only once |r| itself is seen to fall, by a step each way that is short enough for
	// its fourth power to vanish beside |r|².
	most := ad.MaxOf(ad.Div(ad.Abs(c.Lowest), typical(at.X)))
	far := math.Sqrt(math.Sqrt(implicit.Epsilon(d)))
	step := ad.Div(ad.Mul(c.Lowest, far), implicit.Divisor(most))
	rise := func(x Value) (rise, inside Value) {
		to := p.Project(x)
		r := p.Residuals(to)
		return ad.Dot(ad.Sub(r, at.Residuals), ad.Add(r, at.Residuals)), ad.All(ad.Equal(to, x))
	}
	ahead, canGo := rise(ad.Add(at.X, step))
	behind, canReturn := rise(ad.Sub(at.X, step))
	falls := ad.Less(ad.Add(ahead, behind), ad.Neg(ad.Mul(o.Noise, o.Length)))
	seen := ad.And(falls, ad.And(canGo, canReturn))
	return surroundings{
		Saddle:   ad.And(ad.Less(c.Least, 0), seen),
		Vanished: ad.And(ad.Any(gone), left),
	}
}
