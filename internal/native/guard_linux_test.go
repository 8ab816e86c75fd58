package native_test

import (
	"math/rand/v2"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"

	"pullback/internal/lane"
	"pullback/internal/lane/lanetest"
	"pullback/internal/native"
	"pullback/internal/native/target"
	"pullback/ir"
)

// guarded is memory between pages that may not be touched.
type guarded struct {
	pages []byte
}

const page = 4096

// newGuarded has room for so many bytes.
func newGuarded(t *testing.T, bytes int) *guarded {
	inside := (bytes + page - 1) / page * page
	pages, err := unix.Mmap(-1, 0, inside+2*page, unix.PROT_READ|unix.PROT_WRITE,
		unix.MAP_PRIVATE|unix.MAP_ANON)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Munmap(pages) })
	for _, edge := range [][]byte{pages[:page], pages[len(pages)-page:]} {
		if err := unix.Mprotect(edge, unix.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	return &guarded{pages: pages[page : len(pages)-page]}
}

// copyOf is a copy of a that ends where the memory does, or begins where it does.
func (g *guarded) copyOf(a ir.Array, atEnd bool) ir.Array {
	size := a.Type().DType.Bits() / 8
	bytes := g.pages[:a.Len()*size]
	if atEnd {
		bytes = g.pages[len(g.pages)-a.Len()*size:]
	}
	b := guardedArray(a.Type().DType, unsafe.Pointer(unsafe.SliceData(bytes)), a.Len())
	ir.Copy(b, a)
	return b
}

func guardedArray(t ir.DType, p unsafe.Pointer, n int) ir.Array {
	switch t {
	case ir.Float64:
		return ir.Wrap(unsafe.Slice((*float64)(p), n), n)
	case ir.Float32:
		return ir.Wrap(unsafe.Slice((*float32)(p), n), n)
	case ir.Int32:
		return ir.Wrap(unsafe.Slice((*int32)(p), n), n)
	case ir.Int64:
		return ir.Wrap(unsafe.Slice((*int64)(p), n), n)
	case ir.Uint32:
		return ir.Wrap(unsafe.Slice((*uint32)(p), n), n)
	case ir.Uint64:
		return ir.Wrap(unsafe.Slice((*uint64)(p), n), n)
	}
	return ir.Wrap(unsafe.Slice((*bool)(p), n), n)
}

// TestGuards runs random programs on arrays at the edges of memory: code that reads or writes an
// element that is not there ends the process.
func TestGuards(t *testing.T) {
	var memory []*guarded
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 21))
		p := lanetest.Random(r)
		if seed%2 == 0 {
			p = straight(r, 40, ir.DTypes())
		}
		in := lanetest.Bind(r, p)
		want := make([]ir.Array, len(in))
		for i, a := range in {
			want[i] = a.Clone()
		}
		lane.Reference(p, want)
		for len(memory) < len(in) {
			memory = append(memory, newGuarded(t, 256*page))
		}
		for _, x := range target.Supported() {
			if x == target.None {
				continue
			}
			kernel, err := native.Executor{Target: x}.Compile(p)
			if err != nil {
				t.Fatal(err)
			}
			for _, atEnd := range []bool{true, false} {
				got := make([]ir.Array, len(in))
				for i, a := range in {
					got[i] = memory[i].copyOf(a, atEnd)
				}
				frame := kernel.NewFrame()
				frame.Start(got, 0, p.Extent())
				for frame.Run(lane.Fuel) {
				}
				for b := range got {
					for i := range got[b].Len() {
						if got[b].Bits(i) != want[b].Bits(i) {
							t.Fatalf("seed %d, %v: b%d[%d]\n%v", seed, x, b, i, p)
						}
					}
				}
			}
		}
	}
}
