package native

import (
	"math"

	"pullback/internal/native/asm"
	"pullback/ir"
)

// convert translates conversions of numbers. A vector of 8-byte elements comes with one of half its
// width of 4-byte elements, or, of two elements, with half of one of the same width.
func (s avx2) convert(to, from ir.DType, x virtual) (virtual, error) {
	switch {
	case to.IsInteger() && from.IsInteger() && to.Bits() == from.Bits():
		return x, nil
	case to.IsInteger() && from.IsInteger():
		return s.resizedInteger(to, from, x), nil
	case to.IsInteger():
		return s.saturate(to, from, x), nil
	case from.IsInteger():
		return s.fromInteger(to, from, x), nil
	case to == ir.Float64:
		return s.widened(asm.VCVTPS2PD, x), nil
	}
	return s.narrowed(asm.VCVTPD2PS, x), nil
}

// widened is op, which makes elements of 8 bytes of those of 4.
func (s avx2) widened(op asm.Op, x virtual) virtual {
	out := s.vector(8)
	s.add(op, out, x)
	return out
}

// narrowed is op, which makes elements of 4 bytes of those of 8.
func (s avx2) narrowed(op asm.Op, x virtual) virtual {
	out := s.ofWidth(asm.Bits128)
	s.add(op, out, x)
	return out
}

func (s avx2) resizedInteger(to, from ir.DType, x virtual) virtual {
	switch {
	case to.Bits() == 32:
		return s.narrow(x)
	case signed(from):
		return s.widened(asm.VPMOVSXDQ, x)
	}
	return s.widened(asm.VPMOVZXDQ, x)
}

// fromInteger rounds once.
func (s avx2) fromInteger(to, from ir.DType, x virtual) virtual {
	switch {
	case from == ir.Int32 && to == ir.Float32:
		return s.apply(4, pair{single: asm.VCVTDQ2PS}, x)
	case from == ir.Int32:
		return s.widened(asm.VCVTDQ2PD, x)
	case from == ir.Uint32 && to == ir.Float32:
		return s.uint32ToFloat32(x)
	case from == ir.Uint32: // the low bits of 2^52 + x are those of x
		bits := s.commute(8, bitOr, s.widened(asm.VPMOVZXDQ, x), s.real(to, 0x1p52))
		return s.apply(8, difference, bits, s.real(to, 0x1p52))
	case to == ir.Float64:
		return s.int64ToFloat64(from, x)
	}
	return s.narrowed(asm.VCVTPD2PS, s.int64ToFloat64(from, s.sticky(from, x)))
}

// uint32ToFloat32 adds the halves, the upper one exact: the low bits of 2^23 + l are those of l,
// and those of 2^39 + 2^16 h are those of h.
func (s avx2) uint32ToFloat32(x virtual) virtual {
	t := ir.Float32
	low := s.commute(4, bitAnd, x, s.constant(t, 0xffff))
	low = s.commute(4, bitOr, low, s.real(t, 0x1p23))
	high := s.commute(4, bitOr, s.immediate(4, rightBy, 16, x), s.real(t, 0x1p39))
	high = s.apply(4, difference, high, s.real(t, 0x1p39+0x1p23))
	return s.commute(4, sum, high, low)
}

// int64ToFloat64 likewise adds 2^52 + l and (2^84 + 2^32 h) - (2^84 + 2^52). The upper half of a
// signed number counts from -2^31.
func (s avx2) int64ToFloat64(from ir.DType, x virtual) virtual {
	t := ir.Float64
	low := s.commute(8, bitAnd, x, s.constant(t, math.MaxUint32))
	low = s.commute(8, bitOr, low, s.real(t, 0x1p52))
	high := s.immediate(8, rightBy, 32, x)
	offset := 0x1p84 + 0x1p52
	if signed(from) {
		high = s.commute(8, bitXor, high, s.constant(t, math.Float64bits(0x1p84)|1<<31))
		offset += 0x1p63
	} else {
		high = s.commute(8, bitOr, high, s.real(t, 0x1p84))
	}
	high = s.apply(8, difference, high, s.real(t, offset))
	return s.commute(8, sum, high, low)
}

// sticky is an integer that float64 holds exactly and that rounds to the same float32 as x: of
// numbers of more than 53 bits, the lowest eleven become the one above, if they are not zero.
func (s avx2) sticky(from ir.DType, x virtual) virtual {
	const bits = 1<<11 - 1
	low := s.commute(8, bitAnd, x, s.constant(from, bits))
	some := s.commute(8, addition, low, s.constant(from, bits))
	some = s.commute(8, bitAnd, s.commute(8, bitOr, x, some), s.constant(from, ^uint64(bits)))
	high := x
	if signed(from) {
		high = s.immediate(8, rightBy, 54,
			s.commute(8, addition, x, s.constant(from, 1<<53)))
	} else {
		high = s.immediate(8, rightBy, 53, x)
	}
	short := s.commute(8, equals, high, s.constant(from, 0))
	return s.blend(from, short, x, some)
}

// saturate is a float truncated to the nearest integer there is, 0 for NaN.
func (s avx2) saturate(to, from ir.DType, x virtual) virtual {
	if from == ir.Float32 && to.Bits() == 64 {
		x, from = s.widened(asm.VCVTPS2PD, x), ir.Float64
	}
	size := sizeOf(from)
	if signed(to) {
		x = s.commute(size, bitAnd, x, s.predicate(from, x, x, ordered))
	} else {
		x = s.apply(size, greatest, x, s.real(from, 0)) // NaN becomes zero too
	}
	switch {
	case to.Bits() == 64:
		return s.float64ToInt64(to, x)
	case from == ir.Float64 && to == ir.Int32:
		x = s.apply(8, least, x, s.real(from, math.MaxInt32))
		return s.narrowed(asm.VCVTTPD2DQ, x) // what is too small becomes the least
	case from == ir.Float64:
		x = s.apply(8, least, x, s.real(from, math.MaxUint32))
		whole := s.commute(8, sum, s.rounded(from, x, toZero), s.real(from, 0x1p52))
		return s.narrow(whole)
	case to == ir.Int32:
		// What does not fit becomes the least, the complement of the greatest.
		whole := s.apply(4, pair{single: asm.VCVTTPS2DQ}, x)
		return s.commute(4, bitXor, whole, s.predicate(from, x, s.real(from, 0x1p31), atLeast))
	}
	// From 2^31 on x - 2^31 is converted; if it is that much again, all bits are wanted.
	large := s.predicate(from, x, s.real(from, 0x1p31), atLeast)
	rest := s.apply(4, difference, x, s.commute(4, bitAnd, large, s.real(from, 0x1p31)))
	whole := s.apply(4, pair{single: asm.VCVTTPS2DQ}, rest)
	whole = s.commute(4, bitXor, whole, s.immediate(4, leftBy, 31, large))
	return s.commute(4, bitOr, whole, s.predicate(from, x, s.real(from, 0x1p32), atLeast))
}

// float64ToInt64 truncates and saturates what is no NaN, nor negative if to is unsigned: by exact
// halves, floor(x / 2^32) and the rest.
func (s avx2) float64ToInt64(to ir.DType, x virtual) virtual {
	t := ir.Float64
	above, magic := 0x1p64, 0x1p52
	if signed(to) {
		above, magic = 0x1p63, 0x1.8p52 // whose low bits are those of a negative number too
		x = s.apply(8, greatest, x, s.real(t, -above))
	}
	whole := s.rounded(t, x, toZero)
	high := s.rounded(t, s.commute(8, times, whole, s.real(t, 0x1p-32)), toFloor)
	low := s.vector(8)
	s.add(asm.VFMADD231PD, low, whole, high, s.real(t, -0x1p32)).destroys = true
	low = s.commute(8, bitXor, s.commute(8, sum, low, s.real(t, 0x1p52)), s.real(t, 0x1p52))
	high = s.immediate(8, leftBy, 32, s.commute(8, sum, high, s.real(t, magic)))
	out := s.commute(8, bitOr, high, low)
	tooLarge := s.predicate(t, x, s.real(t, above), atLeast)
	if !signed(to) {
		return s.commute(8, bitOr, out, tooLarge)
	}
	return s.blend(to, tooLarge, s.constant(to, math.MaxInt64), out)
}
