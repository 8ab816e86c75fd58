package lane

import (
	"math"

	"pullback/ir"
)

// reduceAngle writes x as quadrant pi/2 + r + low, |r| <= pi/4 and a little, low below an ulp of
// r; quadrant is an integral float. Ordinary angles take pi/2 in three parts; huge ones are rare.
// NaN for NaN and infinities.
func (b *Builder) reduceAngle(x Value) (r, low, quadrant Value) {
	s := b.shared("angle", x, func() []Value { return b.buildAngle(x) })
	return s[0], s[1], s[2]
}

func (b *Builder) buildAngle(x Value) []Value {
	t := b.Type(x)
	// pi/2 to three times the precision of t. The product of the first part with k, taken from
	// x in one fma, leaves an exact result for |x| below bound: it is below one, and a multiple
	// of the last bit of x or of the part. Below bound, k times the error of the three parts is
	// far below an ulp of the smallest r there is (2^-61; 2^-30 for Float32).
	bound := 0x1p28
	parts := [3]float64{0x1.921fb54442d18p0, 0x1.1a62633145c07p-54, -0x1.f1976b7ed8fbcp-110}
	if t == ir.Float32 {
		bound = 0x1p16
		parts = [3]float64{0x1.921fb6p0, -0x1.777a5cp-25, -0x1.ee59dap-50}
	}
	k := b.Round(b.Mul(x, b.Float(t, 2/math.Pi)))
	first := b.FMA(k, b.Float(t, -parts[0]), x)
	p, pLow := b.twoProduct(k, b.Float(t, -parts[1]))
	r, e := b.twoSum(first, p)
	e = b.FMA(k, b.Float(t, -parts[2]), b.Add(e, pLow))
	r, low := b.fastTwoSum(r, e)
	ordinary := b.Less(b.Abs(x), b.Float(t, bound))
	return b.Unless(ordinary, []Value{r, low, k}, func() []Value {
		r, low, quadrant := b.reduceHuge(b.Convert(ir.Float64, x), t)
		narrow := b.Convert(t, r)
		if t == ir.Float32 {
			low = b.Sub(r, b.Convert(ir.Float64, narrow))
		}
		narrow = b.FMA(x, b.Float(t, 0), narrow) // NaN for an infinity
		return []Value{narrow, b.Convert(t, low), b.Convert(t, quadrant)}
	})
}

// twoOverPi is 2/pi in binary, shifted right by anglePad bits: enough for every float64.
func twoOverPi() []uint64 {
	return []uint64{
		0x0000000000a2f983, 0x6e4e441529fc2757, 0xd1f534ddc0db6295, 0x993c439041fe5163,
		0xabdebbc561b7246e, 0x3a424dd2e006492e, 0xea09d1921cfe1deb, 0x1cb129a73ee88235,
		0xf52ebb4484e99c70, 0x26b45f7e413991d6, 0x39835339f49c845f, 0x8bbdf9283b1ff897,
		0xffde05980fef2f11, 0x8b5a0a6d1f6d367e, 0xcf27cb09b74f463f, 0x669e5fea2d7527ba,
		0xc7ebe5f17b3d0739, 0xf78a5292ea6bfb5f, 0xb11f8d5d08560330,
	}
}

const anglePad = 40

// reduceHuge is reduceAngle for Float64 |x| >= 2^14, which is a number of the type from: Payne
// and Hanek, "Radian reduction for trigonometric functions" (SIGNUM Newsletter 18, 1983). With
// x = M 2^E, M of 53 bits, those bits of 2/pi that M 2^E turns into multiples of four do not
// matter, and of the others 192 leave the fraction with 137 correct bits or more.
func (b *Builder) reduceHuge(x Value, from ir.DType) (r, low, quadrant Value) {
	t, word := ir.Float64, ir.Uint64
	bits := b.Bitcast(word, b.Abs(x))
	exponent := b.ShiftRight(bits, b.Bits(word, 52)) // E + 1075
	mantissa := b.Or(b.And(bits, b.Bits(word, 1<<52-1)), b.Bits(word, 1<<52))
	// The window begins at the bit of weight 2^(1-E), E-2 bits after the binary point.
	offset := b.Sub(exponent, b.Bits(word, 1075+2-anglePad))
	window := b.limbs(b.angleWindow(offset, from))
	// Product modulo 2^192, from the least limb up; the top two bits are the quadrant.
	mask := b.Bits(word, 1<<32-1)
	shift := b.Bits(word, 32)
	lowHalf, highHalf := b.And(mantissa, mask), b.ShiftRight(mantissa, shift)
	var product [6]Value
	carry := b.Bits(word, 0)
	for i, w := range window {
		carry = b.Add(b.Mul(lowHalf, w), carry)
		product[i], carry = b.And(carry, mask), b.ShiftRight(carry, shift)
	}
	carry = b.Bits(word, 0)
	for i, w := range window[:5] {
		carry = b.Add(b.Add(b.Mul(highHalf, w), product[i+1]), carry)
		product[i+1], carry = b.And(carry, mask), b.ShiftRight(carry, shift)
	}
	r, low, quadrant = b.angleOfFraction(product)
	// All this was |x|.
	negative := b.Less(x, b.Float(t, 0))
	flip := func(v Value) Value { return b.Select(negative, b.Neg(v), v) }
	return flip(r), flip(low), flip(quadrant)
}

// angleWindow is 192 bits of twoOverPi from offset on, the highest word first.
func (b *Builder) angleWindow(offset Value, from ir.DType) [3]Value {
	word := ir.Uint64
	table, steps := twoOverPi(), []uint64{8, 4, 2, 1}
	if from == ir.Float32 { // E <= 127 - 52, offset <= 113
		table, steps = table[:5], steps[3:]
	}
	var words []Value
	for _, w := range table {
		words = append(words, b.Bits(word, w))
	}
	// Drop the first offset/64 words, by the bits of that number.
	index := b.ShiftRight(offset, b.Bits(word, 6))
	for _, n := range steps {
		drop := b.NotEqual(b.And(index, b.Bits(word, n)), b.Bits(word, 0))
		rest := make([]Value, len(words)-int(n))
		for i := range rest {
			rest[i] = b.Select(drop, words[i+int(n)], words[i])
		}
		words = rest
	}
	left := b.And(offset, b.Bits(word, 63))
	right := b.Sub(b.Bits(word, 64), left) // a shift by 64 gives zero
	var window [3]Value
	for i := range window {
		window[i] = b.Or(b.ShiftLeft(words[i], left), b.ShiftRight(words[i+1], right))
	}
	return window
}

// limbs cuts three words, the highest first, into six of 32 bits, the lowest first.
func (b *Builder) limbs(words [3]Value) [6]Value {
	var limbs [6]Value
	for i, w := range words {
		limbs[5-2*i] = b.ShiftRight(w, b.Bits(ir.Uint64, 32))
		limbs[4-2*i] = b.And(w, b.Bits(ir.Uint64, 1<<32-1))
	}
	return limbs
}

// angleOfFraction turns the binary fraction of quadrants, two bits before the point, into the
// nearest quadrant and the rest times pi/2 as r + low.
func (b *Builder) angleOfFraction(product [6]Value) (r, low, quadrant Value) {
	t, word := ir.Float64, ir.Uint64
	join := func(hi, lo Value) Value { return b.Or(b.ShiftLeft(hi, b.Bits(word, 32)), lo) }
	top, middle := join(product[5], product[4]), join(product[3], product[2])
	nearest := b.ShiftRight(b.Add(top, b.Bits(word, 1<<61)), b.Bits(word, 62))
	rest := b.Bitcast(ir.Int64, b.Sub(top, b.ShiftLeft(nearest, b.Bits(word, 62))))
	// The fraction as three exact floats: 32 signed bits, then twice 48. It is above 2^-62, so
	// that the bits below do not matter.
	float := func(bits Value, scale float64) Value {
		return b.Mul(b.Convert(t, bits), b.Float(t, scale))
	}
	mask48 := b.Bits(word, 1<<48-1)
	a0 := float(b.ShiftRight(rest, b.Int(ir.Int64, 32)), 0x1p-30)
	a1 := float(b.Or(b.And(b.ShiftLeft(top, b.Bits(word, 16)), mask48),
		b.ShiftRight(middle, b.Bits(word, 48))), 0x1p-78)
	a2 := float(b.And(middle, mask48), 0x1p-126)
	high, e0 := b.twoSum(a0, a1)
	high, e1 := b.twoSum(high, a2)
	f, fLow := b.fastTwoSum(high, b.Add(e0, e1))
	// Times pi/2.
	r, low = b.mulDouble(f, fLow, b.Float(t, 0x1.921fb54442d18p0),
		b.Float(t, 0x1.1a62633145c07p-54))
	r, low = b.fastTwoSum(r, low)
	return r, low, b.Convert(t, nearest)
}
