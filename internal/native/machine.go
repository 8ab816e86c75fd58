package native

import "pullback/internal/native/asm"

// virtual names a virtual register: what one machine instruction makes.
type virtual int32

const (
	none virtual = -1
	// active is the mask of the lanes that run in the last, short gang.
	active virtual = 0
)

// register is what is known of a virtual register.
type register struct {
	mask     bool      // a mask register, else a vector
	width    asm.Width // of a vector
	constant bool      // every lane is bits, of size bytes; it needs no register
	bits     uint64
	size     int
	steps    []byte // of a constant whose lanes differ: all of it
}

// instruction is a machine instruction on virtual registers, or a multiplication and addition
// whose form is chosen with the registers. Memory, if any, is the last operand of a load, the
// first of a store.
type instruction struct {
	op       asm.Op
	out      virtual // none for stores
	in       [3]virtual
	under    virtual // a mask
	zero     bool    // lanes outside the mask become zero
	always   bool    // the mask counts in full gangs too
	imm      int     // -1 for none
	destroys bool    // out is in[0] before and the result after
	commutes bool    // in[0] and in[1]
	fused    *fused  // other forms of in[0]*in[1] + in[2], as long as there is a choice
	access   int     // -1 for none
}

// fused has the other two forms of VFMADD213, whose operands a, b, c become a = a*b + c: c may be
// in memory.
type fused struct {
	f132 asm.Op // a = a*c + b
	f231 asm.Op // a = b*c + a
}

// access is memory that the lanes of a gang read or write one after the other, or one element of
// it for all.
type access struct {
	buffer, offset int
	size           int // of an element, in bytes
	uniform        bool
}

// selection is a program in machine instructions: those of before the loop over gangs, and those
// of one gang.
type selection struct {
	gang      int
	registers []register
	accesses  []access
	code      []instruction
	loop      int // code[loop:] is in the loop
}
