// Package asm encodes machine code for amd64: the legacy instructions that addresses and loops
// need, and the vector instructions of AVX2, FMA and AVX-512 (F, VL, DQ, BW).
//
// An instruction is written as in Intel's manual, the destination first:
//
//	a.Emit(asm.VFMADD231PD, asm.Under{K: asm.K1}, asm.Z(0), asm.Z(1), asm.At(asm.RAX, 64))
//
// Source of all encodings: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2.
package asm

// Op is an instruction: all that the manual's line of it says, in bit fields. The constants have
// the manual's names; where one mnemonic has a second encoding with other operands, a suffix says
// which (K: a mask register, R: a general register, S: a store, I: an immediate count).
type Op uint64

// The fields.
const (
	// The lowest byte is the opcode.

	p66 Op = 1 << 8 // mandatory prefixes
	pF3 Op = 2 << 8
	pF2 Op = 3 << 8

	m0F Op = 1 << 10 // opcode maps
	m38 Op = 2 << 10
	m3A Op = 3 << 10

	w     Op = 1 << 12 // VEX.W, or REX.W of a legacy instruction
	ew    Op = 1 << 13 // EVEX.W, which makes a broadcast element 8 bytes instead of 4
	vex   Op = 1 << 14 // what encodings there are; neither means legacy
	evex  Op = 1 << 15
	l1    Op = 1 << 16 // VEX.L is 1 though no vector register says so
	imm   Op = 1 << 17 // an immediate byte follows
	mixed Op = 1 << 18 // vectors of several widths; the widest counts
	mem   Op = 1 << 19 // no register in the place of memory

	// Where operands go, in their order: r is ModRM.reg, v is VEX.vvvv, m is ModRM.rm, s is the
	// upper half of the immediate byte.
	layout Op = 15 << 20
	rm     Op = 0 << 20
	rvm    Op = 1 << 20
	mr     Op = 2 << 20
	vm     Op = 3 << 20 // ModRM.reg is the digit
	rvms   Op = 4 << 20
	rmv    Op = 5 << 20
	mvr    Op = 12 << 20
	alone  Op = 6 << 20 // no operands
	// Legacy ones.
	arithmetic Op = 7 << 20  // the eight operations with forms rm, mr and mi; the digit says which
	move       Op = 8 << 20  // mov
	single     Op = 9 << 20  // m; ModRM.reg is the digit
	shift      Op = 10 << 20 // m and a count
	multiply   Op = 11 << 20 // r, m and an immediate of 8 or 32 bits

	// The size of memory, by which EVEX scales a displacement of 8 bits.
	size    Op = 15 << 24
	full    Op = 1 << 24 // a vector, or one element broadcast
	half    Op = 2 << 24 // half of one, or one element broadcast
	whole   Op = 3 << 24 // a vector
	halfOf  Op = 4 << 24
	quarter Op = 5 << 24
	eighth  Op = 6 << 24
	one     Op = 7 << 24 // bytes
	two     Op = 8 << 24
	four    Op = 9 << 24
	eight   Op = 10 << 24
	sixteen Op = 11 << 24
	thirty2 Op = 12 << 24
	dup     Op = 13 << 24 // 8 bytes for two lanes, a vector for more

	// Kinds of register where they are not vectors.
	rMask Op = 1 << 28
	vMask Op = 1 << 29
	mMask Op = 1 << 30
	rReg  Op = 1 << 31
	vReg  Op = 1 << 32
	mReg  Op = 1 << 33
	lanes Op = 1 << 34 // memory is indexed by a vector

	digitShift    = 35
	digit      Op = 7 << digitShift
	d1         Op = 1 << digitShift
	d2         Op = 2 << digitShift
	d3         Op = 3 << digitShift
	d4         Op = 4 << digitShift
	d5         Op = 5 << digitShift
	d6         Op = 6 << digitShift
	d7         Op = 7 << digitShift
)

func (o Op) has(bits Op) bool { return o&bits == bits }

// Reads says whether the last vector operand of o may be memory, or the one before a mask.
func (o Op) Reads() bool {
	l := o & layout
	return o&size != 0 && (l == rm || l == rvm || l == vm || l == rvms)
}

// MaskLast says whether the last operand of o is a vector that is a mask.
func (o Op) MaskLast() bool { return o&layout == rvms }

// Broadcasts says whether the last vector operand may be one element in memory, for all lanes.
func (o Op) Broadcasts() bool {
	return o.has(evex) && o.Reads() && (o&size == full || o&size == half)
}

// elementBytes is the size of an element that is broadcast.
func (o Op) elementBytes() int {
	if o.has(ew) {
		return 8
	}
	return 4
}

// memoryBytes is the number of bytes that o reads or writes in memory, 0 if it does not.
func (o Op) memoryBytes(w Width, broadcast bool) int {
	if broadcast {
		return o.elementBytes()
	}
	switch o & size {
	case full, whole:
		return w.Bytes()
	case half, halfOf:
		return w.Bytes() / 2
	case dup:
		if w == Bits128 {
			return 8
		}
		return w.Bytes()
	case quarter:
		return w.Bytes() / 4
	case eighth:
		return w.Bytes() / 8
	case one, two, four, eight, sixteen, thirty2:
		return 1 << ((o&size - one) / (two - one))
	}
	return 0
}
