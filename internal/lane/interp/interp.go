// Package interp runs lane programs in portable Go: the executor that works everywhere and that
// the others must agree with.
//
// A program is flattened to linear code with jumps. An instruction works on a block of lanes at
// a time, so that its dispatch is shared by all of them; uniform values, and everything in a
// foreach of one lane, are blocks of one. All that a call knows between two instructions is in
// its frame, so that it can stop at any back-edge.
package interp

import (
	"fmt"
	"unsafe"

	"pullback/internal/lane"
	"pullback/ir"
)

// defaultLanes is the greatest number of lanes of a block: enough to share an instruction's 5 ns,
// and so few that ten registers of 8 bytes stay in the first-level cache. From 64 to 1024 lanes
// BenchmarkElementary and BenchmarkNewton differ by less than a tenth.
const defaultLanes = 256

// Executor compiles for the interpreter. The zero value is ready.
type Executor struct {
	// Lanes bounds the lanes of a block, 0 for the default. It is a power of two, 16 to 4096.
	// No result depends on it.
	Lanes int
}

var _ lane.Executor = Executor{}

// Name is "interp".
func (Executor) Name() string { return "interp" }

// Compile verifies and flattens p.
func (e Executor) Compile(p *lane.Program) (lane.Kernel, error) {
	if e.Lanes == 0 {
		e.Lanes = defaultLanes
	}
	if e.Lanes < lane.Accumulators || e.Lanes > lane.ReduceBlock || e.Lanes&(e.Lanes-1) != 0 {
		return nil, fmt.Errorf("interp: blocks of %d lanes; a power of two from %d to %d is needed",
			e.Lanes, lane.Accumulators, lane.ReduceBlock)
	}
	if err := lane.Verify(p); err != nil {
		return nil, err
	}
	return flatten(p, e.Lanes), nil
}

// kernel is a flattened program.
type kernel struct {
	buffers    []lane.Buffer
	code       []instr
	constants  []constant
	size       int // of a frame's registers, in bytes
	masks      int // number of loops whose lanes leave on their own
	lanes      int // of a block
	splittable bool
	unit       int
	extent     int
}

// constant is a uniform register that is set once.
type constant struct {
	at    uint32
	dtype ir.DType
	bits  uint64
}

// NewFrame makes the registers of a call.
func (k *kernel) NewFrame() lane.Frame {
	f := &frame{k: k, buffers: make([]buffer, len(k.buffers)), active: make([]int, k.masks)}
	f.memory = make([]uint64, (k.size+7)/8+1)
	f.base = unsafe.Pointer(unsafe.SliceData(f.memory))
	f.count[0] = 1
	f.pc = len(k.code) - 1
	for _, c := range k.constants {
		switch c.dtype.Bits() {
		case 64:
			lanes[uint64](f, c.at, 1)[0] = c.bits
		case 32:
			lanes[uint32](f, c.at, 1)[0] = uint32(c.bits)
		case 8:
			lanes[uint8](f, c.at, 1)[0] = uint8(c.bits)
		}
	}
	return f
}
