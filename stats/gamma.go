package stats

import (
	"math"

	"pullback/ad"
	"pullback/random"
)

// Gamma is the gamma distribution with mean Shape/Rate, elementwise. Both are positive.
type Gamma struct {
	Shape, Rate Value
}

// LogPDF is Shape·log Rate - log Γ(Shape) + (Shape-1)·log x - Rate·x, for x ≥ 0. Its error is that
// of the greatest of these terms.
func (g Gamma) LogPDF(x Value) Value {
	check("gamma", "Shape", g.Shape, x)
	check("gamma", "Rate", g.Rate, x)
	inside := positiveFinite(x)
	at := ad.Where(inside, x, 1)
	constant := ad.Sub(ad.Mul(g.Shape, ad.Log(g.Rate)), ad.LogGamma(g.Shape))
	y := ad.Sub(ad.Mul(ad.Sub(g.Shape, 1), ad.Log(at)), ad.Mul(g.Rate, at))
	y = ad.Add(constant, y)
	// At 0 the density is 0, Rate or infinite.
	least := ad.Where(ad.Equal(g.Shape, 1), ad.Log(g.Rate), math.Inf(-1))
	least = ad.Where(ad.Less(g.Shape, 1), math.Inf(1), least)
	origin := ad.Equal(x, 0)
	y = ad.Where(origin, least, y)
	possible := ad.And(ad.Greater(g.Shape, 0), ad.Greater(g.Rate, 0))
	return onSupport(possible, ad.Or(inside, origin), y)
}

// Draw is by the method of Marsaglia and Tsang, "A simple method for generating gamma variables",
// ACM Transactions on Mathematical Software 26 (2000), in float64; the numbers are not JAX's. It
// has a derivative in Rate alone. Draws of shapes below 1/100 or so often are too small for a
// float, and 0.
func (g Gamma) Draw(key random.Key, shape ...int) Value {
	p, _, _ := broadcast("gamma", shape, parameter{"Shape", g.Shape}, parameter{"Rate", g.Rate})
	rate := ad.Where(ad.Greater(p[1], 0), p[1], math.NaN())
	return ad.Div(each(key, p[0], standardGamma), rate)
}

// standardGamma draws with the rate 1: d·v for a normal x and v = (1 + x/√(9d))³, d = shape - 1/3,
// of which most are accepted. It is for shapes from 1; below, a draw of shape+1 is multiplied with
// a uniform number to the power of 1/shape.
func standardGamma(key random.Key, shape Value) Value {
	possible := ad.And(finite(shape), ad.Greater(shape, 0))
	shape = ad.Where(possible, shape, 1)
	small := ad.Less(shape, 1)
	d := ad.Sub(ad.Where(small, ad.Add(shape, 1), shape), 1./3)
	c := ad.Div(1, ad.Sqrt(ad.Mul(d, 9)))
	key, power := key.Pair()
	x := rejected(ad.Scalar(false), func(round Value) (x, accepted Value) {
		first, second := two(key, round)
		z, u := random.Normal(first, ad.Float64), random.Uniform(second, ad.Float64)
		// v is 1+e, so that the difference of e and log v keeps its digits for a great d.
		w := ad.Mul(c, z)
		e := ad.Mul(w, ad.Add(3, ad.Mul(w, ad.Add(3, w))))
		bound := ad.Add(ad.Mul(ad.Square(z), 0.5), ad.Mul(d, ad.Sub(ad.Log1p(e), e)))
		return ad.Mul(d, ad.Add(1, e)), ad.Less(ad.Log(u), bound) // v < 0 is NaN, not accepted
	})
	u := ad.Sub(1, random.Uniform(power, ad.Float64))
	x = ad.Where(small, ad.Mul(x, ad.Exp(ad.Div(ad.Log(u), shape))), x)
	return ad.Where(possible, x, math.NaN())
}
