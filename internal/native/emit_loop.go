package native

import (
	"pullback/internal/lane"
	"pullback/internal/native/asm"
)

// alwaysShort says whether a vector has more lanes than a gang, which therefore always lacks some.
func (e *emitter) alwaysShort() bool { return e.lanes*4 < 16 }

// loopEdge encodes where loops begin and go back.
func (e *emitter) loopEdge(i *instruction) {
	l := i.loop
	switch i.form {
	case begin:
		if l.foreach.divided {
			e.Emit(asm.MOV, regLane, at(atLow))
			e.Emit(asm.MOV, regEnd, at(atHigh))
		} else {
			e.Emit(asm.MOV, regLane, asm.Imm(0))
			e.Emit(asm.MOV, regEnd, asm.Imm(l.foreach.extent))
		}
		e.Emit(asm.MOV, at(atLane), regLane)
		e.Emit(asm.MOV, regShort, asm.Imm(0))
		e.Emit(asm.MOV, at(atShort), regShort)
		e.Emit(asm.CMP, regLane, regEnd)
		e.JumpIf(asm.GreaterOrEqual, l.end)
		e.set.setActive(e, true)
		if l.foreach.rows() {
			e.beginRows(l.foreach)
		}
	case next:
		e.Emit(asm.ADD, regLane, asm.Imm(e.lanes))
		e.Emit(asm.MOV, at(atLane), regLane)
		e.burn(l)
		cont := e.Here()
		e.Emit(asm.CMP, regLane, regEnd)
		e.JumpIf(asm.Less, l.head)
		if l.foreach.rows() {
			e.nextRow(l)
		}
		e.Bind(l.end)
		e.late = append(e.late, func() {
			e.Bind(l.resume)
			e.restore(l)
			e.Jump(cont)
		})
	case backEdge:
		e.burn(l)
		e.Jump(l.head)
		e.late = append(e.late, func() {
			e.Bind(l.resume)
			e.restore(l)
			e.Jump(l.head)
		})
		e.Bind(l.end)
	}
}

// burn takes a back-edge's fuel, and stops the call if there is none left.
func (e *emitter) burn(l *loop) {
	stop := e.NewLabel()
	e.Emit(asm.SUB, regFuel, asm.Imm(l.fuel))
	e.JumpIf(asm.LessOrEqual, stop)
	e.late = append(e.late, func() {
		e.Bind(stop)
		e.save(l)
		for k := range e.loops {
			if e.loops[k] == l {
				e.Emit(asm.MOV, at(atResume), asm.Imm(k+1))
			}
		}
		e.Emit(asm.MOV, at(atEnd), regEnd)
		e.epilogue()
	})
}

// save and restore move what lives across a loop's back-edge.
func (e *emitter) save(l *loop) {
	for _, v := range e.across(l) {
		k := e.place[v]
		if r := e.registers[v]; r.mask {
			e.saveMask(k, atMasks+8*k)
		} else {
			e.Emit(asm.VMOVUPDS, at(atSaved+64*k), asm.V(r.width, k))
		}
	}
}

func (e *emitter) restore(l *loop) {
	for _, v := range e.across(l) {
		k := e.place[v]
		if r := e.registers[v]; r.mask {
			e.restoreMask(k, atMasks+8*k)
		} else {
			e.Emit(asm.VMOVUPD, asm.V(r.width, k), at(atSaved+64*k))
		}
	}
}

// setBits puts the number of the gang's lanes into RCX, if it has all, and their bits into RAX and
// the frame.
func (e *emitter) setBits(all bool) {
	if all {
		e.Emit(asm.MOV, asm.RCX, asm.Imm(e.lanes))
	}
	e.Emit(asm.MOV, asm.RAX, asm.Imm(-1))
	e.Emit(asm.BZHI, asm.RAX, asm.RAX, asm.RCX)
	e.Emit(asm.MOV, at(atBits), asm.RAX)
}

// gang begins one: the last may lack lanes.
func (e *emitter) gang() {
	short, whole := e.NewLabel(), e.NewLabel()
	e.Emit(asm.LEA, asm.RAX, asm.At(regLane, int32(e.lanes)))
	e.Emit(asm.CMP, asm.RAX, regEnd)
	e.JumpIf(asm.Greater, short)
	e.Bind(whole)
	e.late = append(e.late, func() {
		e.Bind(short)
		e.Emit(asm.MOV, asm.RCX, regEnd)
		e.Emit(asm.SUB, asm.RCX, regLane)
		e.set.setActive(e, false)
		e.Emit(asm.MOV, regShort, asm.Imm(1))
		e.Emit(asm.MOV, at(atShort), regShort)
		e.Jump(whole)
	})
}

// skipInside goes to a label unless the gang ends a block of lanes, or all.
func (e *emitter) skipInside(i *instruction) {
	ends := e.NewLabel()
	e.Emit(asm.LEA, asm.RAX, asm.At(regLane, int32(e.lanes)))
	e.Emit(asm.CMP, asm.RAX, regEnd)
	e.JumpIf(asm.GreaterOrEqual, ends)
	e.inRow(asm.RAX, i.foreach)
	e.Emit(asm.AND, asm.RAX, asm.Imm(lane.ReduceBlock-1))
	e.JumpIf(asm.NotEqual, i.label)
	e.Bind(ends)
}

// unlikely encodes instructions, up to its likely, behind the rest of the code. It returns the
// number of that.
func (e *emitter) unlikely(first int) int {
	i, last := &e.code[first], first
	for depth := 1; depth > 0; {
		switch last++; e.code[last].form {
		case unlikely:
			depth++
		case likely:
			depth--
		}
	}
	slow, done := e.NewLabel(), e.NewLabel()
	e.JumpIf(e.set.anyUnset(e, i.also, i.imm), slow)
	e.Bind(done)
	e.late = append(e.late, func() {
		e.Bind(slow)
		e.instructions(first+1, last)
		e.Jump(done)
	})
	return last
}
