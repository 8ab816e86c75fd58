package native

import (
	"pullback/internal/lane"
	"pullback/internal/native/asm"
	"pullback/ir"
)

// avx512 selects instructions of AVX-512 F, VL, DQ and BW. Masks are mask registers, one for each
// part, whatever the size of elements.
type avx512 struct{ *selector }

var _ instructionSet = avx512{}

func (avx512) bytes() int { return 64 }

func (s avx512) maskRegister(int) virtual { return s.register(register{mask: true}) }

// either is the instruction for elements of t's size, 4 or 8 bytes.
func either(t ir.DType, single, double asm.Op) asm.Op { return sized(sizeOf(t), single, double) }

func sized(size int, single, double asm.Op) asm.Op {
	if size == 8 {
		return double
	}
	return single
}

// number translates an operation on numbers.
func (s avx512) number(code lane.Code, t ir.DType, in [3]virtual) (virtual, error) {
	if t.IsFloat() {
		return s.float(code, t, in)
	}
	return s.integer(code, t, in)
}

// canonical is x with the one NaN in the place of all.
func (s avx512) canonical(t ir.DType, x virtual) virtual {
	return s.blend(t, s.unordered(t, x), s.nan(t), x)
}

// unordered is the lanes in which x is a NaN.
func (s avx512) unordered(t ir.DType, x virtual) virtual { return s.predicate(t, x, x, 3) }

// predicate is a mask of the lanes for which a predicate of VCMP holds.
func (s avx512) predicate(t ir.DType, x, y virtual, predicate int) virtual {
	out := s.maskRegister(0)
	s.add(either(t, asm.VCMPPSK, asm.VCMPPDK), out, x, y).imm = predicate
	return out
}

func (s avx512) compare(code lane.Code, t ir.DType, x, y virtual) virtual {
	if t.IsFloat() {
		// Quiet predicates; what they say of NaN is what lane says.
		return s.predicate(t, x, y, floatPredicate(code))
	}
	op := either(t, asm.VPCMPUDK, asm.VPCMPUQK)
	if signed(t) {
		op = either(t, asm.VPCMPDK, asm.VPCMPQK)
	}
	predicate := 2 // of VPCMP: at most
	switch code {
	case lane.Equal:
		predicate = 0
	case lane.NotEqual:
		predicate = 4
	case lane.Less:
		predicate = 1
	}
	out := s.maskRegister(0)
	s.add(op, out, x, y).imm = predicate
	return out
}

// blend is x in the lanes of a mask, and y in the others.
func (s avx512) blend(t ir.DType, mask, x, y virtual) virtual {
	out := s.vector(sizeOf(t))
	s.add(either(t, asm.VBLENDMPS, asm.VBLENDMPD), out, y, x).under = mask
	return out
}

func (s avx512) merge(size int, old, mask, x virtual) {
	i := s.add(sized(size, asm.VMOVAPS, asm.VMOVAPD), old, old, x)
	i.under, i.destroys = mask, true
}

// logic translates operations on masks. Bits beyond a gang's lanes may be anything.
func (s avx512) logic(code lane.Code, _ int, in [3]virtual, imm uint64) virtual {
	out := s.maskRegister(0)
	switch code {
	case lane.Const:
		op := asm.KXORW
		if imm != 0 {
			op = asm.KXNORW
		}
		i := s.plain(constantMask)
		i.op, i.out = op, out
	case lane.And:
		s.add(asm.KANDW, out, in[0], in[1])
	case lane.Or:
		s.add(asm.KORW, out, in[0], in[1])
	case lane.Xor:
		s.add(asm.KXORW, out, in[0], in[1])
	case lane.Equal:
		s.add(asm.KXNORW, out, in[0], in[1])
	case lane.Not:
		s.add(asm.KNOTW, out, in[0])
	case lane.Select:
		yes, no := s.maskRegister(0), s.maskRegister(0)
		s.add(asm.KANDW, yes, in[0], in[1])
		s.add(asm.KANDNW, no, in[0], in[2]) // not in[0], and in[2]
		s.add(asm.KORW, out, yes, no)
	}
	return out
}

func (s avx512) mergeMask(size int, old, mask, x virtual) {
	s.move(old, s.logic(lane.Select, size, [3]virtual{mask, x, old}, 0))
}

// halfOf is eight of sixteen lanes: what works on the lower ones takes the register as it is.
func (s avx512) halfOf(x virtual, number int) virtual {
	if number == 0 {
		return x
	}
	out := s.register(register{width: asm.Bits256})
	s.add(asm.VEXTRACTF64X4, out, x).imm = number
	return out
}

func (s avx512) join(x, y virtual) virtual {
	out := s.register(register{width: asm.Bits512})
	s.add(asm.VINSERTF64X4, out, x, y).imm = 1
	return out
}

func (s avx512) splitMask(x virtual, number int) virtual {
	if number == 0 {
		return x
	}
	out := s.maskRegister(0)
	s.add(asm.KSHIFTRW, out, x).imm = 8
	return out
}

func (s avx512) joinMasks(x, y virtual) virtual {
	if s.halves() == 1 {
		return x
	}
	out := s.maskRegister(0)
	s.add(asm.KUNPCKBW, out, y, x)
	return out
}

// byteLanes is a register with a byte for each lane.
func (s avx512) byteLanes() virtual { return s.register(register{width: asm.Bits128}) }

func (s avx512) loadMask(size int, m memory) virtual {
	bytes, out := s.byteLanes(), s.maskRegister(0)
	under := s.active(size, m.number)
	i := s.add(asm.VMOVDQU8, bytes)
	i.memory, i.under, i.zero = &m, under, true
	s.add(asm.VPTESTMB, out, bytes, bytes)
	return out
}

func (s avx512) storeMask(size int, m memory, x, under virtual) {
	if under == none {
		under = s.active(size, m.number)
	}
	ones := s.register(register{width: asm.Bits128, constant: true, bits: 0x01010101, size: 4})
	bytes := s.byteLanes()
	i := s.add(asm.VMOVDQU8, bytes, ones)
	i.under, i.zero = x, true
	i = s.add(asm.VMOVDQU8S, none, bytes)
	i.memory, i.under = &m, under
}

func (s avx512) loadTruth(m memory) virtual {
	bytes, out := s.byteLanes(), s.maskRegister(0)
	s.add(asm.VPBROADCASTB, bytes).memory = &m
	s.add(asm.VPTESTMB, out, bytes, bytes)
	return out
}

func (s avx512) active(size, number int) virtual {
	m, out := frameAt(activeAt(size, number)), s.maskRegister(0)
	s.add(asm.KMOVW, out).memory = &m
	return out
}

// gather reads half as many elements of 4 bytes as their vectors have, if those of 8 bytes have
// two parts for one.
func (s avx512) gather(size int, m memory) virtual {
	op, out := asm.VGATHERQPD, s.vector(8)
	if size == 4 {
		op, out = asm.VGATHERQPS, s.register(register{width: max(s.width(8), 1) - 1})
	}
	mask := s.active(8, m.number)
	i := s.add(op, out)
	i.memory, i.under, i.apart = &m, mask, true
	return out
}
