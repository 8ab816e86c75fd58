package interp

import (
	"fmt"
	"math/bits"
	"unsafe"

	"pullback/ir"
)

// control is what an instruction does to the program counter.
type control uint8

const (
	compute control = iota // nothing: it runs its op
	begin                  // a foreach: its first block, or on to target if it has no lanes
	next                   // the next block of a foreach, at target, if there is one
	jump                   // to target
	repeat                 // to target if in[0], a uniform test, holds
	enter                  // a loop with a mask, out, that begins as the mask around it, in[0]
	vote                   // to target with the lanes of mask for which in[0] holds, if any
	end
)

const none = ^uint32(0)

// op is the work of an instruction on a block.
type op func(f *frame, i *instr)

// instr is an instruction of the flat program. Registers are numbers of virtual registers while
// the program is flattened, and byte offsets into the frame's memory afterwards.
type instr struct {
	run     op
	control control
	block   uint8 // 1: for all lanes of the block; 0: once
	form    uint8 // bit k says that in[k] is uniform although out varies
	masked  int32 // number of the mask that a store or a move obeys, -1 for none
	out     uint32
	in      [3]uint32
	mask    uint32
	target  int
	row     int // lanes of a row, of begin, next and a reduction
	imm     uint64
	access  *access
}

// buffer is a bound array.
type buffer struct {
	data unsafe.Pointer
	len  int
	fill bool // data is one element that stands for all
}

// frame is a call in progress.
type frame struct {
	k       *kernel
	base    unsafe.Pointer // of memory
	count   [2]int         // lanes of an instruction, by instr.block: 1 and the block's
	lane    int            // the first lane of the block
	hi      int            // the end of the current foreach's lanes
	pc      int
	active  []int // lanes that are left in each masked loop
	buffers []buffer
	lo, end int // the range of the call
	memory  []uint64
}

// lanes is the register at an offset. Offsets come from the register allocation, which keeps
// them inside the frame's memory and aligned.
func lanes[T any](f *frame, at uint32, n int) []T {
	return unsafe.Slice((*T)(unsafe.Add(f.base, uintptr(at))), n)
}

// Start binds buffers; a wrong type or length is a mistake of ours and panics.
func (f *frame) Start(buffers []ir.Array, lo, hi int) {
	if len(buffers) != len(f.buffers) {
		panic(fmt.Sprintf("interp: %d buffers for %d", len(buffers), len(f.buffers)))
	}
	whole := lo == 0 && hi == f.k.extent
	part := f.k.splittable && 0 <= lo && lo <= hi && hi <= f.k.extent && lo%f.k.unit == 0 &&
		(hi%f.k.unit == 0 || hi == f.k.extent)
	if !whole && !part {
		panic(fmt.Sprintf("interp: lanes %d to %d of %d", lo, hi, f.k.extent))
	}
	for i, a := range buffers {
		b := f.k.buffers[i]
		if a.Type().DType != b.DType || a.Len() != b.Len || b.Written && a.IsFill() {
			panic(fmt.Sprintf("interp: buffer %d is %v[%d], not %v", i, b.DType, b.Len, a.Type()))
		}
		f.buffers[i] = buffer{a.Address(), a.Len(), a.IsFill()}
	}
	f.lo, f.end, f.pc = lo, hi, 0
}

// Run executes until the program ends or fuel back-edges were taken, at least one.
func (f *frame) Run(fuel int) (again bool) {
	code, pc := f.k.code, f.pc
	for {
		i := &code[pc]
		pc++
		taken := false
		switch i.control {
		case compute:
			i.run(f, i)
			continue
		case repeat:
			taken = *(*uint8)(unsafe.Add(f.base, uintptr(i.in[0]))) != 0
		case vote:
			taken = f.vote(i)
		case next:
			f.lane += f.count[1]
			f.take(i.row)
			taken = f.lane < f.hi
		case begin:
			f.lane, f.hi = 0, int(i.imm)
			if f.k.splittable {
				f.lane, f.hi = f.lo, f.end
			}
			f.take(i.row)
			if f.lane >= f.hi {
				pc = i.target
			}
		case jump:
			pc = i.target
		case enter:
			f.enter(i)
		case end:
			clear(f.buffers) // keep no array alive
			f.pc = pc - 1
			return false
		}
		if taken {
			pc = i.target
			if fuel--; fuel <= 0 {
				f.pc = pc
				return true
			}
		}
	}
}

// take begins a block of lanes, which ends where its row ends.
func (f *frame) take(row int) {
	if f.lane < f.hi {
		f.count[1] = min(f.k.lanes, f.hi-f.lane, row-f.lane%row)
	}
}

// Masks have a byte for each lane, 0 or 1, and zeros from the last lane to a whole word, so that
// they are combined and counted eight at a time.

// enter begins a masked loop with the lanes of the mask around it.
func (f *frame) enter(i *instr) {
	n := f.count[1]
	m := lanes[uint8](f, i.out, (n+7)&^7)
	if i.in[0] != none {
		copy(m, lanes[uint8](f, i.in[0], len(m)))
		f.active[i.masked] = f.active[i.imm]
		return
	}
	for k := range m[:n] {
		m[k] = 1
	}
	clear(m[n:])
	f.active[i.masked] = n
}

// vote takes the lanes for which the test fails out of the mask and says whether any is left.
func (f *frame) vote(i *instr) bool {
	words := (f.count[1] + 7) / 8
	m, t := lanes[uint64](f, i.mask, words), lanes[uint64](f, i.in[0], words)
	left := 0
	for k := range m {
		m[k] &= t[k]
		left += bits.OnesCount64(m[k])
	}
	f.active[i.masked] = left
	return left > 0
}

// full says whether every lane of the block obeys the instruction.
func (f *frame) full(i *instr) bool {
	return i.masked < 0 || f.active[i.masked] == f.count[1]
}
