package lanetest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"pullback/internal/lane"
	"pullback/ir"
)

// Programs runs n random programs by each executor and compares every bit they write with
// lane.Reference: at once, stopping at every back-edge, and, where that is allowed, in parts.
func Programs(t *testing.T, n int, executors ...lane.Executor) {
	Generated(t, n, func(_ int, r *rand.Rand) *lane.Program { return Random(r) }, executors...)
}

// Generated is Programs for programs that generate makes of seeds from 0 to n-1.
func Generated(t *testing.T, n int, generate func(seed int, r *rand.Rand) *lane.Program,
	executors ...lane.Executor) {
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		t.Run(fmt.Sprint("part ", w), func(t *testing.T) {
			t.Parallel()
			for seed := w; seed < n; seed += workers {
				p := generate(seed, rand.New(rand.NewPCG(uint64(seed), 1)))
				Program(t, p, uint64(seed), executors...)
				if t.Failed() {
					t.Fatalf("seed %d:\n%v", seed, p)
				}
			}
		})
	}
}

// Program compares one program with lane.Reference, on random buffers.
func Program(t *testing.T, p *lane.Program, seed uint64, executors ...lane.Executor) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 2))
	if err := lane.Verify(p); err != nil {
		t.Fatalf("%v\n%v", err, p)
	}
	in := Bind(r, p)
	want := clone(in)
	lane.Reference(p, want)
	for _, e := range executors {
		agree(t, e, p, in, want, r)
	}
}

// agree compares what an executor does with what is wanted.
func agree(t *testing.T, e lane.Executor, p *lane.Program, in, want []ir.Array, r *rand.Rand) {
	t.Helper()
	k := compile(t, e, p)
	frame := k.NewFrame()
	check := func(how string, fuel int, cuts ...int) {
		t.Helper()
		got := clone(in)
		for i := range cuts[1:] {
			frame.Start(got, cuts[i], cuts[i+1])
			for frame.Run(fuel) {
			}
			if frame.Run(fuel) {
				t.Errorf("%s, %s: a program that ended goes on", e.Name(), how)
			}
		}
		for b := range got {
			for i := 0; i < got[b].Len() && !got[b].IsFill(); i++ {
				if got[b].Bits(i) != want[b].Bits(i) {
					t.Errorf("%s, %s: b%d[%d] is %#x, want %#x", e.Name(), how, b, i,
						got[b].Bits(i), want[b].Bits(i))
					return
				}
			}
		}
	}
	extent := p.Extent()
	check("at once", math.MaxInt, 0, extent)
	check("stopping", 1, 0, extent)
	check("stopping sometimes", 3, 0, extent)
	if p.Splittable() {
		cuts := []int{0, extent}
		for unit := p.Unit(); len(cuts) < 5; {
			cuts = append(cuts, r.IntN(extent/unit+1)*unit)
		}
		slices.Sort(cuts)
		check("in parts", 2, cuts...)
	}
}

// clone copies the buffers that are no fills.
func clone(in []ir.Array) []ir.Array {
	out := slices.Clone(in)
	for i, a := range in {
		if !a.IsFill() {
			out[i] = a.Clone()
		}
	}
	return out
}
