package lane

import "pullback/ir"

// halfPi is pi/2 in two parts.
func halfPi(t ir.DType) (hi, lo float64) {
	if t == ir.Float32 {
		return 0x1.921fb6p0, -0x1.777a5cp-25
	}
	return 0x1.921fb54442d18p0, 0x1.1a62633145c07p-54
}

// Atan is the arc tangent in radians.
func (b *Builder) Atan(x Value) Value {
	t := b.Type(x)
	// From 2^60 on it is pi/2.
	y := b.Add(b.arcTangent(b.Min(b.Abs(x), b.Float(t, 0x1p60)), b.Float(t, 1)))
	return b.CopySign(y, x)
}

// Atan2 is the angle of the point (x, y) in radians, from -pi to pi.
func (b *Builder) Atan2(y, x Value) Value {
	t := b.Type(x)
	zero, one := b.Float(t, 0), b.Float(t, 1)
	v, h := b.Abs(y), b.Abs(x) // vertical and horizontal
	// Infinities count as one against zero; two of them are a diagonal, two zeros the x axis.
	infinite := b.Equal(b.Max(v, h), b.infinity(t))
	finite := func(z Value) Value {
		return b.Select(infinite, b.Select(b.Equal(z, b.infinity(t)), one, zero), z)
	}
	v, h = finite(v), finite(h)
	h = b.Select(b.Equal(b.Max(v, h), zero), one, h)
	// Scaled so that nothing overflows.
	down := b.Neg(b.Exponent(b.Max(v, h)))
	large, rest := b.arcTangent(b.Scale(v, down), b.Scale(h, down))
	right := b.Add(large, rest)
	// A ratio this small is its arc tangent, and may be subnormal.
	right = b.Select(b.Less(v, b.Mul(h, b.Float(t, tiny(t)))), b.Div(v, h), right)
	hi, lo := halfPi(t)
	left := b.subtracted(2*hi, 2*lo, large, rest)
	leftward := b.Less(b.CopySign(one, x), zero)
	return b.CopySign(b.Select(leftward, left, right), y)
}

// arcTangent is atan(v/h) for v, h >= 0, not both zero, and far from overflow: large + rest.
func (b *Builder) arcTangent(v, h Value) (large, rest Value) {
	t := b.Type(v)
	zero := b.Float(t, 0)
	// Turned by 0, pi/4 or pi/2, so that the ratio is below tan(pi/8).
	steep := b.Less(b.Mul(h, b.Float(t, 2.414213562373095)), v)
	middle := b.And(b.Not(steep), b.Less(b.Mul(h, b.Float(t, 0.4142135623730951)), v))
	n, nLow := b.twoSum(v, b.Neg(h))
	d, dLow := b.twoSum(v, h)
	n = b.Select(middle, n, b.Select(steep, b.Neg(h), v))
	d = b.Select(middle, d, b.Select(steep, v, h))
	q, qLow := b.quotient(n, b.Select(middle, nLow, zero), d, b.Select(middle, dLow, zero))
	hi, lo := halfPi(t)
	turn := func(part float64) Value {
		return b.Select(steep, b.Float(t, part), b.Select(middle, b.Float(t, part/2), zero))
	}
	z := b.Mul(q, q)
	var p Value // (atan q - q)/q^3
	if t == ir.Float32 {
		p = b.horner(z, -0.33333313, 0.1999839, -0.14242238, 0.10585469, -0.060593106)
	} else {
		p = b.horner(z, -0.33333333333333187, 0.1999999999995119, -0.14285714279991113,
			0.11111110774431233, -0.09090897524810135, 0.07692056445033914, -0.0666306464396642,
			0.05847623463983448, -0.05038186788243413, 0.03803791198777059,
			-0.017879708384483047)
	}
	large, e := b.fastTwoSum(turn(hi), q) // the turn is zero or the larger
	low := b.Add(turn(lo), b.FMA(b.Neg(z), qLow, qLow))
	return large, b.Add(e, b.FMA(b.Mul(q, z), p, low))
}

// Asin is the arc sine in radians; NaN beyond ±1.
func (b *Builder) Asin(x Value) Value {
	beyond, large, rest := b.arcSine(b.Abs(x))
	hi, lo := halfPi(b.Type(x))
	return b.CopySign(b.Select(beyond, b.subtracted(hi, lo, large, rest), b.Add(large, rest)), x)
}

// Acos is the arc cosine in radians; NaN beyond ±1.
func (b *Builder) Acos(x Value) Value {
	beyond, large, rest := b.arcSine(b.Abs(x))
	negative := b.Less(x, b.Float(b.Type(x), 0))
	hi, lo := halfPi(b.Type(x))
	// pi/2 - asin x in the middle; beyond, what arcSine gives is acos |x|.
	flip := func(v Value) Value { return b.Select(negative, b.Neg(v), v) }
	middle := b.subtracted(hi, lo, flip(large), flip(rest))
	outer := b.Select(negative, b.subtracted(2*hi, 2*lo, large, rest), b.Add(large, rest))
	return b.Select(beyond, outer, middle)
}

// subtracted is hi + lo - large - rest.
func (b *Builder) subtracted(hi, lo float64, large, rest Value) Value {
	t := b.Type(large)
	y, e := b.fastTwoSum(b.Float(t, hi), b.Neg(large))
	return b.Add(y, b.Add(e, b.Sub(b.Float(t, lo), rest)))
}

// arcSine is, for a >= 0 as large + rest, asin a up to 1/2 and beyond it
// acos a = 2 asin sqrt((1-a)/2).
func (b *Builder) arcSine(a Value) (beyond, large, rest Value) {
	t := b.Type(a)
	one, half := b.Float(t, 1), b.Float(t, 0.5)
	beyond = b.Less(half, a)
	z := b.Select(beyond, b.Mul(b.Sub(one, a), half), b.Mul(a, a))
	root := b.Sqrt(z)
	// Twice what the root's rounding loses; the divisor is never zero.
	low := b.Div(b.FMA(b.Neg(root), root, z), b.Max(root, b.Float(t, 0x1p-100)))
	large = b.Select(beyond, b.Add(root, root), a)
	low = b.Select(beyond, low, b.Float(t, 0))
	var p Value // (asin s - s)/s^3, s^2 = z
	if t == ir.Float32 {
		p = b.horner(z, 0.1666666, 0.07500515, 0.044515412, 0.031817805, 0.014407362,
			0.03755364)
	} else {
		p = b.horner(z, 0.1666666666666676, 0.07499999999971048, 0.044642857174297765,
			0.030381942724964518, 0.02237221446897879, 0.017351621680535938,
			0.01398070256804337, 0.011399883105498927, 0.010774824438216462,
			0.0037267448301756185, 0.021658578249008832, -0.020930973186465963,
			0.032586801610281546)
	}
	return beyond, large, b.FMA(b.Mul(large, z), p, low)
}
