package dense

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"

	"pullback/internal/native/target"
	"pullback/ir"
)

// contractSlowly is the definition.
func contractSlowly[T ir.Number](c *Contraction[T], a, b []T) []T {
	out := make([]T, c.Batch*c.M*c.N)
	for batch := range c.Batch {
		for i := range c.M {
			for j := range c.N {
				var total T
				for lo := 0; lo < c.K; lo += 512 {
					var s T
					for k := lo; k < min(lo+512, c.K); k++ {
						s = fma(a[batch*c.A.Batch+i*c.A.Row+k*c.A.Column],
							b[batch*c.B.Batch+k*c.B.Row+j*c.B.Column], s)
					}
					if lo == 0 {
						total = s
					} else {
						total += s
					}
				}
				out[(batch*c.M+i)*c.N+j] = total
			}
		}
	}
	return out
}

// testTargets holds Run, and what it chooses from, to the definition.
func testTargets[T ir.Number](t *testing.T, what string, c *Contraction[T], a, b []T) {
	t.Helper()
	want := contractSlowly(c, a, b)
	got := make([]T, len(want))
	c.Run(got, a, b)
	compare(t, what, got, want)
	if len(want) == 0 || c.K == 0 {
		return
	}
	for _, on := range target.Supported() {
		clear(got)
		if !c.runMachineCode(on, got, a, b) {
			c.runPortable(got, a, b)
		}
		compare(t, fmt.Sprint(what, " ", on), got, want)
	}
}

func testContraction[T ir.Number](t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, s := range [][4]int{{1, 1, 1, 1}, {2, 3, 4, 5}, {1, 4, 0, 2}, {0, 4, 3, 2}, {1, 0, 3, 2},
		{1, 33, 17, 9}, {1, 70, 513, 3}, {1, 5, 1100, 40}, {3, 1, 600, 7}, {2, 37, 512, 1},
		{1, 1, 1500, 1}, {50, 3, 3, 3}, {1, 100, 40, 100}} {
		batch, m, k, n := s[0], s[1], s[2], s[3]
		for layout := range 5 {
			c := &Contraction[T]{Batch: batch, M: m, K: k, N: n}
			c.A, c.B = RowMajor(m, k), RowMajor(k, n)
			if layout&1 != 0 {
				c.A = RowMajor(k, m).Transposed()
			}
			if layout&2 != 0 {
				c.B = RowMajor(n, k).Transposed()
			}
			if layout == 4 {
				c.A.Batch, c.B.Row = 0, 0 // repeated matrices and rows
			}
			a, b := random[T](r, batch*m*k), random[T](r, batch*k*n)
			testTargets(t, fmt.Sprintf("%v layout %d", s, layout), c, a, b)
		}
	}
}

func TestContraction(t *testing.T) {
	t.Run("float64", testContraction[float64])
	t.Run("float32", testContraction[float32])
	t.Run("int32", testContraction[int32])
	t.Run("uint64", testContraction[uint64])
}

// Sums that are midpoints, subnormal, infinite or NaN take the slow way in the tiles.
func TestContractionHardFloat32(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for round := range 40 {
		n := 1 + round%2*8
		c := &Contraction[float32]{Batch: 1, M: 40, K: 30, N: n}
		c.A, c.B = RowMajor(40, 30), RowMajor(30, n)
		a, b := hard32(r, 40*30), hard32(r, 30*n)
		testTargets(t, "hard", c, a, b)
	}
}

// The same bits for any number of threads, and from several goroutines.
func TestContractionThreads(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	c := &Contraction[float32]{Batch: 2, M: 150, K: 700, N: 20}
	c.A, c.B = RowMajor(150, 700), RowMajor(700, 20)
	a, b := random[float32](r, 2*150*700), random[float32](r, 2*700*20)
	want := make([]float32, 2*150*20)
	old := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(old)
	c.Run(want, a, b)
	runtime.GOMAXPROCS(4)
	var users sync.WaitGroup
	for range 3 {
		users.Go(func() {
			got := make([]float32, len(want))
			c.Run(got, a, b)
			compare(t, "threads", got, want)
		})
	}
	users.Wait()
}

func benchmarkContraction[T ir.Number](b *testing.B, batch, m, k, n int) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	c := &Contraction[T]{Batch: batch, M: m, K: k, N: n, A: RowMajor(m, k), B: RowMajor(k, n)}
	r := rand.New(rand.NewPCG(1, 1))
	x, y, out := random[T](r, batch*m*k), random[T](r, batch*k*n), make([]T, batch*m*n)
	for b.Loop() {
		c.Run(out, x, y)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*batch*m*k*n), "ns/fma")
}

func BenchmarkContraction(b *testing.B) {
	for _, s := range [][4]int{{1, 100, 1000, 100}, {1, 256, 256, 256}, {1000, 3, 3, 3},
		{100, 16, 16, 16}, {1, 1000, 1000, 1}, {1, 1, 1000, 1000}, {1, 8, 1000, 8},
		{1, 2, 2, 2}, {1, 8, 8, 8}, {1, 50, 50, 2}} {
		b.Run(fmt.Sprint("float64/", s), func(b *testing.B) {
			benchmarkContraction[float64](b, s[0], s[1], s[2], s[3])
		})
		b.Run(fmt.Sprint("float32/", s), func(b *testing.B) {
			benchmarkContraction[float32](b, s[0], s[1], s[2], s[3])
		})
	}
}
