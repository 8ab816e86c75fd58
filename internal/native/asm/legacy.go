package asm

// legacy encodes an instruction for general registers. The register that VEX and EVEX operands of
// the same kinds would have is a Reg; 32 bits of it where op says so.
func (a *Assembler) legacy(op Op, operands []Operand) {
	var regs [2]Reg
	var memory *Mem
	var number *Imm
	first := 0 // the place of memory among the operands
	for k, o := range operands {
		switch o := o.(type) {
		case Reg:
			if k > 1 || o == 0 {
				a.fail("%#x: operand %v", uint64(op), o)
				return
			}
			regs[k] = o
		case Mem:
			if k > 1 || memory != nil {
				a.fail("%#x: operand %v", uint64(op), o)
				return
			}
			memory, first = &o, k
		case Imm:
			if number != nil || k != len(operands)-1 {
				a.fail("%#x: operand %v", uint64(op), o)
				return
			}
			number = &o
		default:
			a.fail("%#x: operand %v", uint64(op), o)
			return
		}
	}
	count := len(operands)
	g := general{a, op, memory}
	switch l := op & layout; {
	case l == alone && count == 0:
		if op.has(w) {
			a.byte(0x48)
		}
		a.byte(byte(op))
	case l == single && count == 1 && number == nil,
		l == shift && count == 2 && number != nil:
		g.single(regs[0], number)
	case l == rm && count == 2 && number == nil && first == 1 == (memory != nil):
		g.emit(byte(op), regs[0].number(), regs[1], 0)
	case l == mr && count == 2 && number == nil && (memory == nil || first == 0):
		g.emit(byte(op), regs[1].number(), regs[0], 0)
	case l == multiply && count == 3 && number != nil && (memory == nil || first == 1):
		g.withImmediate(0x6b, 0x69, regs[0].number(), regs[1], int64(*number))
	case (l == arithmetic || l == move) && count == 2:
		g.arithmetic(regs, number, first)
	default:
		a.fail("%#x: wrong operands", uint64(op))
	}
}

// general is a legacy instruction that may have memory.
type general struct {
	*Assembler
	op     Op
	memory *Mem
}

// emit appends prefixes, opcode and operand bytes. m counts where there is no memory.
func (g general) emit(opcode byte, r int, m Reg, trailing int) {
	switch g.op & (3 << 8) {
	case p66:
		g.byte(0x66)
	case pF3:
		g.byte(0xf3)
	}
	i := instruction{memory: g.memory, m: m.number()}
	base, index := i.extension()
	if g.memory == nil {
		index = 0
	}
	rex := byte(r>>3&1)<<2 | byte(index>>3&1)<<1 | byte(base>>3&1)
	if g.op.has(w) {
		rex |= 8
	}
	// Without the prefix the bytes of registers 4 to 7 would be those of 0 to 3, the high ones.
	if rex != 0 || g.op&size == one && g.op&layout == mr && r > 3 {
		g.byte(0x40 | rex)
	}
	if g.op.has(m0F) {
		g.byte(0x0f)
	}
	g.byte(opcode)
	g.modRM(r, i.m, g.memory, 1, trailing)
}

func (g general) withImmediate(short, long byte, r int, m Reg, x int64) {
	if x >= -128 && x <= 127 {
		g.emit(short, r, m, 1)
		g.byte(byte(x))
		return
	}
	g.emit(long, r, m, 4)
	g.immediate32(x)
}

// single is an instruction of one operand, with a count if it is a shift.
func (g general) single(m Reg, count *Imm) {
	d := int(g.op & digit >> digitShift)
	switch {
	case count == nil:
		g.emit(byte(g.op), d, m, 0)
	case *count == 1:
		g.emit(byte(g.op)|0x10, d, m, 0)
	case *count < 0 || *count > 63:
		g.fail("a shift by %d", *count)
	default:
		g.emit(byte(g.op), d, m, 1)
		g.byte(byte(*count))
	}
}

// arithmetic has the forms m, r; r, m; and m, immediate; and so has mov, with other opcodes.
func (g general) arithmetic(regs [2]Reg, number *Imm, first int) {
	d := int(g.op & digit >> digitShift)
	moves := g.op&layout == move
	store, load := byte(d)<<3|1, byte(d)<<3|3
	if moves {
		store, load = 0x89, 0x8b
	}
	switch {
	case number == nil && g.memory != nil && first == 1:
		g.emit(load, regs[0].number(), 0, 0)
	case number == nil:
		g.emit(store, regs[1].number(), regs[0], 0)
	case !moves && regs[0] == RAX && (*number < -128 || *number > 127):
		if g.op.has(w) {
			g.byte(0x48)
		}
		g.byte(byte(d)<<3 | 5)
		g.immediate32(int64(*number))
	case !moves:
		g.withImmediate(0x83, 0x81, d, regs[0], int64(*number))
	case *number != Imm(int32(*number)) && g.memory == nil && g.op.has(w):
		n := regs[0].number()
		g.byte(0x48|byte(n>>3), 0xb8|byte(n&7))
		for k := range 8 {
			g.byte(byte(*number >> (8 * k)))
		}
	default:
		g.emit(0xc7, 0, regs[0], 4)
		g.immediate32(int64(*number))
	}
}

// MoveIf is Emit(MOV, to, from), from a register, if the condition holds.
func (a *Assembler) MoveIf(c Condition, to, from Reg) {
	general{a, w | m0F, nil}.emit(0x40|byte(c), to.number(), from, 0)
}
