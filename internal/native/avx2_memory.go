package native

import (
	"pullback/internal/native/asm"
)

// write appends instructions that the emitter asks for themselves.
func (s avx2) write(f func(e *emitter, i *instruction)) *instruction {
	i := s.pseudo(written)
	i.write = f
	return i
}

func (s avx2) loadMask(size int, m memory) virtual {
	i := s.read(sized(size, asm.VPMOVZXBD, asm.VPMOVZXBQ), size, m)
	i.short = true
	return s.apply(size, exceeds, i.out, s.constantOf(size, 0))
}

func (s avx2) loadTruth(m memory) virtual {
	bytes := s.vector(s.masks)
	s.add(asm.VPBROADCASTB, bytes).memory = &m
	zero := s.vector(s.masks)
	s.add(asm.VPCMPEQB, zero, bytes, s.constantOf(s.masks, 0))
	return s.not(s.masks, zero)
}

// bytesOfOnes is the lowest bit of each byte.
const bytesOfOnes = 0x0101_0101_0101_0101

func (s avx2) storeMask(size int, m memory, x, under virtual) {
	i := s.write(func(e *emitter, i *instruction) {
		e.Emit(asm.LEA, asm.RAX, e.memory(i.memory))
		e.maskBits(asm.RDX, i.in[0], size)
		e.Emit(asm.MOV, asm.RCX, asm.Imm(bytesOfOnes))
		e.Emit(asm.PDEP, asm.RDX, asm.RDX, asm.RCX)
		some, done := e.NewLabel(), e.NewLabel()
		if i.in[1] != none || e.alwaysShort() {
			e.storeBytes(i, size)
			return
		}
		e.Emit(asm.TEST, regShort, regShort)
		e.JumpIf(asm.NotEqual, some)
		if e.perPart(size) == 8 {
			e.Emit(asm.MOV, asm.At(asm.RAX, 0), asm.RDX)
		} else {
			e.Emit(asm.MOV32, asm.At(asm.RAX, 0), asm.RDX)
		}
		e.Bind(done)
		e.late = append(e.late, func() {
			e.Bind(some)
			e.storeBytes(i, size)
			e.Jump(done)
		})
	})
	i.memory, i.in[0], i.in[1] = &m, x, under
}

// storeBytes stores the bytes of RDX at RAX, in the lanes of the mask in[1], or else of the gang.
func (e *emitter) storeBytes(i *instruction, size int) {
	lanes := e.perPart(size)
	if i.in[1] != none {
		e.maskBits(asm.RSI, i.in[1], size)
	} else {
		e.Emit(asm.MOV, asm.RSI, at(atBits))
		if n := i.memory.number; n > 0 {
			e.Emit(asm.SHR, asm.RSI, asm.Imm(n*lanes))
		}
	}
	for k := range lanes {
		skip := e.NewLabel()
		e.Emit(asm.SHR, asm.RSI, asm.Imm(1))
		e.JumpIf(asm.AboveOrEqual, skip) // the bit that went out is zero
		e.Emit(asm.MOVS8, asm.At(asm.RAX, int32(k)), asm.RDX)
		e.Bind(skip)
		e.Emit(asm.SHR, asm.RDX, asm.Imm(8))
	}
}

// loadBytes is op, which makes vectors of bytes, on those that a short gang has.
func (e *emitter) loadBytes(op asm.Op, number, size int, out asm.Operand, from asm.Mem) {
	lanes := e.perPart(size)
	e.Emit(asm.LEA, asm.RAX, from)
	e.Emit(asm.MOV, asm.RDX, at(atBits))
	if number > 0 {
		e.Emit(asm.SHR, asm.RDX, asm.Imm(number*lanes))
	}
	e.Emit(asm.MOV, at(atOut), asm.Imm(0))
	done := e.NewLabel()
	for k := range lanes {
		e.Emit(asm.SHR, asm.RDX, asm.Imm(1))
		e.JumpIf(asm.AboveOrEqual, done)
		e.Emit(asm.MOVZX8, asm.RCX, asm.At(asm.RAX, int32(k)))
		e.Emit(asm.MOVS8, at(atOut+k), asm.RCX)
	}
	e.Bind(done)
	e.Emit(op, out, at(atOut))
}

// gather reads half as many elements of 4 bytes as their vectors have, if those of 8 bytes have
// two parts for one. The instruction clears its mask, so that each has a copy from the frame.
func (s avx2) gather(size int, m memory) virtual {
	op, out, mask := asm.VGATHERQPD, s.vector(8), activeAt(8, m.number)
	if size == 4 {
		op, out = asm.VGATHERQPS, s.halved(out)
		mask = activeAt(4, m.number/s.halves()) + 16*(m.number%s.halves())
	}
	i := s.write(func(e *emitter, i *instruction) {
		from, to := e.memory(i.memory), e.resultIn(i)
		lanes := asm.V(to.Width(), e.scratch+1)
		e.Emit(asm.VMOVUPS, lanes, at(mask))
		if e.place[i.out] >= 0 {
			e.Emit(asm.VXORPS, to, to, to)
			e.Emit(op, to, from, lanes)
			return
		}
		// All three registers must be different: another one is lent.
		lent := (int(from.Lanes&31) + 1) % e.scratch
		e.Emit(asm.VMOVUPDS, at(atOut), asm.Y(lent))
		to = asm.V(to.Width(), lent)
		e.Emit(asm.VXORPS, to, to, to)
		e.Emit(op, to, from, lanes)
		e.store(i.out, to)
		e.Emit(asm.VMOVUPD, asm.Y(lent), at(atOut))
	})
	i.out, i.memory, i.apart = out, &m, true
	return out
}
