package gemm

import (
	"unsafe"

	"pullback/internal/native/asm"
)

// rowsCall is what the code for rows times a vector finds at RDI: the sum over k of scalars[k]
// times the k'th element of each row, both without gaps, for rowsAtOnce rows.
type rowsCall struct {
	rows    unsafe.Pointer
	row     int // from a row to the next, in bytes
	scalars unsafe.Pointer
	out     unsafe.Pointer // one sum after the other
	count   int            // of blocks of transposeDepth k's, at least 1
	rest    int            // k's after those
	mode    int            // as for tiles; modeAdd and modeNaN
}

// rowsAtOnce is how many rows one call multiplies: as many chains hide the latency of an addition.
const rowsAtOnce = 32

// rowsEmitter writes code in the instructions of AVX2 for either target: wider vectors would need
// more of them to transpose, and the rows come no faster from memory.
type rowsEmitter struct{ emitter }

// General registers: the rows are at four strides from each of rowQuads.
const (
	rowsStride  = asm.R10
	rowsStride3 = asm.R11
	rowsScalars = asm.RSI
	rowsCount   = asm.R15
)

var rowQuads = [rowsAtOnce / 4]asm.Reg{asm.RAX, asm.RBX, asm.RCX, asm.RDX, asm.R8, asm.R9,
	asm.R12, asm.R13}

// code is the machine code.
func (e *rowsEmitter) code() ([]byte, error) {
	var c rowsCall
	field := func(offset uintptr) asm.Mem { return asm.At(asm.RDI, int32(offset)) }
	e.Emit(asm.MOV, rowsStride, field(unsafe.Offsetof(c.row)))
	e.Emit(asm.MOV, rowsScalars, field(unsafe.Offsetof(c.scalars)))
	e.Emit(asm.MOV, rowsCount, field(unsafe.Offsetof(c.count)))
	e.Emit(asm.MOV, rowQuads[0], field(unsafe.Offsetof(c.rows)))
	e.Emit(asm.LEA, rowsStride3, asm.Mem{Base: rowsStride, Index: rowsStride, Scale: 2})
	for i, quad := range rowQuads[1:] {
		e.Emit(asm.LEA, quad, asm.Mem{Base: rowQuads[i], Index: rowsStride, Scale: 4})
	}
	for i := range e.sums() {
		e.Emit(asm.VXORPS, e.sum(i), e.sum(i), e.sum(i))
	}
	depth := transposeDepth(e.size)
	next := e.Here()
	e.block(0)
	e.advance(16, 16)
	e.Emit(asm.DEC, rowsCount)
	e.JumpIf(asm.NotEqual, next)

	// The last k's, with some before them that do not count.
	done := e.NewLabel()
	e.Emit(asm.MOV, rowsCount, field(unsafe.Offsetof(c.rest)))
	for rest := 1; rest < depth; rest++ {
		other := e.NewLabel()
		e.Emit(asm.CMP, rowsCount, asm.Imm(rest))
		e.JumpIf(asm.NotEqual, other)
		back := (rest - depth) * e.size
		e.advance(back, back)
		e.block(depth - rest)
		e.Jump(done)
		e.Bind(other)
	}
	e.Bind(done)
	e.finish(field(unsafe.Offsetof(c.out)), field(unsafe.Offsetof(c.mode)))
	return e.Finish()
}

// sums is how many vectors of sums there are, of four or eight rows each.
func (e *rowsEmitter) sums() int { return rowsAtOnce * e.size / 32 }

// sum is a vector of sums; the others are for what is transposed.
func (e *rowsEmitter) sum(i int) asm.Vec { return asm.Y(15 - i) }

// advance moves to other k's.
func (e *rowsEmitter) advance(rows, scalars int) {
	for _, quad := range rowQuads {
		e.Emit(asm.ADD, quad, asm.Imm(rows))
	}
	e.Emit(asm.ADD, rowsScalars, asm.Imm(scalars))
}

// row is where a row's elements are.
func (e *rowsEmitter) row(r int) asm.Mem {
	m := asm.Mem{Base: rowQuads[r/4]}
	switch r % 4 {
	case 1, 2:
		m.Index, m.Scale = rowsStride, r%4
	case 3:
		m.Index, m.Scale = rowsStride3, 1
	}
	return m
}

// load makes vector v of 16 bytes each of two rows.
func (e *rowsEmitter) load(v, low, high int) {
	e.Emit(asm.VMOVUPS, asm.X(v), e.row(low))
	e.Emit(asm.VINSERTF128, asm.Y(v), asm.Y(v), e.row(high), asm.Imm(1))
}

// block adds the products of the k's in 16 bytes, from the given one on.
func (e *rowsEmitter) block(from int) {
	for i := range e.sums() {
		if e.size == 8 {
			e.transpose64(4 * i)
		} else {
			e.transpose32(8 * i)
		}
		for k := from; k < transposeDepth(e.size); k++ {
			e.Emit(e.broadcast, asm.Y(4), asm.At(rowsScalars, int32(k*e.size)))
			e.Emit(e.fma, e.sum(i), asm.Y(k), asm.Y(4))
		}
	}
}

// transpose32 makes vectors 0 to 3 of the k's of eight rows. Rows four apart are the halves of a
// vector, so that no instruction need move numbers across halves.
func (e *rowsEmitter) transpose32(row int) {
	for r := range 4 {
		e.load(r, row+r, row+r+4)
	}
	for pair := range 2 { // rows 0 and 1, and 2 and 3: two k's each
		e.Emit(asm.VUNPCKLPS, asm.Y(4+pair), asm.Y(2*pair), asm.Y(2*pair+1))
		e.Emit(asm.VUNPCKHPS, asm.Y(6+pair), asm.Y(2*pair), asm.Y(2*pair+1))
	}
	for pair := range 2 { // of k's
		e.Emit(asm.VUNPCKLPD, asm.Y(2*pair), asm.Y(4+2*pair), asm.Y(5+2*pair))
		e.Emit(asm.VUNPCKHPD, asm.Y(2*pair+1), asm.Y(4+2*pair), asm.Y(5+2*pair))
	}
}

// transpose64 makes vectors 0 and 1 of the k's of four rows.
func (e *rowsEmitter) transpose64(row int) {
	e.load(2, row, row+2)
	e.load(3, row+1, row+3)
	e.Emit(asm.VUNPCKLPD, asm.Y(0), asm.Y(2), asm.Y(3))
	e.Emit(asm.VUNPCKHPD, asm.Y(1), asm.Y(2), asm.Y(3))
}

// finish stores the sums.
func (e *rowsEmitter) finish(out, mode asm.Mem) {
	e.Emit(asm.MOV, asm.RAX, out)
	e.when(modeAdd, mode, func() {
		for i := range e.sums() {
			e.Emit(e.add, e.sum(i), e.sum(i), asm.At(asm.RAX, int32(32*i)))
		}
	})
	e.when(modeNaN, mode, func() {
		e.broadcastNaN(asm.Y(0))
		for i := range e.sums() {
			e.canonicalise(e.sum(i), asm.Y(0), asm.Y(1))
		}
	})
	for i := range e.sums() {
		e.Emit(e.store, asm.At(asm.RAX, int32(32*i)), e.sum(i))
	}
	e.Emit(asm.VZEROUPPER)
	e.Emit(asm.RET)
}

// groupsOfRows is how many times rowsAtOnce rows there are, if the product is one of a row of
// scalars and of columns of vectors that the code can read.
func (pl *plan) groupsOfRows() int {
	last := (pl.k-1)%panelDepth + 1
	if pl.h > 1 || pl.v.row != pl.size || pl.v.column == pl.size || pl.s.column != pl.size ||
		pl.scatter || last < transposeDepth(pl.size) {
		return 0
	}
	return pl.w / rowsAtOnce
}

// from is the plan of what comes after some columns.
func (pl *plan) from(column int) plan {
	after := *pl
	after.w -= column
	if after.w > 0 {
		after.v.at = pl.v.element(0, 0, column)
		after.out.at = pl.out.element(0, 0, column)
		after.divide()
	}
	return after
}

// rowsTask is a product of groups of rows, its range that of the batch and in it the groups.
type rowsTask struct {
	plan
	groups int
}

func (pl *plan) runRows(w *Workspace, groups int) {
	w.rows.For(pl.batch*groups, grain/8/(rowsAtOnce*pl.k), rowsTask{*pl, groups})
}

func (t rowsTask) Run(lo, hi int) {
	step, code := transposeDepth(t.size), t.kernels.rows.code()
	for i := lo; i < hi; i++ {
		matrix, column := i/t.groups, i%t.groups*rowsAtOnce
		for k := 0; k < t.k; k += panelDepth {
			depth := min(panelDepth, t.k-k)
			c := rowsCall{
				rows: t.v.element(matrix, k, column), row: t.v.column,
				scalars: t.s.element(matrix, 0, k), out: t.out.element(matrix, 0, column),
				count: depth / step, rest: depth % step, mode: modeOf(k, k+depth == t.k),
			}
			code.Call(unsafe.Pointer(&c))
		}
	}
}
