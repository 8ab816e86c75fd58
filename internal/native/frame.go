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
	code       *execmem.Code
	buffers    []lane.Buffer
	accesses   []access
	bytes      int // of a frame
	splittable bool
	unit       int
	extent     int
}

// frame is a call in progress.
type frame struct {
	k       *kernel
	memory  []uint64   // begins at a multiple of 64 bytes
	buffers []ir.Array // those of the caller, who keeps them as they are until the end
	running bool
}

// NewFrame makes the memory of a call.
func (k *kernel) NewFrame() lane.Frame {
	memory := make([]uint64, k.bytes/8+slot/8)
	for uintptr(unsafe.Pointer(unsafe.SliceData(memory)))%slot != 0 {
		memory = memory[1:]
	}
	return &frame{k: k, memory: memory}
}

// Start binds buffers; a wrong type or length is a mistake of ours and panics.
func (f *frame) Start(buffers []ir.Array, lo, hi int) {
	k := f.k
	if len(buffers) != len(k.buffers) {
		panic(fmt.Sprintf("native: %d buffers for %d", len(buffers), len(k.buffers)))
	}
	whole := lo == 0 && hi == k.extent
	part := k.splittable && 0 <= lo && lo <= hi && hi <= k.extent && lo%k.unit == 0 &&
		(hi%k.unit == 0 || hi == k.extent)
	if !whole && !part {
		panic(fmt.Sprintf("native: lanes %d to %d of %d", lo, hi, k.extent))
	}
	f.buffers = buffers
	fills := false
	for i, a := range buffers {
		b := &k.buffers[i]
		if t := a.Type(); t.DType != b.DType || a.Len() != b.Len || b.Written && a.IsFill() {
			panic(fmt.Sprintf("native: buffer %d is %v[%d], not %v", i, b.DType, b.Len, t))
		}
		fills = fills || a.IsFill() && b.Len > 1
	}
	if fills { // code reads elements where they are; whoever calls often has no long fills
		f.buffers = dense(buffers)
	}
	for i, a := range k.accesses {
		base := uintptr(0)
		if b := f.buffers[a.buffer]; b.Len() > 0 {
			base = uintptr(b.Address()) + uintptr(a.offset*bytesOf(b.Type().DType))
		}
		f.memory[atBases/8+i] = uint64(base)
	}
	f.memory[atLow/8], f.memory[atHigh/8] = uint64(lo), uint64(hi)
	f.memory[atResume/8] = 0
	block, _ := lane.BlockOf(k.unit, lo)
	f.memory[atBlock/8] = uint64(block)
	f.running = true
}

// Run executes until the program ends or fuel is spent: what a back-edge takes depends on the
// length of its loop, so that a call stays short.
func (f *frame) Run(fuel int) (again bool) {
	if !f.running {
		return false
	}
	f.memory[atFuel/8] = uint64(max(fuel, 1))
	f.k.code.Call(unsafe.Pointer(unsafe.SliceData(f.memory)))
	runtime.KeepAlive(f.buffers)
	if f.memory[atResume/8] != 0 {
		return true
	}
	f.running, f.buffers = false, nil
	return false
}

// dense is the same arrays, all of them written out.
func dense(buffers []ir.Array) []ir.Array {
	out := make([]ir.Array, len(buffers))
	for i, a := range buffers {
		out[i] = a.Dense()
	}
	return out
}
