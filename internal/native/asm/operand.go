package asm

// Operand is a Reg, Vec, Mask, Mem, *Mem, Imm or Under.
type Operand interface{ operand() }

// Reg is a general register of 64 bits; zero is none.
type Reg uint8

// The general registers.
const (
	RAX Reg = iota + 1
	RCX
	RDX
	RBX
	RSP
	RBP
	RSI
	RDI
	R8
	R9
	R10
	R11
	R12
	R13
	R14
	R15
)

func (r Reg) number() int { return int(r) - 1 }

// Width is the size of a vector register.
type Width uint8

// The widths.
const (
	Bits128 Width = iota
	Bits256
	Bits512
)

// Bytes is the size in bytes.
func (w Width) Bytes() int { return 16 << w }

// Vec is a vector register, 0 to 31, of some width; zero is none.
type Vec uint8

// V is vector register n of width w.
func V(w Width, n int) Vec { return Vec(w+1)<<5 | Vec(n) }

// X is the 128-bit register n.
func X(n int) Vec { return V(Bits128, n) }

// Y is the 256-bit register n.
func Y(n int) Vec { return V(Bits256, n) }

// Z is the 512-bit register n.
func Z(n int) Vec { return V(Bits512, n) }

// Number is 0 to 31.
func (v Vec) Number() int { return v.number() }

func (v Vec) number() int { return int(v & 31) }

// Width is the register's size.
func (v Vec) Width() Width { return Width(v>>5) - 1 }

// Mask is a mask register of AVX-512; zero is none.
type Mask uint8

// The mask registers. K0 cannot mask, but can be computed with.
const (
	K0 Mask = iota + 1
	K1
	K2
	K3
	K4
	K5
	K6
	K7
)

func (k Mask) number() int { return int(k) - 1 }

// Imm is an immediate number.
type Imm int64

// Mem is memory: Base + Index*Scale + Disp, or the bytes at Label + Disp, which is a place in the
// code or in its constants. A gather has vector Lanes in the place of Index.
type Mem struct {
	Base      Reg
	Index     Reg
	Lanes     Vec
	Scale     int // 1, 2, 4 or 8 where there is an index
	Disp      int32
	Label     Label
	Broadcast bool // one element for all lanes (EVEX only)
}

// At is the memory at base + disp.
func At(base Reg, disp int32) Mem { return Mem{Base: base, Disp: disp} }

// All is m with one element there for all lanes.
func (m Mem) All() Mem {
	m.Broadcast = true
	return m
}

// Under makes an instruction work in the lanes of a mask, K1 to K7, alone; the others keep what
// they are, or become zero.
type Under struct {
	K    Mask
	Zero bool
}

func (Reg) operand()   {}
func (Vec) operand()   {}
func (Mask) operand()  {}
func (Imm) operand()   {}
func (Mem) operand()   {}
func (Under) operand() {}
