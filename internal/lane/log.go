package lane

import (
	"math"

	"pullback/ir"
)

// binade writes positive x as 2^k m with m in [1/sqrt 2, sqrt 2].
func (b *Builder) binade(x Value) (k, m Value) {
	t := b.Type(x)
	k, m = b.Exponent(x), b.Mantissa(x)
	upper := b.Less(b.Float(t, math.Sqrt2), m)
	k = b.Select(upper, b.Add(k, b.Float(t, 1)), k)
	m = b.Select(upper, b.Mul(m, b.Float(t, 0.5)), m)
	return k, m
}

// logParts is log(2^k (1+f)) + c/(1+f) for 1+f in [1/sqrt 2, sqrt 2], where c is small or None,
// as large + rest, |rest| <= |large|/3. It is good to two bits more than one float.
func (b *Builder) logParts(k, f, c Value) (large, rest Value) {
	t := b.Type(f)
	hi, lo := ln2(t)
	// k log 2 + f is exact up to e; the rest starts at -f^2/2.
	large, e := b.fastTwoSum(b.Mul(k, b.Float(t, hi)), f)
	e = b.FMA(k, b.Float(t, lo), e)
	if t == ir.Float32 {
		// log(1+f) = f + f^2 (f P(f) - 1/2), error 2^-30: no division.
		p := b.horner(f, 0.3333331, -0.25, 0.20002228, -0.16668528, 0.14218079, -0.12396358,
			0.11888904, -0.11726398, 0.068048745)
		v := b.FMA(f, p, b.Float(t, -0.5))
		if c != None {
			// 1/(1+f) to a few per cent, c being below an ulp: (1 - f + f^2).
			e = b.FMA(c, b.FMA(f, b.Sub(f, b.Float(t, 1)), b.Float(t, 1)), e)
		}
		return large, b.FMA(b.Mul(f, f), v, e)
	}
	// With s = f/(2+f), log(1+f) = 2 atanh s = f - (f^2/2 - s (f^2/2 + R)), R = 2 atanh(s)/s - 2
	// (fdlibm's form), R with error 2^-59 relative to the result.
	s := b.Div(f, b.Add(b.Float(t, 2), f))
	z := b.Mul(s, s)
	r := b.Mul(z, b.horner(z, 0.6666666666666736, 0.39999999999405383, 0.2857142874409988,
		0.2222219842096405, 0.181835713839169, 0.15313886090294743, 0.14797471593402337))
	square := b.Mul(b.Mul(f, b.Float(t, 0.5)), f)
	if c != None {
		// 1/(1+f) = (1-s)/(1+s), to 1% by 1 - 2s + 2s^2.
		u := b.FMA(s, b.FMA(s, b.Float(t, 2), b.Float(t, -2)), b.Float(t, 1))
		e = b.FMA(c, u, e)
	}
	return large, b.Sub(b.FMA(s, b.Add(square, r), e), square)
}

// logEnds puts in log's values at 0, below 0 and at infinity.
func (b *Builder) logEnds(x, y Value) Value {
	t := b.Type(x)
	zero := b.Float(t, 0)
	y = b.Select(b.Equal(x, b.infinity(t)), x, y)
	y = b.Select(b.Equal(x, zero), b.Float(t, math.Inf(-1)), y)
	return b.Select(b.Less(x, zero), b.Float(t, math.NaN()), y)
}

// Log is the natural logarithm.
func (b *Builder) Log(x Value) Value {
	k, m := b.binade(x)
	return b.logEnds(x, b.Add(b.logParts(k, b.Sub(m, b.Float(b.Type(x), 1)), None)))
}

// Log1p is log(1+x), accurate near zero.
func (b *Builder) Log1p(x Value) Value {
	t := b.Type(x)
	u, c := b.twoSum(b.Float(t, 1), x)
	k, m := b.binade(u)
	c = b.Scale(c, b.Neg(k)) // log(2^k m + 2^k c)
	y := b.logEnds(u, b.Add(b.logParts(k, b.Sub(m, b.Float(t, 1)), c)))
	return b.smallAsIs(x, y, tiny(t))
}

// Log2 is the logarithm to base two, exact for powers of two. Float32 computes in Float64.
func (b *Builder) Log2(x Value) Value {
	t := ir.Float64
	const hi, lo = 0x1.71547652b82fep0, 0x1.777d0ffda0d24p-56 // 1 / log 2
	if b.Type(x) == ir.Float32 {
		y := b.Mul(b.logShort(b.Convert(t, x)), b.Float(t, hi))
		return b.logEnds(x, b.Convert(ir.Float32, y))
	}
	k, m := b.binade(x)
	f, rest := b.logParts(b.Float(t, 0), b.Sub(m, b.Float(t, 1)), None)
	p, e := b.twoProduct(f, b.Float(t, hi))
	e = b.FMA(rest, b.Float(t, hi), b.FMA(f, b.Float(t, lo), e))
	y, e2 := b.fastTwoSum(k, p)
	return b.logEnds(x, b.Add(y, b.Add(e2, e)))
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
