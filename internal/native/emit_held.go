package native

import "pullback/internal/native/asm"

// held is a constant in a register.
type held struct {
	in   asm.Vec
	bits uint64
	size int
}

// Emit appends an instruction. It shadows the assembler's, to know when a constant is overwritten.
func (e *emitter) Emit(op asm.Op, operands ...asm.Operand) {
	if len(operands) > 0 {
		switch out := operands[0].(type) {
		case asm.Vec:
			if k := int(out&31) - e.scratch; k >= 0 {
				e.held[k] = held{}
			}
		case asm.Under:
			e.held = [3]held{}
		}
	}
	e.Assembler.Emit(op, operands...)
}

// Bind shadows the assembler's: what comes here from elsewhere holds other constants.
func (e *emitter) Bind(l asm.Label) {
	e.held = [3]held{}
	e.Assembler.Bind(l)
}

// Here likewise.
func (e *emitter) Here() asm.Label {
	e.held = [3]held{}
	return e.Assembler.Here()
}
