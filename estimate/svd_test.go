package estimate

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// matrices are by columns: random, tall and wide, nearly and exactly of lower rank, of zeros.
func matrices() map[string][][]float64 {
	r := rand.New(rand.NewPCG(5, 6))
	random := func(m, n int) [][]float64 {
		a := make([][]float64, n)
		for i := range a {
			a[i] = make([]float64, m)
			for j := range a[i] {
				a[i][j] = r.NormFloat64()
			}
		}
		return a
	}
	dependent := random(8, 5)
	nearly := random(8, 5)
	for i := range 8 {
		dependent[4][i] = 2*dependent[0][i] - dependent[1][i]
		nearly[4][i] = nearly[0][i] + 1e-9*nearly[4][i]
	}
	equal := random(50, 1)
	graded := random(12, 6)
	for i, c := range graded {
		for j := range c {
			c[j] *= math.Pow(10, float64(-3*i))
		}
	}
	return map[string][][]float64{
		"tall": random(30, 7), "square": random(6, 6), "wide": random(3, 9), "one": random(1, 1),
		"dependent": dependent, "nearly dependent": nearly, "graded": graded,
		"many": random(90, 40), "equal": {equal[0], equal[0], equal[0]},
		"zero":        {make([]float64, 4), make([]float64, 4)},
		"zero column": {equal[0], make([]float64, 50)}, "no rows": {{}, {}},
	}
}

func TestSingularValuesAreThoseOfLAPACK(t *testing.T) {
	for name, columns := range matrices() {
		n, m := len(columns), len(columns[0])
		a := mat.NewDense(max(m, 1), n, nil)
		work := make([][]float64, n)
		for c := range columns {
			work[c] = append([]float64(nil), columns[c]...)
			for r, x := range columns[c] {
				a.Set(r, c, x)
			}
		}
		values, vectors := singularValues(work)
		var svd mat.SVD
		if !svd.Factorize(a, mat.SVDThin) {
			t.Fatal("the oracle fails")
		}
		want := append(svd.Values(nil), make([]float64, n)...)[:n]
		for i, v := range values {
			if math.Abs(v-want[i]) > 1e-14*want[0] {
				t.Errorf("%s: singular value %d is %v, want %v", name, i, v, want[i])
			}
			if i > 0 && v > values[i-1] {
				t.Errorf("%s: %v are not descending", name, values)
			}
		}
		// |A v| is the singular value, and the vectors are orthonormal.
		for i, v := range vectors {
			var image mat.VecDense
			image.MulVec(a, mat.NewVecDense(n, v))
			if got := mat.Norm(&image, 2); math.Abs(got-values[i]) > 1e-14*(1+want[0]) {
				t.Errorf("%s: vector %d is stretched by %v and its singular value is %v", name, i,
					got, values[i])
			}
			for j, w := range vectors {
				unit := map[bool]float64{true: 1}[i == j]
				if got := dot(v, w); math.Abs(got-unit) > 1e-15*float64(n+10) {
					t.Errorf("%s: vectors %d and %d have the product %v", name, i, j, got)
				}
			}
		}
	}
}

// Small singular values of graded columns are accurate relative to themselves: their product is
// the determinant.
func TestSmallSingularValuesAreAccurate(t *testing.T) {
	values, _ := singularValues([][]float64{{1, 1}, {1e-12, -1e-12}})
	for i, want := range []float64{math.Sqrt2, math.Sqrt2 * 1e-12} {
		if math.Abs(values[i]/want-1) > 1e-15 {
			t.Errorf("singular value %d is %v, want %v", i, values[i], want)
		}
	}
}

func TestLength(t *testing.T) {
	for _, c := range []struct{ of, want float64 }{{0, 0}, {1e300, 5e300}, {1e-320, 5e-320},
		{1, 5}} {
		if got := length([]float64{3 * c.of, -4 * c.of}); math.Abs(got-c.want) > 1e-15*c.want+
			1e-323 {
			t.Errorf("length %v, want %v", got, c.want)
		}
	}
}
