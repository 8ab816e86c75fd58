package lane

import "pullback/ir"

// Tanh is the hyperbolic tangent.
func (b *Builder) Tanh(x Value) Value {
	t := b.Type(x)
	// tanh |x| = n/(n+1) with n = (e^2|x| - 1)/2; beyond 22 (Float64) or 10 it is 1.
	limit := 22.0
	if t == ir.Float32 {
		limit = 10
	}
	one := b.Float(t, 1)
	a := b.Min(b.Abs(x), b.Float(t, limit))
	n, nLow := b.halfExpm1(b.Add(a, a))
	n, nLow = b.fastTwoSum(n, nLow)
	d, dLow := b.twoSum(n, one)
	y := b.Add(b.quotient(n, nLow, d, b.Add(dLow, nLow)))
	return b.smallAsIs(x, b.CopySign(y, x), tinyAngle(t))
}

// Sinh is the hyperbolic sine.
func (b *Builder) Sinh(x Value) Value {
	h := b.hyperbolic(x)
	// (1+p) r, and what its rounding loses.
	v := b.FMA(h.p, h.r, h.r)
	vLow := b.FMA(h.p, h.r, b.Sub(h.r, v))
	y, e := b.fastTwoSum(h.minus, v) // minus is zero or the larger
	tail := b.FMA(h.minus, h.even, b.FMA(h.p, h.odd, h.odd))
	tail = b.Add(tail, b.Add(b.Add(e, h.minusLow), vLow))
	return b.CopySign(b.Scale(b.Add(y, tail), h.k), x)
}

// Cosh is the hyperbolic cosine.
func (b *Builder) Cosh(x Value) Value {
	h := b.hyperbolic(x)
	plus, plusLow := b.fastTwoSum(b.Float(b.Type(x), 1), h.p)
	v, vLow := b.twoProduct(h.minus, h.r)
	y, e := b.fastTwoSum(plus, v)
	tail := b.FMA(plus, h.even, b.FMA(h.minus, h.odd, vLow))
	tail = b.Add(tail, b.Add(e, plusLow))
	return b.Scale(b.Add(y, tail), h.k)
}

// hyperbolic is what sinh and cosh have in common. With |x| = n log 2 + r + c and p = 2^-2n,
//
//	sinh |x| = 2^(n-1) ((1-p) cosh(r+c) + (1+p) sinh(r+c))
//	cosh |x| = 2^(n-1) ((1+p) cosh(r+c) + (1-p) sinh(r+c)).
type hyperbolic struct {
	k, p            Value // n-1, 2^-2n
	minus, minusLow Value // 1-p
	r               Value
	even, odd       Value // cosh(r+c) - 1, sinh(r+c) - r
}

func (b *Builder) hyperbolic(x Value) (h hyperbolic) {
	t := b.Type(x)
	one := b.Float(t, 1)
	// Beyond 800 the results are infinite, and n stays finite.
	n, r, c := b.expReduce(b.Min(b.Abs(x), b.Float(t, 800)))
	h.k, h.r = b.Sub(n, one), r
	h.p = b.Scale(one, b.Mul(n, b.Float(t, -2)))
	h.minus, h.minusLow = b.fastTwoSum(one, b.Neg(h.p))
	s := b.Add(r, c)
	z := b.Mul(s, s)
	// (cosh s - 1)/z and (sinh s - s)/(s z).
	var even, odd Value
	if t == ir.Float32 {
		even = b.horner(z, 0.5, 0.041666456, 0.0013935762)
		odd = b.horner(z, 0.16666667, 0.008333191, 0.00019959321)
	} else {
		even = b.horner(z, 0.5000000000000013, 0.04166666666651154, 0.0013888888947881381,
			2.48014891514454e-05, 2.7631535261363503e-07)
		odd = b.horner(z, 0.16666666666666677, 0.008333333333321449, 0.00019841269886537992,
			2.755724383041052e-06, 2.5109159526505252e-08)
	}
	h.even = b.Mul(z, even)
	h.odd = b.FMA(b.Mul(s, z), odd, c)
	return h
}
