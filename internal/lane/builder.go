package lane

import (
	"fmt"
	"math"
	"slices"

	"pullback/ir"
)

// Builder makes a Program, statement by statement. What is asked for a second time, where the
// first result is still seen, is not built again: x^c and its derivative c·x^(c-1) share the
// logarithm of x. Operations on constants are done at once. A wrong operand is a mistake of ours
// and panics.
type Builder struct {
	p         Program
	at        *Block
	foreach   *Foreach
	known     expressions // made in the current block and those around it
	parts     []parts     // likewise
	instrs    instrs
	constants []bool   // by value: whether it is a constant
	bits      []uint64 // by value: what it is, if it is a constant

	immediate bool // compute instead, as if all were constants: see Immediately
}

// parts are what a function is made of, such as a reduced angle. There are loops in it, so that the
// table of expressions would not know it.
type parts struct {
	of     string
	x      Value
	values []Value
}

// NewBuilder is an empty program.
func NewBuilder() *Builder {
	b := &Builder{}
	b.at = &b.p.Body
	b.known.types = &b.p.Types
	return b
}

// Program is what was built.
func (b *Builder) Program() *Program { return &b.p }

// Type is the type of v.
func (b *Builder) Type(v Value) ir.DType { return b.p.Types[v] }

// Varying says whether v differs from lane to lane.
func (b *Builder) Varying(v Value) bool { return b.p.Varying[v] }

// Buffer adds an array that the caller binds; written ones may also be read.
func (b *Builder) Buffer(t ir.DType, length int, written bool) int {
	b.p.Buffers = append(b.p.Buffers, Buffer{t, length, written})
	return len(b.p.Buffers) - 1
}

// Scratch adds a small array for each lane.
func (b *Builder) Scratch(t ir.DType, length int) int {
	b.p.Scratch = append(b.p.Scratch, Scratch{t, length})
	return len(b.p.Scratch) - 1
}

func (b *Builder) value(t ir.DType, varying bool) Value {
	b.p.Types = append(b.p.Types, t)
	b.p.Varying = append(b.p.Varying, varying)
	b.constants = append(b.constants, false)
	b.bits = append(b.bits, 0)
	return Value(len(b.p.Types) - 1)
}

func (b *Builder) emit(i *Instr) Value {
	if n := len(*b.at); n == cap(*b.at) {
		*b.at = slices.Grow(*b.at, max(n, 8)) // append would grow a long one by a quarter
	}
	*b.at = append(*b.at, i)
	return i.Out
}

// op emits an instruction whose result varies if an operand does, or finds that result.
func (b *Builder) op(c Code, t ir.DType, in ...Value) Value {
	if b.immediate {
		return b.compute(c, t, in)
	}
	if b.constant(in) {
		return b.fold(c, t, in)
	}
	i := Instr{Code: c, In: [3]Value{None, None, None}}
	copy(i.In[:], in)
	varying := false
	for _, v := range in {
		varying = varying || b.p.Varying[v]
	}
	return b.once(i, t, varying)
}

// constant says whether all operands are constants.
func (b *Builder) constant(in []Value) bool {
	for _, v := range in {
		if !b.constants[v] {
			return false
		}
	}
	return true
}

// fold is the constant that an operation on constants gives.
func (b *Builder) fold(c Code, t ir.DType, in []Value) Value {
	var x [3]uint64
	for k, v := range in {
		x[k] = b.bits[v]
	}
	of := b.Type(in[0])
	if c == Select {
		of = b.Type(in[1])
	}
	return b.Bits(t, Canonical(t, Scalar(c, t, of, x, 0)))
}

// once emits an instruction that only computes, unless it was emitted before in this block or one
// around it.
func (b *Builder) once(i Instr, t ir.DType, varying bool) Value {
	h := i.hash(t)
	if v := b.known.find(&i, t, h); v != None {
		return v
	}
	i.Out = b.value(t, varying)
	p := b.instrs.add(i)
	if i.Code == Const {
		b.constants[i.Out], b.bits[i.Out] = true, i.Imm
	}
	b.known.put(p, h)
	return b.emit(p)
}

func (b *Builder) same(c Code, in ...Value) ir.DType {
	t := b.Type(in[0])
	for _, v := range in[1:] {
		if b.Type(v) != t {
			panic(fmt.Sprintf("lane: %v of %v and %v", c, t, b.Type(v)))
		}
	}
	return t
}

// Foreach builds a loop over extent lanes; body gets the lane's index, an Int64.
func (b *Builder) Foreach(extent int, body func(lane Value)) { b.Rows(extent, extent, body) }

// Rows is Foreach with reductions over each row of lanes.
func (b *Builder) Rows(extent, row int, body func(lane Value)) {
	if b.foreach != nil {
		panic("lane: a foreach inside a foreach")
	}
	f := &Foreach{Extent: extent, Row: row}
	*b.at = append(*b.at, f)
	b.foreach = f
	b.block(&f.Body, func() {
		body(b.emit(&Instr{Code: Iota, Out: b.value(ir.Int64, true),
			In: [3]Value{None, None, None}}))
	})
	b.foreach = nil
}

// block builds into at; what is made inside is not seen outside.
func (b *Builder) block(at *Block, body func()) {
	outer, known, parts := b.at, len(b.known.order), len(b.parts)
	b.at = at
	body()
	b.at = outer
	b.known.forget(known)
	b.parts = b.parts[:parts]
}

// Reduce combines x over the lanes of each row of the current foreach into the accumulators in a
// buffer, or for FMA the product of x and y, which is None otherwise.
func (b *Builder) Reduce(c Code, buffer int, x, y Value) {
	r := Reduction{Code: c, In: [2]Value{x, y}, Buffer: buffer}
	b.foreach.Reductions = append(b.foreach.Reductions, r)
}

// Partials is the buffer that a reduction of values of type t in the current foreach needs.
func (b *Builder) Partials(t ir.DType) ir.Type { return ir.Of(t, b.foreach.Partials()) }

// While builds a loop. The results are the state when test, which cond returns, is false.
func (b *Builder) While(init []Value, cond func(state []Value) (test Value),
	body func(state []Value) (next []Value)) []Value {
	if b.immediate {
		return b.loop(init, cond, body)
	}
	w := &While{Init: append([]Value(nil), init...)}
	// Inside a foreach the state is varying, whatever it starts from; outside it is uniform.
	for _, v := range init {
		w.State = append(w.State, b.value(b.Type(v), b.foreach != nil))
	}
	b.block(&w.Cond, func() { w.Test = cond(w.State) })
	b.block(&w.Body, func() { w.Next = append([]Value(nil), body(w.State)...) })
	if b.Type(w.Test) != ir.Bool || len(w.Next) != len(init) {
		panic("lane: a while whose test is no bool or whose state changes length")
	}
	for i, v := range w.Next {
		if b.Type(v) != b.Type(init[i]) {
			panic(fmt.Sprintf("lane: state %d of a while turns from %v to %v", i, b.Type(init[i]),
				b.Type(v)))
		}
	}
	*b.at = append(*b.at, w)
	return w.State
}

// Unless is usual in the lanes where ordinary holds, and what otherwise builds in the others. Those
// are to be few: it is a loop of one round, which is entered only if a lane needs it, so that what
// functions do at the ends of their range costs nothing elsewhere.
func (b *Builder) Unless(ordinary Value, usual []Value, otherwise func() []Value) []Value {
	if b.immediate {
		if b.bits[ordinary] != 0 {
			return usual
		}
		return otherwise()
	}
	if b.constants[ordinary] && b.bits[ordinary] != 0 {
		return usual
	}
	out := b.While(append([]Value{ordinary}, usual...),
		func(s []Value) Value { return b.Not(s[0]) },
		func([]Value) []Value { return append([]Value{b.Bool(true)}, otherwise()...) })
	(*b.at)[len(*b.at)-1].(*While).Rare = true
	return out[1:]
}

// shared is what build makes of x, or has made before where that is still seen.
func (b *Builder) shared(of string, x Value, build func() []Value) []Value {
	for _, p := range b.parts {
		if p.x == x && p.of == of {
			return p.values
		}
	}
	values := build()
	b.parts = append(b.parts, parts{of, x, values})
	return values
}

// For builds a loop of n rounds, i an Int64 from 0.
func (b *Builder) For(n int, init []Value, body func(i Value, state []Value) []Value) []Value {
	state := append([]Value{b.Int(ir.Int64, 0)}, init...)
	out := b.While(state,
		func(s []Value) Value { return b.Less(s[0], b.Int(ir.Int64, int64(n))) },
		func(s []Value) []Value {
			next := body(s[0], s[1:])
			return append([]Value{b.Add(s[0], b.Int(ir.Int64, 1))}, next...)
		})
	return out[1:]
}

// Bits is a constant by its bit pattern.
func (b *Builder) Bits(t ir.DType, bits uint64) Value {
	if b.immediate {
		return b.now(t, bits)
	}
	return b.once(Instr{Code: Const, In: [3]Value{None, None, None}, Imm: bits}, t, false)
}

// Float is the constant x, rounded to t if t is Float32.
func (b *Builder) Float(t ir.DType, x float64) Value {
	if t == ir.Float32 {
		return b.Bits(t, uint64(math.Float32bits(float32(x))))
	}
	return b.Bits(t, math.Float64bits(x))
}

// Int is the constant x of an integer type, by two's complement.
func (b *Builder) Int(t ir.DType, x int64) Value {
	if t.Bits() == 32 {
		return b.Bits(t, uint64(uint32(x)))
	}
	return b.Bits(t, uint64(x))
}

// Bool is a constant.
func (b *Builder) Bool(x bool) Value {
	if x {
		return b.Bits(ir.Bool, 1)
	}
	return b.Bits(ir.Bool, 0)
}

func (b *Builder) binary(c Code, x, y Value) Value { return b.op(c, b.same(c, x, y), x, y) }
func (b *Builder) unary(c Code, x Value) Value     { return b.op(c, b.Type(x), x) }
func (b *Builder) compare(c Code, x, y Value) Value {
	b.same(c, x, y)
	return b.op(c, ir.Bool, x, y)
}

// The codes as methods.

func (b *Builder) Add(x, y Value) Value              { return b.binary(Add, x, y) }
func (b *Builder) Sub(x, y Value) Value              { return b.binary(Sub, x, y) }
func (b *Builder) Mul(x, y Value) Value              { return b.binary(Mul, x, y) }
func (b *Builder) Div(x, y Value) Value              { return b.binary(Div, x, y) }
func (b *Builder) Rem(x, y Value) Value              { return b.binary(Rem, x, y) }
func (b *Builder) Min(x, y Value) Value              { return b.binary(Min, x, y) }
func (b *Builder) Max(x, y Value) Value              { return b.binary(Max, x, y) }
func (b *Builder) CopySign(x, sign Value) Value      { return b.binary(CopySign, x, sign) }
func (b *Builder) Scale(x, n Value) Value            { return b.binary(Scale, x, n) }
func (b *Builder) And(x, y Value) Value              { return b.binary(And, x, y) }
func (b *Builder) Or(x, y Value) Value               { return b.binary(Or, x, y) }
func (b *Builder) Xor(x, y Value) Value              { return b.binary(Xor, x, y) }
func (b *Builder) ShiftLeft(x, n Value) Value        { return b.binary(ShiftLeft, x, n) }
func (b *Builder) ShiftRight(x, n Value) Value       { return b.binary(ShiftRight, x, n) }
func (b *Builder) Equal(x, y Value) Value            { return b.compare(Equal, x, y) }
func (b *Builder) NotEqual(x, y Value) Value         { return b.compare(NotEqual, x, y) }
func (b *Builder) Less(x, y Value) Value             { return b.compare(Less, x, y) }
func (b *Builder) LessEqual(x, y Value) Value        { return b.compare(LessEqual, x, y) }
func (b *Builder) Sqrt(x Value) Value                { return b.unary(Sqrt, x) }
func (b *Builder) Round(x Value) Value               { return b.unary(Round, x) }
func (b *Builder) Floor(x Value) Value               { return b.unary(Floor, x) }
func (b *Builder) Ceil(x Value) Value                { return b.unary(Ceil, x) }
func (b *Builder) Trunc(x Value) Value               { return b.unary(Trunc, x) }
func (b *Builder) Exponent(x Value) Value            { return b.unary(Exponent, x) }
func (b *Builder) Mantissa(x Value) Value            { return b.unary(Mantissa, x) }
func (b *Builder) Neg(x Value) Value                 { return b.unary(Neg, x) }
func (b *Builder) Abs(x Value) Value                 { return b.unary(Abs, x) }
func (b *Builder) Not(x Value) Value                 { return b.unary(Not, x) }
func (b *Builder) Bitcast(t ir.DType, x Value) Value { return b.op(Bitcast, t, x) }

// FMA is x*y + z with one rounding.
func (b *Builder) FMA(x, y, z Value) Value { return b.op(FMA, b.same(FMA, x, y, z), x, y, z) }

// Select is x where cond holds, else y.
func (b *Builder) Select(cond, x, y Value) Value {
	return b.op(Select, b.same(Select, x, y), cond, x, y)
}

// Convert is x in another type; x itself if it has it already.
func (b *Builder) Convert(t ir.DType, x Value) Value {
	if b.Type(x) == t {
		return x
	}
	return b.op(Convert, t, x)
}

// Lookup is the element of a table at an index, of which the lowest bits count.
func (b *Builder) Lookup(table uint64, index Value) Value {
	of, t := b.Type(index), ir.Float64
	if of == ir.Uint32 {
		t = ir.Float32
	}
	if b.immediate {
		return b.now(t, Scalar(Lookup, t, of, [3]uint64{b.bits[index]}, table))
	}
	if b.constant([]Value{index}) {
		return b.Bits(t, Scalar(Lookup, t, of, [3]uint64{b.bits[index]}, table))
	}
	return b.once(Instr{Code: Lookup, In: [3]Value{index, None, None}, Imm: table}, t,
		b.p.Varying[index])
}

// Load reads a buffer; index, an Int64 added to the address, may be None.
func (b *Builder) Load(a Access, index Value) Value {
	varying := len(a.Dims) > 0 || index != None && b.Varying(index)
	i := &Instr{Code: Load, In: [3]Value{index, None, None}, Access: &a}
	i.Out = b.value(b.p.Buffers[a.Buffer].DType, varying)
	return b.emit(i)
}

// Store writes a buffer.
func (b *Builder) Store(a Access, index, x Value) {
	b.emit(&Instr{Code: Store, Out: None, In: [3]Value{index, x, None}, Access: &a})
}

// ScratchLoad reads element index, an Int64, of the lane's own array.
func (b *Builder) ScratchLoad(array int, index Value) Value {
	i := &Instr{Code: ScratchLoad, In: [3]Value{index, None, None}, Imm: uint64(array)}
	i.Out = b.value(b.p.Scratch[array].DType, true)
	return b.emit(i)
}

// ScratchStore writes element index of the lane's own array; an index outside it is clamped.
func (b *Builder) ScratchStore(array int, index, x Value) {
	b.emit(&Instr{Code: ScratchStore, Out: None, In: [3]Value{index, x, None}, Imm: uint64(array)})
}
