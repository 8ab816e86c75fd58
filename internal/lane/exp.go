package lane

import (
	"math"

	"pullback/ir"
)

// expLimit is beyond what e^x is 0 or infinite, and not so far that exponents become infinite.
func expLimit(t ir.DType) float64 {
	if t == ir.Float32 {
		return 200
	}
	return 1000
}

// expReduce writes x as k log 2 + r + c with integral k, |r| <= log(2)/2, r exact and c below
// 2^-34 (2^-12 for Float32).
func (b *Builder) expReduce(x Value) (k, r, c Value) {
	t := b.Type(x)
	hi, lo := ln2(t)
	k = b.Round(b.Mul(x, b.Float(t, math.Log2E)))
	return k, b.FMA(k, b.Float(t, -hi), x), b.Mul(k, b.Float(t, -lo))
}

// expTail is e^(r+c) - 1 with an error below 0.3 ulp of e^r, for |r| <= log(2)/2 and small c.
func (b *Builder) expTail(r, c Value) Value {
	t := b.Type(r)
	s := b.Add(r, c)
	var q Value // (e^s - 1 - s)/s^2, with error below 2^-57 or 2^-28 of e^s
	if t == ir.Float32 {
		q = b.horner(s, 0.49999988, 0.16666518, 0.041669652, 0.0083689485, 0.001374501)
	} else {
		q = b.series(s, 0.5, 0.1666666666666624, 0.04166666666660186, 0.008333333333612546,
			0.0013888888927565133, 0.0001984126923886864, 2.4801507787950396e-05,
			2.7557833011137115e-06, 2.76255207997613e-07, 2.492026860864481e-08)
	}
	return b.Add(r, b.FMA(b.Mul(s, s), q, c)) // r is exact, so that this rounds once
}

// expReduced is 2^k e^(r+c), c small.
func (b *Builder) expReduced(k, r, c Value) Value {
	return b.Scale(b.Add(b.expTail(r, c), b.Float(b.Type(r), 1)), k)
}

// Exp is e^x.
func (b *Builder) Exp(x Value) Value {
	return b.expReduced(b.expReduce(b.within(x, expLimit(b.Type(x)))))
}

// Expm1 is e^x - 1, accurate near zero.
func (b *Builder) Expm1(x Value) Value {
	t := b.Type(x)
	hi, lo := b.halfExpm1(x)
	y := b.Mul(b.Add(hi, lo), b.Float(t, 2))
	return b.smallAsIs(x, y, tiny(t))
}

// tiny is a bound below which x^2 is less than a quarter of an ulp of x.
func tiny(t ir.DType) float64 {
	if t == ir.Float32 {
		return 0x1p-26
	}
	return 0x1p-55
}

// halfExpm1 is (e^x - 1)/2 as hi + lo, |lo| <= |hi|/2: half, so that 2^k does not overflow
// before the result does. The two are good to some 10 bits more than one, but not for |x| < tiny.
func (b *Builder) halfExpm1(x Value) (hi, lo Value) {
	t := b.Type(x)
	// Below -60 the result is -1; above 710 (Float64) or 89 (Float32) it is infinite, and the
	// largest finite numbers are still represented.
	overflow := 710.0
	if t == ir.Float32 {
		overflow = 89
	}
	x = b.Max(b.Min(x, b.Float(t, overflow)), b.Float(t, -60))
	k, r, c := b.expReduce(x)
	s := b.Add(r, c)
	var q Value // (e^s - 1 - s)/s^2, with error below 2^-61 or 2^-31 of e^s - 1
	if t == ir.Float32 {
		q = b.horner(s, 0.5, 0.16666666, 0.041666478, 0.0083335675, 0.0013933692,
			0.00019742447)
	} else {
		q = b.horner(s, 0.5, 0.16666666666666677, 0.0416666666666666, 0.008333333333321466,
			0.0013888888888928337, 0.0001984126988647085, 2.4801587227546515e-05,
			2.755724391149628e-06, 2.7557361951923074e-07, 2.5109128434206884e-08,
			2.0886589488641187e-09)
	}
	w := b.FMA(b.Mul(s, s), q, c)
	// 2^k (1 + r + w) - 1 = 2 (h r + (h - 1/2) + h w) with h = 2^(k-1).
	half := b.Float(t, 0.5)
	h := b.Scale(half, k)
	u, v := b.twoSum(h, b.Neg(half))
	hi, e := b.fastTwoSum(u, b.Mul(h, r)) // u is zero or the larger
	return hi, b.FMA(h, w, b.Add(e, v))
}

// Exp2 is 2^x.
func (b *Builder) Exp2(x Value) Value {
	t := b.Type(x)
	x = b.within(x, 2000) // far beyond which it is 0 or infinite
	k := b.Round(x)
	hi, lo := 0x1.62e42fefa39efp-1, 0x1.abc9e3b39803fp-56 // log 2
	if t == ir.Float32 {
		hi, lo = 0x1.62e43p-1, -0x1.05c61p-29
	}
	part := b.Sub(x, k)
	r, c := b.twoProduct(part, b.Float(t, hi))
	return b.expReduced(k, r, b.FMA(part, b.Float(t, lo), c))
}
