package dense

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

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

func testCholesky[T Float](t *testing.T) {
	u := roundoff[T]()
	for name, m := range hardMatrices(true) {
		a, exact := to[T](m)
		n, _ := m.Dims()
		l, failed := make([]T, n*n), []int32{7}
		for i := range n {
			for j := i + 1; j < n; j++ {
				a[i*n+j] = nan[T]() // must not matter
			}
		}
		Cholesky(l, a, failed, 1, n)
		if failed[0] != -1 {
			t.Fatalf("%s: failed %d", name, failed[0])
		}
		factor := from(l, n, n)
		var product mat.Dense
		product.Mul(factor, factor.T())
		norm := mat.Norm(exact, 2)
		near(t, name+" backward", &product, exact, float64(n+1)*u, norm)

		var oracle mat.Cholesky
		if !oracle.Factorize(symmetric(exact)) {
			t.Fatalf("%s: the oracle fails", name)
		}
		var lower mat.TriDense
		oracle.LTo(&lower)
		near(t, name+" forward", factor, &lower, 10*float64(n)*u*oracle.Cond(), math.Sqrt(norm))

		compare(t, name, l, choleskySlowly(a, n))
		Cholesky(a, a, nil, 1, n)
		compare(t, name+" in place", a, l)
	}
}

func symmetric(a *mat.Dense) *mat.SymDense {
	n, _ := a.Dims()
	return mat.NewSymDense(n, mat.DenseCopyOf(a).RawMatrix().Data)
}

// choleskySlowly is the stated order, element by element.
func choleskySlowly[T Float](a []T, n int) []T {
	l := make([]T, n*n)
	for i := range n {
		for j := range i + 1 {
			s := a[i*n+j]
			for k := range j {
				s = fma(-l[i*n+k], l[j*n+k], s)
			}
			if i == j {
				l[i*n+j] = T(math.Sqrt(float64(s)))
			} else {
				l[i*n+j] = s / l[j*n+j]
			}
		}
	}
	return l
}

func TestCholesky(t *testing.T) {
	t.Run("float64", testCholesky[float64])
	t.Run("float32", testCholesky[float32])
}

func TestCholeskyFailures(t *testing.T) {
	a := []float64{
		4, 0, 2, 3, // positive definite
		1, 0, 2, 4, // zero pivot 1
		-1, 0, 0, 1, // negative pivot 0
		1, 0, math.NaN(), 1,
	}
	l, failed := make([]float64, 16), make([]int32, 4)
	Cholesky(l, a, failed, 4, 2)
	none := math.NaN()
	compare(t, "l", l, []float64{2, 0, 1, math.Sqrt2, none, none, none, none, none, none, none, none,
		none, none, none, none})
	if fmt.Sprint(failed) != "[-1 1 0 1]" {
		t.Error(failed)
	}
	Cholesky([]float64{}, nil, nil, 5, 0)
}

// luSlowly is the stated order, element by element, for a given permutation.
func luSlowly[T Float](a []T, permutation []int32, n int) []T {
	lu := make([]T, n*n)
	for i := range n {
		for j := range n {
			s := a[int(permutation[i])*n+j]
			for k := range min(i, j) {
				s = fma(-lu[i*n+k], lu[k*n+j], s)
			}
			if j < i {
				s /= lu[j*n+j]
			}
			lu[i*n+j] = s
		}
	}
	return lu
}

func testLU[T Float](t *testing.T) {
	u := roundoff[T]()
	for name, m := range hardMatrices(false) {
		a, exact := to[T](m)
		n, _ := m.Dims()
		lu, pivots, permutation := make([]T, n*n), make([]int32, n), make([]int32, n)
		LU(lu, a, pivots, permutation, 1, n)
		compare(t, name, lu, luSlowly(a, permutation, n))

		lower, upper, permuted := mat.NewDense(n, n, nil), mat.NewDense(n, n, nil), mat.NewDense(n, n, nil)
		order := make([]int32, n)
		for i := range n {
			order[i] = int32(i)
		}
		for i := range n {
			order[i], order[pivots[i]] = order[pivots[i]], order[i]
			lower.Set(i, i, 1)
			for j := range n {
				permuted.Set(i, j, exact.At(int(permutation[i]), j))
				if j < i {
					lower.Set(i, j, float64(lu[i*n+j]))
				} else {
					upper.Set(i, j, float64(lu[i*n+j]))
				}
				if v := lower.At(i, j); math.Abs(v) > 1 {
					t.Errorf("%s: a multiplier of %g", name, v)
				}
			}
		}
		if fmt.Sprint(order) != fmt.Sprint(permutation) {
			t.Errorf("%s: pivots %v, permutation %v", name, pivots, permutation)
		}
		var product mat.Dense
		product.Mul(lower, upper)
		near(t, name+" backward", &product, permuted, float64(n)*u, mat.Norm(lower, 2)*mat.Norm(upper, 2))

		for _, columns := range []int{1, 3, n + 1} {
			for _, transposed := range []bool{false, true} {
				b := make([]T, n*columns)
				for i := range b {
					b[i] = T(i%7) - 3
				}
				x := make([]T, n*columns)
				SolveLU(x, lu, pivots, b, 1, n, columns, transposed)
				what := fmt.Sprint(name, " solve ", columns, transposed)
				residual(t, what, exact, x, b, columns, transposed, 4*float64(n)*u*mat.Norm(lower, 2)*mat.Norm(upper, 2))
				SolveLU(b, lu, pivots, b, 1, n, columns, transposed)
				compare(t, what+" in place", b, x)
			}
		}

		var oracle mat.LU
		oracle.Factorize(exact)
		determinant := 1.0
		for i := range n {
			determinant *= upper.At(i, i)
			if pivots[i] != int32(i) {
				determinant = -determinant
			}
		}
		if want := oracle.Det(); math.Abs(determinant-want) > 20*float64(n)*u*oracle.Cond()*math.Abs(want) {
			t.Errorf("%s: determinant %g, want %g", name, determinant, want)
		}
	}
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

func TestLU(t *testing.T) {
	t.Run("float64", testLU[float64])
	t.Run("float32", testLU[float32])
}

func TestLUSingularAndNaN(t *testing.T) {
	none := math.NaN()
	a := []float64{
		1, 2, 2, 4, // singular
		0, 0, 0, 0,
		0, 1, none, 1, // the NaN must reach the diagonal
	}
	lu, pivots, permutation := make([]float64, 12), make([]int32, 6), make([]int32, 6)
	LU(lu, a, pivots, permutation, 3, 2)
	compare(t, "lu", lu, []float64{2, 4, 0.5, 0, 0, 0, 0, 0, none, 1, none, none})
	x := make([]float64, 6)
	SolveLU(x, lu, pivots, []float64{1, 1, 1, 1, 1, 1}, 3, 2, 1, false)
	for i, v := range x {
		if !math.IsInf(v, 0) && !math.IsNaN(v) {
			t.Errorf("x[%d] = %v", i, v)
		}
	}
	LU([]float32{}, nil, nil, nil, 3, 0)
	SolveLU([]float32{}, nil, nil, nil, 3, 0, 4, true)
}

func testTriangular[T Float](t *testing.T) {
	r := rand.New(rand.NewPCG(30, 31))
	for _, n := range []int{0, 1, 2, 7, 40} {
		for _, columns := range []int{1, 2, 50} {
			for kind := range 8 {
				triangle := Triangle{kind&1 != 0, kind&2 != 0, kind&4 != 0}
				const batch = 2
				a, b := random[T](r, batch*n*n), random[T](r, batch*n*columns)
				for i := range batch * n {
					a[i*n+i%n] += 30 // well conditioned, or the unit solves grow without bound
				}
				if triangle.Unit {
					for i := range a {
						a[i] /= T(n)
					}
				}
				x := make([]T, len(b))
				SolveTriangular(x, a, b, batch, n, columns, triangle)
				what := fmt.Sprintf("%d %d %+v", n, columns, triangle)
				for m := range batch {
					aa, bb, xx := a[m*n*n:][:n*n], b[m*n*columns:][:n*columns], x[m*n*columns:][:n*columns]
					compare(t, what, xx, solveSlowly(aa, bb, n, columns, triangle))
					if n == 0 {
						continue
					}
					op := mat.NewDense(n, n, nil)
					op.Apply(func(i, j int, _ float64) float64 {
						switch {
						case i == j && triangle.Unit:
							return 1
						case j < i && triangle.Upper, j > i && !triangle.Upper:
							return 0
						}
						return float64(aa[i*n+j])
					}, op)
					residual(t, what, op, xx, bb, columns, triangle.Transposed,
						2*float64(n)*roundoff[T]()*mat.Norm(op, 2))
				}
				SolveTriangular(b, a, b, batch, n, columns, triangle)
				compare(t, what+" in place", b, x)
			}
		}
	}
}

// solveSlowly is the stated order, element by element.
func solveSlowly[T Float](t, b []T, n, columns int, triangle Triangle) []T {
	x := make([]T, n*columns)
	op := func(i, j int) T {
		if triangle.Transposed {
			i, j = j, i
		}
		return t[i*n+j]
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
		if triangle.Upper != triangle.Transposed {
			order[i] = n - 1 - i
		}
	}
	for j := range columns {
		for at, i := range order {
			s := b[i*columns+j]
			for _, k := range order[:at] {
				s = fma(-op(i, k), x[k*columns+j], s)
			}
			if !triangle.Unit {
				s /= op(i, i)
			}
			x[i*columns+j] = s
		}
	}
	return x
}

func TestTriangular(t *testing.T) {
	t.Run("float64", testTriangular[float64])
	t.Run("float32", testTriangular[float32])
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
