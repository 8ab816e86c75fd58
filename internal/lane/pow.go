package lane

import (
	"math"

	"pullback/ir"
)

// Pow is x^y. Float64 takes y log x in double-double arithmetic: its absolute error becomes the
// relative error of the result, and y log x goes up to 745. Float32 computes in Float64.
func (b *Builder) Pow(x, y Value) Value {
	t := b.Type(x)
	if t == ir.Float32 {
		wide := b.powSigns(b.Convert(ir.Float64, x), b.Convert(ir.Float64, y), b.powShort)
		return b.Convert(t, wide)
	}
	return b.powSigns(x, y, b.powLong)
}

// powSigns is x^y by the table of C99, F.9.4.4, given power = a^y for a = |x|, which need not
// know more than that 0 and infinity have infinite logarithms.
func (b *Builder) powSigns(x, y Value, power func(a, y Value) Value) Value {
	t := ir.Float64
	zero, one, infinity := b.Float(t, 0), b.Float(t, 1), b.infinity(t)
	a := b.Abs(x)
	z := power(a, y)
	// (-1)^±Inf is 1; 1^y is, below.
	z = b.Select(b.And(b.Equal(a, one), b.Equal(b.Abs(y), infinity)), one, z)
	half := b.Mul(y, b.Float(t, 0.5))
	integral := b.Equal(b.Trunc(y), y)
	odd := b.And(integral, b.NotEqual(b.Trunc(half), half))
	z = b.Select(odd, b.CopySign(z, x), z)
	negative := b.And(b.Less(x, zero), b.Less(a, infinity))
	// A NaN y is not integral, and gives NaN here too.
	z = b.Select(b.And(negative, b.Not(integral)), b.Float(t, math.NaN()), z)
	return b.Select(b.Or(b.Equal(y, zero), b.Equal(x, one)), one, z)
}

// logInfinities puts in the logarithms of 0 and infinity.
func (b *Builder) logInfinities(a, log Value) Value {
	t := b.Type(a)
	log = b.Select(b.Equal(a, b.infinity(t)), a, log)
	return b.Select(b.Equal(a, b.Float(t, 0)), b.Float(t, math.Inf(-1)), log)
}

func (b *Builder) powLong(a, y Value) Value {
	t := ir.Float64
	hi, lo := b.logDouble(a)
	hi = b.logInfinities(a, hi)
	p, e := b.twoProduct(y, hi)
	e = b.FMA(y, lo, e)
	// Beyond ±1000 the result is 0 or infinite, and e may be the difference of infinities.
	e = b.Select(b.Less(b.Abs(p), b.Float(t, 1000)), e, b.Float(t, 0))
	return b.expSum(b.within(p, 1000), e)
}

// logDouble is the logarithm of positive a as hi + lo, with relative error below 2^-66: a sum of
// double-doubles in which only the terms from s^7 on are plain.
func (b *Builder) logDouble(a Value) (hi, lo Value) {
	t := ir.Float64
	one := b.Float(t, 1)
	k, m := b.binade(a)
	// s = (m-1)/(m+1), corrected by the remainder of the division.
	f := b.Sub(m, one)
	d, dLow := b.fastTwoSum(one, m) // 1 and m <= sqrt 2 have the same exponent, or 1 is larger
	reciprocal := b.Div(one, d)
	s := b.Mul(f, reciprocal)
	sLow := b.Mul(b.FMA(b.Neg(s), dLow, b.FMA(b.Neg(s), d, f)), reciprocal)
	z, zLow := b.twoProduct(s, s)
	zLow = b.FMA(b.Add(s, s), sLow, zLow)
	// atanh(s)/s = 1 + z (1/3 + z (1/5 + z q(z))), z = s^2.
	q := b.horner(z, 0.14285714285714257, 0.11111111111127665, 0.09090909087005541,
		0.07692308187437817, 0.06666629378389526, 0.05884071111589156, 0.0521570136530084,
		0.05477860115138058)
	u, uLow := b.twoProduct(z, q)
	u, uLow = b.addConstant(0x1.999999999999ap-3, -0x1.999999999999ap-57, u, uLow) // 1/5
	u, uLow = b.mulDouble(z, zLow, u, uLow)
	u, uLow = b.addConstant(0x1.5555555555555p-2, 0x1.5555555555555p-56, u, uLow) // 1/3
	u, uLow = b.mulDouble(z, zLow, u, uLow)
	// 2 atanh s = 2s + 2s u.
	s, sLow = b.Add(s, s), b.Add(sLow, sLow)
	u, uLow = b.mulDouble(s, sLow, u, uLow)
	hi, lo = b.fastTwoSum(s, u)
	lo = b.Add(lo, b.Add(sLow, uLow))
	// Plus k log 2.
	ln2Hi, ln2Lo := ln2(t)
	hi, e := b.fastTwoSum(b.Mul(k, b.Float(t, ln2Hi)), hi)
	return b.fastTwoSum(hi, b.Add(e, b.FMA(k, b.Float(t, ln2Lo), lo)))
}

// addConstant is (c + cLow) + (x + xLow), c the larger.
func (b *Builder) addConstant(c, cLow float64, x, xLow Value) (s, sLow Value) {
	t := b.Type(x)
	s, e := b.fastTwoSum(b.Float(t, c), x)
	return s, b.Add(e, b.Add(xLow, b.Float(t, cLow)))
}

// mulDouble is (x + xLow) (y + yLow).
func (b *Builder) mulDouble(x, xLow, y, yLow Value) (p, pLow Value) {
	p, e := b.twoProduct(x, y)
	return p, b.Add(e, b.FMA(x, yLow, b.Mul(xLow, y)))
}

// powShort is powLong to some 35 bits, for results in Float32.
func (b *Builder) powShort(a, y Value) Value {
	log := b.logInfinities(a, b.logShort(a))
	return b.expShort(b.within(b.Mul(y, log), 1000))
}

// logShort is the logarithm of positive Float64 a with relative error 2^-37.
func (b *Builder) logShort(a Value) Value {
	t := ir.Float64
	k, m := b.binade(a)
	one := b.Float(t, 1)
	s := b.Div(b.Sub(m, one), b.Add(m, one))
	z := b.Mul(s, s)
	// 2 atanh(s) = 2s + s z r(z).
	r := b.horner(z, 0.6666666562231266, 0.4000033916267159, 0.28537101015075667,
		0.2358554596487412)
	log := b.FMA(s, b.FMA(z, r, b.Float(t, 2)), b.Mul(k, b.Float(t, math.Ln2)))
	return log
}

// expShort is e^x for Float64 |x| < 2000, with relative error 2^-37.
func (b *Builder) expShort(x Value) Value {
	t := ir.Float64
	k := b.Round(b.Mul(x, b.Float(t, math.Log2E)))
	r := b.FMA(k, b.Float(t, -math.Ln2), x)
	// The coefficients are those of expSeries, fitted for error 2^-37, behind 1 + r.
	return b.Scale(b.horner(r, 1, 1, 0.5, 0.16666666755667792, 0.041666666450653554,
		0.008333288706539259, 0.0013888916873706335, 0.00019905092713975856,
		2.482508733748442e-05), k)
}
