package native

import "pullback/internal/native/asm"

// held is what a register for the moment holds until it is overwritten: a value that has a slot
// in the frame, or a constant.
type held struct {
	in       asm.Vec
	slot     virtual
	constant virtual // of which there may be several for the same bits, unless they have bytes
	bits     uint64
	size     int
}

// holds is what a register holds after it was filled with v.
func (e *emitter) holds(in asm.Vec, v virtual) held {
	switch r := e.registers[v]; {
	case !r.constant:
		return held{in: in, slot: v, constant: none}
	case r.row != 0:
		return held{in: in, slot: none, constant: v}
	default:
		return held{in, none, none, r.bits, int(r.size)}
	}
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
			e.held = [2]held{}
		}
	}
	e.Assembler.Emit(op, operands...)
}

// Bind shadows the assembler's: what comes here from elsewhere holds other constants.
func (e *emitter) Bind(l asm.Label) {
	e.held = [2]held{}
	e.Assembler.Bind(l)
}

// Here likewise.
func (e *emitter) Here() asm.Label {
	e.held = [2]held{}
	return e.Assembler.Here()
}
