// Package gemm multiplies matrices of floats with machine code made at run time, for amd64.
//
// The order of operations is the one that package dense defines, so the bits are those of its
// portable code: for each element of the product on its own, k is taken in panels of 512, a panel
// is one chain of fused multiply-adds from +0, and panels are added from left to right.
//
// The product is taken as out[h,w] = Σ_k s[h,k]·v[k,w]. Vectors of v's rows are multiplied by
// single elements of s, and the sums of a tile, some rows of some vectors, stay in registers for a
// whole panel. Either factor can be v, since a product's transpose is the product of the
// transposes; plan.go decides. Scalars are read where they lie, whatever their strides. Vectors
// are, too, or they are copied first to where a tile finds them one after the other; pack.go. A
// matrix that lies by rows is multiplied by a vector in code of its own; rows.go.
package gemm

import (
	"fmt"
	"runtime"
	"sync"
	"unsafe"

	"pullback/internal/native/target"
	"pullback/internal/parallel"
)

// Strides say where the elements of a stack of matrices lie: element (i, j) of matrix b is at
// b*Batch + i*Row + j*Column. A stride of 0 repeats.
type Strides struct{ Batch, Row, Column int }

// Product is the batched matrix product out[b,m,n] = Σ_k A[b,m,k]·B[b,k,n], with out row major.
// Every NaN of it is the one NaN.
type Product struct {
	Batch, M, K, N int
	A, B           Strides
}

// Workspace keeps scratch memory from one product to the next. The zero value is ready, and safe
// for concurrent use.
type Workspace struct {
	tasks   parallel.Pool[task]
	rows    parallel.Pool[rowsTask]
	scratch sync.Pool // of *scratch
}

// Float is an element type.
type Float interface{ float32 | float64 }

// Run computes out from a and b with the code of a target that this machine supports, not None.
// out overlaps neither. An error says that there was no memory for code; out is then not complete.
func Run[T Float](w *Workspace, p Product, t target.Target, out, a, b []T) error {
	if p.Batch == 0 || p.M == 0 || p.N == 0 {
		return nil
	}
	if p.K == 0 {
		clear(out)
		return nil
	}
	// The code trusts the extents.
	if len(out) != p.Batch*p.M*p.N || len(a) <= last(p.A, p.Batch, p.M, p.K) ||
		len(b) <= last(p.B, p.Batch, p.K, p.N) {
		panic(fmt.Sprintf("gemm: %d, %d and %d elements are too few for %d products of %d, %d, %d",
			len(out), len(a), len(b), p.Batch, p.M, p.K, p.N))
	}
	size := int(unsafe.Sizeof(T(0)))
	pl := newPlan(&p, kernelsOf(t, size), unsafe.Pointer(&out[0]), unsafe.Pointer(&a[0]),
		unsafe.Pointer(&b[0]))
	if groups := pl.groupsOfRows(); groups > 0 {
		if err := pl.needRows(); err != nil {
			return err
		}
		pl.runRows(w, groups)
		pl = pl.from(groups * rowsAtOnce)
	}
	if pl.w > 0 {
		if err := pl.needCode(); err != nil {
			return err
		}
		pl.run(w)
	}
	runtime.KeepAlive(out)
	runtime.KeepAlive(a)
	runtime.KeepAlive(b)
	return nil
}

// last is the place of the last element.
func last(s Strides, batch, rows, columns int) int {
	return (batch-1)*s.Batch + (rows-1)*s.Row + (columns-1)*s.Column
}

// scratch is memory of a goroutine.
type scratch struct{ vectors, sums, out []uint64 }

// grown is a slice of so many bytes at least, at a multiple of 64 bytes.
func grown(s *[]uint64, bytes int) unsafe.Pointer {
	const line = 64
	if need := (bytes + line) / 8; len(*s) < need {
		*s = make([]uint64, need)
	}
	at := unsafe.Pointer(&(*s)[0])
	return unsafe.Add(at, -uintptr(at)%line)
}
