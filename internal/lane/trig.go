package lane

import "pullback/ir"

// Sin is the sine of x radians.
func (b *Builder) Sin(x Value) Value {
	t := b.Type(x)
	r, low, quadrant := b.reduceAngle(x)
	odd, high := b.quadrantBits(quadrant)
	y := b.Select(odd, b.Add(b.cosParts(r, low)), b.Add(b.sinParts(r, low)))
	y = b.Select(high, b.Neg(y), y)
	return b.smallAsIs(x, y, tinyAngle(t))
}

// Cos is the cosine of x radians.
func (b *Builder) Cos(x Value) Value {
	r, low, quadrant := b.reduceAngle(x)
	odd, high := b.quadrantBits(quadrant)
	y := b.Select(odd, b.Add(b.sinParts(r, low)), b.Add(b.cosParts(r, low)))
	return b.Select(b.Xor(odd, high), b.Neg(y), y)
}

// Tan is the tangent of x radians.
func (b *Builder) Tan(x Value) Value {
	t := b.Type(x)
	r, low, quadrant := b.reduceAngle(x)
	odd, _ := b.quadrantBits(quadrant)
	sin, sinLow := b.fastTwoSum(b.sinParts(r, low))
	cos, cosLow := b.fastTwoSum(b.cosParts(r, low))
	// sin/cos, or -cos/sin in odd quadrants.
	y := b.Add(b.quotient(b.Select(odd, b.Neg(cos), sin), b.Select(odd, b.Neg(cosLow), sinLow),
		b.Select(odd, sin, cos), b.Select(odd, sinLow, cosLow)))
	return b.smallAsIs(x, y, tinyAngle(t))
}

// tinyAngle is a bound below which x^3/3 is less than a quarter of an ulp of x.
func tinyAngle(t ir.DType) float64 {
	if t == ir.Float32 {
		return 0x1p-13
	}
	return 0x1p-27
}

// quadrantBits are the two low bits of an integral float.
func (b *Builder) quadrantBits(quadrant Value) (odd, high Value) {
	half := b.Float(b.Type(quadrant), 0.5)
	pairs := b.Mul(quadrant, half)
	whole := b.Floor(pairs)
	fours := b.Mul(whole, half)
	return b.NotEqual(pairs, whole), b.NotEqual(fours, b.Floor(fours))
}

// sinParts is sin(r + low) for |r| <= pi/4, low below an ulp of r, as large + rest.
func (b *Builder) sinParts(r, low Value) (large, rest Value) {
	t := b.Type(r)
	z := b.Mul(r, r)
	var p Value // (sin r - r) / r^3, with error 2^-57 or 2^-28 of sin r
	if t == ir.Float32 {
		p = b.horner(z, -0.16666655, 0.008332191, -0.00019518599)
	} else {
		p = b.horner(z, -0.1666666666666663, 0.00833333333332196, -0.00019841269829504857,
			2.7557313600041373e-06, -2.505074516521879e-08, 1.58961061025402e-10)
	}
	low = b.FMA(b.Mul(z, b.Float(t, -0.5)), low, low) // low cos r
	return r, b.FMA(b.Mul(r, z), p, low)
}

// cosParts is cos(r + low) for |r| <= pi/4, low below an ulp of r, as large + rest.
func (b *Builder) cosParts(r, low Value) (large, rest Value) {
	t := b.Type(r)
	z, zLow := b.twoProduct(r, r)
	var p Value // (cos r - 1 + r^2/2) / r^4, with error 2^-63 or 2^-32 of cos r
	if t == ir.Float32 {
		p = b.horner(z, 0.041666646, -0.0013887311, 2.4432553e-05)
	} else {
		p = b.horner(z, 0.04166666666666659, -0.0013888888888872334, 2.48015872884534e-05,
			-2.755731407532633e-07, 2.0875687851671615e-09, -1.1357910262993922e-11)
	}
	half := b.Float(t, 0.5)
	// 1 - r^2/2 - r low, the last two as what 1 - z/2 leaves over.
	over := b.FMA(zLow, half, b.Mul(r, low))
	large, e := b.fastTwoSum(b.Float(t, 1), b.Mul(z, b.Neg(half)))
	return large, b.Add(e, b.FMA(b.Mul(z, z), p, b.Neg(over)))
}
