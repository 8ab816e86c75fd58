package lane

import "pullback/ir"

// Cbrt is the cube root.
func (b *Builder) Cbrt(x Value) Value {
	t := b.Type(x)
	third := b.Float(t, 1.0/3)
	// |x| = 2^3k z with z in [1, 8). The half keeps exact thirds away from rounding.
	exponent := b.Exponent(x)
	k := b.Floor(b.Mul(b.Add(exponent, b.Float(t, 0.5)), third))
	z := b.Scale(b.Mantissa(b.Abs(x)), b.FMA(k, b.Float(t, -3), exponent))
	// r = z^(-1/3) to 2^-7, then to 2^-21 by a step of third order: with e = 1 - z r^3 the factor
	// is (1-e)^(-1/3) = 1 + e/3 + 2e^2/9 + …
	r := b.horner(z, 1.4045473, -0.56226635, 0.18392706, -0.033514727, 0.003101754,
		-0.00011364273)
	e := b.inverseCubeError(z, r)
	r = b.FMA(b.Mul(r, e), b.FMA(e, b.Float(t, 2.0/9), third), r)
	if t == ir.Float64 { // to 2^-41
		r = b.FMA(b.Mul(r, b.inverseCubeError(z, r)), third, r)
	}
	// y = z r^2, and a step of Newton's method with an exact remainder: z - y^3 over 3 y^2.
	square := b.Mul(r, r)
	y := b.Mul(z, square)
	s, sLow := b.twoProduct(y, y)
	rest := b.FMA(b.Neg(y), sLow, b.FMA(b.Neg(y), s, z))
	y = b.Scale(b.FMA(rest, b.Mul(square, third), y), k)
	// Zeros, infinities and NaN are themselves.
	ordinary := b.And(b.NotEqual(x, b.Float(t, 0)), b.Less(b.Abs(x), b.infinity(t)))
	return b.Select(ordinary, b.CopySign(y, x), x)
}

// inverseCubeError is 1 - z r^3.
func (b *Builder) inverseCubeError(z, r Value) Value {
	return b.FMA(b.Neg(b.Mul(z, r)), b.Mul(r, r), b.Float(b.Type(z), 1))
}
