//go:build !race

// The race detector makes sync.Pool forget at random, so that allocations cannot be counted.

package dense

import "testing"

func TestContractionAllocatesNothing(t *testing.T) {
	c := &Contraction[float64]{Batch: 3, M: 50, K: 60, N: 20}
	c.A, c.B = RowMajor(50, 60), RowMajor(60, 20)
	a, b, out := make([]float64, 9000), make([]float64, 3600), make([]float64, 3000)
	if n := testing.AllocsPerRun(100, func() { c.Run(out, a, b) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestReductionAllocatesNothing(t *testing.T) {
	red := Reduction[float32]{Kind: Dot, Outer: 1, N: 10_000, Inner: 3}
	x, out := make([]float32, 30_000), make([]float32, 3)
	if n := testing.AllocsPerRun(100, func() { red.Run(out, x, x) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
