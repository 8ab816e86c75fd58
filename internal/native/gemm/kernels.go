package gemm

import (
	"fmt"
	"sync"
	"sync/atomic"
	"unsafe"

	"pullback/internal/native/asm"
	"pullback/internal/native/execmem"
	"pullback/internal/native/target"
)

// Most rows and vectors of a tile; see tileVectors.
const maxRows, maxVectors = 14, 15

// kernels is the machine code for a target and an element size. Each piece is made when it is
// needed first.
type kernels struct {
	instructions
	tileRows   int                            // of the tiles of products with many rows
	tiles      [maxRows][maxVectors][2]kernel // by rows-1, vectors-1, and 1 for narrow
	copies     [maxVectors][2]kernel
	transposes kernel
	rows       kernel
	masks      []uint32 // AVX2: lanes' worth of ones, then of zeros
}

// kernel is a piece of code.
type kernel struct {
	made atomic.Pointer[execmem.Code]
	lock sync.Mutex
}

// code is the code, which is there.
func (k *kernel) code() *execmem.Code { return k.made.Load() }

// need makes the code unless it is there.
func (k *kernel) need(write func() ([]byte, error)) error {
	if k.made.Load() != nil {
		return nil
	}
	k.lock.Lock()
	defer k.lock.Unlock()
	if k.made.Load() != nil {
		return nil
	}
	bytes, err := write()
	if err != nil {
		panic(fmt.Sprintf("gemm: %v", err)) // a mistake of ours
	}
	code, err := execmem.New(bytes)
	if err == nil {
		k.made.Store(code)
	}
	return err
}

// The kernels of this process.
var all = [...]func() *kernels{
	sync.OnceValue(func() *kernels { return newKernels(target.AVX2, 4) }),
	sync.OnceValue(func() *kernels { return newKernels(target.AVX2, 8) }),
	sync.OnceValue(func() *kernels { return newKernels(target.AVX512, 4) }),
	sync.OnceValue(func() *kernels { return newKernels(target.AVX512, 8) }),
}

func kernelsOf(t target.Target, size int) *kernels {
	return all[2*int(t-target.AVX2)+size/8]()
}

func newKernels(t target.Target, size int) *kernels {
	ks := &kernels{instructions: newInstructions(t, size), tileRows: maxRows}
	if t == target.AVX2 {
		ks.tileRows = 6
	}
	ks.masks = make([]uint32, 2*ks.width.Bytes()/4)
	for i := range len(ks.masks) / 2 {
		ks.masks[i] = ^uint32(0)
	}
	return ks
}

// tileVectors is how many vectors fit in a tile of so many rows: with a row of the vector operand,
// one element of the scalar operand, and a mask where that is a vector, they fill the registers.
func (ks *kernels) tileVectors(rows int) int {
	free := ks.registers - 1
	if ks.width == asm.Bits256 {
		free--
	}
	return free / (rows + 1)
}

// vectorsOf is how many vectors hold so many elements, and 1 if the last is not full.
func (ks *kernels) vectorsOf(elements int) (vectors, narrow int) {
	vectors = (elements + ks.lanes() - 1) >> ks.laneShift
	if vectors<<ks.laneShift != elements {
		narrow = 1
	}
	return vectors, narrow
}

// laneMask is the lanes that count in the last vector of so many elements.
func (ks *kernels) laneMask(elements int) (bits int, vector unsafe.Pointer) {
	lanes := ks.lanes()
	count := (elements-1)&(lanes-1) + 1
	return 1<<count - 1, unsafe.Pointer(&ks.masks[(lanes-count)*ks.size/4])
}

// needTile makes the code of a tile unless it is there.
func (ks *kernels) needTile(rows, vectors, narrow int) error {
	return ks.tiles[rows-1][vectors-1][narrow].need(func() ([]byte, error) {
		e := &tileEmitter{emitter{instructions: ks.instructions}, tile{rows, vectors, narrow == 1}}
		return e.code()
	})
}

func (ks *kernels) needCopy(vectors, narrow int) error {
	return ks.copies[vectors-1][narrow].need(func() ([]byte, error) {
		return ks.copyCode(vectors, narrow == 1)
	})
}

func (ks *kernels) needTranspose() error { return ks.transposes.need(ks.transposeCode) }

func (ks *kernels) needRows() error {
	return ks.rows.need(func() ([]byte, error) {
		e := &rowsEmitter{emitter{instructions: ks.instructions}}
		return e.code()
	})
}
