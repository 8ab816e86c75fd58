package native

import "pullback/internal/native/asm"

// byLane encodes scalar code: a loop over the lanes, RDX being the lane's number. It takes RAX,
// RCX, RDX and RSI.
func (e *emitter) byLane(s *scalar) {
	counter := asm.RSI
	e.Emit(asm.MOV, counter, asm.Imm(0))
	moves := s.op == loadEach || s.op == storeEach
	if moves {
		e.Emit(asm.MOV, regShort, at(s.bits)) // lent
	}
	loop, after := e.NewLabel(), e.NewLabel()
	e.Bind(loop)
	if moves {
		e.moveEach(s, counter, after)
	} else {
		e.divide(s, counter)
	}
	e.Bind(after)
	e.Emit(asm.INC, counter)
	e.Emit(asm.CMP, counter, asm.Imm(s.lanes))
	e.JumpIf(asm.Less, loop)
	if moves {
		e.Emit(asm.MOV, regShort, at(atShort))
	}
}

// word is the lane's element of size bytes of an array in the frame.
func word(place, size int, counter asm.Reg) asm.Mem {
	return asm.Mem{Base: regFrame, Index: counter, Scale: size, Disp: int32(place)}
}

// move is the move of a general register's size bytes.
func move(size int) asm.Op {
	if size == 8 {
		return asm.MOV
	}
	return asm.MOV32
}

// moveEach loads or stores the lane's element, if the lane takes part.
func (e *emitter) moveEach(s *scalar, counter asm.Reg, after asm.Label) {
	if s.op == loadEach {
		e.Emit(asm.MOV, asm.RDX, asm.Imm(0))
		e.Emit(move(s.word), word(s.out, s.word, counter), asm.RDX)
	}
	e.Emit(asm.SHR, regShort, asm.Imm(1))
	e.JumpIf(asm.AboveOrEqual, after) // the bit that went out is zero
	e.Emit(asm.MOV, asm.RCX, word(s.x, 8, counter))
	m := asm.Mem{Base: regFrame, Index: asm.RCX, Scale: s.size, Disp: int32(s.memory.disp)}
	switch s.memory.base {
	case inBuffer:
		m.Base = e.baseOf(s.memory.access)
	case inScratch:
		m.Disp += int32(e.frame.scratch)
	}
	if s.op == loadEach {
		e.Emit(asm.MOVZX8, asm.RDX, m)
		e.Emit(move(s.word), word(s.out, s.word, counter), asm.RDX)
		return
	}
	e.Emit(move(s.word), asm.RDX, word(s.y, s.word, counter))
	if s.size == 1 {
		e.Emit(asm.MOVS8, m, asm.RDX)
	} else {
		e.Emit(move(s.size), m, asm.RDX)
	}
}

// divide puts the quotient or the remainder of the lane's x and y. Division by zero gives all
// ones and x, MinInt by -1 gives MinInt and 0: the processor would refuse both.
func (e *emitter) divide(s *scalar, counter asm.Reg) {
	mov := move(s.word)
	zero, minus, done := e.NewLabel(), e.NewLabel(), e.NewLabel()
	result := asm.RAX
	if s.op == remainder {
		result = asm.RDX
	}
	e.Emit(mov, asm.RAX, word(s.x, s.word, counter))
	e.Emit(mov, asm.RCX, word(s.y, s.word, counter))
	if s.signed && s.word == 4 {
		e.Emit(asm.MOVSXD, asm.RAX, asm.RAX)
		e.Emit(asm.MOVSXD, asm.RCX, asm.RCX)
	}
	e.Emit(asm.TEST, asm.RCX, asm.RCX)
	e.JumpIf(asm.Equal, zero)
	if s.signed {
		e.Emit(asm.CMP, asm.RCX, asm.Imm(-1))
		e.JumpIf(asm.Equal, minus)
		e.Emit(asm.CQO)
		e.Emit(asm.IDIV, asm.RCX)
	} else {
		e.Emit(asm.MOV, asm.RDX, asm.Imm(0))
		e.Emit(asm.DIV, asm.RCX)
	}
	e.Jump(done)
	e.Bind(minus)
	e.Emit(asm.NEG, asm.RAX)
	e.Emit(asm.MOV, asm.RDX, asm.Imm(0))
	e.Jump(done)
	e.Bind(zero)
	e.Emit(asm.MOV, asm.RDX, asm.RAX)
	e.Emit(asm.MOV, asm.RAX, asm.Imm(-1))
	e.Bind(done)
	e.Emit(mov, word(s.out, s.word, counter), result)
}
