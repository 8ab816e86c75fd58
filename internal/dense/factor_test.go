package dense

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// What the tests of the factorisations share.

// hardMatrices are square matrices with names, symmetric positive definite if spd.
func hardMatrices(spd bool) map[string]*mat.Dense {
	r := rand.New(rand.NewPCG(20, 21))
	matrices := map[string]*mat.Dense{}
	for _, n := range []int{1, 2, 3, 8, 33, 70} {
		a := mat.NewDense(n, n, nil)
		a.Apply(func(i, j int, _ float64) float64 { return r.NormFloat64() }, a)
		if spd {
			var s mat.Dense
			s.Mul(a, a.T())
			for i := range n {
				s.Set(i, i, s.At(i, i)+0.1)
			}
			a = &s
		}
		matrices[fmt.Sprint("random", n)] = a
	}
	hilbert, near := mat.NewDense(5, 5, nil), mat.NewDense(6, 6, nil)
	hilbert.Apply(func(i, j int, _ float64) float64 { return 1 / float64(i+j+1) }, hilbert)
	near.Apply(func(i, j int, _ float64) float64 {
		if i == j {
			return 1 + 1e-4
		}
		return 1
	}, near)
	var graded mat.Dense
	graded.Apply(func(i, j int, v float64) float64 { return math.Ldexp(v, -3*(i+j)) }, near)
	matrices["hilbert"], matrices["near singular"], matrices["graded"] = hilbert, near, &graded
	return matrices
}

func roundoff[T Float]() float64 { return float64(unitRoundoff[T]()) }

// to converts a matrix to a slice of T and that back, so that both are the same numbers.
func to[T Float](a mat.Matrix) ([]T, *mat.Dense) {
	m, n := a.Dims()
	x := make([]T, 0, m*n)
	for i := range m {
		for j := range n {
			x = append(x, T(a.At(i, j)))
		}
	}
	return x, from(x, m, n)
}

func from[T Float](x []T, m, n int) *mat.Dense {
	d := mat.NewDense(m, n, nil)
	d.Apply(func(i, j int, _ float64) float64 { return float64(x[i*n+j]) }, d)
	return d
}

// near fails unless ‖got - want‖ is at most bound·scale in the Frobenius norm.
func near(t *testing.T, what string, got, want mat.Matrix, bound, scale float64) {
	t.Helper()
	var d mat.Dense
	d.Sub(got, want)
	if e := mat.Norm(&d, 2); !(e <= bound*scale) {
		t.Errorf("%s: off by %.3g, allowed %.3g", what, e, bound*scale)
	}
}

func symmetric(a *mat.Dense) *mat.SymDense {
	n, _ := a.Dims()
	return mat.NewSymDense(n, mat.DenseCopyOf(a).RawMatrix().Data)
}

// residual fails unless ‖op(A)·X - B‖ is at most bound·‖X‖.
func residual[T Float](t *testing.T, what string, a *mat.Dense, x, b []T, columns int,
	transposed bool, bound float64) {
	t.Helper()
	n, _ := a.Dims()
	var op mat.Matrix = a
	if transposed {
		op = a.T()
	}
	var product mat.Dense
	solution := from(x, n, columns)
	product.Mul(op, solution)
	near(t, what, &product, from(b, n, columns), bound, mat.Norm(solution, 2))
}

func TestFactorisationsAllocateNothing(t *testing.T) {
	n := 20
	x, _ := to[float32](hardMatrices(true)["random33"])
	a, l, p, q := x[:n*n], make([]float32, n*n), make([]int32, n), make([]int32, n)
	if got := testing.AllocsPerRun(20, func() {
		Cholesky(l, a, nil, 1, n)
		LU(l, a, p, q, 1, n)
		SolveLU(l[:n], a, p, l[:n], 1, n, 1, false)
		SymmetricEigen(l[:n], l, a, 1, n)
	}); got != 0 {
		t.Errorf("%v allocations", got)
	}
}

func benchmarkFactor[T Float](b *testing.B, n int) {
	r := rand.New(rand.NewPCG(1, 1))
	a, out, work := make([]T, n*n), make([]T, n*n), make([]T, n*n)
	for i := range n {
		for j := range i + 1 {
			a[i*n+j] = T(r.NormFloat64())
			a[j*n+i] = a[i*n+j]
		}
		a[i*n+i] += T(4 * n)
	}
	p, q, w := make([]int32, n), make([]int32, n), make([]T, n)
	per := func(b *testing.B, count float64) {
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/count, "ns/fma")
	}
	cube := float64(n) * float64(n) * float64(n)
	b.Run("cholesky", func(b *testing.B) {
		for b.Loop() {
			Cholesky(out, a, nil, 1, n)
		}
		per(b, cube/6)
	})
	b.Run("lu", func(b *testing.B) {
		for b.Loop() {
			LU(out, a, p, q, 1, n)
		}
		per(b, cube/3)
	})
	b.Run("triangular", func(b *testing.B) {
		for b.Loop() {
			SolveTriangular(w, a, a[:n], 1, n, 1, Triangle{})
		}
		per(b, float64(n*n)/2)
	})
	b.Run("eigen", func(b *testing.B) {
		for b.Loop() {
			copy(work, a)
			SymmetricEigen(w, out, work, 1, n)
		}
	})
}

func BenchmarkFactor(b *testing.B) {
	for _, n := range []int{4, 100, 300} {
		b.Run(fmt.Sprint("float64/", n), func(b *testing.B) { benchmarkFactor[float64](b, n) })
		b.Run(fmt.Sprint("float32/", n), func(b *testing.B) { benchmarkFactor[float32](b, n) })
	}
}
