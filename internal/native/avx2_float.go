package native

import (
	"math"

	"pullback/internal/lane"
	"pullback/internal/native/asm"
	"pullback/ir"
)

var (
	sum        = pair{asm.VADDPS, asm.VADDPD}
	difference = pair{asm.VSUBPS, asm.VSUBPD}
	times      = pair{asm.VMULPS, asm.VMULPD}
	least      = pair{asm.VMINPS, asm.VMINPD} // the second, if there is a NaN or both are zero
	greatest   = pair{asm.VMAXPS, asm.VMAXPD} // likewise
	round      = pair{asm.VROUNDPS, asm.VROUNDPD}
)

// The ways of round; they raise no exception for being inexact.
const (
	toNearest = 8 + iota
	toFloor
	toCeil
	toZero
)

// float translates an operation on floats of type t.
func (s avx2) float(code lane.Code, t ir.DType, in [3]virtual) (virtual, error) {
	x, y, size := in[0], in[1], sizeOf(t)
	switch code {
	case lane.Add:
		return s.stillIntegral(t, s.commute(size, sum, x, y), x, y), nil
	case lane.Sub:
		return s.stillIntegral(t, s.apply(size, difference, x, y), x, y), nil
	case lane.Mul:
		return s.commute(size, times, x, y), nil
	case lane.Div:
		return s.apply(size, pair{asm.VDIVPS, asm.VDIVPD}, x, y), nil
	case lane.Sqrt:
		return s.apply(size, pair{asm.VSQRTPS, asm.VSQRTPD}, x), nil
	case lane.Min:
		return s.minimum(t, x, y), nil
	case lane.Max:
		return s.maximum(t, x, y), nil
	case lane.Round:
		return s.rounded(t, x, toNearest), nil
	case lane.Floor:
		return s.rounded(t, x, toFloor), nil
	case lane.Ceil:
		return s.rounded(t, x, toCeil), nil
	case lane.Trunc:
		return s.rounded(t, x, toZero), nil
	case lane.Exponent:
		return s.binade(t, x).exponent, nil
	case lane.Mantissa:
		return s.binade(t, x).mantissa, nil
	case lane.Scale:
		return s.scale(t, x, y), nil
	case lane.CopySign:
		return s.copySign(t, x, y), nil
	case lane.Neg:
		return s.stillIntegral(t, s.commute(size, bitXor, x, s.sign(t)), x, x), nil
	case lane.Abs:
		return s.stillIntegral(t, s.abs(t, x), x, x), nil
	}
	return none, unsupported("%v of %v", code, t)
}

// stillIntegral is out, of which is known that it holds no fractions if x and y do not: a sum of
// such numbers is one, or so large that all are.
func (s avx2) stillIntegral(t ir.DType, out, x, y virtual) virtual {
	s.integral[out] = s.isIntegral(t, x) && s.isIntegral(t, y)
	return out
}

func (s avx2) isIntegral(t ir.DType, x virtual) bool {
	r := s.registers[x]
	if !r.repeated() {
		return s.integral[x]
	}
	f := floatOf(t, r.bits)
	return f == math.Floor(f)
}

func (s avx2) rounded(t ir.DType, x virtual, mode int) virtual {
	if s.isIntegral(t, x) {
		return x
	}
	out := s.immediate(sizeOf(t), round, mode, x)
	s.integral[out] = true
	return out
}

func (s avx2) sign(t ir.DType) virtual { return s.constant(t, 1<<(t.Bits()-1)) }

func (s avx2) abs(t ir.DType, x virtual) virtual {
	return s.commute(sizeOf(t), bitAnd, x, s.constant(t, 1<<(t.Bits()-1)-1))
}

// minimum is that of IEEE-2019: the OR of both orders has the sign of -0 and remains a NaN.
func (s avx2) minimum(t ir.DType, x, y virtual) virtual {
	size := sizeOf(t)
	if c, z, ok := s.plainConstant(t, x, y); ok {
		return s.apply(size, least, c, z)
	}
	return s.commute(size, bitOr, s.apply(size, least, x, y), s.apply(size, least, y, x))
}

// maximum is that of IEEE-2019: the AND of both orders has the sign of +0, and all ones are a NaN.
func (s avx2) maximum(t ir.DType, x, y virtual) virtual {
	size := sizeOf(t)
	if c, z, ok := s.plainConstant(t, x, y); ok {
		return s.apply(size, greatest, c, z)
	}
	both := s.commute(size, bitAnd, s.apply(size, greatest, x, y), s.apply(size, greatest, y, x))
	return s.commute(size, bitOr, both, s.predicate(t, x, y, unordered))
}

// copySign takes the sign of a NaN as positive.
func (s avx2) copySign(t ir.DType, x, y virtual) virtual {
	size := sizeOf(t)
	sign := s.commute(size, bitAnd, y, s.sign(t))
	if r := s.registers[y]; !r.constant {
		sign = s.commute(size, bitAnd, sign, s.predicate(t, y, y, ordered))
	} else if r.row == 0 {
		sign = s.constant(t, lane.Canonical(t, r.bits)&(1<<(t.Bits()-1)))
	}
	return s.commute(size, bitOr, s.abs(t, x), sign)
}
