package asm

import "math/bits"

// instruction is a vector instruction with its operands in their places.
type instruction struct {
	op      Op
	width   Width // of the widest vector
	sized   bool  // there was a vector that is no index
	high    bool  // a register that VEX cannot name
	r, v, m int   // numbers of registers
	memory  Mem   // in the place of m, if inMemory
	under   Under

	inMemory  bool
	immediate bool // there is a last byte, tail
	tail      byte
}

// places is the order of the operands of o.
func (o Op) places() string {
	switch o & layout {
	case rm:
		return "rm"
	case rvm:
		return "rvm"
	case mr:
		return "mr"
	case vm:
		return "vm"
	case rvms:
		return "rvms"
	case rmv:
		return "rmv"
	case mvr:
		return "mvr"
	}
	return ""
}

// kind is Vec(0), Mask(0) or Reg(0), for the registers that a place takes.
func (o Op) kind(place byte) Operand {
	mask, reg := rMask, rReg
	switch place {
	case 'v':
		mask, reg = vMask, vReg
	case 'm':
		mask, reg = mMask, mReg
	case 's':
		return Vec(0)
	}
	switch {
	case o.has(mask):
		return Mask(0)
	case o.has(reg):
		return Reg(0)
	}
	return Vec(0)
}

// Emit appends an instruction.
func (a *Assembler) Emit(op Op, operands ...Operand) {
	if op&(vex|evex) == 0 {
		a.legacy(op, operands)
		return
	}
	i := instruction{op: op}
	places := op.places()
	for k, o := range operands {
		switch o := o.(type) {
		case Under:
			i.under = o
			if op.has(lanes) {
				places = places[:2] // of a gather by AVX-512
			}
			continue
		case Mask:
			if a.NoAVX512 {
				a.fail("%#x: a mask register", uint64(op))
			}
		case Imm:
			if i.immediate || !op.has(imm) || o < -128 || o > 255 {
				a.fail("%#x: an immediate %d", uint64(op), o)
			}
			i.immediate, i.tail = true, byte(o)
			continue
		}
		if places == "" {
			a.fail("%#x: too many operands", uint64(op))
			return
		}
		if !i.place(places[0], o) {
			a.fail("%#x: operand %d cannot be %c", uint64(op), k, places[0])
			return
		}
		places = places[1:]
	}
	if places != "" || i.immediate != (op.has(imm) || op&layout == rvms) {
		a.fail("%#x: too few operands", uint64(op))
		return
	}
	a.encode(&i)
}

// place puts an operand where the encoding wants it and says whether it can be there.
func (i *instruction) place(where byte, o Operand) bool {
	number := 0
	switch o := o.(type) {
	case *Mem:
		return i.place(where, *o)
	case Mem:
		i.memory, i.inMemory = o, true
		if o.Lanes != 0 {
			i.width = max(i.width, o.Lanes.Width())
			i.high = i.high || o.Lanes.number() > 15
		}
		return where == 'm' && i.op&size != 0 && (o.Lanes != 0) == i.op.has(lanes)
	case Vec:
		number = o.number()
		if o == 0 || i.op.kind(where) != Vec(0) ||
			i.sized && o.Width() != i.width && !i.op.has(mixed) {
			return false
		}
		i.high = i.high || number > 15
		i.width, i.sized = max(i.width, o.Width()), true
	case Mask:
		number = o.number()
		if o == 0 || i.op.kind(where) != Mask(0) {
			return false
		}
	case Reg:
		number = o.number()
		if o == 0 || i.op.kind(where) != Reg(0) {
			return false
		}
	default:
		return false
	}
	switch where {
	case 'r':
		i.r = number
	case 'v':
		i.v = number
	case 'm':
		i.m = number
		return !i.op.has(mem)
	case 's':
		i.immediate, i.tail = true, byte(number)<<4
		return number < 16
	}
	return true
}

// encode chooses the shorter encoding of those that can say it.
func (a *Assembler) encode(i *instruction) {
	if i.op&layout == vm {
		i.r = int(i.op & digit >> digitShift)
	}
	broadcast := i.memory.Broadcast
	if broadcast && i.op&size != full && i.op&size != half {
		a.fail("%#x: no broadcast", uint64(i.op))
	}
	if (i.op&size == full || i.op&size == half) && !i.sized {
		a.fail("%#x: no register says how wide it is", uint64(i.op))
	}
	trailing := 0
	if i.immediate {
		trailing = 1
	}
	switch {
	case i.op&layout == alone:
		a.vexPrefix(i)
	case i.op.has(vex) && !i.high && i.width < Bits512 && i.under == (Under{}) && !broadcast:
		a.vexPrefix(i)
		a.modRM(i, 1, trailing)
	case !i.op.has(evex) || a.NoAVX512:
		a.fail("%#x: no encoding that is allowed has these operands", uint64(i.op))
	default:
		a.evexPrefix(i)
		a.modRM(i, i.op.memoryBytes(i.width, broadcast), trailing)
	}
	if i.immediate {
		a.byte(i.tail)
	}
}

// bit is byte 1<<n if bit k of x is not set: prefixes hold complements.
func bit(x, k, n int) byte { return byte(^x>>k&1) << n }

// extension is the numbers whose high bits extend ModRM.rm: the base, or the register itself, and
// the index.
func (i *instruction) extension() (base, index int) {
	switch m := &i.memory; {
	case !i.inMemory:
		return i.m, i.m >> 1 // EVEX.X is bit 4 of a register, in the place of bit 3 of an index
	case m.Label != 0:
		return 0, 0
	case m.Lanes != 0:
		return m.Base.number(), m.Lanes.number()
	case m.Index != 0:
		return m.Base.number(), m.Index.number()
	default:
		return m.Base.number(), 0
	}
}

func (a *Assembler) vexPrefix(i *instruction) {
	op := i.op
	base, index := i.extension()
	if !i.inMemory {
		index = 0
	}
	long := byte(i.width & 1)
	if op.has(l1) {
		long = 1
	}
	last := byte(^i.v&15)<<3 | long<<2 | byte(op>>8&3)
	if op&(3<<10) == m0F && !op.has(w) && base < 8 && index < 8 {
		a.byte(0xc5, bit(i.r, 3, 7)|last, byte(op))
		return
	}
	if op.has(w) {
		last |= 0x80
	}
	a.byte(0xc4, bit(i.r, 3, 7)|bit(index, 3, 6)|bit(base, 3, 5)|byte(op>>10&3), last, byte(op))
}

func (a *Assembler) evexPrefix(i *instruction) {
	op := i.op
	base, index := i.extension()
	p0 := bit(i.r, 3, 7) | bit(index, 3, 6) | bit(base, 3, 5) | bit(i.r, 4, 4) | byte(op>>10&3)
	p1 := byte(^i.v&15)<<3 | 4 | byte(op>>8&3)
	if op.has(ew) {
		p1 |= 0x80
	}
	p2 := byte(i.width)<<5 | bit(i.v, 4, 3)
	if i.memory.Lanes != 0 {
		p2 = byte(i.width)<<5 | bit(index, 4, 3)
	}
	if i.memory.Broadcast {
		p2 |= 0x10
	}
	if i.under.Zero {
		p2 |= 0x80
	}
	switch k := i.under.K; {
	case k == K0 || k == 0 && i.under.Zero:
		a.fail("%#x: K0 cannot mask", uint64(op))
	case k != 0:
		p2 |= byte(k.number())
	}
	a.byte(0x62, p0, p1, p2, byte(op))
}

// modRM appends the operand bytes: register r with register m, or with memory whose displacement
// of 8 bits counts units of the given size. As many bytes as trailing follow.
func (a *Assembler) modRM(i *instruction, unit, trailing int) {
	reg := byte(i.r&7) << 3
	if !i.inMemory {
		a.byte(0xc0 | reg | byte(i.m&7))
		return
	}
	memory := &i.memory
	if memory.Label != 0 {
		if memory.Base != 0 || memory.Index != 0 || memory.Lanes != 0 {
			a.fail("a label with a register")
		}
		a.byte(reg | 5)
		a.reference(memory.Label, memory.Disp, trailing)
		return
	}
	if memory.Base == 0 {
		a.fail("memory without a base")
		return
	}
	base := memory.Base.number()
	indexed := memory.Index != 0 || memory.Lanes != 0
	scale := bits.TrailingZeros(uint(memory.Scale))
	if indexed && (scale > 3 || memory.Scale != 1<<scale) || memory.Index == RSP ||
		memory.Index != 0 && memory.Lanes != 0 {
		a.fail("no memory has such an index: %+v", *memory)
	}
	disp := int(memory.Disp)
	mode := byte(0x80)
	switch short := disp / unit; {
	case disp == 0 && base&7 != 5:
		mode = 0
	case disp%unit == 0 && short >= -128 && short <= 127:
		mode = 0x40
		disp = short
	}
	switch {
	case indexed:
		index := memory.Index.number()
		if memory.Lanes != 0 {
			index = memory.Lanes.number()
		}
		a.byte(mode|reg|4, byte(scale<<6)|byte(index&7)<<3|byte(base&7))
	case base&7 == 4:
		a.byte(mode|reg|4, 0x24)
	default:
		a.byte(mode | reg | byte(base&7))
	}
	switch mode {
	case 0x40:
		a.byte(byte(disp))
	case 0x80:
		a.immediate32(int64(disp))
	}
}
