package native

import (
	"math"
	"slices"

	"pullback/ir"
)

// floating is a format of floats, and what its numbers are scaled by.
type floating struct {
	fraction int     // bits of it
	bias     float64 // of exponents
	infinity uint64
	magic    float64 // the numbers from here on to its double are integers
	lift     float64 // a power of two that makes subnormals normal
	lifted   float64 // its exponent
	most     float64 // beyond ± this 2^n is no normal number
	far      float64 // 2^n times any number but 0 and infinity is infinite, 2^-n zero
	up, down float64 // steps towards that
	all      uint64  // all bits
}

func formatOf(t ir.DType) floating {
	if t == ir.Float32 {
		return floating{23, 127, 0x7f80_0000, 0x1p23, 0x1p24, 24, 126, 300, 127, -102,
			math.MaxUint32}
	}
	return floating{52, 1023, 0x7ff0_0000_0000_0000, 0x1p52, 0x1p54, 54, 1022, 2200, 1023, -969,
		math.MaxUint64}
}

// real is a constant.
func (s avx2) real(t ir.DType, x float64) virtual {
	if t == ir.Float32 {
		return s.constant(t, uint64(math.Float32bits(float32(x))))
	}
	return s.constant(t, math.Float64bits(x))
}

// scale is x * 2^floor(n). Where 2^n is a normal number that is one product; the rest is rare.
func (s avx2) scale(t ir.DType, x, n virtual) virtual {
	f, size := formatOf(t), sizeOf(t)
	out := s.commute(size, times, x, s.power(t, s.rounded(t, n, toFloor)))
	if b := s.registers[n].bounds; -f.most <= b.low && b.high <= f.most && s.isIntegral(t, n) {
		if !b.number { // as in scaleFar
			out = s.commute(size, bitOr, out, s.predicate(t, n, n, unordered))
		}
		return out
	}
	easy := s.predicate(t, s.abs(t, n), s.real(t, f.most), lessOrEqual)
	s.unlessAll(size, easy, func() {
		s.move(out, s.scaleFar(t, x, n))
	})
	return out
}

// power is 2^n for integral n: adding a large number puts n where the exponent can be shifted from.
func (s avx2) power(t ir.DType, n virtual) virtual {
	f := formatOf(t)
	magic := s.real(t, float64(f.magic*1.5)+f.bias)
	return s.immediate(sizeOf(t), leftBy, f.fraction, s.commute(sizeOf(t), sum, n, magic))
}

// scaleFar is scale for all n. It goes by steps, of which all but the last are exact or lead to
// zero or infinity: a step down by 2^-969 rounds only numbers below 2^-53, and comes only where
// less than 2^-1022 is wanted; in Float32 it is 2^-102, below 2^-24, where less than 2^-126 is.
func (s avx2) scaleFar(t ir.DType, x, n virtual) virtual {
	f, size := formatOf(t), sizeOf(t)
	out := x
	k := s.apply(size, least, n, s.real(t, f.far))
	k = s.rounded(t, s.apply(size, greatest, k, s.real(t, -f.far)), toFloor)
	for range 2 {
		below := s.predicate(t, k, s.real(t, -f.most), less)
		step := s.apply(size, least, k, s.real(t, f.up))
		step = s.blend(t, below, s.real(t, f.down), step)
		out = s.commute(size, times, out, s.power(t, step))
		k = s.apply(size, difference, k, step)
	}
	out = s.commute(size, times, out, s.power(t, k))
	limit := s.commute(size, times, x, s.apply(size, greatest, n, s.real(t, 0)))
	infinite := s.predicate(t, s.abs(t, n), s.constant(t, f.infinity), equal)
	out = s.blend(t, infinite, limit, out)
	return s.commute(size, bitOr, out, s.predicate(t, n, n, unordered)) // all ones are a NaN
}

// binade is what Exponent and Mantissa give, made together before a place in the code.
type binade struct {
	exponent, mantissa virtual
	place              int
}

// binade is the exponent and the mantissa of x: the bits of a normal number, or, rarely, more.
func (s avx2) binade(t ir.DType, x virtual) binade {
	if b, ok := s.binades[x]; ok && s.straight(b.place) {
		return b
	}
	f, size := formatOf(t), sizeOf(t)
	a := s.abs(t, x)
	b := s.binadeOfNormal(t, x, a)
	// Sums from 2^(bits of t - 1) on, of infinities and NaN, wrap around.
	ulp := uint64(1) << f.fraction
	easy := s.apply(size, exceeds, s.commute(size, addition, a, s.constant(t, ulp)),
		s.constant(t, 2*ulp-1))
	s.unlessAll(size, easy, func() {
		tiny := s.predicate(t, a, s.constant(t, ulp), less)
		lift := func(x virtual) virtual {
			return s.blend(t, tiny, s.commute(size, times, x, s.real(t, f.lift)), x)
		}
		r := s.binadeOfNormal(t, lift(x), lift(a))
		lifted := s.blend(t, tiny, s.real(t, f.lifted), s.real(t, 0))
		r.exponent = s.apply(size, difference, r.exponent, lifted)
		zero := s.predicate(t, a, s.real(t, 0), equal)
		r.exponent = s.blend(t, zero, s.real(t, math.Inf(-1)), r.exponent)
		// Infinities and NaN.
		special := s.predicate(t, a, s.constant(t, f.infinity), notLess)
		r.exponent = s.blend(t, special, a, r.exponent)
		itself := s.commute(size, bitOr, zero, special)
		s.move(b.exponent, r.exponent)
		s.move(b.mantissa, s.blend(t, itself, x, r.mantissa))
	})
	s.integral[b.exponent] = true
	b.place = len(s.code)
	s.binades[x] = b
	return b
}

// straight says whether what comes before a place in the code runs whenever this place is reached.
func (s avx2) straight(from int) bool {
	depth := 0
	return !slices.ContainsFunc(s.code[from:], func(i instruction) bool {
		switch i.form {
		case unlikely:
			depth++
		case likely:
			depth--
		case machine, written, copyRegister, byLane, laneBits, storeBit:
		default:
			return true
		}
		return depth < 0
	})
}

// binadeOfNormal is that of a normal number x, a being |x|: an exponent below a large integer's
// bits is a large float.
func (s avx2) binadeOfNormal(t ir.DType, x, a virtual) binade {
	f, size := formatOf(t), sizeOf(t)
	e := s.immediate(size, rightBy, f.fraction, a)
	e = s.commute(size, bitOr, e, s.real(t, f.magic))
	e = s.apply(size, difference, e, s.real(t, f.magic+f.bias))
	m := s.commute(size, bitAnd, x, s.constant(t, f.all&^f.infinity))
	return binade{exponent: e, mantissa: s.commute(size, bitOr, m, s.real(t, 1))}
}

// unlessAll appends instructions that run, rarely, if a lane of a mask is not set.
func (s avx2) unlessAll(size int, mask virtual, rare func()) {
	i := s.pseudo(unlikely)
	i.also, i.imm = []virtual{mask}, size
	rare()
	s.pseudo(likely)
}
