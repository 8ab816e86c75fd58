package leastsquares

import (
	"math"

	"pullback/ad"
	"pullback/internal/implicit"
)

// surroundings is what exact second derivatives of ½|r|² say about a point where the projection
// of r on the columns of J vanishes.
type surroundings struct {
	// Saddle is a bool: along some direction |r| was seen to curve downwards.
	Saddle Value
	// Vanished is a bool: an element that mattered at the start no longer does, in first or
	// second order, as the rate of an exponential that has died out. So nothing is known there.
	Vanished Value
}

// lookAround spends n Hessian-vector products and two evaluations in the box.
func lookAround(p Problem, at Point, o offset) surroundings {
	defer implicit.OneLine(at.X)()
	n, d := at.X.Size(), at.X.DType()
	half := func(x Value) Value {
		r := p.Residuals(x)
		return ad.Mul(ad.Dot(r, r), .5)
	}
	_, product := ad.Linearize(ad.Grad(half), at.X)
	h := ad.Vmap(product)(ad.Identity(d, n))
	typical := ad.Max(ad.Abs(at.X), 1)

	// Relative to what moving an element by its own size should do.
	bound := ad.Mul(o.Length, roundings*implicit.Epsilon(d))
	first := ad.LessEqual(ad.Mul(columnLengths(at.Jacobian), typical), bound)
	diagonal := ad.Abs(ad.Diagonal(h))
	second := ad.LessEqual(ad.Mul(diagonal, ad.Square(typical)), ad.Mul(bound, o.Length))
	gone := ad.And(p.Mattered, ad.And(ad.Not(p.Held(at)), ad.And(first, second)))
	left := ad.Greater(o.Length, ad.Mul(p.Start, implicit.Epsilon(d)))

	// Without what the box holds, and scaled to a unit diagonal.
	scale := ad.Sqrt(implicit.Divisor(diagonal))
	free := ad.Convert(ad.Not(p.Held(at)), d)
	scale = ad.Div(free, scale)
	w, vectors := ad.Eigh(ad.Mul(ad.Mul(h, scale), ad.ExpandDims(scale, 1)))
	lowest := ad.Mul(ad.At(ad.Transpose(vectors), 0), scale)

	// Second derivatives have rounding errors, which on a ridge are all there is: so they are
	// believed only once |r| itself is seen to fall, by a step each way that is short enough for
	// its fourth power to vanish beside |r|².
	most := ad.MaxOf(ad.Div(ad.Abs(lowest), typical))
	far := math.Sqrt(math.Sqrt(implicit.Epsilon(d)))
	step := ad.Div(ad.Mul(lowest, far), implicit.Divisor(most))
	ahead, behind := p.Project(ad.Add(at.X, step)), p.Project(ad.Sub(at.X, step))
	inside := ad.And(ad.All(ad.Equal(ahead, ad.Add(at.X, step))),
		ad.All(ad.Equal(behind, ad.Sub(at.X, step))))
	rise := func(x Value) Value {
		r := p.Residuals(x)
		return ad.Dot(ad.Sub(r, at.Residuals), ad.Add(r, at.Residuals))
	}
	falls := ad.Less(ad.Add(rise(ahead), rise(behind)), ad.Neg(ad.Mul(o.Noise, o.Length)))
	return surroundings{
		Saddle:   ad.And(ad.And(ad.Less(ad.At(w, 0), 0), inside), falls),
		Vanished: ad.And(ad.Any(gone), left),
	}
}
