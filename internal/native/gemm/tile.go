package gemm

import (
	"unsafe"

	"pullback/internal/native/asm"
)

// tile is a register tile: the sums of so many rows and vectors are in registers. Of a narrow
// tile's last vector only some lanes count.
type tile struct {
	rows, vectors int
	narrow        bool
}

// tileCall is what the code of a tile finds at RDI. Strides are in bytes.
type tileCall struct {
	scalars    unsafe.Pointer // element (0, 0) of the scalar operand
	scalarTile int            // from a tile to the next
	scalarRow  int
	scalarK    int
	vectors    unsafe.Pointer // element (0, 0) of the vector operand
	vectorK    int
	sums       unsafe.Pointer // what the sums begin as, with modeContinue
	sumsRow    int
	out        unsafe.Pointer
	outRow     int
	depth      int            // at least 1
	count      int            // of tiles, one below the other; 1 with modeContinue
	mode       int            // bits
	laneBits   int            // a bit for each lane of a narrow tile's last vector
	laneVector unsafe.Pointer // the same for AVX2: all ones in a lane that counts
}

// Bits of tileCall.mode.
const (
	modeContinue = 1 << iota // the sums begin as what is in sums, not as +0
	modeAdd                  // the sums are added to what is in out
	modeNaN                  // NaNs are stored as the one NaN
)

// General registers. Row r of the scalar operand is at regFives[r/5] plus r%5 strides.
const (
	regCall    = asm.RDI
	regScalars = asm.RSI // row 0 of the tile
	regRow     = asm.R10
	regRow3    = asm.R11 // three strides
	regScalarK = asm.R12
	regVectors = asm.RCX
	regVectorK = asm.RDX
	regDepth   = asm.R13
	regOut     = asm.R15
	regCount   = asm.RBX
)

var regFives = [...]asm.Reg{asm.RAX, asm.R8, asm.R9}

// While no products are added, some of them serve otherwise.
const (
	regFrom = asm.R8
	regStep = asm.RAX
)

// unroll is how many steps are written one after the other.
const unroll = 2

// tileEmitter writes the code of a tile.
type tileEmitter struct {
	emitter
	tile
}

// code is the machine code.
func (e *tileEmitter) code() ([]byte, error) {
	field := func(offset uintptr) asm.Mem { return asm.At(regCall, int32(offset)) }
	var c tileCall
	e.Emit(asm.MOV, regScalars, field(unsafe.Offsetof(c.scalars)))
	e.Emit(asm.MOV, regRow, field(unsafe.Offsetof(c.scalarRow)))
	e.Emit(asm.LEA, regRow3, asm.Mem{Base: regRow, Index: regRow, Scale: 2})
	e.Emit(asm.MOV, regScalarK, field(unsafe.Offsetof(c.scalarK)))
	e.Emit(asm.MOV, regVectorK, field(unsafe.Offsetof(c.vectorK)))
	e.Emit(asm.MOV, regOut, field(unsafe.Offsetof(c.out)))
	e.Emit(asm.MOV, regCount, field(unsafe.Offsetof(c.count)))
	if e.narrow {
		e.loadLanes(field(unsafe.Offsetof(c.laneBits)), field(unsafe.Offsetof(c.laneVector)))
	}
	next := e.Here()
	e.Emit(asm.MOV, regFrom, field(unsafe.Offsetof(c.sums)))
	e.Emit(asm.MOV, regStep, field(unsafe.Offsetof(c.sumsRow)))
	e.start(field(unsafe.Offsetof(c.mode)))
	e.Emit(asm.MOV, regDepth, field(unsafe.Offsetof(c.depth)))
	e.Emit(asm.MOV, regVectors, field(unsafe.Offsetof(c.vectors)))
	e.addProducts()
	e.Emit(asm.MOV, regStep, field(unsafe.Offsetof(c.outRow)))
	e.finish(field(unsafe.Offsetof(c.mode)))
	e.Emit(asm.ADD, regScalars, field(unsafe.Offsetof(c.scalarTile)))
	e.Emit(asm.DEC, regCount)
	e.JumpIf(asm.NotEqual, next)
	e.Emit(asm.VZEROUPPER)
	e.Emit(asm.RET)
	return e.Finish()
}

// sum is a vector of sums.
func (e *tileEmitter) sum(row, vector int) asm.Vec { return e.v(row*e.vectors + vector) }

// other is a vector that holds no sum. There are as many as vectors in a row and one more.
func (e *tileEmitter) other(n int) asm.Vec { return e.v(e.rows*e.vectors + n) }

// each calls f for all sums, row by row, with a place relative to at, which moves on by a row's
// stride.
func (e *tileEmitter) each(at asm.Reg, f func(sum asm.Vec, place asm.Mem, masked bool)) {
	for i := range e.rows {
		for j := range e.vectors {
			place := asm.At(at, int32(j*e.width.Bytes()))
			f(e.sum(i, j), place, e.narrow && j == e.vectors-1)
		}
		e.Emit(asm.ADD, at, regStep)
	}
}

// start makes the sums +0, or what they continue.
func (e *tileEmitter) start(mode asm.Mem) {
	for k := range e.rows * e.vectors {
		e.Emit(e.xor, e.v(k), e.v(k), e.v(k))
	}
	e.when(modeContinue, mode, func() {
		e.each(regFrom, func(sum asm.Vec, place asm.Mem, masked bool) {
			e.read(sum, place, masked)
		})
	})
}

// addProducts adds those of all steps to the sums, one by one.
func (e *tileEmitter) addProducts() {
	e.Emit(asm.MOV, regFives[0], regScalars)
	for i := 5; i < e.rows; i += 5 {
		five := regFives[i/5]
		e.Emit(asm.LEA, five, asm.Mem{Base: regFives[i/5-1], Index: regRow, Scale: 4})
		e.Emit(asm.ADD, five, regRow)
	}
	rest, done := e.NewLabel(), e.NewLabel()
	e.Emit(asm.SUB, regDepth, asm.Imm(unroll))
	e.JumpIf(asm.Less, rest)
	steps := e.Here()
	for range unroll {
		e.step()
	}
	e.Emit(asm.SUB, regDepth, asm.Imm(unroll))
	e.JumpIf(asm.GreaterOrEqual, steps)
	e.Bind(rest)
	e.Emit(asm.ADD, regDepth, asm.Imm(unroll))
	e.JumpIf(asm.Equal, done)
	one := e.Here()
	e.step()
	e.Emit(asm.DEC, regDepth)
	e.JumpIf(asm.NotEqual, one)
	e.Bind(done)
}

// step adds the products of one row of the vector operand.
func (e *tileEmitter) step() {
	for j := range e.vectors {
		place := asm.At(regVectors, int32(j*e.width.Bytes()))
		e.read(e.other(j), place, e.narrow && j == e.vectors-1)
	}
	e.Emit(asm.ADD, regVectors, regVectorK)
	spare := e.registers - e.rows*e.vectors - e.vectors
	if e.narrow {
		spare-- // the mask
	}
	for i := range e.rows {
		s := e.other(e.vectors + i%spare)
		e.Emit(e.broadcast, s, scalarOf(i))
		for j := range e.vectors {
			e.Emit(e.fma, e.sum(i, j), e.other(j), s)
		}
	}
	for i := 0; i < e.rows; i += 5 {
		e.Emit(asm.ADD, regFives[i/5], regScalarK)
	}
}

// scalarOf is the element of row i in memory.
func scalarOf(i int) asm.Mem {
	m := asm.Mem{Base: regFives[i/5]}
	switch i % 5 {
	case 1, 2, 4:
		m.Index, m.Scale = regRow, i%5
	case 3:
		m.Index, m.Scale = regRow3, 1
	}
	return m
}

// finish stores the sums.
func (e *tileEmitter) finish(mode asm.Mem) {
	e.when(modeAdd, mode, func() {
		e.Emit(asm.MOV, regFrom, regOut)
		e.each(regFrom, func(sum asm.Vec, place asm.Mem, masked bool) {
			e.read(e.other(0), place, masked)
			e.Emit(e.add, sum, e.other(0), sum)
		})
	})
	e.when(modeNaN, mode, func() {
		e.broadcastNaN(e.other(0))
		for k := range e.rows * e.vectors {
			e.canonicalise(e.v(k), e.other(0), e.other(1))
		}
	})
	e.each(regOut, func(sum asm.Vec, place asm.Mem, masked bool) { e.write(place, sum, masked) })
}
