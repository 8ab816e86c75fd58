// Package lane holds scalar programs that run for many lanes at once: straight-line arithmetic
// and structured loops, over buffers. Lowering makes them from graphs; an Executor runs them.
//
// A value is uniform (one number for the whole program) or varying (one number for each lane of
// the foreach it is made in). Everything outside a Foreach is uniform.
package lane

import "pullback/ir"

// Value names the result of an instruction or of a loop: SSA.
type Value int32

// None is no value.
const None Value = -1

// Code is what an instruction does to each lane. The contract of every code is one sentence,
// here, and Scalar in semantics.go is its meaning in Go.
type Code uint8

const (
	Const Code = iota // the bits Imm
	// Arithmetic on two numbers of one type; integers wrap around. Division by zero gives all
	// ones for integers, MinInt / -1 is MinInt, x % 0 is x. Min and Max are IEEE-2019
	// minimum and maximum: NaN wins, and -0 < +0.
	Add
	Sub
	Mul
	Div
	Rem // integers only, the sign of the dividend
	Min
	Max
	FMA // In[0]*In[1] + In[2], rounded once; floats only
	// One float.
	Sqrt
	Round // half to even
	Floor
	Ceil
	Trunc
	Exponent // floor(log2 |x|) as a float; -Inf for 0, +Inf for an infinity, subnormals exactly
	Mantissa // x / 2^Exponent(x), in ±[1, 2); 0, infinities and NaN are themselves
	Scale    // In[0] * 2^floor(In[1]) with one rounding, 2^±Inf as the limit
	CopySign // magnitude of In[0], sign of In[1]; a NaN's sign is +
	// One number.
	Neg
	Abs
	// Comparison of two numbers of one type gives a Bool; any comparison with NaN is false, but
	// NotEqual is true.
	Equal
	NotEqual
	Less
	LessEqual
	// Bits of integers, or logic of Bools.
	And
	Or
	Xor
	Not
	ShiftLeft  // a shift by the width or more, or by a negative count, gives 0
	ShiftRight // arithmetic for signed integers: a shift by the width or more gives the sign
	Select     // In[0] ? In[1] : In[2]; In[0] is a Bool
	Convert    // to Out's type: to integer saturates and truncates, NaN gives 0; to Bool is != 0
	Bitcast    // same bits, type of the same width; a NaN's bits are canonical
	Lookup     // element In[0] mod TableLen, an unsigned integer, of table Imm; of In[0]'s width
	Iota       // the lane's index in its foreach, Int64
	Load       // Buffers[Access.Buffer] at the address of Access; In[0] adds an index, or is None
	Store      // In[1] to that address; a NaN is stored as the canonical one
	ScratchLoad
	ScratchStore // the array Imm of Scratch at index In[0] (Int64), clamped; a store writes In[1]
)

// Program is one kernel. Values are numbered from 0; Types and Varying are indexed by Value.
type Program struct {
	Buffers []Buffer
	Scratch []Scratch
	Types   []ir.DType
	Varying []bool
	Body    Block
}

// Buffer is an array that the caller binds.
type Buffer struct {
	DType   ir.DType
	Len     int
	Written bool
}

// Scratch is a small array of each lane's own, zero when its foreach begins a gang. It is laid
// out [Len][gang]; all of a program's together are at most MaxScratch bytes for 16 lanes.
type Scratch struct {
	DType ir.DType
	Len   int
}

// MaxScratch bounds the scratch of 16 lanes in bytes, so that it stays in the nearest caches.
const MaxScratch = 16 << 10

// Block is a sequence of statements.
type Block []Stmt

// Stmt is an *Instr, a *While or a *Foreach.
type Stmt interface{ stmt() }

// Instr is one operation.
type Instr struct {
	Code   Code
	Out    Value // None for stores
	In     [3]Value
	Imm    uint64
	Access *Access // of Load and Store
}

// Access says where lane i of a foreach reads or writes: the coordinates of i in the row-major
// space of Dims, each times its stride, plus Offset, plus the index operand if there is one.
// Without Dims every lane has the same address. An address with an index operand (the sum wraps
// around) is clamped into the buffer, so that no program can leave it.
type Access struct {
	Buffer int
	Offset int
	Dims   []Dim
}

// Dim is one axis of an Access.
type Dim struct{ Extent, Stride int }

// Contiguous is the access of lane i at element i.
func Contiguous(buffer, extent int) Access {
	return Access{Buffer: buffer, Dims: []Dim{{extent, 1}}}
}

// While repeats Body for as long as Test holds. State is Init before the first round and Next
// after each; when the loop ends its values are State as Test last saw them. In a foreach Test
// may be varying: each lane then leaves on its own, keeps its state, and runs no store any more.
// Values made in Cond are seen in Cond alone, those made in Body in Body.
type While struct {
	Init, State []Value
	Cond        Block // computes Test from State
	Test        Value
	Body        Block // computes Next from State
	Next        []Value
	Rare        bool // made by Unless, and entered by few lanes
}

// Foreach runs Body for every lane in [0, Extent), in no order: no lane writes an address that
// another lane of the same foreach reads or writes. It does not nest, but may stand in a While.
type Foreach struct {
	Extent     int
	Row        int // Extent is a multiple of it, or Extent itself
	Body       Block
	Reductions []Reduction // over the lanes of each row
}

// Reduction combines a value over the lanes of each row as far as that goes without one lane
// waiting for another: into Accumulators accumulators for each block of lanes, in the order of
// reduce.go. BlockOf says which lanes are a block. At its end the accumulators are stored as by
// Store, number j of block b at element b*Accumulators+j of Buffer. What is left to do is a Tree
// for each row, by a Finisher.
//
// The buffer has as many elements as the foreach has Partials, of the type of In, and is no other
// reduction's; no lane reads or writes it.
type Reduction struct {
	Code   Code     // Add, Mul, Min, Max, And, Or; or FMA: the sum of the products of two floats
	In     [2]Value // In[1] is None but for FMA
	Buffer int
}

func (*Instr) stmt()   {}
func (*While) stmt()   {}
func (*Foreach) stmt() {}
