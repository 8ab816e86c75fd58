package native

import "pullback/internal/native/asm"

// Mask registers 1 to 5 are for values, those from 6 on for the moment of one instruction.
const (
	valueMasks  = 0b111110
	scratchMask = 6
)

func (avx512) broadcasts() bool { return true }

func (avx512) setActive(e *emitter, all bool) {
	e.setBits(all)
	for _, size := range []int{4, 8} {
		for k := range e.parts(size) {
			e.Emit(asm.MOV, asm.RDX, asm.RAX)
			if k > 0 {
				e.Emit(asm.SHR, asm.RDX, asm.Imm(k*e.perPart(size)))
			}
			e.Emit(asm.AND, asm.RDX, asm.Imm(1<<e.perPart(size)-1))
			e.Emit(asm.MOV, at(activeAt(size, k)), asm.RDX)
		}
	}
}

func (avx512) partly(e *emitter, i *instruction, operands []asm.Operand) {
	k := asm.K0 + scratchMask
	size := 4
	if i.op == loadOp(8) || i.op == storeOp(8) {
		size = 8
	}
	e.Emit(asm.KMOVW, k, at(activeAt(size, i.memory.number)))
	e.Emit(i.op, append([]asm.Operand{asm.Under{K: k, Zero: i.out != none}}, operands...)...)
}

func (avx512) under(e *emitter, i *instruction, operands []asm.Operand) {
	under := asm.Under{K: e.maskOf(i.under, 0)}
	e.Emit(i.op, append([]asm.Operand{under}, operands...)...)
}

// orTest ORs all masks into the first of the scratch masks.
func (avx512) orTest(e *emitter, masks []virtual) {
	first := e.maskOf(masks[0], 0)
	if len(masks) == 1 {
		e.Emit(asm.KORTESTW, first, first)
		return
	}
	for k, m := range masks[1:] {
		other := e.maskOf(m, 1)
		if k == len(masks)-2 {
			e.Emit(asm.KORTESTW, first, other)
			return
		}
		e.Emit(asm.KORW, asm.K0+scratchMask, first, other)
		first = asm.K0 + scratchMask
	}
}

func (avx512) lowest(e *emitter, mask virtual) {
	e.Emit(asm.KMOVWRS, asm.RAX, e.maskOf(mask, 0))
	e.Emit(asm.AND, asm.RAX, asm.Imm(1))
}

func (avx512) laneBits(e *emitter, masks []virtual, size int) {
	perPart := e.perPart(size)
	for k, m := range masks {
		e.Emit(asm.KMOVWRS, asm.RDX, e.maskOf(m, 0))
		e.Emit(asm.AND, asm.RDX, asm.Imm(1<<perPart-1))
		if k == 0 {
			e.Emit(asm.MOV, asm.RAX, asm.RDX)
			continue
		}
		e.Emit(asm.SHL, asm.RDX, asm.Imm(k*perPart))
		e.Emit(asm.OR, asm.RAX, asm.RDX)
	}
}

func (s avx512) anyUnset(e *emitter, masks []virtual, size int) asm.Condition {
	perPart := e.perPart(size)
	if perPart < 8 { // the only part
		s.laneBits(e, masks, size)
		e.Emit(asm.CMP, asm.RAX, asm.Imm(1<<perPart-1))
		return asm.NotEqual
	}
	const scratch = asm.K0 + scratchMask
	all := e.maskOf(masks[0], 0)
	join, test := asm.KANDW, asm.KORTESTW
	if perPart == 8 {
		test = asm.KORTESTB
	}
	for k, m := range masks[1:] {
		if perPart == 8 && k == len(masks)-2 {
			join, test = asm.KUNPCKBW, asm.KORTESTW // one after the other
		}
		e.Emit(join, scratch, all, e.maskOf(m, 1))
		all = scratch
	}
	e.Emit(test, all, all)
	return asm.AboveOrEqual // no carry, which all ones give
}

// saveMask and restoreMask move a mask register to and from the frame.
func (e *emitter) saveMask(k, place int) {
	e.Emit(asm.KMOVWS, at(place), asm.K0+asm.Mask(k))
}

func (e *emitter) restoreMask(k, place int) {
	e.Emit(asm.KMOVW, asm.K0+asm.Mask(k), at(place))
}

// maskOf is a mask register, loaded if v is in memory; operand -1 is the result, which spillMask
// stores.
func (e *emitter) maskOf(v virtual, operand int) asm.Mask {
	if e.place[v] >= 0 {
		return asm.K0 + asm.Mask(e.place[v])
	}
	to := asm.K0 + scratchMask + asm.Mask(max(operand, 0))
	if operand >= 0 {
		e.Emit(asm.KMOVW, to, e.slotOf(v))
	}
	return to
}

func (e *emitter) spillMask(v virtual) {
	if e.place[v] < 0 {
		e.Emit(asm.KMOVWS, e.slotOf(v), asm.K0+scratchMask)
	}
}

func (e *emitter) copyMask(to, from virtual) {
	if e.place[to] >= 0 && e.place[from] < 0 {
		e.Emit(asm.KMOVW, asm.K0+asm.Mask(e.place[to]), e.slotOf(from))
		return
	}
	k := e.maskOf(from, 0)
	if e.place[to] >= 0 {
		e.Emit(asm.KMOVW, asm.K0+asm.Mask(e.place[to]), k)
	} else {
		e.Emit(asm.KMOVWS, e.slotOf(to), k)
	}
}
