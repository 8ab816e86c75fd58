package dense

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

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

		lower, upper := mat.NewDense(n, n, nil), mat.NewDense(n, n, nil)
		permuted := mat.NewDense(n, n, nil)
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
		factors := mat.Norm(lower, 2) * mat.Norm(upper, 2)
		near(t, name+" backward", &product, permuted, float64(n)*u, factors)

		for _, columns := range []int{1, 3, n + 1} {
			for _, transposed := range []bool{false, true} {
				b := make([]T, n*columns)
				for i := range b {
					b[i] = T(i%7) - 3
				}
				x := make([]T, n*columns)
				SolveLU(x, lu, pivots, b, 1, n, columns, transposed)
				what := fmt.Sprint(name, " solve ", columns, transposed)
				residual(t, what, exact, x, b, columns, transposed, 4*float64(n)*u*factors)
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
		want := oracle.Det()
		if e := math.Abs(determinant/want - 1); !(e <= 20*float64(n)*u*oracle.Cond()) {
			t.Errorf("%s: determinant %g, want %g", name, determinant, want)
		}
	}
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
