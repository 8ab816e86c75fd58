package asm

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// Label is a place in the code or among its constants; zero is none.
type Label int

// Assembler collects code. The zero value is ready. The first mistake is kept, and Finish
// returns it.
type Assembler struct {
	NoAVX512  bool // makes an instruction that needs AVX-512 a mistake
	code      []byte
	places    []int // of labels, in code; -1 where not bound
	fixups    []fixup
	constants []constant
	// Constants by what they are.
	singles map[uint32]Label
	doubles map[uint64]Label
	wide    map[string]Label
	err     error
}

// fixup is a displacement of 32 bits at a place in the code, from end to a label's place.
type fixup struct {
	at, end int32
	label   Label
}

// constant is the first size bytes of bits, or else wide.
type constant struct {
	label Label
	size  int
	bits  uint64
	wide  string
}

func (c *constant) append(code []byte) []byte {
	if c.wide != "" {
		return append(code, c.wide...)
	}
	return binary.LittleEndian.AppendUint64(code, c.bits)[:len(code)+c.size]
}

// codeAlign is where constants begin: a cache line of their own.
const codeAlign = 64

func (a *Assembler) fail(format string, args ...any) {
	if a.err == nil {
		a.err = fmt.Errorf("asm: "+format, args...)
	}
}

// Grow makes room for so many bytes of code, in which every other instruction refers to a label.
func (a *Assembler) Grow(bytes int) {
	a.code, a.fixups = slices.Grow(a.code, bytes), slices.Grow(a.fixups, bytes/16)
}

// Len is the size of the code so far, in bytes.
func (a *Assembler) Len() int { return len(a.code) }

// NewLabel makes a label that is bound later.
func (a *Assembler) NewLabel() Label {
	a.places = append(a.places, -1)
	return Label(len(a.places))
}

// Bind sets a label to the next instruction.
func (a *Assembler) Bind(l Label) {
	if a.places[l-1] >= 0 {
		a.fail("label %d is bound twice", l)
	}
	a.places[l-1] = len(a.code)
}

// Here is a label of the next instruction.
func (a *Assembler) Here() Label {
	l := a.NewLabel()
	a.Bind(l)
	return l
}

// Constant is memory that holds the given bytes, 4 to 64 of them, a power of two, and is aligned
// to their number. Equal constants are one.
func (a *Assembler) Constant(bytes []byte) Mem {
	if n := len(bytes); n < 4 || n > codeAlign || n&(n-1) != 0 {
		a.fail("a constant of %d bytes", n)
		return Mem{}
	}
	switch len(bytes) {
	case 4:
		return a.Constant32(binary.LittleEndian.Uint32(bytes))
	case 8:
		return a.Constant64(binary.LittleEndian.Uint64(bytes))
	}
	l, ok := a.wide[string(bytes)]
	if !ok {
		wide := string(bytes)
		l = a.constant(constant{size: len(bytes), wide: wide})
		a.wide[wide] = l
	}
	return Mem{Label: l}
}

// Constant32 is memory that holds four bytes.
func (a *Assembler) Constant32(bits uint32) Mem {
	l, ok := a.singles[bits]
	if !ok {
		l = a.constant(constant{size: 4, bits: uint64(bits)})
		a.singles[bits] = l
	}
	return Mem{Label: l}
}

// Constant64 is memory that holds eight bytes.
func (a *Assembler) Constant64(bits uint64) Mem {
	l, ok := a.doubles[bits]
	if !ok {
		l = a.constant(constant{size: 8, bits: bits})
		a.doubles[bits] = l
	}
	return Mem{Label: l}
}

// constant adds a constant that is not known yet.
func (a *Assembler) constant(c constant) Label {
	if a.constants == nil {
		a.singles, a.doubles = map[uint32]Label{}, map[uint64]Label{}
		a.wide = map[string]Label{}
	}
	c.label = a.NewLabel()
	a.constants = append(a.constants, c)
	return c.label
}

// Finish gives the code with its constants behind it. It runs at any address that is a multiple
// of 64.
func (a *Assembler) Finish() ([]byte, error) {
	// The largest first, so that each is aligned.
	constants, size := slices.Clone(a.constants), codeAlign
	slices.SortStableFunc(constants, func(c, d constant) int { return cmp.Compare(d.size, c.size) })
	for _, c := range constants {
		size += c.size
	}
	code := append(make([]byte, 0, len(a.code)+size), a.code...)
	for len(code)%codeAlign != 0 {
		code = append(code, 0xcc) // int3: nobody comes here
	}
	places := slices.Clone(a.places)
	for _, c := range constants {
		places[c.label-1] = len(code)
		code = c.append(code)
	}
	for _, f := range a.fixups {
		place := places[f.label-1]
		if place < 0 {
			a.fail("label %d is not bound", f.label)
			break
		}
		disp := int64(place-int(f.end)) + int64(int32(binary.LittleEndian.Uint32(code[f.at:])))
		if disp != int64(int32(disp)) {
			a.fail("label %d is too far away", f.label)
		}
		binary.LittleEndian.PutUint32(code[f.at:], uint32(disp))
	}
	return code, a.err
}

func (a *Assembler) byte(b ...byte) { a.code = append(a.code, b...) }

func (a *Assembler) immediate32(x int64) {
	if x < math.MinInt32 || x > math.MaxInt32 {
		a.fail("%d does not fit 32 bits", x)
	}
	a.code = binary.LittleEndian.AppendUint32(a.code, uint32(x))
}

// reference is a displacement of 32 bits to a label, with trailing more bytes to come in the
// instruction.
func (a *Assembler) reference(l Label, disp int32, trailing int) {
	if l < 1 || int(l) > len(a.places) {
		a.fail("there is no label %d", l)
		return
	}
	at := len(a.code)
	a.fixups = append(a.fixups, fixup{int32(at), int32(at + 4 + trailing), l})
	a.code = binary.LittleEndian.AppendUint32(a.code, uint32(disp))
}

// Condition is what a conditional instruction asks of the flags.
type Condition uint8

// The conditions, after a comparison x, y. Below and Above compare unsigned numbers.
const (
	Overflow Condition = iota
	NoOverflow
	Below
	AboveOrEqual
	Equal
	NotEqual
	BelowOrEqual
	Above
	Negative
	NotNegative
	ParityEven
	ParityOdd
	Less
	GreaterOrEqual
	LessOrEqual
	Greater
)

// Jump goes to a label.
func (a *Assembler) Jump(l Label) {
	a.byte(0xe9)
	a.reference(l, 0, 0)
}

// JumpIf goes to a label if the condition holds.
func (a *Assembler) JumpIf(c Condition, l Label) {
	a.byte(0x0f, 0x80|byte(c))
	a.reference(l, 0, 0)
}
