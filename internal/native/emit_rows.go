package native

import "pullback/internal/native/asm"

// In a foreach of several rows regEnd is where the current row ends, and its place in memory the
// end of all. The caller knows the number of the first block of its range.

// inRow makes the number of a lane that in its row.
func (e *emitter) inRow(r asm.Reg, f *foreach) {
	if f.rows() {
		e.Emit(asm.SUB, r, at(atRow))
	}
}

// beginRows begins the first row; regEnd is the end of all.
func (e *emitter) beginRows(f *foreach) {
	e.Emit(asm.MOV, at(atLast), regEnd)
	e.Emit(asm.MOV, at(atRow), regLane)
	e.Emit(asm.LEA, regEnd, asm.At(regLane, int32(f.row)))
	if f.divided {
		return
	}
	e.Emit(asm.MOV, at(atBlock), asm.Imm(0))
}

// nextRow goes to the next row, if there is one.
func (e *emitter) nextRow(l *loop) {
	e.Emit(asm.MOV, regLane, regEnd)
	e.Emit(asm.CMP, regLane, at(atLast))
	e.JumpIf(asm.GreaterOrEqual, l.end)
	e.Emit(asm.MOV, at(atLane), regLane)
	e.Emit(asm.MOV, at(atRow), regLane)
	e.Emit(asm.ADD, regEnd, asm.Imm(l.foreach.row))
	e.Emit(asm.MOV, asm.RAX, at(atBlock))
	e.Emit(asm.ADD, asm.RAX, asm.Imm(l.foreach.blocks))
	e.Emit(asm.MOV, at(atBlock), asm.RAX)
	e.Emit(asm.TEST, regShort, regShort)
	e.JumpIf(asm.Equal, l.head)
	e.Emit(asm.MOV, regShort, asm.Imm(0))
	e.Emit(asm.MOV, at(atShort), regShort)
	e.set.setActive(e, true)
	e.Jump(l.head)
}
