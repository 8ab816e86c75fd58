package lane

import (
	"math"

	"pullback/ir"
)

// Pow is x^y. The logarithm of x and its product with y have more digits than one float, since the
// absolute error of y log x becomes the relative error of the result, and y log x goes up to 745.
// It is for positive x and results in the normal range, without a thought of others, which are
// rare.
func (b *Builder) Pow(x, y Value) Value {
	t := b.Type(x)
	// e^±limit is a normal number.
	limit := 708.0
	if t == ir.Float32 {
		limit = 87
	}
	ordinary, a := b.normal(x)
	p, low := b.timesLog(y, b.binade(a, logFrom))
	ordinary = b.And(ordinary, b.Less(b.Abs(p), b.Float(t, limit)))
	z, shifted := b.expParts(b.Select(ordinary, p, b.Float(t, 0)), low)
	f := formatOf(t)
	power := b.Bitcast(t, b.ShiftLeft(b.Bitcast(f.word, shifted), b.Bits(f.word, f.fraction)))
	return b.Unless(ordinary, []Value{b.FMA(z, power, power)}, func() []Value {
		return []Value{b.powRare(x, y)}
	})[0]
}

// timesLog is y times the logarithm of z as p + low, low below an ulp or two of p.
func (b *Builder) timesLog(y Value, z binade) (p, low Value) {
	hi, lo := b.fastTwoSum(b.logTable(z, None))
	p, e := b.twoProduct(y, hi)
	return p, b.FMA(y, lo, e)
}

// powRare is x^y by the table of C99, F.9.4.4.
func (b *Builder) powRare(x, y Value) Value {
	t := b.Type(x)
	zero, one, infinity := b.Float(t, 0), b.Float(t, 1), b.infinity(t)
	a := b.Abs(x)
	p, low := b.timesLog(y, b.lifted(a, logFrom))
	// Zero and infinity have infinite logarithms.
	p = b.Select(b.Equal(a, infinity), b.Mul(y, infinity), p)
	p = b.Select(b.Equal(a, zero), b.Mul(y, b.Float(t, math.Inf(-1))), p)
	// Far outside the result is 0 or infinite, and low may be the difference of infinities.
	low = b.Select(b.Less(b.Abs(p), b.Float(t, expLimit(t))), low, zero)
	z := b.expSum(b.within(p, expLimit(t)), low)
	z = b.Select(b.NotEqual(x, x), x, z)
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
