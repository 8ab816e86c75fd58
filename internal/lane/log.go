package lane

import (
	"math"

	"pullback/ir"
)

// binade is a positive normal number 2^k m, with bits from which m's interval is read.
type binade struct{ k, m, bits Value }

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

// binade takes a positive normal a apart, with m in [from, 2 from) and from below 1.
func (b *Builder) binade(a Value, from float64) (z binade) {
	t := b.Type(a)
	f := formatOf(t)
	start := b.Bits(f.word, bitsOf(t, from))
	z.bits = b.Add(b.Bitcast(f.word, a), b.Bits(f.word, bitsOf(t, 1)-bitsOf(t, from)))
	z.m = b.Bitcast(t, b.Add(b.And(z.bits, b.Bits(f.word, 1<<f.fraction-1)), start))
	// An exponent is an integer; below the bits of a large one it is added to that.
	e := b.Or(b.ShiftRight(z.bits, b.Bits(f.word, f.fraction)), b.Bits(f.word, bitsOf(t, f.integers)))
	z.k = b.Sub(b.Bitcast(t, e), b.Float(t, f.integers+f.bias))
	return z
}

// lifted is binade for every finite a > 0; elsewhere it is that of 1.
func (b *Builder) lifted(a Value, from float64) binade {
	t := b.Type(a)
	f := formatOf(t)
	tiny := b.Less(a, b.Float(t, f.least))
	_, a = b.normal(b.Select(tiny, b.Mul(a, b.Float(t, math.Exp2(f.lift))), a))
	z := b.binade(a, from)
	z.k = b.Select(tiny, b.Sub(z.k, b.Float(t, f.lift)), z.k)
	return z
}

// The intervals of logTable begin here: one of them is around 1.
const logFrom = 1 - 10.625/32

// logTable is log(2^k (m + c)), c below an ulp of m or None, as hi + lo with relative error 2^-64
// (2^-34 for Float32), for a binade from logFrom. Then |lo| <= 2^-11 |hi|, and hi may be zero.
//
// With c near m, log m = log c + log(1+r), r = m/c - 1. Around 1 that is c itself, so that there
// too the relative error is small. (Tang, "Table-driven implementation of the logarithm function
// in IEEE floating-point arithmetic", TOMS 16, 1990; the choice of c is from Gal, "Computing
// elementary functions: a new approach for achieving high accuracy and good performance", 1986.)
func (b *Builder) logTable(z binade, c Value) (hi, lo Value) {
	t := b.Type(z.m)
	f := formatOf(t)
	interval := b.ShiftRight(z.bits, b.Bits(f.word, f.fraction-4))
	inverse := b.Lookup(logInverse, interval)
	p, low := b.twoProduct(z.m, inverse)
	r := b.Sub(p, b.Float(t, 1)) // exactly
	if c != None {
		low = b.FMA(c, inverse, low)
	}
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
		tail = b.series(r, square, 0.33333328, -0.24999996, 0.20017804, -0.16682431)
	} else {
		tail = b.series(r, square, 0.3333333333333333, -0.24999999999999425, 0.20000000000015988,
			-0.16666666671854113, 0.14285714241208516, -0.12499984388063859, 0.1111115699261052,
			-0.10019217705207911, 0.09082613768777895)
	}
	return hi, b.FMA(square, b.Mul(r, tail), b.Add(b.Add(e, vLow), low))
}

// logNarrow is log(2^k (m + c)) for Float32, c below an ulp of m or None, for a binade from
// sqrt(1/2), as large + rest.
func (b *Builder) logNarrow(z binade, c Value) (large, rest Value) {
	t := ir.Float32
	f := b.Sub(z.m, b.Float(t, 1))
	hi, lo := ln2(t)
	// k log 2 + f is exact up to e; the rest starts at -f^2/2.
	large, e := b.fastTwoSum(b.Mul(z.k, b.Float(t, hi)), f)
	e = b.FMA(z.k, b.Float(t, lo), e)
	// log(1+f) = f + f^2 (f P(f) - 1/2), error 2^-30.
	square := b.Mul(f, f)
	p := b.series(f, square, 0.3333331, -0.25, 0.20002228, -0.16668528, 0.14218079, -0.12396358,
		0.11888904, -0.11726398, 0.068048745)
	v := b.FMA(f, p, b.Float(t, -0.5))
	if c != None {
		// 1/(1+f) to a few per cent, c being below an ulp: (1 - f + f^2).
		e = b.FMA(c, b.FMA(f, b.Sub(f, b.Float(t, 1)), b.Float(t, 1)), e)
	}
	return large, b.FMA(square, v, e)
}

// logFormat is from where log takes binades, and what it does with them.
func (b *Builder) logFormat(t ir.DType) (from float64, log func(z binade, c Value) (_, _ Value)) {
	if t == ir.Float32 {
		return math.Sqrt2 / 2, b.logNarrow
	}
	return logFrom, b.logTable
}

// Log is the natural logarithm.
func (b *Builder) Log(x Value) Value {
	from, log := b.logFormat(b.Type(x))
	ordinary, a := b.normal(x)
	y := b.Add(log(b.binade(a, from), None))
	return b.Unless(ordinary, []Value{y}, func() []Value {
		return []Value{b.logEnds(x, b.Add(log(b.lifted(x, from), None)))}
	})[0]
}

// logEnds puts in log's values at 0, below 0, at infinity and at NaN.
func (b *Builder) logEnds(x, y Value) Value {
	t := b.Type(x)
	zero := b.Float(t, 0)
	y = b.Select(b.Less(x, b.infinity(t)), y, x)
	y = b.Select(b.Equal(x, zero), b.Float(t, math.Inf(-1)), y)
	return b.Select(b.Less(x, zero), b.Float(t, math.NaN()), y)
}

// Log1p is log(1+x), accurate near zero.
func (b *Builder) Log1p(x Value) Value {
	t := b.Type(x)
	from, log := b.logFormat(t)
	one, zero := b.Float(t, 1), b.Float(t, 0)
	u, c := b.twoSum(one, x)
	// From some 2^bias on 2^-k would be no normal number.
	f := formatOf(t)
	ordinary := b.And(b.Less(b.Float(t, -1), x), b.Less(x, b.Float(t, math.Exp2(f.bias-1))))
	z := b.binade(b.Select(ordinary, u, one), from)
	exponent := b.And(z.bits, b.Bits(f.word, bitsOf(t, math.Inf(1))))
	inverse := b.Bitcast(t, b.Sub(b.Bits(f.word, 2*bitsOf(t, 1)), exponent)) // 2^-k
	y := b.Add(log(z, b.Mul(c, inverse)))
	y = b.Select(b.Equal(x, zero), x, y) // of a zero the sign
	return b.Unless(ordinary, []Value{y}, func() []Value { return []Value{b.Log(u)} })[0]
}

// Log2 is the logarithm to base two, exact for powers of two. Float32 computes in Float64.
func (b *Builder) Log2(x Value) Value {
	t := b.Type(x)
	wide := b.Convert(ir.Float64, x)
	ordinary, a := b.normal(wide)
	log2 := b.log2Long
	if t == ir.Float32 {
		log2 = b.log2Short
	}
	y := b.Convert(t, log2(b.binade(a, logFrom)))
	return b.Unless(ordinary, []Value{y}, func() []Value {
		return []Value{b.logEnds(x, b.Convert(t, log2(b.lifted(wide, logFrom))))}
	})[0]
}

func (b *Builder) log2Long(z binade) Value {
	t := ir.Float64
	const hi, lo = 0x1.71547652b82fep0, 0x1.777d0ffda0d24p-56 // 1 / log 2
	k := z.k
	z.k = b.Float(t, 0)
	f, rest := b.fastTwoSum(b.logTable(z, None))
	p, e := b.twoProduct(f, b.Float(t, hi))
	e = b.FMA(rest, b.Float(t, hi), b.FMA(f, b.Float(t, lo), e))
	y, e2 := b.fastTwoSum(k, p)
	return b.Add(y, b.Add(e2, e))
}

func (b *Builder) log2Short(z binade) Value {
	k := z.k
	z.k = b.Float(ir.Float64, 0)
	return b.FMA(b.logShort(z), b.Float(ir.Float64, math.Log2E), k)
}

// logShort is the logarithm of a Float64 with relative error 2^-37, for results in Float32.
func (b *Builder) logShort(z binade) Value {
	t := ir.Float64
	interval := b.ShiftRight(z.bits, b.Bits(ir.Uint64, 52-4))
	r := b.FMA(z.m, b.Lookup(logInverse, interval), b.Float(t, -1))
	square := b.Mul(r, r)
	tail := b.series(r, square, -0.5000000000095145, 0.33333328424572656, -0.24999991408111155,
		0.2001772916026201, -0.16686060574061565)
	return b.Add(b.FMA(z.k, b.Float(t, math.Ln2), b.Lookup(logHigh, interval)),
		b.FMA(square, tail, r))
}
