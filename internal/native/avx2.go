package native

import (
	"pullback/internal/lane"
	"pullback/internal/native/asm"
	"pullback/ir"
)

// avx2 selects instructions of AVX2 and FMA. Masks are vectors, all ones or zeros in each element,
// so that there is one for each size of elements.
type avx2 struct {
	*selector
	known
}

// known is what avx2 has found out about registers.
type known struct {
	integral map[virtual]bool // that hold no fractions
	binades  map[virtual]binade
}

func newAVX2(s *selector) instructionSet {
	return avx2{s, known{map[virtual]bool{}, map[virtual]binade{}}}
}

var _ instructionSet = avx2{}

func (avx2) bytes() int { return 32 }

func (s avx2) maskRegister(size int) virtual { return s.vector(size) }

// apply appends an instruction on elements of size bytes.
func (s avx2) apply(size int, p pair, in ...virtual) virtual {
	out := s.vector(size)
	s.add(sized(size, p.single, p.double), out, in...)
	return out
}

// commute is apply of an instruction whose operands may change places.
func (s avx2) commute(size int, p pair, x, y virtual) virtual {
	out := s.vector(size)
	s.add(sized(size, p.single, p.double), out, x, y).commutes = true
	return out
}

// immediate is apply of an instruction with an immediate operand.
func (s avx2) immediate(size int, p pair, imm int, in ...virtual) virtual {
	out := s.apply(size, p, in...)
	s.code[len(s.code)-1].imm = imm
	return out
}

var (
	bitAnd    = pair{asm.VANDPS, asm.VANDPD}
	bitAndNot = pair{asm.VANDNPS, asm.VANDNPD} // not the first, and the second
	bitOr     = pair{asm.VORPS, asm.VORPD}
	bitXor    = pair{asm.VXORPS, asm.VXORPD}
	blendV    = pair{asm.VBLENDVPS, asm.VBLENDVPD}
	addition  = pair{asm.VPADDD, asm.VPADDQ}
	subtract  = pair{asm.VPSUBD, asm.VPSUBQ}
	equals    = pair{asm.VPCMPEQD, asm.VPCMPEQQ}
	exceeds   = pair{asm.VPCMPGTD, asm.VPCMPGTQ}
	leftBy    = pair{asm.VPSLLDI, asm.VPSLLQI}
	rightBy   = pair{asm.VPSRLDI, asm.VPSRLQI}
)

// number translates an operation on numbers.
func (s avx2) number(code lane.Code, t ir.DType, in [3]virtual) (virtual, error) {
	if t.IsFloat() {
		return s.float(code, t, in)
	}
	return s.integer(code, t, in)
}

// canonical is x with the one NaN in the place of all.
func (s avx2) canonical(t ir.DType, x virtual) virtual {
	return s.blend(t, s.predicate(t, x, x, unordered), s.nan(t), x)
}

// Predicates of VCMP, none of which signals for quiet NaNs.
const (
	equal       = 0
	unordered   = 3
	notEqual    = 4
	ordered     = 7
	less        = 0x11
	lessOrEqual = 0x12
	notLess     = 0x15
	atLeast     = 0x1d
	greater     = 0x1e
)

// floatPredicate is the one of a comparison.
func floatPredicate(code lane.Code) int {
	switch code {
	case lane.Equal:
		return equal
	case lane.NotEqual:
		return notEqual
	case lane.Less:
		return less
	}
	return lessOrEqual
}

// predicate is a mask of the lanes for which a predicate of VCMP holds.
func (s avx2) predicate(t ir.DType, x, y virtual, predicate int) virtual {
	return s.immediate(sizeOf(t), pair{asm.VCMPPS, asm.VCMPPD}, predicate, x, y)
}

func (s avx2) compare(code lane.Code, t ir.DType, x, y virtual) virtual {
	size := sizeOf(t)
	if t.IsFloat() {
		p := floatPredicate(code)
		if s.registers[x].constant { // the second operand can be in memory
			x, y = y, x
			switch p {
			case less:
				p = greater
			case lessOrEqual:
				p = atLeast
			}
		}
		return s.predicate(t, x, y, p)
	}
	switch code {
	case lane.Equal:
		return s.commute(size, equals, x, y)
	case lane.NotEqual:
		return s.not(size, s.commute(size, equals, x, y))
	case lane.Less:
		return s.greater(t, y, x)
	}
	return s.not(size, s.greater(t, x, y))
}

// greater is x > y for integers.
func (s avx2) greater(t ir.DType, x, y virtual) virtual {
	return s.apply(sizeOf(t), exceeds, s.ordered(t, x), s.ordered(t, y))
}

// ordered is an integer with the sign flipped if it is unsigned: in the order of signed ones.
func (s avx2) ordered(t ir.DType, x virtual) virtual {
	sign := uint64(1) << (t.Bits() - 1)
	switch r := s.registers[x]; {
	case signed(t):
		return x
	case r.repeated():
		return s.constant(t, r.bits^sign)
	}
	return s.commute(sizeOf(t), bitXor, x, s.constant(t, sign))
}

// ones has all bits.
func (s avx2) ones(size int) virtual { return s.constantOf(size, ^uint64(0)>>(64-8*size)) }

func (s avx2) not(size int, x virtual) virtual {
	return s.commute(size, bitXor, x, s.ones(size))
}

func (s avx2) isZero(x virtual) bool {
	r := s.registers[x]
	return r.repeated() && r.bits == 0
}

// blend is x in the lanes of a mask, and y in the others.
func (s avx2) blend(t ir.DType, mask, x, y virtual) virtual {
	switch size := sizeOf(t); {
	case s.isZero(y):
		return s.commute(size, bitAnd, mask, x)
	case s.isZero(x):
		return s.apply(size, bitAndNot, mask, y)
	default:
		out := s.apply(size, blendV, y, x, mask)
		if t.IsFloat() {
			s.stillIntegral(t, out, x, y)
		}
		return out
	}
}

func (s avx2) merge(size int, old, mask, x virtual) {
	s.add(sized(size, asm.VBLENDVPS, asm.VBLENDVPD), old, old, x, mask)
}

// logic translates operations on masks.
func (s avx2) logic(code lane.Code, size int, in [3]virtual, imm uint64) virtual {
	switch code {
	case lane.And:
		return s.commute(size, bitAnd, in[0], in[1])
	case lane.Or:
		return s.commute(size, bitOr, in[0], in[1])
	case lane.Xor, lane.NotEqual:
		return s.commute(size, bitXor, in[0], in[1])
	case lane.Equal:
		return s.commute(size, equals, in[0], in[1])
	case lane.Not:
		return s.not(size, in[0])
	case lane.Select:
		return s.apply(size, blendV, in[2], in[1], in[0])
	}
	if imm == 0 {
		return s.constantOf(size, 0)
	}
	return s.ones(size)
}

func (s avx2) mergeMask(size int, old, mask, x virtual) { s.merge(size, old, mask, x) }

// ofWidth is a new register.
func (s avx2) ofWidth(w asm.Width) virtual { return s.register(register{width: w}) }

// halved is a new register of half the width, but not less than 128 bits.
func (s avx2) halved(x virtual) virtual { return s.ofWidth(max(s.registers[x].width, 1) - 1) }

// halfOf is four of eight lanes: what works on the lower ones takes the register as it is.
func (s avx2) halfOf(x virtual, number int) virtual {
	if number == 0 {
		return x
	}
	out := s.ofWidth(asm.Bits128)
	s.add(asm.VEXTRACTF128, out, x).imm = number
	return out
}

func (s avx2) join(x, y virtual) virtual {
	out := s.ofWidth(asm.Bits256)
	s.add(asm.VINSERTF128, out, x, y).imm = 1
	return out
}

func (s avx2) splitMask(x virtual, number int) virtual {
	if s.halves() == 2 {
		x = s.halfOf(x, number)
	}
	out := s.vector(8)
	s.add(asm.VPMOVSXDQ, out, x)
	return out
}

func (s avx2) joinMasks(x, y virtual) virtual {
	if s.halves() == 1 && s.width(8) == asm.Bits256 {
		return s.narrow(x)
	}
	if s.halves() == 1 { // elements that are no lanes are not set
		out := s.ofWidth(asm.Bits128)
		s.add(asm.VPACKSSDW, out, x, s.constantOf(8, 0))
		return out
	}
	packed := s.ofWidth(asm.Bits256) // the halves of x and y in turn
	s.add(asm.VPACKSSDW, packed, x, y)
	out := s.ofWidth(asm.Bits256)
	s.add(asm.VPERMQ, out, packed).imm = 0b11_01_10_00
	return out
}

// narrow is the low halves of 8-byte elements.
func (s avx2) narrow(x virtual) virtual {
	const even = 0b10_00_10_00
	out := s.ofWidth(asm.Bits128)
	if s.registers[x].width == asm.Bits128 {
		s.add(asm.VPSHUFD, out, x).imm = even
		return out
	}
	low, high := s.ofWidth(asm.Bits128), s.halfOf(x, 1)
	s.move(low, x)
	s.add(asm.VSHUFPS, out, low, high).imm = even
	return out
}

func (s avx2) active(size, number int) virtual {
	return s.read(loadOp(size), size, frameAt(activeAt(size, number))).out
}
