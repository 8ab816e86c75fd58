package lane

import (
	"math"

	"pullback/ir"
)

// Pow is x^y: e^(y log x), for positive normal x where the result is normal too; all else is rare.
// log x and its product with y have more digits than one float, since the absolute error of y log x
// becomes the relative error of the result, and y log x goes up to 745.
func (b *Builder) Pow(x, y Value) Value {
	t := b.Type(x)
	// e^±limit is a normal number.
	limit := 708.0
	if t == ir.Float32 {
		limit = 87
	}
	ordinary, a := b.normal(x)
	p, low := b.timesLog(y, b.scaled(a))
	ordinary = b.And(ordinary, b.Less(b.Abs(p), b.Float(t, limit)))
	shifted, _, r, c := b.expReduceSum(b.Select(ordinary, p, b.Float(t, 0)), low)
	f := formatOf(t)
	power := b.Bitcast(t, b.ShiftLeft(b.Bitcast(f.word, shifted), b.Bits(f.word, f.fraction)))
	z := b.FMA(b.expTail(r, c), power, power)
	return b.Unless(ordinary, []Value{z}, func() []Value { return []Value{b.powRare(x, y)} })[0]
}

// timesLog is y times the logarithm of z as p + low, low below an ulp or two of p.
func (b *Builder) timesLog(y Value, z scaled) (p, low Value) {
	hi, lo := b.fastTwoSum(b.logTable(z))
	p, e := b.twoProduct(y, hi)
	return p, b.FMA(y, lo, e)
}

// expReduceSum is expReduce of x + low, low below an ulp or two of x. The last bits of shifted are
// k with the bias of exponents added.
func (b *Builder) expReduceSum(x, low Value) (shifted, k, r, c Value) {
	t := b.Type(x)
	hi, lo := ln2(t)
	f := formatOf(t)
	integers := b.Float(t, float64(f.integers*1.5)+f.bias) // a sum with it is rounded to one
	shifted = b.FMA(x, b.Float(t, math.Log2E), integers)
	k = b.Sub(shifted, integers)
	return shifted, k, b.FMA(k, b.Float(t, -hi), x), b.FMA(k, b.Float(t, -lo), low)
}

// powRare is x^y by the table of C99, F.9.4.4.
func (b *Builder) powRare(x, y Value) Value {
	t := b.Type(x)
	zero, one, infinity := b.Float(t, 0), b.Float(t, 1), b.infinity(t)
	a := b.Abs(x)
	p, low := b.timesLog(y, b.lifted(a))
	// Zero and infinity have infinite logarithms.
	p = b.Select(b.Equal(a, infinity), b.Mul(y, infinity), p)
	p = b.Select(b.Equal(a, zero), b.Mul(y, b.Float(t, math.Inf(-1))), p)
	// Far outside the result is 0 or infinite, and low may be the difference of infinities.
	low = b.Select(b.Less(b.Abs(p), b.Float(t, expLimit(t))), low, zero)
	_, k, r, c := b.expReduceSum(b.within(p, expLimit(t)), low)
	z := b.Select(b.NotEqual(x, x), x, b.expReduced(k, r, c))
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
