package asm

// legacy encodes an instruction for general registers. The register that VEX and EVEX operands of
// the same kinds would have is a Reg; 32 bits of it where op says so.
func (a *Assembler) legacy(op Op, operands []Operand) {
	var regs [2]Reg
	var memory Mem
	var number Imm
	inMemory, immediate := false, false
	first := 0 // the place of memory among the operands
	for k, o := range operands {
		if m, ok := o.(*Mem); ok {
			o = *m
		}
		switch o := o.(type) {
		case Reg:
			if k > 1 || o == 0 {
				a.fail("%#x: operand %d", uint64(op), k)
				return
			}
			regs[k] = o
		case Mem:
			if k > 1 || inMemory {
				a.fail("%#x: operand %d", uint64(op), k)
				return
			}
			memory, inMemory, first = o, true, k
		case Imm:
			if immediate || k != len(operands)-1 {
				a.fail("%#x: operand %d", uint64(op), k)
				return
			}
			number, immediate = o, true
		default:
			a.fail("%#x: operand %d", uint64(op), k)
			return
		}
	}
	count := len(operands)
	g := general{a, op, memory, inMemory}
	switch l := op & layout; {
	case l == alone && count == 0:
		if op.has(w) {
			a.byte(0x48)
		}
		a.byte(byte(op))
	case l == single && count == 1 && !immediate:
		g.single(regs[0])
	case l == shift && count == 2 && immediate:
		g.shift(regs[0], number)
	case l == rm && count == 2 && !immediate && first == 1 == inMemory:
		g.emit(byte(op), regs[0].number(), regs[1], 0)
	case l == mr && count == 2 && !immediate && (!inMemory || first == 0):
		g.emit(byte(op), regs[1].number(), regs[0], 0)
	case l == multiply && count == 3 && immediate && (!inMemory || first == 1):
		g.withImmediate(0x6b, 0x69, regs[0].number(), regs[1], int64(number))
	case (l == arithmetic || l == move) && count == 2:
		if immediate {
			g.constant(regs[0], int64(number))
		} else {
			g.arithmetic(regs, first)
		}
	default:
		a.fail("%#x: wrong operands", uint64(op))
	}
}

// general is a legacy instruction that may have memory.
type general struct {
	*Assembler
	op       Op
	memory   Mem
	inMemory bool
}

// emit appends prefixes, opcode and operand bytes. m counts where there is no memory.
func (g general) emit(opcode byte, r int, m Reg, trailing int) {
	switch g.op & (3 << 8) {
	case p66:
		g.byte(0x66)
	case pF3:
		g.byte(0xf3)
	}
	i := instruction{r: r, m: m.number(), memory: g.memory, inMemory: g.inMemory}
	base, index := i.extension()
	if !g.inMemory {
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
	g.modRM(&i, 1, trailing)
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

// digit is what an instruction of one operand has in the place of a register.
func (g general) digit() int { return int(g.op & digit >> digitShift) }

// single is an instruction of one operand.
func (g general) single(m Reg) { g.emit(byte(g.op), g.digit(), m, 0) }

// shift is one with a count.
func (g general) shift(m Reg, count Imm) {
	switch {
	case count == 1:
		g.emit(byte(g.op)|0x10, g.digit(), m, 0)
	case count < 0 || count > 63:
		g.fail("a shift by %d", count)
	default:
		g.emit(byte(g.op), g.digit(), m, 1)
		g.byte(byte(count))
	}
}

// arithmetic has the forms m, r and r, m; and so has mov, with other opcodes.
func (g general) arithmetic(regs [2]Reg, first int) {
	store, load := byte(g.digit())<<3|1, byte(g.digit())<<3|3
	if g.op&layout == move {
		store, load = 0x89, 0x8b
	}
	if g.inMemory && first == 1 {
		g.emit(load, regs[0].number(), 0, 0)
	} else {
		g.emit(store, regs[1].number(), regs[0], 0)
	}
}

// constant is the form m, immediate of both.
func (g general) constant(m Reg, x int64) {
	d := g.digit()
	moves := g.op&layout == move
	switch {
	case !moves && m == RAX && (x < -128 || x > 127):
		if g.op.has(w) {
			g.byte(0x48)
		}
		g.byte(byte(d)<<3 | 5)
		g.immediate32(x)
	case !moves:
		g.withImmediate(0x83, 0x81, d, m, x)
	case x != int64(int32(x)) && !g.inMemory && g.op.has(w):
		n := m.number()
		g.byte(0x48|byte(n>>3), 0xb8|byte(n&7))
		for k := range 8 {
			g.byte(byte(x >> (8 * k)))
		}
	default:
		g.emit(0xc7, 0, m, 4)
		g.immediate32(x)
	}
}

// MoveIf is Emit(MOV, to, from), from a register, if the condition holds.
func (a *Assembler) MoveIf(c Condition, to, from Reg) {
	general{Assembler: a, op: w | m0F}.emit(0x40|byte(c), to.number(), from, 0)
}
