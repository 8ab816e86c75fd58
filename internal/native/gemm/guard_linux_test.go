package gemm

import (
	"math/rand/v2"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"pullback/internal/native/target"
)

const page = 4096

// pages is memory of so many bytes between pages that may not be touched.
func pages(t *testing.T, bytes int) []byte {
	memory, err := unix.Mmap(-1, 0, bytes+2*page, unix.PROT_READ|unix.PROT_WRITE,
		unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Munmap(memory) })
	for _, edge := range [][]byte{memory[:page], memory[len(memory)-page:]} {
		if err := unix.Mprotect(edge, unix.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	return memory[page : len(memory)-page]
}

// placed is a copy of xs that ends where the memory does, or begins where it does.
func placed[T Float](memory []byte, xs []T, atEnd bool) []T {
	size := len(xs) * int(unsafe.Sizeof(T(0)))
	if atEnd {
		memory = memory[len(memory)-size:]
	}
	out := unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(memory))), len(xs))
	copy(out, xs)
	return out
}

// testEdges multiplies matrices at the edges of memory: code that reads or writes an element that
// is not there ends the process.
func testEdges[T Float](t *testing.T, on target.Target, r *rand.Rand) {
	var memory [3][]byte
	for i := range memory {
		memory[i] = pages(t, 1<<20)
	}
	for n := range 400 {
		p := &Product{Batch: 1 + r.IntN(2), M: 1 + r.IntN(50), K: 1 + r.IntN(40), N: 1 + r.IntN(50)}
		if n%4 == 0 { // a matrix and a vector
			p.M, p.K, p.N = 1+r.IntN(100), 1+r.IntN(600), 1
		}
		var lengthA, lengthB int
		p.A, lengthA = layouts[r.IntN(4)](p.Batch, p.M, p.K)
		p.B, lengthB = layouts[r.IntN(4)](p.Batch, p.K, p.N)
		x, y := numbers[T](r, lengthA, false), numbers[T](r, lengthB, false)
		want := slowly(p, x, y)
		for _, atEnd := range []bool{true, false} {
			a, b := placed(memory[0], x, atEnd), placed(memory[1], y, atEnd)
			out := placed(memory[2], make([]T, p.Batch*p.M*p.N), atEnd)
			if err := Run(new(Workspace), *p, on, out, a, b); err != nil {
				t.Fatal(err)
			}
			compare(t, p, out, want)
		}
	}
}

func TestEdges(t *testing.T) {
	each[float32](t, testEdges[float32])
	each[float64](t, testEdges[float64])
}
