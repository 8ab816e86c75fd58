package native

import (
	"math/bits"

	"pullback/internal/lane"
	"pullback/internal/native/asm"
)

// baseOf is the register of a base address: one that keeps it, or RAX.
func (e *emitter) baseOf(access int) asm.Reg {
	if access < len(cached) {
		return cached[access]
	}
	e.Emit(asm.MOV, asm.RAX, at(atBases+8*access))
	return asm.RAX
}

// memory is an address as the operand of an instruction; it may take RAX, RCX and RDX.
func (e *emitter) memory(m *memory) asm.Mem {
	out := asm.Mem{Base: regFrame, Disp: int32(m.disp)}
	switch m.base {
	case inBuffer:
		out.Base = e.baseOf(m.access)
	case inScratch:
		out.Disp += int32(e.frame.scratch)
	}
	scale := m.scale
	switch {
	case m.gather != none:
		out.Lanes = e.vectorOf(m.gather, 0, 0, false).(asm.Vec)
	case m.block != nil:
		e.Emit(asm.MOV, asm.RCX, regLane)
		e.inRow(asm.RCX, m.block)
		if m.gang {
			e.Emit(asm.MOV, asm.RDX, asm.RCX)
			e.Emit(asm.AND, asm.RDX, asm.Imm(lane.Accumulators-1))
		}
		e.Emit(asm.SHR, asm.RCX, asm.Imm(bits.TrailingZeros(lane.ReduceBlock)))
		if m.block.rows() {
			e.Emit(asm.ADD, asm.RCX, at(atBlock))
		}
		e.Emit(asm.SHL, asm.RCX, asm.Imm(bits.TrailingZeros(lane.Accumulators)))
		if m.gang {
			e.Emit(asm.ADD, asm.RCX, asm.RDX)
		}
		out.Index = asm.RCX
	case m.index != none:
		e.Emit(asm.VMOVQS, asm.RCX, e.lowOf(m.index))
		if m.lanes {
			e.Emit(asm.ADD, asm.RCX, regLane)
		}
		if scale > 8 {
			e.Emit(asm.IMULI, asm.RCX, asm.RCX, asm.Imm(scale))
			scale = 1
		}
		out.Index = asm.RCX
	case m.lanes:
		out.Index = regLane
	}
	if out.Index != 0 || out.Lanes != 0 {
		out.Scale = scale
	}
	return out
}

// lowOf is the lowest 128 bits of a vector.
func (e *emitter) lowOf(v virtual) asm.Vec {
	x := e.vectorOf(v, 0, 0, false).(asm.Vec)
	return asm.X(int(x & 31))
}

// clearScratch writes zeros over the scratch arrays.
func (e *emitter) clearScratch() {
	z := asm.V(widthOf(e.bytes), e.scratch)
	e.Emit(asm.VXORPD, z, z, z)
	e.Emit(asm.MOV, asm.RCX, asm.Imm(0))
	loop := e.Here()
	step := e.bytes
	e.Emit(asm.VMOVUPDS, asm.Mem{Base: regFrame, Index: asm.RCX, Scale: 1,
		Disp: int32(e.frame.scratch)}, z)
	e.Emit(asm.ADD, asm.RCX, asm.Imm(step))
	e.Emit(asm.CMP, asm.RCX, asm.Imm(e.scratchBytes))
	e.JumpIf(asm.Less, loop)
}

// widthOf is the width of a vector of so many bytes.
func widthOf(bytes int) asm.Width {
	switch bytes {
	case 64:
		return asm.Bits512
	case 32:
		return asm.Bits256
	}
	return asm.Bits128
}
