package native

import (
	"pullback/internal/native/asm"
)

// General registers. RDI is the frame's memory, as Call passes it.
const (
	regFrame = asm.RDI
	regLane  = asm.R8 // the first lane of the gang
	regEnd   = asm.R9
	regSlots = asm.RSI
)

// Vectors for operands that have no register, by the operand's number; the last one is also for
// results.
const scratch = vectorRegisters

// emitter encodes a selection.
type emitter struct {
	asm.Assembler
	*selection
	*allocation
	short bool // a gang that is not full
}

// emit encodes s: what comes before the loop, then full gangs, then a short one.
func emit(s *selection, a *allocation) ([]byte, error) {
	e := &emitter{selection: s, allocation: a}
	word := func(n int) asm.Mem { return asm.At(regFrame, int32(8*n)) }
	e.Emit(asm.MOV, regLane, word(wordLane))
	e.Emit(asm.MOV, regEnd, word(wordEnd))
	e.Emit(asm.MOV, regSlots, word(wordSlots))
	e.Emit(asm.MOV, asm.RAX, asm.Imm(1<<s.gang-1))
	e.Emit(asm.KMOVWR, asm.K7, asm.RAX)
	e.run(s.code[:s.loop])

	full, rest, done := e.NewLabel(), e.NewLabel(), e.NewLabel()
	e.Bind(full)
	e.Emit(asm.LEA, asm.RAX, asm.At(regLane, int32(s.gang)))
	e.Emit(asm.CMP, asm.RAX, regEnd)
	e.JumpIf(asm.Greater, rest)
	e.run(s.code[s.loop:])
	e.Emit(asm.ADD, regLane, asm.Imm(s.gang))
	e.Jump(full)

	e.Bind(rest)
	e.Emit(asm.SUB, regEnd, regLane)
	e.JumpIf(asm.LessOrEqual, done)
	e.Emit(asm.MOV, asm.RAX, asm.Imm(-1))
	e.Emit(asm.BZHI, asm.RAX, asm.RAX, regEnd)
	e.Emit(asm.KMOVWR, asm.K7, asm.RAX)
	e.short = true
	e.run(s.code[s.loop:])
	e.Bind(done)
	e.Emit(asm.VZEROUPPER)
	e.Emit(asm.RET)
	return e.Finish()
}

func (e *emitter) run(code []instruction) {
	for _, i := range code {
		e.instruction(i)
	}
}

// instruction encodes one: operands without registers are read from memory by the instruction
// itself where they come last, and loaded before it otherwise.
func (e *emitter) instruction(i instruction) {
	if i.fused != nil && e.inMemory(i.in[1]) && !e.inMemory(i.in[2]) {
		i.op, i.in[1], i.in[2] = i.fused.f132, i.in[2], i.in[1] // x = x*z + y
	}
	if i.commutes && e.inMemory(i.in[0]) && !e.inMemory(i.in[1]) {
		i.in[0], i.in[1] = i.in[1], i.in[0]
	}
	var operands []asm.Operand
	if under := i.under; under != none && (under != active || e.short || i.always) {
		operands = append(operands, asm.Under{K: e.maskOf(under, 0), Zero: i.zero})
	}
	store := i.out == none
	if store {
		operands = append(operands, e.memory(i.access))
	} else {
		operands = append(operands, e.result(i))
	}
	last := 2
	for last >= 0 && i.in[last] == none {
		last--
	}
	for k, v := range i.in {
		switch {
		case k > last || k == 0 && i.destroys:
		case e.registers[v].mask:
			operands = append(operands, e.maskOf(v, k))
		default:
			operands = append(operands, e.vectorOf(v, k, i.op, k == last && !store))
		}
	}
	if i.op == asm.VPBROADCASTQR {
		operands = append(operands, regLane)
	}
	if !store && i.access >= 0 {
		operands = append(operands, e.memory(i.access))
	}
	if i.imm >= 0 {
		operands = append(operands, asm.Imm(i.imm))
	}
	e.Emit(i.op, operands...)
	e.spill(i.out)
}

// inMemory says whether v has no register.
func (e *emitter) inMemory(v virtual) bool { return e.registers[v].constant || e.place[v] < 0 }

// same says whether v is where the result out goes.
func (e *emitter) same(v, out virtual) bool {
	return !e.inMemory(v) && e.place[v] == e.place[out]
}

// result is the register of i's result; of one that is overwritten it is filled first.
func (e *emitter) result(i instruction) asm.Operand {
	r := e.registers[i.out]
	if r.mask {
		if e.place[i.out] < 0 {
			return asm.K0 + maskScratch
		}
		return asm.K0 + asm.Mask(e.place[i.out])
	}
	out := asm.V(r.width, scratch+2)
	if e.place[i.out] >= 0 {
		out = asm.V(r.width, e.place[i.out])
	}
	if i.destroys && !e.same(i.in[0], i.out) {
		e.move(out, i.in[0])
	}
	return out
}

// move fills a vector register with v.
func (e *emitter) move(to asm.Vec, v virtual) {
	switch r := e.registers[v]; {
	case !e.inMemory(v):
		e.Emit(asm.VMOVAPD, to, asm.V(r.width, e.place[v]))
	case !r.constant:
		e.Emit(asm.VMOVAPD, to, e.slotOf(v))
	case r.steps != nil:
		e.Emit(asm.VMOVAPD, to, e.Constant(r.steps))
	case r.size == 8:
		e.Emit(asm.VPBROADCASTQ, to, e.Constant64(r.bits))
	default:
		e.Emit(asm.VPBROADCASTD, to, e.Constant32(uint32(r.bits)))
	}
}

func (e *emitter) slotOf(v virtual) asm.Mem {
	return asm.At(regSlots, int32(slotBytes*(-1-e.place[v])))
}

// vectorOf is operand k, where it is or in a register: the last one may be memory, if op reads it.
func (e *emitter) vectorOf(v virtual, k int, op asm.Op, last bool) asm.Operand {
	r := e.registers[v]
	switch {
	case !e.inMemory(v):
		return asm.V(r.width, e.place[v])
	case last && op.Reads() && !r.constant:
		return e.slotOf(v)
	case last && op.Broadcasts() && r.constant:
		return e.constantOf(r)
	}
	to := asm.V(r.width, scratch+k)
	e.move(to, v)
	return to
}

// constantOf is a constant as the last operand of an instruction that broadcasts.
func (e *emitter) constantOf(r register) asm.Mem {
	switch {
	case r.steps != nil:
		return e.Constant(r.steps)
	case r.size == 8:
		return e.Constant64(r.bits).All()
	default:
		return e.Constant32(uint32(r.bits)).All()
	}
}

// maskOf is operand k, loaded if it is in memory.
func (e *emitter) maskOf(v virtual, k int) asm.Mask {
	if e.place[v] >= 0 {
		return asm.K0 + asm.Mask(e.place[v])
	}
	to := asm.K0 + maskScratch + asm.Mask(k)
	e.Emit(asm.KMOVW, to, e.slotOf(v))
	return to
}

// spill stores a result that has no register.
func (e *emitter) spill(out virtual) {
	if out == none || e.place[out] >= 0 {
		return
	}
	if r := e.registers[out]; r.mask {
		e.Emit(asm.KMOVWS, e.slotOf(out), asm.K0+maskScratch)
	} else {
		e.Emit(asm.VMOVAPDS, e.slotOf(out), asm.V(r.width, scratch+2))
	}
}

// memory is where the gang's lanes read or write: the access's base, and the first lane's number
// times the size of an element. The number is masked to zero where one element stands for all.
func (e *emitter) memory(k int) asm.Mem {
	a := e.accesses[k]
	word := int32(8 * (wordAccesses + 2*k))
	e.Emit(asm.MOV, asm.RAX, asm.At(regFrame, word))
	if a.uniform {
		return asm.At(asm.RAX, 0)
	}
	e.Emit(asm.MOV, asm.RCX, asm.At(regFrame, word+8))
	e.Emit(asm.AND, asm.RCX, regLane)
	return asm.Mem{Base: asm.RAX, Index: asm.RCX, Scale: a.size}
}
