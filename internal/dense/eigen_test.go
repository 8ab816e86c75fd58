package dense

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func symmetricMatrices() map[string]*mat.Dense {
	matrices := hardMatrices(true)
	r := rand.New(rand.NewPCG(40, 41))
	for _, n := range []int{2, 5, 50} {
		a, rank1 := mat.NewDense(n, n, nil), mat.NewDense(n, n, nil)
		a.Apply(func(i, j int, _ float64) float64 { return r.NormFloat64() }, a)
		a.Add(a, a.T())
		v := mat.DenseCopyOf(a.ColView(0))
		rank1.Mul(v, v.T())
		matrices[fmt.Sprint("indefinite", n)], matrices[fmt.Sprint("rank one", n)] = a, rank1
		var huge, tiny, path mat.Dense
		huge.Scale(0x1p120, a)
		tiny.Scale(0x1p-135, a)
		path.Apply(func(i, j int, _ float64) float64 { // zero diagonal, ± pairs of values
			if i-j == 1 || j-i == 1 {
				return 1
			}
			return 0
		}, a)
		matrices[fmt.Sprint("huge", n)], matrices[fmt.Sprint("tiny", n)] = &huge, &tiny
		matrices[fmt.Sprint("path", n)] = &path
	}
	matrices["zero"], matrices["identity"] = mat.NewDense(4, 4, nil), mat.NewDense(3, 3, nil)
	for i := range 3 {
		matrices["identity"].Set(i, i, 1)
	}
	return matrices
}

func testEigen[T Float](t *testing.T) {
	u := roundoff[T]()
	for name, m := range symmetricMatrices() {
		a, exact := to[T](m)
		n, _ := m.Dims()
		w, v, work := make([]T, n), make([]T, n*n), append([]T(nil), a...)
		for i := range n {
			for j := i + 1; j < n; j++ {
				work[i*n+j] = nan[T]() // must not matter
			}
		}
		SymmetricEigen(w, v, work, 1, n)

		vectors, scaled, norm := from(v, n, n), mat.NewDense(n, n, nil), mat.Norm(exact, 2)
		scaled.Apply(func(i, j int, x float64) float64 { return x * float64(w[j]) }, vectors)
		var product, gram mat.Dense
		product.Mul(scaled, vectors.T())
		gram.Mul(vectors.T(), vectors)
		identity := mat.NewDense(n, n, nil)
		for i := range n {
			identity.Set(i, i, 1)
		}
		bound := 30 * math.Sqrt(float64(n)) * u
		least := math.SmallestNonzeroFloat64
		if _, ok := any(T(0)).(float32); ok {
			least = math.SmallestNonzeroFloat32 // some of the tiny matrices have such values
		}
		near(t, name+" backward", &product, exact, 1, bound*norm+least*float64(n))
		near(t, name+" orthogonal", &gram, identity, bound, math.Sqrt(float64(n)))

		var oracle mat.EigenSym
		if !oracle.Factorize(symmetric(exact), false) {
			t.Fatalf("%s: the oracle fails", name)
		}
		for i, want := range oracle.Values(nil) {
			if got := float64(w[i]); !(math.Abs(got-want) <= bound*norm+least) {
				t.Errorf("%s: value %d is %g, want %g", name, i, got, want)
			}
			if i > 0 && w[i] < w[i-1] {
				t.Errorf("%s: value %d is not ascending", name, i)
			}
			column := vectors.ColView(i)
			if mat.Max(column) < -mat.Min(column) {
				t.Errorf("%s: vector %d has the wrong sign", name, i)
			}
		}
	}
}

func TestSymmetricEigen(t *testing.T) {
	t.Run("float64", testEigen[float64])
	t.Run("float32", testEigen[float32])
}

func TestSymmetricEigenNotFinite(t *testing.T) {
	a := []float64{1, 0, math.NaN(), 1, 2, 1, 1, 2, 1, 0, 0, math.Inf(1)}
	w, v := make([]float64, 6), make([]float64, 12)
	SymmetricEigen(w, v, a, 3, 2)
	for i, x := range w {
		if math.IsNaN(x) != (i/2 != 1) {
			t.Errorf("value %d is %v", i, x)
		}
	}
	for i, x := range v {
		if math.IsNaN(x) != (i/4 != 1) {
			t.Errorf("vector component %d is %v", i, x)
		}
	}
	SymmetricEigen([]float32{}, nil, nil, 3, 0)
	SymmetricEigen([]float32{}, nil, nil, 0, 3)
}
