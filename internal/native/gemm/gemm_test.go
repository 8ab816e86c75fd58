package gemm

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"pullback/internal/lane"
	"pullback/internal/native/target"
)

func fma[T Float](a, b, c T) T {
	if _, single := any(a).(float32); single {
		return T(lane.FMA32(float32(a), float32(b), float32(c)))
	}
	return T(math.FMA(float64(a), float64(b), float64(c)))
}

// slowly is the definition.
func slowly[T Float](p *Product, a, b []T) []T {
	out := make([]T, p.Batch*p.M*p.N)
	for at := range out {
		batch, i, j := at/(p.M*p.N), at/p.N%p.M, at%p.N
		for lo := 0; lo < p.K; lo += 512 {
			var s T
			for k := lo; k < min(lo+512, p.K); k++ {
				s = fma(a[batch*p.A.Batch+i*p.A.Row+k*p.A.Column],
					b[batch*p.B.Batch+k*p.B.Row+j*p.B.Column], s)
			}
			if lo > 0 {
				s = out[at] + s
			}
			out[at] = s
		}
		out[at] = lane.CanonicalNaN(out[at])
	}
	return out
}

func sameBits[T Float](x, y T) bool {
	if _, single := any(x).(float32); single {
		return math.Float32bits(float32(x)) == math.Float32bits(float32(y))
	}
	return math.Float64bits(float64(x)) == math.Float64bits(float64(y))
}

// compare reports the first element that differs.
func compare[T Float](t *testing.T, p *Product, got, want []T) {
	t.Helper()
	for i := range want {
		if !sameBits(got[i], want[i]) {
			t.Fatalf("%d x [%d %d %d], A %v, B %v: element %d is %v, want %v", p.Batch, p.M, p.K,
				p.N, p.A, p.B, i, got[i], want[i])
		}
	}
}

// layouts are ways in which matrices of a stack may lie; the length holds them all.
var layouts = []func(batch, rows, columns int) (s Strides, length int){
	func(batch, rows, columns int) (Strides, int) {
		return Strides{rows * columns, columns, 1}, batch * rows * columns
	},
	func(batch, rows, columns int) (Strides, int) {
		return Strides{rows * columns, 1, rows}, batch * rows * columns
	},
	func(batch, rows, columns int) (Strides, int) { return Strides{0, 0, 1}, columns },
	func(batch, rows, columns int) (Strides, int) { return Strides{0, 1, 0}, rows },
	func(batch, rows, columns int) (Strides, int) {
		return Strides{rows * columns * 6, columns * 6, 3}, batch * rows * columns * 6
	},
	func(batch, rows, columns int) (Strides, int) { return Strides{0, 0, 0}, 1 },
	func(batch, rows, columns int) (Strides, int) {
		return Strides{1, batch * (columns + 3), batch}, batch * (rows + 1) * (columns + 3)
	},
}

// numbers are random ones, and some that are special if hard.
func numbers[T Float](r *rand.Rand, n int, hard bool) []T {
	special := []T{0, T(math.Copysign(0, -1)), 1, -1, T(math.Inf(1)), T(math.Inf(-1)),
		T(math.NaN()), T(math.SmallestNonzeroFloat32), T(1e-30), T(-1e30), T(math.MaxFloat32)}
	if _, single := any(T(0)).(float32); !single {
		tiny, big := math.SmallestNonzeroFloat64, math.MaxFloat64
		special = append(special, T(tiny), T(-tiny), T(1e-200*r.Float64()), T(big))
	}
	xs := make([]T, n)
	for i := range xs {
		if xs[i] = T(r.NormFloat64()); hard && r.IntN(3) == 0 {
			xs[i] = special[r.IntN(len(special))]
		}
	}
	return xs
}

// guarded is n numbers in the midst of NaNs, which what reads or writes outside would show.
func guarded[T Float](xs []T) (whole, inside []T) {
	const margin = 64
	whole = make([]T, len(xs)+2*margin)
	for i := range whole {
		whole[i] = T(math.NaN())
	}
	inside = whole[margin : margin+len(xs) : margin+len(xs)]
	copy(inside, xs)
	return whole, inside
}

func each[T Float](t *testing.T, test func(t *testing.T, on target.Target, r *rand.Rand)) {
	for _, on := range target.Supported() {
		if on != target.None {
			t.Run(fmt.Sprintf("%v/%T", on, T(0)), func(t *testing.T) {
				test(t, on, rand.New(rand.NewPCG(5, 6)))
			})
		}
	}
}

func testShapes[T Float](t *testing.T, on target.Target, r *rand.Rand) {
	shapes := [][4]int{{1, 0, 3, 4}, {1, 3, 0, 4}, {0, 3, 4, 5}, {1, 3, 4, 0}, {1, 1, 1, 1},
		{3, 2, 2, 2}, {40, 3, 5, 4}, {2, 8, 8, 8}, {1, 33, 17, 9}, {1, 50, 50, 2},
		{1, 100, 100, 31}, {1, 1, 1500, 1}, {1, 1, 700, 500}, {1, 300, 600, 1}, {1, 40, 1030, 3},
		{1, 3, 1030, 40}, {1, 33, 513, 40}, {1, 60, 40, 200}, {1, 130, 20, 130}, {1, 31, 1025, 70},
		{5, 20, 30, 210}}
	for rows := 1; rows <= 31; rows++ {
		shapes = append(shapes, [4]int{1, rows, 1 + r.IntN(12), 1 + r.IntN(70)})
		shapes = append(shapes, [4]int{1, 1 + r.IntN(70), 1 + r.IntN(12), rows})
	}
	for _, k := range []int{2, 3, 4, 5, 127, 128, 129, 255, 511, 512, 513, 1024, 1025} {
		shapes = append(shapes, [4]int{1, 1 + r.IntN(30), k, 1 + r.IntN(60)})
		shapes = append(shapes, [4]int{2, 1 + r.IntN(3), k, 1 + r.IntN(40)})
		// A matrix and a vector, with more k's than are taken at a time.
		shapes = append(shapes, [4]int{2, 30 + r.IntN(70), k + 5, 1}, [4]int{1, 1, k + 6, 97})
	}
	for _, s := range shapes {
		for range 3 {
			p := &Product{Batch: s[0], M: s[1], K: s[2], N: s[3]}
			layoutA, layoutB := layouts[r.IntN(len(layouts))], layouts[r.IntN(len(layouts))]
			testLayout[T](t, on, r, p, layoutA, layoutB, r.IntN(3) == 0)
		}
		for layout := range 4 { // the common ones
			p := &Product{Batch: s[0], M: s[1], K: s[2], N: s[3]}
			testLayout[T](t, on, r, p, layouts[layout&1], layouts[layout>>1], false)
		}
	}
}

func testLayout[T Float](t *testing.T, on target.Target, r *rand.Rand, p *Product,
	layoutA, layoutB func(batch, rows, columns int) (Strides, int), hard bool) {
	t.Helper()
	var lengthA, lengthB int
	p.A, lengthA = layoutA(p.Batch, p.M, p.K)
	p.B, lengthB = layoutB(p.Batch, p.K, p.N)
	_, a := guarded(numbers[T](r, lengthA, hard))
	_, b := guarded(numbers[T](r, lengthB, hard))
	w := new(Workspace)
	whole, out := guarded(make([]T, p.Batch*p.M*p.N))
	if err := Run(w, *p, on, out, a, b); err != nil {
		t.Fatal(err)
	}
	compare(t, p, out, slowly(p, a, b))
	for i, x := range whole {
		if inside := i >= 64 && i < 64+len(out); !inside && x == x {
			t.Fatalf("%+v: element %d of %d was written", p, i-64, len(out))
		}
	}
}

// testApart has rows so far apart that they are copied, though they are contiguous.
func testApart[T Float](t *testing.T, on target.Target, r *rand.Rand) {
	apart := func(batch, rows, columns int) (Strides, int) {
		return Strides{rows * 2048, 2048, 1}, batch * rows * 2048
	}
	for _, s := range [][4]int{{1, 50, 200, 40}, {1, 45, 600, 33}, {2, 60, 128, 130}} {
		p := &Product{Batch: s[0], M: s[1], K: s[2], N: s[3]}
		testLayout[T](t, on, r, p, layouts[0], apart, true)
	}
}

func TestApart(t *testing.T) {
	each[float32](t, testApart[float32])
	each[float64](t, testApart[float64])
}

func TestShapes(t *testing.T) {
	each[float32](t, testShapes[float32])
	each[float64](t, testShapes[float64])
}

// testLarge takes products that are divided among threads, of which a sample is compared: each
// column by itself is a product, too.
func testLarge[T Float](t *testing.T, on target.Target, r *rand.Rand) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for _, s := range [][4]int{{1, 270, 1100, 301}, {3, 200, 300, 200}, {1, 2000, 100, 40},
		{1, 20, 300, 2000}, {1, 4000, 600, 1}, {100, 30, 40, 50}} {
		for layout := range 4 {
			p := &Product{Batch: s[0], M: s[1], K: s[2], N: s[3]}
			var lengthA, lengthB int
			p.A, lengthA = layouts[layout&1](p.Batch, p.M, p.K)
			p.B, lengthB = layouts[layout>>1](p.Batch, p.K, p.N)
			a, b := numbers[T](r, lengthA, false), numbers[T](r, lengthB, false)
			var want []T
			w := new(Workspace)
			for _, threads := range []int{1, 2, 4} {
				runtime.GOMAXPROCS(threads)
				got := make([]T, p.Batch*p.M*p.N)
				if err := Run(w, *p, on, got, a, b); err != nil {
					t.Fatal(err)
				}
				if want == nil {
					want = got
				}
				compare(t, p, got, want)
			}
			for range 20 {
				q := &Product{Batch: 1, M: 1, K: p.K, N: 1, A: p.A, B: p.B}
				batch, i, j := r.IntN(p.Batch), r.IntN(p.M), r.IntN(p.N)
				one := slowly(q, a[batch*p.A.Batch+i*p.A.Row:], b[batch*p.B.Batch+j*p.B.Column:])
				compare(t, p, want[(batch*p.M+i)*p.N+j:][:1], one)
			}
		}
	}
}

func TestLarge(t *testing.T) {
	each[float32](t, testLarge[float32])
	each[float64](t, testLarge[float64])
}

// TestCollector multiplies in several goroutines while garbage is collected and stacks move.
func TestCollector(t *testing.T) {
	each[float32](t, func(t *testing.T, on target.Target, r *rand.Rand) {
		p := &Product{Batch: 1, M: 64, K: 550, N: 64}
		p.A, p.B = Strides{0, 550, 1}, Strides{0, 64, 1}
		a, b := numbers[float32](r, 64*550, false), numbers[float32](r, 550*64, false)
		want := slowly(p, a, b)
		var users sync.WaitGroup
		w := new(Workspace)
		stop := make(chan struct{})
		go func() {
			for {
				select {
				case <-stop:
					return
				default:
					runtime.GC()
					time.Sleep(100 * time.Microsecond)
				}
			}
		}()
		for range 3 {
			users.Go(func() {
				for range 1000 {
					got := make([]float32, len(want))
					if err := Run(w, *p, on, got, a, b); err != nil {
						t.Error(err)
					}
					for i := range got {
						if got[i] != want[i] {
							t.Errorf("element %d is %v, want %v", i, got[i], want[i])
							return
						}
					}
				}
			})
		}
		users.Wait()
		close(stop)
	})
}

func benchmark[T Float](b *testing.B, on target.Target, batch, m, k, n int) {
	r := rand.New(rand.NewPCG(1, 1))
	p := &Product{Batch: batch, M: m, K: k, N: n}
	p.A, p.B = Strides{m * k, k, 1}, Strides{k * n, n, 1}
	x, y := numbers[T](r, batch*m*k, false), numbers[T](r, batch*k*n, false)
	out := make([]T, batch*m*n)
	w := new(Workspace)
	b.ReportAllocs()
	best := time.Hour
	for b.Loop() {
		begin := time.Now()
		if err := Run(w, *p, on, out, x, y); err != nil {
			b.Fatal(err)
		}
		best = min(best, time.Since(begin))
	}
	products := float64(batch) * float64(m) * float64(k) * float64(n)
	b.ReportMetric(2*products*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
	b.ReportMetric(2*products/float64(best.Nanoseconds()), "best-GFLOP/s")
}

func BenchmarkProduct(b *testing.B) {
	for _, s := range [][4]int{{1, 100, 100, 1000}, {1, 256, 256, 256}, {1, 512, 512, 512},
		{1, 1024, 1024, 1024}, {1, 1000, 1000, 1}, {1, 1, 1000, 1000}, {1, 2, 2, 2}, {1, 8, 8, 8},
		{1, 50, 50, 2}, {1000, 3, 3, 3}, {100, 16, 16, 16}} {
		for _, on := range target.Supported() {
			if on != target.None {
				b.Run(fmt.Sprint("float32/", s, "/", on), func(b *testing.B) {
					benchmark[float32](b, on, s[0], s[1], s[2], s[3])
				})
				b.Run(fmt.Sprint("float64/", s, "/", on), func(b *testing.B) {
					benchmark[float64](b, on, s[0], s[1], s[2], s[3])
				})
			}
		}
	}
}
