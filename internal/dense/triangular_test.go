package dense

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

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
					aa, bb := a[m*n*n:][:n*n], b[m*n*columns:][:n*columns]
					xx := x[m*n*columns:][:n*columns]
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
