package stats

import (
	"math"

	"pullback/ad"
	"pullback/internal/op"
)

// normalCDF is Φ(z) for the standard normal distribution.
func normalCDF(z Value) Value {
	value := func(z Value) Value {
		tail := ad.Mul(millsRatio(ad.Abs(z)), bell(z))
		far := ad.Where(ad.Less(z, 0), tail, ad.Sub(1, tail))
		centre := ad.Add(ad.Mul(ad.Erf(ad.Div(z, math.Sqrt2)), 0.5), 0.5)
		return ad.Where(central(z), centre, far)
	}
	return ad.CustomJVP(value, func(z, dz Value) (Value, Value) {
		density := ad.Mul(ad.Exp(ad.Mul(ad.Square(z), -0.5)), 1/math.Sqrt(2*math.Pi))
		return value(z), ad.Mul(density, dz)
	})(z)
}

// normalLogCDF is log Φ(z).
func normalLogCDF(z Value) Value {
	value := func(z Value) Value {
		low := ad.Less(z, -1)
		// Φ is the ratio times exp(-z²/2), whose logarithm is taken apart.
		below := ad.Where(low, z, -1.0)
		tail := ad.Sub(ad.Log(millsRatio(ad.Neg(below))), ad.Mul(ad.Square(below), 0.5))
		above := ad.Where(low, -1.0, z)
		return ad.Where(low, tail, ad.Log1p(ad.Neg(normalCDF(ad.Neg(above)))))
	}
	return ad.CustomJVP(value, func(z, dz Value) (Value, Value) {
		// φ/Φ, which neither underflows in the lower tail nor divides by zero.
		low := ad.Less(z, -1)
		below, above := ad.Where(low, z, -1.0), ad.Where(low, -1.0, z)
		tail := ad.Div(1/math.Sqrt(2*math.Pi), millsRatio(ad.Neg(below)))
		density := ad.Mul(ad.Exp(ad.Mul(ad.Square(above), -0.5)), 1/math.Sqrt(2*math.Pi))
		slope := ad.Where(low, tail, ad.Div(density, normalCDF(above)))
		return value(z), ad.Mul(slope, dz)
	})(z)
}

// bell is exp(-z²/2). The rounding error of z² is taken along: without it the result would be
// wrong by z² units in the last place.
func bell(z Value) Value {
	// Beyond 50 it is zero; infinity would make a NaN here.
	z = ad.Min(ad.Abs(z), 50)
	square := ad.Square(z)
	rounding := op.FMA(z, z, ad.Neg(square))
	exp := ad.Exp(ad.Mul(square, -0.5))
	return ad.Sub(exp, ad.Mul(exp, ad.Mul(rounding, 0.5)))
}

// split is where the approximations of Cody change over, on the scale of erfc's argument.
const (
	splitCentre = 0.46875
	splitTail   = 4.0
)

func central(z Value) Value { return ad.Less(ad.Abs(z), splitCentre*math.Sqrt2) }

// millsRatio is (1-Φ(z))/exp(-z²/2) for z ≥ 0.663, by the rational approximations of W. J. Cody,
// "Rational Chebyshev approximations for the error function" (Mathematics of Computation 23, 1969):
// half of exp(t²)·erfc(t) at t = z/√2. For smaller z it is the value at 0.663.
func millsRatio(z Value) Value {
	t := ad.Div(z, math.Sqrt2)
	// A branch that is not taken has an argument at which it is finite, as are its derivatives.
	small, tail := ad.Less(t, splitCentre), ad.GreaterEqual(t, splitTail)
	m := ad.Where(small, splitCentre, ad.Where(tail, splitTail, t))
	middle := ad.Div(
		polynomial(m, 1.23033935479799725e3, 2.05107837782607147e3, 1.71204761263407058e3,
			8.81952221241769090e2, 2.98635138197400131e2, 6.61191906371416295e1,
			8.88314979438837594e0, 5.64188496988670089e-1, 2.15311535474403846e-8),
		polynomial(m, 1.23033935480374942e3, 3.43936767414372164e3, 4.36261909014324716e3,
			3.29079923573345963e3, 1.62138957456669019e3, 5.37181101862009858e2,
			1.17693950891312499e2, 1.57449261107098347e1, 1))

	f := ad.Where(tail, t, splitTail)
	s := ad.Div(ad.Div(1.0, f), f)
	ratio := ad.Div(
		polynomial(s, 6.58749161529837803e-4, 1.60837851487422766e-2, 1.25781726111229246e-1,
			3.60344899949804439e-1, 3.05326634961232344e-1, 1.63153871373020978e-2),
		polynomial(s, 2.33520497626869185e-3, 6.05183413124413191e-2, 5.27905102951428412e-1,
			1.87295284992346047, 2.56852019228982242, 1))
	far := ad.Div(ad.Sub(1/math.Sqrt(math.Pi), ad.Mul(s, ratio)), f)
	return ad.Mul(ad.Where(tail, far, middle), 0.5)
}

// polynomial is c[0] + c[1] x + c[2] x² + ….
func polynomial(x Value, c ...float64) Value {
	y := ad.Full(x.DType(), c[len(c)-1], x.Shape()...)
	for i := len(c) - 2; i >= 0; i-- {
		y = ad.Add(ad.Mul(y, x), c[i])
	}
	return y
}
