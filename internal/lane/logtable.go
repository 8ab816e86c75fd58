package lane

import (
	"pullback/ir"
)

// scaled is a positive normal number 2^k m, with bits from which m's interval is read.
type scaled struct{ k, m, bits Value }

// format is what the reduction of arguments needs to know of a float type.
type format struct {
	word     ir.DType // integers of its size
	fraction uint64   // bits of it
	bias     float64  // of exponents
	least    float64  // normal number
	lift     float64  // exponent of a factor that makes subnormals normal
	integers float64  // the floats from here on to its double are the integers
}

func formatOf(t ir.DType) format {
	if t == ir.Float32 {
		return format{ir.Uint32, 23, 127, 0x1p-126, 24, 0x1p23}
	}
	return format{ir.Uint64, 52, 1023, 0x1p-1022, 54, 0x1p52}
}

// normal says where x is a positive normal number, and is it there and 1 elsewhere.
func (b *Builder) normal(x Value) (ordinary, a Value) {
	t := b.Type(x)
	ordinary = b.And(b.LessEqual(b.Float(t, formatOf(t).least), x), b.Less(x, b.infinity(t)))
	return ordinary, b.Select(ordinary, x, b.Float(t, 1))
}

// logFrom is where the intervals of logTable begin: one of them is around 1.
const logFrom = 1 - 10.625/32

// scaled takes a positive normal a apart, with m in [logFrom, 2 logFrom).
func (b *Builder) scaled(a Value) (z scaled) {
	t := b.Type(a)
	f := formatOf(t)
	start, one := bitsOf(t, logFrom), bitsOf(t, 1)
	z.bits = b.Add(b.Bitcast(f.word, a), b.Bits(f.word, one-start))
	fraction := b.And(z.bits, b.Bits(f.word, 1<<f.fraction-1))
	z.m = b.Bitcast(t, b.Add(fraction, b.Bits(f.word, start)))
	// The exponent as a float: in the last bits of a large one it is added to that.
	e := b.ShiftRight(z.bits, b.Bits(f.word, f.fraction))
	e = b.Or(e, b.Bits(f.word, bitsOf(t, f.integers)))
	z.k = b.Sub(b.Bitcast(t, e), b.Float(t, f.integers+f.bias))
	return z
}

// lifted is scaled for every finite a > 0; elsewhere it is that of 1.
func (b *Builder) lifted(a Value) scaled {
	t := b.Type(a)
	f := formatOf(t)
	tiny := b.Less(a, b.Float(t, f.least))
	_, a = b.normal(b.Select(tiny, b.Scale(a, b.Float(t, f.lift)), a))
	z := b.scaled(a)
	z.k = b.Select(tiny, b.Sub(z.k, b.Float(t, f.lift)), z.k)
	return z
}

// logTable is log(2^k m) as hi + lo with relative error 2^-64 (2^-34 for Float32), for a number
// scaled from logFrom; |lo| <= 2^-11 |hi|.
//
// With c near m, log m = log c + log(1+r), r = m/c - 1. Around 1 that is c itself, so that there
// too the relative error is small. (Tang, "Table-driven implementation of the logarithm function
// in IEEE floating-point arithmetic", TOMS 16, 1990. The c are chosen so that log c is a float to
// many more digits: Gal, "Computing elementary functions: a new approach for achieving high
// accuracy and good performance", in Accurate Scientific Computations, LNCS 235, 1986.)
func (b *Builder) logTable(z scaled) (hi, lo Value) {
	t := b.Type(z.m)
	f := formatOf(t)
	interval := b.ShiftRight(z.bits, b.Bits(f.word, f.fraction-4))
	inverse := b.Lookup(logInverse, interval)
	p, low := b.twoProduct(z.m, inverse)
	r := b.Sub(p, b.Float(t, 1)) // exactly
	square := b.Mul(r, r)
	low = b.FMA(b.Sub(square, r), low, low) // low/(1+r)
	// r - r^2/2, and what its rounding loses.
	half := b.Mul(r, b.Float(t, -0.5))
	v := b.FMA(half, r, r)
	vLow := b.FMA(half, r, b.Sub(r, v))
	ln2Hi, ln2Lo := ln2(t)
	hi, e := b.fastTwoSum(b.FMA(z.k, b.Float(t, ln2Hi), b.Lookup(logHigh, interval)), v)
	low = b.FMA(z.k, b.Float(t, ln2Lo), low)
	var tail Value // (log(1+r) - r + r^2/2) / r^3
	if t == ir.Float32 {
		low = b.Add(low, b.Lookup(logLow, interval))
		tail = b.horner(r, 0.33333328, -0.24999996, 0.20017804, -0.16682431)
	} else {
		tail = b.series(r, 0.3333333333333333, -0.24999999999999425, 0.20000000000015988,
			-0.16666666671854113, 0.14285714241208516, -0.12499984388063859, 0.1111115699261052,
			-0.10019217705207911, 0.09082613768777895)
	}
	return hi, b.FMA(square, b.Mul(r, tail), b.Add(b.Add(e, vLow), low))
}
