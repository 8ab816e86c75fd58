package lane_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pullback/internal/lane"
	"pullback/internal/lane/lanetest"
	"pullback/ir"
)

func TestOptimizedProgramsComputeTheSame(t *testing.T) {
	fewer := 0
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 5))
		p := lanetest.Random(r)
		text := p.String()
		q := lane.Optimized(p)
		if err := lane.Verify(q); err != nil {
			t.Fatalf("seed %d: %v\n%v\nfrom\n%v", seed, err, q, p)
		}
		if p.String() != text {
			t.Fatalf("seed %d: the program itself was changed", seed)
		}
		if len(q.String()) < len(text) {
			fewer++
		}
		in := lanetest.Bind(r, p)
		want, got := slices.Clone(in), slices.Clone(in)
		for i, a := range in {
			if p.Buffers[i].Written {
				want[i], got[i] = a.Clone(), a.Clone()
			}
		}
		lane.Reference(p, want)
		lane.Reference(q, got)
		for b := range want {
			for i := 0; p.Buffers[b].Written && i < want[b].Len(); i++ {
				if x, y := got[b].Bits(i), want[b].Bits(i); x != y {
					t.Fatalf("seed %d: b%d[%d] is %#x, want %#x\n%v\nfrom\n%v", seed, b, i, x, y, q,
						p)
				}
			}
		}
	}
	if fewer < 1000 {
		t.Errorf("only %d programs became shorter", fewer)
	}
}

// TestOptimizedSharesTheLogarithm is what makes a power and its derivative one power and a half.
func TestOptimizedSharesTheLogarithm(t *testing.T) {
	length := func(powers int) int {
		b := lane.NewBuilder()
		b.Buffer(ir.Float64, 10, false)
		b.Buffer(ir.Float64, 10, true)
		b.Foreach(10, func(lane.Value) {
			x := b.Load(lane.Contiguous(0, 10), lane.None)
			for k := range powers {
				y := b.Pow(x, b.Float(ir.Float64, 0.3*float64(k+1)))
				b.Store(lane.Contiguous(1, 10), lane.None, y)
			}
		})
		return len(lane.Optimized(b.Program()).Body[0].(*lane.Foreach).Body)
	}
	if one, two := length(1), length(2); two > one+one*3/5 {
		t.Errorf("a power is %d instructions and two of one number are %d", one, two)
	}
}
