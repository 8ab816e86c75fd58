package lane

import (
	"math"

	"pullback/ir"
)

// The elementary functions are methods of Builder that emit lane operations, for Float32 and
// Float64 by the type of the operand. Special values are those of C99, Annex F.
//
// Errors are below 1 ulp. The pattern that keeps them there is the same everywhere: the result
// is a large part that is exact plus a small part that carries all rounding errors, added once.
// Polynomials are near-minimax, fitted at 60 digits by testdata/coefficients.py, with each
// coefficient rounded to the working type before those above it are fitted.

// horner is c[0] + c[1] x + c[2] x^2 + …, from the highest coefficient down, each step fused.
func (b *Builder) horner(x Value, c ...float64) Value {
	t := b.Type(x)
	y := b.Float(t, c[len(c)-1])
	for i := len(c) - 2; i >= 0; i-- {
		y = b.FMA(y, x, b.Float(t, c[i]))
	}
	return y
}

// series is horner's polynomial in two halves, of even and of odd powers of x, which do not wait
// for each other.
func (b *Builder) series(x Value, c ...float64) Value {
	var even, odd []float64
	for i, v := range c {
		if i%2 == 0 {
			even = append(even, v)
		} else {
			odd = append(odd, v)
		}
	}
	square := b.Mul(x, x)
	return b.FMA(b.horner(square, odd...), x, b.horner(square, even...))
}

// twoSum is s = x + y rounded, and e = x + y - s, exactly (Knuth).
func (b *Builder) twoSum(x, y Value) (s, e Value) {
	s = b.Add(x, y)
	v := b.Sub(s, x)
	return s, b.Add(b.Sub(x, b.Sub(s, v)), b.Sub(y, v))
}

// fastTwoSum is twoSum for |x| >= |y|, or x = 0 (Dekker).
func (b *Builder) fastTwoSum(x, y Value) (s, e Value) {
	s = b.Add(x, y)
	return s, b.Sub(y, b.Sub(s, x))
}

// twoProduct is p = x y rounded, and e = x y - p, exactly.
func (b *Builder) twoProduct(x, y Value) (p, e Value) {
	p = b.Mul(x, y)
	return p, b.FMA(x, y, b.Neg(p))
}

// mulDouble is (x + xLow) (y + yLow).
func (b *Builder) mulDouble(x, xLow, y, yLow Value) (p, pLow Value) {
	p, e := b.twoProduct(x, y)
	return p, b.Add(e, b.FMA(x, yLow, b.Mul(xLow, y)))
}

// quotient is (n + nLow) / (d + dLow), the low parts small: by the reciprocal, corrected by its
// remainder, as q + qLow.
func (b *Builder) quotient(n, nLow, d, dLow Value) (q, qLow Value) {
	reciprocal := b.Div(b.Float(b.Type(d), 1), d)
	q = b.Mul(n, reciprocal)
	minus := b.Neg(q)
	rest := b.Add(b.FMA(minus, d, n), b.FMA(minus, dLow, nLow))
	return q, b.Mul(rest, reciprocal)
}

// within is x brought into [-limit, limit]; a NaN stays.
func (b *Builder) within(x Value, limit float64) Value {
	t := b.Type(x)
	return b.Max(b.Min(x, b.Float(t, limit)), b.Float(t, -limit))
}

// smallAsIs is x itself where |x| < below, else y: for odd functions with slope one at the
// origin, whose main path loses the sign of a zero or the last bits of a subnormal.
func (b *Builder) smallAsIs(x, y Value, below float64) Value {
	return b.Select(b.Less(b.Abs(x), b.Float(b.Type(x), below)), x, y)
}

func (b *Builder) infinity(t ir.DType) Value { return b.Float(t, math.Inf(1)) }

// ln2 is log 2 in two parts. The first has enough trailing zeros for its product with every
// exponent of t to be exact.
func ln2(t ir.DType) (hi, lo float64) {
	if t == ir.Float32 {
		return 0x1.62e4p-1, 0x1.7f7d1cp-20
	}
	return 0x1.62e42fefa38p-1, 0x1.ef35793c7673p-45
}
