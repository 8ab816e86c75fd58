package native

import (
	"encoding/binary"
	"slices"

	"pullback/internal/lane"
	"pullback/internal/native/asm"
)

// emitter encodes a selection.
type emitter struct {
	asm.Assembler
	*selection
	*allocation
	set     emission
	frame   layout
	scratch int           // the first of two vectors for operands and results that have no register
	held    [2]held       // what is in those
	list    []asm.Operand // of the instruction that is encoded
	read    asm.Mem       // what vectorOf gave last, if it is in memory
	late    []func()      // code that is rarely run, behind the rest
}

// emission is what a set of instructions encodes its own way.
type emission interface {
	// broadcasts says whether instructions can read one element for all lanes.
	broadcasts() bool
	// setActive writes the masks of the lanes of a gang that the frame keeps: all, or those whose
	// number from RAX on is below RCX.
	setActive(e *emitter, all bool)
	// partly encodes a load or store of the active lanes only.
	partly(e *emitter, i *instruction, operands []asm.Operand)
	// under encodes a store in the lanes of i.under.
	under(e *emitter, i *instruction, operands []asm.Operand)
	// orTest sets the zero flag if the masks have no lane; lowest tests that of the first.
	orTest(e *emitter, masks []virtual)
	lowest(e *emitter, mask virtual)
	// laneBits puts the lanes of the masks, one after the other, into RAX. The masks are for
	// elements of size bytes.
	laneBits(e *emitter, masks []virtual, size int)
	// anyUnset encodes a test whose condition holds if a lane of the masks, for elements of size
	// bytes, is not set.
	anyUnset(e *emitter, masks []virtual, size int) asm.Condition
}

// emit encodes s.
func emit(s *selection, a *allocation, set emission, scratch int) ([]byte, layout, error) {
	e := &emitter{selection: s, allocation: a, set: set, scratch: scratch,
		frame: s.layout(a.slots)}
	for range s.labels {
		e.NewLabel()
	}
	e.NoAVX512 = !set.broadcasts()
	e.Grow(10*len(s.code) + 1024) // an instruction of AVX-512 has six bytes and more
	e.prologue()
	e.instructions(0, len(s.code))
	e.Emit(asm.MOV, at(atResume), asm.Imm(0))
	e.epilogue()
	for len(e.late) > 0 {
		late := e.late
		e.late = nil
		for _, f := range late {
			f()
		}
	}
	code, err := e.Finish()
	return code, e.frame, err
}

// at is a place in the frame.
func at(place int) asm.Mem { return asm.At(regFrame, int32(place)) }

// prologue loads the registers of a call and goes to where it stopped.
func (e *emitter) prologue() {
	e.Emit(asm.MOV, regFuel, at(atFuel))
	e.Emit(asm.MOV, regLane, at(atLane))
	e.Emit(asm.MOV, regEnd, at(atEnd))
	e.Emit(asm.MOV, regShort, at(atShort))
	for k := range min(len(e.accesses), len(cached)) {
		e.Emit(asm.MOV, cached[k], at(atBases+8*k))
	}
	if len(e.loops) == 0 {
		return
	}
	start := e.NewLabel()
	e.Emit(asm.MOV, asm.RAX, at(atResume))
	e.Emit(asm.TEST, asm.RAX, asm.RAX)
	e.JumpIf(asm.Equal, start)
	for k, l := range e.loops {
		e.Emit(asm.CMP, asm.RAX, asm.Imm(k+1))
		e.JumpIf(asm.Equal, l.resume)
	}
	e.Bind(start)
}

func (e *emitter) epilogue() {
	e.Emit(asm.VZEROUPPER)
	e.Emit(asm.RET)
}

// instructions encodes those from first on and before last.
func (e *emitter) instructions(first, last int) {
	for k := first; k < last; k++ {
		if e.code[k].form == unlikely {
			k = e.unlikely(k)
		} else {
			e.instruction(&e.code[k])
		}
	}
}

// instruction encodes one.
func (e *emitter) instruction(i *instruction) {
	switch i.form {
	case machine:
		e.machine(i)
	case copyRegister:
		e.copy(i.out, i.in[0])
	case mark:
		e.Bind(i.label)
	case skip:
		e.Jump(i.label)
	case skipUnless:
		e.set.lowest(e, i.in[0])
		e.JumpIf(asm.Equal, i.label)
	case skipBegun:
		e.Emit(asm.MOV, asm.RAX, regLane)
		e.inRow(asm.RAX, i.foreach)
		e.Emit(asm.AND, asm.RAX, asm.Imm(lane.ReduceBlock-1))
		e.JumpIf(asm.NotEqual, i.label)
	case skipInside:
		e.skipInside(i)
	case head:
		e.Bind(i.loop.head)
		if i.loop.foreach != nil {
			e.gang()
		}
	case leave:
		e.set.orTest(e, i.also)
		e.JumpIf(asm.Equal, i.label)
	case backEdge, next, begin:
		e.loopEdge(i)
	case laneBits:
		e.set.laneBits(e, i.also, i.imm)
		e.Emit(asm.MOV, at(atChosen), asm.RAX)
	case storeBit:
		e.set.laneBits(e, i.also, 4) // or 8: the lowest is the same
		e.Emit(asm.AND, asm.RAX, asm.Imm(1))
		e.Emit(asm.MOV, asm.RDX, asm.RAX)
		e.Emit(asm.MOVS8, e.memory(i.memory), asm.RDX)
	case constantMask:
		out := e.maskOf(i.out, -1)
		e.Emit(i.op, out, out, out)
		e.spillMask(i.out)
	case byLane:
		e.byLane(i.scalar)
	case written:
		i.write(e, i)
	case clearScratch:
		e.clearScratch()
	}
}

// machine encodes a machine instruction: operands without registers are read from memory by the
// instruction itself where they come last, and loaded before it otherwise.
func (e *emitter) machine(i *instruction) {
	if i.fused != nil && e.inMemory(i.in[1]) && !e.inMemory(i.in[2]) {
		i.op, i.in[1], i.in[2] = i.fused.f132, i.in[2], i.in[1] // x = x*z + y
	}
	if i.commutes && e.inMemory(i.in[0]) && !e.inMemory(i.in[1]) {
		i.in[0], i.in[1] = i.in[1], i.in[0]
	}
	store := i.out == none
	operands := e.list[:0]
	if store {
		operands = append(operands, e.memory(i.memory))
	} else {
		operands = append(operands, e.result(i))
	}
	last := 2
	for last >= 0 && i.in[last] == none {
		last--
	}
	read := last // what may be in memory
	if i.op.MaskLast() {
		read--
	}
	for k, v := range i.in {
		switch {
		case k > last || k == 0 && i.destroys:
		case e.registers[v].mask:
			operands = append(operands, e.maskOf(v, k))
		default:
			operands = append(operands, e.vectorOf(v, k, i.op, k == read && !store))
		}
	}
	if !store && i.memory != nil {
		operands = append(operands, e.memory(i.memory))
	}
	for k, o := range operands {
		if v, ok := o.(asm.Vec); ok && i.whole {
			operands[k] = e.whole(v)
		}
	}
	if i.imm >= 0 {
		operands = append(operands, asm.Imm(i.imm))
	}
	e.list = operands
	switch {
	case i.short:
		e.short(i, slices.Clone(operands))
	case i.under != none && store:
		e.set.under(e, i, slices.Clone(operands))
	case i.under != none:
		under := asm.Under{K: e.maskOf(i.under, 0), Zero: i.zero}
		e.Emit(i.op, slices.Insert(operands, 0, asm.Operand(under))...)
	default:
		e.Emit(i.op, operands...)
	}
	e.spill(i)
}

// short encodes a load or store that in a gang that lacks lanes leaves them out.
func (e *emitter) short(i *instruction, operands []asm.Operand) {
	if e.alwaysShort() {
		e.set.partly(e, i, operands)
		return
	}
	short, done := e.NewLabel(), e.NewLabel()
	e.Emit(asm.TEST, regShort, regShort)
	e.JumpIf(asm.NotEqual, short)
	e.Emit(i.op, operands...)
	e.Bind(done)
	e.late = append(e.late, func() {
		e.Bind(short)
		e.set.partly(e, i, operands)
		e.Jump(done)
	})
}

// inMemory says whether v has no register.
func (e *emitter) inMemory(v virtual) bool { return e.registers[v].constant || e.place[v] < 0 }

// same says whether v is where the result out goes.
func (e *emitter) same(v, out virtual) bool {
	return !e.inMemory(v) && e.place[v] == e.place[out]
}

// result is the register of i's result; of one that is overwritten it is filled first.
func (e *emitter) result(i *instruction) asm.Operand {
	r := e.registers[i.out]
	if r.mask {
		return e.maskOf(i.out, -1)
	}
	out := e.resultIn(i)
	if i.whole {
		out = e.whole(out)
	}
	if i.destroys && !e.same(i.in[0], i.out) {
		e.fill(out, i.in[0])
	}
	return out
}

// whole is the widest vector that has v.
func (e *emitter) whole(v asm.Vec) asm.Vec {
	if e.bytes == 64 {
		return asm.Z(v.Number())
	}
	return asm.Y(v.Number())
}

// copy moves one virtual register to another.
func (e *emitter) copy(to, from virtual) {
	if e.registers[to].mask {
		if to == from || e.place[to] >= 0 && e.place[to] == e.place[from] {
			return
		}
		e.copyMask(to, from)
		return
	}
	switch w := e.registers[to].width; {
	case e.place[to] >= 0 && !e.same(from, to):
		e.fill(asm.V(w, e.place[to]), from)
	case e.place[to] < 0 && !e.inMemory(from):
		e.store(to, asm.V(w, e.place[from]))
	case e.place[to] < 0 && (e.registers[from].constant || e.place[to] != e.place[from]):
		e.fill(asm.V(w, e.scratch), from)
		e.store(to, asm.V(w, e.scratch))
	}
}

// fill moves v to a vector register.
func (e *emitter) fill(to asm.Vec, v virtual) {
	switch r := e.registers[v]; {
	case !e.inMemory(v):
		e.Emit(asm.VMOVAPD, to, asm.V(to.Width(), e.place[v]))
	case !r.constant:
		e.Emit(asm.VMOVAPD, to, e.slotOf(v))
	case r.row != 0:
		e.Emit(asm.VMOVAPD, to, e.Constant(e.rows[r.row-1]))
	case r.bits == 0:
		e.Emit(asm.VXORPD, to, to, to)
	case r.size == 4:
		e.Emit(asm.VBROADCASTSS, to, e.Constant32(uint32(r.bits)))
	case to.Width() == asm.Bits128:
		e.Emit(asm.VMOVDDUP, to, e.Constant64(r.bits))
	default:
		e.Emit(asm.VBROADCASTSD, to, e.Constant64(r.bits))
	}
}

func (e *emitter) slotOf(v virtual) asm.Mem { return at(e.frame.slots + slot*(-1-e.place[v])) }

// vectorOf is operand k, where it is or in a register: one may be memory, if op reads it, and is
// to be used before the next.
func (e *emitter) vectorOf(v virtual, k int, op asm.Op, read bool) asm.Operand {
	r := e.registers[v]
	switch {
	case !e.inMemory(v):
		return asm.V(r.width, e.place[v])
	case read && op.Reads() && !r.constant:
		e.read = e.slotOf(v)
		return &e.read
	case read && op.Reads() && r.constant && r.row != 0:
		e.read = e.Constant(e.rows[r.row-1])
		return &e.read
	case read && op.Broadcasts() && r.constant && e.set.broadcasts():
		if r.size == 8 {
			e.read = e.Constant64(r.bits).All()
		} else {
			e.read = e.Constant32(uint32(r.bits)).All()
		}
		return &e.read
	case read && op.Reads() && r.constant && !e.set.broadcasts():
		e.read = e.Constant(r.spread())
		return &e.read
	}
	k = min(k, 1) // the third operand of a blend comes in where the second is read from memory
	to := asm.V(r.width, e.scratch+k)
	if h := e.holds(to, v); e.held[k] != h {
		e.fill(to, v)
		e.held[k] = h
	}
	return to
}

// spread is a constant's whole vector.
func (r register) spread() []byte {
	out := make([]byte, 0, r.width.Bytes())
	for len(out) < r.width.Bytes() {
		if r.size == 8 {
			out = binary.LittleEndian.AppendUint64(out, r.bits)
		} else {
			out = binary.LittleEndian.AppendUint32(out, uint32(r.bits))
		}
	}
	return out
}

// resultIn is the vector register of i's result: one for the moment if it goes to memory, which is
// that of the first operand if it replaces that, and otherwise not.
func (e *emitter) resultIn(i *instruction) asm.Vec {
	w := e.registers[i.out].width
	switch {
	case e.place[i.out] >= 0:
		return asm.V(w, e.place[i.out])
	case i.destroys:
		return asm.V(w, e.scratch)
	}
	return asm.V(w, e.scratch+1)
}

// spill stores a result that has no register.
func (e *emitter) spill(i *instruction) {
	switch {
	case i.out == none || e.place[i.out] >= 0:
	case e.registers[i.out].mask:
		e.spillMask(i.out)
	default:
		e.store(i.out, e.resultIn(i))
	}
}

// store writes the slot of a value.
func (e *emitter) store(v virtual, from asm.Vec) {
	e.Emit(asm.VMOVUPDS, e.slotOf(v), from)
	for k := range e.held {
		if e.held[k].slot == v {
			e.held[k] = held{}
		}
	}
}
