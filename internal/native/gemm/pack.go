package gemm

import (
	"unsafe"

	"pullback/internal/native/asm"
)

// copyCall is what the code that packs contiguous lanes finds at RDI. Strides are in bytes.
type copyCall struct {
	from       unsafe.Pointer
	fromK      int
	to         unsafe.Pointer
	toK        int
	depth      int // at least 1
	laneBits   int
	laneVector unsafe.Pointer
}

// copyCode copies so many vectors for each k. Behind the lanes of a narrow last one it may write
// zeros.
func (x *instructions) copyCode(vectors int, narrow bool) ([]byte, error) {
	e := &emitter{instructions: *x}
	field := func(offset uintptr) asm.Mem { return asm.At(asm.RDI, int32(offset)) }
	var c copyCall
	if narrow {
		e.loadLanes(field(unsafe.Offsetof(c.laneBits)), field(unsafe.Offsetof(c.laneVector)))
	}
	e.Emit(asm.MOV, asm.RSI, field(unsafe.Offsetof(c.from)))
	e.Emit(asm.MOV, asm.RDX, field(unsafe.Offsetof(c.to)))
	e.Emit(asm.MOV, asm.RCX, field(unsafe.Offsetof(c.depth)))
	e.Emit(asm.MOV, asm.R8, field(unsafe.Offsetof(c.fromK)))
	e.Emit(asm.MOV, asm.R9, field(unsafe.Offsetof(c.toK)))
	next := e.Here()
	for j := range vectors {
		at := int32(j * e.width.Bytes())
		e.read(e.v(j%4), asm.At(asm.RSI, at), narrow && j == vectors-1)
		e.write(asm.At(asm.RDX, at), e.v(j%4), false)
	}
	e.Emit(asm.ADD, asm.RSI, asm.R8)
	e.Emit(asm.ADD, asm.RDX, asm.R9)
	e.Emit(asm.DEC, asm.RCX)
	e.JumpIf(asm.NotEqual, next)
	e.Emit(asm.VZEROUPPER)
	e.Emit(asm.RET)
	return e.Finish()
}

// transposeLanes is how many lanes the code transposes at a time.
const transposeLanes = 8

// transposeCall is what the code that packs lanes with contiguous k finds at RDI.
type transposeCall struct {
	from  [transposeLanes]unsafe.Pointer // a lane's first element each
	to    unsafe.Pointer
	toK   int // a stride in bytes
	count int // of blocks of transposeDepth k's, at least 1
}

// transposeDepth is how many k's are in the 16 bytes that are transposed at a time.
func transposeDepth(size int) int { return 16 / size }

// transposeCode takes 16 bytes of eight lanes at a time. Lane r and the one four further (two, of
// float64) are the halves of one vector, so that no instruction need move numbers across halves.
func (x *instructions) transposeCode() ([]byte, error) {
	var e asm.Assembler
	var c transposeCall
	from := [transposeLanes]asm.Reg{asm.RAX, asm.RBX, asm.RCX, asm.RDX, asm.R8, asm.R9, asm.R10,
		asm.R11}
	const index, to, toK, count, toK3 = asm.RSI, asm.R12, asm.R13, asm.R15, asm.RDI
	for r, reg := range from {
		e.Emit(asm.MOV, reg, asm.At(asm.RDI, int32(int(unsafe.Offsetof(c.from))+8*r)))
	}
	e.Emit(asm.MOV, to, asm.At(asm.RDI, int32(unsafe.Offsetof(c.to))))
	e.Emit(asm.MOV, toK, asm.At(asm.RDI, int32(unsafe.Offsetof(c.toK))))
	e.Emit(asm.MOV, count, asm.At(asm.RDI, int32(unsafe.Offsetof(c.count))))
	e.Emit(asm.LEA, toK3, asm.Mem{Base: toK, Index: toK, Scale: 2})
	e.Emit(asm.XOR, index, index)
	next := e.Here()
	load := func(v, low, high int) {
		e.Emit(asm.VMOVUPS, asm.X(v), asm.Mem{Base: from[low], Index: index, Scale: 1})
		e.Emit(asm.VINSERTF128, asm.Y(v), asm.Y(v),
			asm.Mem{Base: from[high], Index: index, Scale: 1}, asm.Imm(1))
	}
	if x.size == 8 {
		for half := range 2 { // lanes 0 to 3, and 4 to 7
			load(half*4, half*4, half*4+2)
			load(half*4+1, half*4+1, half*4+3)
			e.Emit(asm.VUNPCKLPD, asm.Y(half*4+2), asm.Y(half*4), asm.Y(half*4+1))
			e.Emit(asm.VUNPCKHPD, asm.Y(half*4+3), asm.Y(half*4), asm.Y(half*4+1))
			e.Emit(asm.VMOVUPSS, asm.At(to, int32(32*half)), asm.Y(half*4+2))
			e.Emit(asm.VMOVUPSS, asm.Mem{Base: to, Index: toK, Scale: 1, Disp: int32(32 * half)},
				asm.Y(half*4+3))
		}
		e.Emit(asm.LEA, to, asm.Mem{Base: to, Index: toK, Scale: 2})
	} else {
		for r := range 4 {
			load(r, r, r+4)
		}
		for pair := range 2 { // lanes 0 and 1, and 2 and 3: two k's each
			e.Emit(asm.VUNPCKLPS, asm.Y(4+pair), asm.Y(2*pair), asm.Y(2*pair+1))
			e.Emit(asm.VUNPCKHPS, asm.Y(6+pair), asm.Y(2*pair), asm.Y(2*pair+1))
		}
		for pair := range 2 { // of k's
			e.Emit(asm.VUNPCKLPD, asm.Y(8+2*pair), asm.Y(4+2*pair), asm.Y(5+2*pair))
			e.Emit(asm.VUNPCKHPD, asm.Y(9+2*pair), asm.Y(4+2*pair), asm.Y(5+2*pair))
		}
		e.Emit(asm.VMOVUPSS, asm.At(to, 0), asm.Y(8))
		e.Emit(asm.VMOVUPSS, asm.Mem{Base: to, Index: toK, Scale: 1}, asm.Y(9))
		e.Emit(asm.VMOVUPSS, asm.Mem{Base: to, Index: toK, Scale: 2}, asm.Y(10))
		e.Emit(asm.VMOVUPSS, asm.Mem{Base: to, Index: toK3, Scale: 1}, asm.Y(11))
		e.Emit(asm.LEA, to, asm.Mem{Base: to, Index: toK, Scale: 4})
	}
	e.Emit(asm.ADD, index, asm.Imm(16))
	e.Emit(asm.DEC, count)
	e.JumpIf(asm.NotEqual, next)
	e.Emit(asm.VZEROUPPER)
	e.Emit(asm.RET)
	return e.Finish()
}

// block is part of an operand: depth k's of some lanes. Strides are in bytes.
type block struct {
	at           unsafe.Pointer
	lane, k      int
	lanes, depth int
}

// element is a place in the block.
func (b *block) element(lane, k int) unsafe.Pointer { return unsafe.Add(b.at, lane*b.lane+k*b.k) }

// pack copies a block to [k][lanes], toK bytes from a k to the next. There is room for the lanes
// rounded up to whole vectors, and to transposeLanes; what is written there has no meaning.
func (ks *kernels) pack(to unsafe.Pointer, toK int, b block) {
	switch {
	case b.lane == ks.size:
		ks.packCopy(to, toK, b)
	case b.k == ks.size && b.depth >= transposeDepth(ks.size):
		ks.packTranspose(to, toK, b)
	case ks.size == 8:
		packElements[uint64](to, toK, b)
	default:
		packElements[uint32](to, toK, b)
	}
}

func (ks *kernels) packCopy(to unsafe.Pointer, toK int, b block) {
	c := copyCall{from: b.at, fromK: b.k, to: to, toK: toK, depth: b.depth}
	vectors, narrow := ks.vectorsOf(b.lanes)
	c.laneBits, c.laneVector = ks.laneMask(b.lanes)
	ks.copies[vectors-1][narrow].code().Call(unsafe.Pointer(&c))
}

func (ks *kernels) packTranspose(to unsafe.Pointer, toK int, b block) {
	step := transposeDepth(ks.size)
	code := ks.transposes.code()
	for first := 0; first < b.lanes; first += transposeLanes {
		c := transposeCall{to: unsafe.Add(to, first*ks.size), toK: toK, count: b.depth / step}
		for r := range c.from {
			c.from[r] = b.element(min(first+r, b.lanes-1), 0)
		}
		code.Call(unsafe.Pointer(&c))
		if b.depth%step == 0 {
			continue
		}
		// The last k's, together with some before them once more.
		for r := range c.from {
			c.from[r] = unsafe.Add(c.from[r], (b.depth-step)*ks.size)
		}
		c.to, c.count = unsafe.Add(c.to, (b.depth-step)*toK), 1
		code.Call(unsafe.Pointer(&c))
	}
}

func packElements[T uint32 | uint64](to unsafe.Pointer, toK int, b block) {
	for k := range b.depth {
		row := unsafe.Slice((*T)(unsafe.Add(to, k*toK)), b.lanes)
		for i := range row {
			row[i] = *(*T)(b.element(i, k))
		}
	}
}
