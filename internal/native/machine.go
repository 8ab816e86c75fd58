package native

import (
	"pullback/internal/native/asm"
)

// virtual names a virtual register: what machine instructions make.
type virtual int32

const none virtual = -1

// register is what is known of a virtual register.
type register struct {
	mask  bool      // a mask register of AVX-512, else a vector
	width asm.Width // of a vector
	// A constant needs no register. Every lane is bits, of size bytes, unless each has its own:
	// then they are row row-1 of the selection.
	constant bool
	size     uint8
	row      int32
	bits     uint64
	bounds
}

// repeated says whether r is a constant of equal lanes.
func (r register) repeated() bool { return r.constant && r.row == 0 }

// form says what an instruction is.
type form uint8

const (
	machine      form = iota // op on its operands
	head                     // of a loop
	backEdge                 // of a loop, to its head
	leave                    // a loop is left if no lane of the masks in also goes on
	begin                    // the first gang of a foreach, if there is one
	next                     // the next gang of a foreach, if there is one
	skipUnless               // goes to a mark if the uniform mask in[0] does not hold
	skip                     // goes to a mark
	skipBegun                // goes to a mark unless the gang is the first of a block of lanes
	skipInside               // goes to a mark unless it is the last of one
	mark                     // a place to go to
	laneBits                 // the lanes of the masks in also, as bits of a word of the frame
	byLane                   // scalar code for each lane
	storeBit                 // the lowest lane of the mask in also, as a Bool
	constantMask             // op of the result with itself
	clearScratch             // sets the scratch arrays to zero
	copyRegister             // in[0] to out
	written                  // by the set of instructions itself
	unlikely                 // what follows runs if a lane of the masks in also is not set
	likely                   // and ends here
)

// instruction is a machine instruction on virtual registers, or something that takes several and
// is written out by the emitter. There are many, most of them machine instructions.
type instruction struct {
	op       asm.Op
	out      virtual // none for stores
	in       [3]virtual
	under    virtual // a mask
	form     form
	zero     bool    // lanes outside the mask become zero
	short    bool    // a load or store that leaves out the lanes that a gang lacks
	apart    bool    // out is written before all operands are read
	destroys bool    // out is in[0] before and the result after
	commutes bool    // in[0] and in[1]
	whole    bool    // operands are the widest vectors, whatever there is of them
	imm      int     // -1 for none
	fused    *fused  // other forms of in[0]*in[1] + in[2], as long as there is a choice
	memory   *memory // the last operand of a load, the first of a store
	*details
}

// details is what an instruction has that is no machine instruction.
type details struct {
	also    []virtual // further registers that it reads
	loop    *loop
	label   asm.Label
	foreach *foreach // of skipBegun and skipInside
	scalar  *scalar
	write   func(e *emitter, i *instruction)
}

// fused is a fused multiply-add: its forms by the order in which operands a, b, c are multiplied
// and added to become a. c may be in memory.
type fused struct {
	f132 asm.Op // a = a*c + b
	f213 asm.Op // a = a*b + c
	f231 asm.Op // a = b*c + a
}

// memory is an address: a base plus disp bytes, plus the number of the gang's first lane and an
// index, each times scale.
type memory struct {
	base   base
	access int // of a buffer
	disp   int
	scale  int      // the size of an element
	lanes  bool     // add the first lane's number
	index  virtual  // a uniform int64, or none
	gather virtual  // a vector of int64, or none
	number int      // which vector of the gang's this is, to know the lanes that a short one lacks
	block  *foreach // add the place of the accumulators of its current block of lanes
	gang   bool     // and that of this gang's among them
}

type base uint8

const (
	inBuffer base = iota
	inFrame
	inScratch // in the frame, where scratch arrays begin
)

// loop is a While or a Foreach.
type loop struct {
	first, last int // its instructions, from the head to the back-edge
	fuel        int // that a back-edge takes
	head, end   asm.Label
	resume      asm.Label // where a call goes on that stopped at the back-edge
	foreach     *foreach
}

// foreach is what a loop over gangs has beyond others.
type foreach struct {
	extent  int
	divided bool // the range of lanes is the caller's
	row     int  // lanes that gangs do not reach over, the extent if none matters
	blocks  int  // of a row
}

// rows says whether there are several.
func (f *foreach) rows() bool { return f.row < f.extent }

// scalar is an operation that is done lane by lane, on what lies in the frame.
type scalar struct {
	op     scalarOp
	signed bool
	size   int // of an element in memory, in bytes
	word   int // and of one in the frame
	lanes  int
	x, y   int // places of the operands: of addresses in words of 8 bytes
	out    int
	bits   int // of the lanes that take part
	memory memory
}

type scalarOp uint8

const (
	quotient scalarOp = iota
	remainder
	loadEach  // out[k] = memory[x[k]], single bytes as words
	storeEach // memory[x[k]] = y[k], the low bytes of words
)

// access is a base address in the frame: that of a buffer's element.
type access struct{ buffer, offset int }

// selection is a program in machine instructions.
type selection struct {
	geometry
	choice       bool // with half as many chains it would be another
	scratchBytes int
	registers    []register
	rows         [][]byte // of constants whose lanes are not equal
	accesses     []access
	code         []instruction
	loops        []*loop
	labels       asm.Label // how many there are
}
