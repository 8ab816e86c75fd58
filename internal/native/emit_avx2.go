package native

import (
	"encoding/binary"

	"pullback/internal/native/asm"
)

func (avx2) broadcasts() bool { return false }

// setActive compares the number of each lane with how many there are.
func (avx2) setActive(e *emitter, all bool) {
	e.setBits(all)
	for _, size := range []int{4, 8} {
		w := e.width(size)
		count, mask := asm.V(w, e.scratch), asm.V(w, e.scratch+1)
		e.Emit(asm.VMOVQ, asm.X(e.scratch), asm.RCX)
		e.Emit(sized(size, asm.VPBROADCASTD, asm.VPBROADCASTQ), count, asm.X(e.scratch))
		for k := range e.parts(size) {
			var numbers []byte
			for j := range w.Bytes() / size {
				n := binary.LittleEndian.AppendUint64(nil, uint64(k*e.perPart(size)+j))
				numbers = append(numbers, n[:size]...)
			}
			e.Emit(sized(size, asm.VPCMPGTD, asm.VPCMPGTQ), mask, count, e.Constant(numbers))
			e.Emit(asm.VMOVUPSS, at(activeAt(size, k)), mask)
		}
	}
}

func (avx2) partly(e *emitter, i *instruction, operands []asm.Operand) {
	mask := asm.V(e.bytesWidth(operands), e.scratch+1)
	number := i.memory.number
	switch i.op {
	case asm.VPMOVZXBD:
		e.loadBytes(i.op, number, 4, operands[0], operands[1].(asm.Mem))
		return
	case asm.VPMOVZXBQ:
		e.loadBytes(i.op, number, 8, operands[0], operands[1].(asm.Mem))
		return
	case loadOp(4), storeOp(4):
		e.Emit(asm.VMOVUPS, mask, at(activeAt(4, number)))
	default:
		e.Emit(asm.VMOVUPS, mask, at(activeAt(8, number)))
	}
	e.masked(i, operands, mask)
}

// bytesWidth is the width of the vector among operands.
func (e *emitter) bytesWidth(operands []asm.Operand) asm.Width {
	for _, o := range operands {
		if v, ok := o.(asm.Vec); ok {
			return v.Width()
		}
	}
	return asm.Bits256
}

// masked is a load or a store of the lanes of a mask.
func (e *emitter) masked(i *instruction, operands []asm.Operand, mask asm.Vec) {
	switch i.op {
	case loadOp(4):
		e.Emit(asm.VMASKMOVPS, operands[0], mask, operands[1])
	case loadOp(8):
		e.Emit(asm.VMASKMOVPD, operands[0], mask, operands[1])
	case storeOp(4):
		e.Emit(asm.VMASKMOVPSS, operands[0], mask, operands[1])
	case storeOp(8):
		e.Emit(asm.VMASKMOVPDS, operands[0], mask, operands[1])
	}
}

// under stores whole vectors where the mask has all lanes: some processors take long to store
// under one.
func (avx2) under(e *emitter, i *instruction, operands []asm.Operand) {
	size := 4
	if i.op == storeOp(8) {
		size = 8
	}
	mask := e.vectorOf(i.under, 1, 0, false).(asm.Vec)
	if e.alwaysShort() {
		e.masked(i, operands, mask)
		return
	}
	some, done := e.NewLabel(), e.NewLabel()
	e.Emit(moveMask(size), asm.RDX, mask)
	e.Emit(asm.CMP, asm.RDX, asm.Imm(1<<e.perPart(size)-1))
	e.JumpIf(asm.NotEqual, some)
	e.Emit(i.op, operands...)
	e.Bind(done)
	e.late = append(e.late, func() {
		e.Bind(some)
		e.masked(i, operands, mask)
		e.Jump(done)
	})
}

// moveMask takes the elements' highest bits.
func moveMask(size int) asm.Op { return sized(size, asm.VMOVMSKPS, asm.VMOVMSKPD) }

// maskBits puts the lanes of a mask for elements of size bytes into a register.
func (e *emitter) maskBits(to asm.Reg, mask virtual, size int) {
	m := e.vectorOf(mask, 0, 0, false).(asm.Vec)
	e.Emit(moveMask(size), to, m)
	if n := e.perPart(size); n < m.Width().Bytes()/size {
		e.Emit(asm.AND, to, asm.Imm(1<<n-1))
	}
}

// orTest ORs all masks into the first scratch register.
func (avx2) orTest(e *emitter, masks []virtual) {
	first := e.vectorOf(masks[0], 0, 0, false).(asm.Vec)
	for _, m := range masks[1:] {
		to := asm.V(first.Width(), e.scratch)
		e.Emit(asm.VORPS, to, first, e.vectorOf(m, 1, asm.VORPS, true))
		first = to
	}
	e.Emit(asm.VPTEST, first, first)
}

func (avx2) lowest(e *emitter, mask virtual) {
	e.Emit(asm.VMOVDS, asm.RAX, e.lowOf(mask))
	e.Emit(asm.TEST, asm.RAX, asm.RAX)
}

func (avx2) laneBits(e *emitter, masks []virtual, size int) {
	for k, m := range masks {
		if k == 0 {
			e.maskBits(asm.RAX, m, size)
			continue
		}
		e.maskBits(asm.RDX, m, size)
		e.Emit(asm.SHL, asm.RDX, asm.Imm(k*e.perPart(size)))
		e.Emit(asm.OR, asm.RAX, asm.RDX)
	}
}

func (avx2) anyUnset(e *emitter, masks []virtual, size int) asm.Condition {
	all := e.vectorOf(masks[0], 0, 0, false).(asm.Vec)
	for _, m := range masks[1:] {
		to := asm.V(all.Width(), e.scratch)
		e.Emit(asm.VANDPS, to, all, e.vectorOf(m, 1, asm.VANDPS, true))
		all = to
	}
	e.Emit(moveMask(size), asm.RAX, all)
	if n := e.perPart(size); n < all.Width().Bytes()/size {
		e.Emit(asm.AND, asm.RAX, asm.Imm(1<<n-1))
	}
	e.Emit(asm.CMP32, asm.RAX, asm.Imm(1<<e.perPart(size)-1))
	return asm.NotEqual
}
