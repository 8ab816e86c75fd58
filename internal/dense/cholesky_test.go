package dense

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
)

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
	compare(t, "l", l, []float64{2, 0, 1, math.Sqrt2, none, none, none, none,
		none, none, none, none, none, none, none, none})
	if fmt.Sprint(failed) != "[-1 1 0 1]" {
		t.Error(failed)
	}
	Cholesky([]float64{}, nil, nil, 5, 0)
}
