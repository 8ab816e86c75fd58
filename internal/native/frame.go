package native

import (
	"fmt"
	"runtime"
	"unsafe"

	"pullback/internal/lane"
	"pullback/internal/native/execmem"
	"pullback/ir"
)

// kernel is a compiled program.
type kernel struct {
	code     *execmem.Code
	buffers  []lane.Buffer
	accesses []access
	gang     int // lanes that run together
	slots    int // of 64 bytes each, for values that found no register
	extent   int
}

// The layout of a frame's memory, in words of 8 bytes: what the code finds at RDI. After these
// come two words for each access, its base and a mask of the lane number.
const (
	wordLane     = iota // the first lane to run
	wordEnd             // the lane after the last
	wordSlots           // address of the slots
	wordAccesses        // where accesses begin
)

const (
	slotBytes = 64
	slotWords = slotBytes / 8
)

// frame is a call in progress.
type frame struct {
	k       *kernel
	memory  []uint64
	slots   int // where slots begin in memory, at a multiple of 64 bytes
	fills   int // where blocks of one repeated element begin, a slot for each access
	buffers []ir.Array
	end     int
}

// NewFrame makes the memory of a call.
func (k *kernel) NewFrame() lane.Frame {
	f := &frame{k: k, slots: wordAccesses + 2*len(k.accesses)}
	words := f.slots + slotWords*(1+k.slots+len(k.accesses))
	f.memory = make([]uint64, words)
	for f.address(f.slots)%slotBytes != 0 {
		f.slots++
	}
	f.fills = f.slots + slotWords*k.slots
	f.memory[wordSlots] = f.address(f.slots)
	f.buffers = make([]ir.Array, 0, len(k.buffers))
	return f
}

// address is that of a word of memory, which is on the heap and does not move.
func (f *frame) address(word int) uint64 {
	return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(f.memory)))) + uint64(8*word)
}

// Start binds buffers; a wrong type or length is a mistake of ours and panics.
func (f *frame) Start(buffers []ir.Array, lo, hi int) {
	if len(buffers) != len(f.k.buffers) {
		panic(fmt.Sprintf("native: %d buffers for %d", len(buffers), len(f.k.buffers)))
	}
	if lo < 0 || hi > f.k.extent {
		panic(fmt.Sprintf("native: lanes %d to %d of %d", lo, hi, f.k.extent))
	}
	for i, a := range buffers {
		b := f.k.buffers[i]
		if a.Type().DType != b.DType || a.Len() != b.Len || b.Written && a.IsFill() {
			panic(fmt.Sprintf("native: buffer %d is %v[%d], not %v", i, b.DType, b.Len, a.Type()))
		}
	}
	f.buffers = append(f.buffers[:0], buffers...)
	for i, a := range f.k.accesses {
		base, mask := &f.memory[wordAccesses+2*i], &f.memory[wordAccesses+2*i+1]
		from := unsafe.Pointer(nil)
		if b := buffers[a.buffer]; b.Len() > 0 {
			from = b.Address()
		}
		size := uintptr(f.k.buffers[a.buffer].DType.Bits() / 8)
		if buffers[a.buffer].IsFill() {
			word := f.fills + slotWords*i
			repeat(f.memory[word:word+slotWords], from, size)
			*base, *mask = f.address(word), 0
			continue
		}
		*base, *mask = uint64(uintptr(from)+uintptr(a.offset)*size), ^uint64(0)
	}
	f.memory[wordLane], f.end = uint64(lo), hi
}

// repeat fills a block with one element of the given size.
func repeat(block []uint64, from unsafe.Pointer, size uintptr) {
	for i := range block {
		switch size {
		case 8:
			block[i] = *(*uint64)(from)
		case 4:
			block[i] = uint64(*(*uint32)(from)) * 0x1_0000_0001
		case 1:
			block[i] = uint64(*(*uint8)(from)) * 0x01_01_01_01_01_01_01_01
		}
	}
}

// Run executes until the program ends or fuel gangs have run, at least one.
func (f *frame) Run(fuel int) (again bool) {
	lane := int(f.memory[wordLane])
	if lane >= f.end {
		return false
	}
	end := f.end
	if left := (f.end - lane + f.k.gang - 1) / f.k.gang; left > max(fuel, 1) {
		end = lane + max(fuel, 1)*f.k.gang
	}
	f.memory[wordEnd] = uint64(end)
	f.k.code.Call(unsafe.Pointer(unsafe.SliceData(f.memory)))
	runtime.KeepAlive(f.buffers)
	f.memory[wordLane] = uint64(end)
	if end < f.end {
		return true
	}
	clear(f.buffers) // keep no array alive
	return false
}
