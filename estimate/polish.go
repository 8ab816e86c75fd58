package estimate

import (
	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/minimise"
)

const (
	polishAtMost = 5   // steps: they converge quadratically
	polishUpTo   = 200 // parameters: each step has that many Hessian-vector products
)

// polished is a point, and what a Newton step from there promises to gain.
type polished struct{ Z, Step, Promise, Round, More ad.Value }

// polish goes from near a minimum of f by Newton's steps in the parameters that are not at a
// bound, as long as each promises less than half as much as that before, as it does by far
// until rounding errors of the gradient decide.
func polish(f func(ad.Value) ad.Value, z ad.Value, bounds box) ad.Value {
	if z.Size() > polishUpTo {
		return z
	}
	first := newtonStep(f, z, bounds)
	first.More = ad.And(first.More, ad.Greater(first.Promise, 0))
	end := ad.While(first,
		func(s polished) ad.Value { return ad.And(s.More, ad.Less(s.Round, polishAtMost)) },
		func(s polished) polished {
			next := newtonStep(f, ad.Sub(s.Z, s.Step), bounds)
			better := ad.And(next.More, ad.Less(next.Promise, ad.Mul(s.Promise, 0.5)))
			return polished{
				Z:     ad.Where(better, next.Z, s.Z),
				Step:  ad.Where(better, next.Step, s.Step),
				Round: ad.Add(s.Round, 1), More: better,
				Promise: ad.Where(better, next.Promise, s.Promise),
			}
		})
	return end.Z
}

// newtonStep is the step H⁻¹g from z, in the directions in which f is seen to curve upwards, and
// whether it can be taken: it must be short, since far from the minimum it is the method's affair,
// and end in the box.
func newtonStep(f func(ad.Value) ad.Value, z ad.Value, bounds box) polished {
	g := ad.Grad(f)(z)
	h := ad.Hessian(f)(z)
	finite := ad.And(ad.All(ad.IsFinite(g)), ad.All(ad.IsFinite(h)))
	usable := ad.And(finite, ad.Not(held(z, g, bounds)))

	g = ad.Where(usable, g, ad.ZerosLike(g))
	c := curvatureOf(h, usable)
	along := ad.MatVec(ad.Transpose(c.vectors), ad.Mul(g, c.scale))
	parts := ad.Div(along, implicit.Divisor(c.w))
	least := ad.Mul(ad.MaxOf(ad.Abs(c.w)), 0x1p-46)
	parts = ad.Where(ad.Greater(c.w, least), parts, ad.ZerosLike(c.w))
	step := ad.Mul(c.scale, ad.MatVec(c.vectors, parts))

	to := ad.Sub(z, step)
	short := ad.LessEqual(ad.Abs(step), ad.Mul(1e-3, ad.Max(ad.Abs(z), 1)))
	inBox := ad.And(ad.GreaterEqual(to, bounds.Lower), ad.LessEqual(to, bounds.Upper))
	return polished{Z: z, Step: step, Promise: ad.Dot(along, parts),
		Round: ad.Scalar(0), More: ad.And(finite, ad.All(ad.And(short, inBox)))}
}

// confirm judges a point anew, as package minimise does, where parameters at a bound that the
// gradient points beyond count as constants, and others go to the bounds at most.
func confirm(f func(ad.Value) ad.Value, z ad.Value, bounds box, f0 ad.Value,
	limits minimise.Limits) minimise.Verdict {
	still := held(z, ad.Grad(f)(z), bounds)
	inside := func(x ad.Value) ad.Value {
		x = ad.Where(still, ad.StopGradient(z), x)
		return f(ad.Min(ad.Max(x, bounds.Lower), bounds.Upper))
	}
	return minimise.Check(inside, z, f0, limits)
}

// held says which parameters are held at z: by equal bounds, or by a bound that the gradient of a
// function to be minimised points beyond.
func held(z, g ad.Value, bounds box) ad.Value {
	atLower := ad.And(ad.LessEqual(z, bounds.Lower), ad.GreaterEqual(g, 0))
	atUpper := ad.And(ad.GreaterEqual(z, bounds.Upper), ad.LessEqual(g, 0))
	return ad.Or(ad.Equal(bounds.Lower, bounds.Upper), ad.Or(atLower, atUpper))
}
