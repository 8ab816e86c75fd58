package op_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pullback/internal/dense"
	"pullback/internal/lane"
	"pullback/internal/op"
	"pullback/ir"
)

func gonum(x op.Value) *mat.Dense {
	s := x.Shape()
	if len(s) == 1 {
		s = append(s, 1)
	}
	return mat.NewDense(s[0], s[1], x.Floats())
}

// near compares matrices by the norm of their difference.
func near(t *testing.T, name string, got op.Value, want mat.Matrix, tolerance float64) {
	t.Helper()
	var difference mat.Dense
	difference.Sub(gonum(got), want)
	if d := mat.Norm(&difference, 1); !(d <= tolerance*(1+mat.Norm(want, 1))) {
		t.Errorf("%s: off by %v\n%v, want\n%v", name, d, mat.Formatted(gonum(got)),
			mat.Formatted(want))
	}
}

// symmetric is a symmetric positive definite matrix.
func symmetric(n int) op.Value {
	x := ir.Known(spread(n, n))
	return op.Add(op.Contract(x, x, 0, true, false), op.Identity(ir.Float64, n))
}

func TestMatricesAgainstGonum(t *testing.T) {
	for _, n := range []int{1, 2, 5, 20} {
		for _, d := range []ir.DType{ir.Float64, ir.Float32} {
			checkAgainstGonum(t, n, d)
		}
	}
}

func checkAgainstGonum(t *testing.T, n int, d ir.DType) {
	tolerance := 1e-10
	if d == ir.Float32 {
		tolerance = 2e-3
	}
	same := func(what string, got op.Value, want mat.Matrix) {
		t.Helper()
		name := fmt.Sprint(what, " ", n, " ", d)
		if got.DType() != d {
			t.Errorf("%s is %v", name, got.Type())
		}
		near(t, name, op.Convert(got, ir.Float64), want, tolerance)
	}
	cast := func(x op.Value) op.Value { return op.Convert(x, d) }
	a, b, x := ir.Known(wellConditioned(n, n)), ir.Known(spread(n, 3)), ir.Known(spread(n))
	ga, gb, gx := gonum(a), gonum(b), gonum(x)
	var want mat.Dense

	want.Mul(ga, gb)
	same("matmul", op.MatMul(cast(a), cast(b)), &want)
	same("transposes", op.Contract(cast(b), cast(op.MatrixTranspose(a)), 0, true, false), want.T())
	want.Reset()
	want.Mul(ga, gx)
	same("matvec", op.MatVec(cast(a), cast(x)), &want)
	want.Reset()
	want.Mul(ga.T(), gx)
	same("vecmat", op.VecMat(cast(x), cast(a)), &want)
	inner := mat.NewDense(1, 1, []float64{mat.Dot(gx.ColView(0), ga.ColView(0))})
	column := op.Squeeze(op.Slice(a, []int{0, 0}, []int{n, 1}, nil), 1)
	same("dot", op.Reshape(op.Dot(cast(x), cast(column)), []int{1, 1}), inner)

	solve := func(m, b mat.Matrix) *mat.Dense {
		var out mat.Dense
		if err := out.Solve(m, b); err != nil {
			t.Fatal(err)
		}
		return &out
	}
	same("solve", op.Solve(cast(a), cast(b)), solve(ga, gb))
	same("solve a vector", op.Solve(cast(a), cast(x)), solve(ga, gx))
	var inverse mat.Dense
	if err := inverse.Inverse(ga); err != nil {
		t.Fatal(err)
	}
	same("inverse", op.Inverse(cast(a)), &inverse)
	triangle := ir.Known(dominant(n, n))
	lower := mat.NewTriDense(n, mat.Lower, triangle.Floats())
	same("forward", op.TriangularSolve(cast(triangle), cast(b), dense.Triangle{}), solve(lower, gb))
	same("backward", op.TriangularSolve(cast(triangle), cast(b), dense.Triangle{Transposed: true}),
		solve(lower.T(), gb))

	s := symmetric(n)
	spd := mat.NewSymDense(n, s.Floats())
	var l mat.TriDense
	var factor mat.Cholesky
	if !factor.Factorize(spd) {
		t.Fatal("not positive definite")
	}
	factor.LTo(&l)
	same("cholesky", op.Cholesky(cast(s)), &l)
	var eigen mat.EigenSym
	if !eigen.Factorize(spd, true) {
		t.Fatal("no eigenvalues")
	}
	w, v := op.Eigh(cast(s))
	same("eigenvalues", w, mat.NewDense(n, 1, eigen.Values(nil)))
	scaled := op.Mul(v, op.Broadcast(w, []int{n, n}, []int{1}))
	same("A·V", op.MatMul(cast(s), v), gonum(op.Convert(scaled, ir.Float64)))
	same("VᵀV", op.Contract(v, v, 0, true, false), gonum(op.Identity(ir.Float64, n)))
}

// TestLUFactors puts the factors together again.
func TestLUFactors(t *testing.T) {
	const n = 7
	a := ir.Known(wellConditioned(n, n))
	factors, pivots, permutation := op.LU(a)
	l := op.Add(op.LowerTriangle(factors, -1), op.Identity(ir.Float64, n))
	pa := gonum(op.Take(a, permutation, 0))
	near(t, "P·A = L·U", op.MatMul(l, op.UpperTriangle(factors, 0)), pa, 1e-14)
	order := []int32{0, 1, 2, 3, 4, 5, 6}
	for k, p := range ir.Slice[int32](pivots) {
		order[k], order[p] = order[p], order[k]
	}
	if p := ir.Slice[int32](permutation); !slices.Equal(p, order) || slices.IsSorted(p) {
		t.Errorf("the permutation %v is not that of the pivots, %v, or nothing was exchanged", p,
			order)
	}
}

func TestMatrixValues(t *testing.T) {
	nan := math.NaN()
	x := to(3, 3) // 0 1 2 / 3 4 5 / 6 7 8
	for _, c := range []struct {
		name string
		got  op.Value
		want []float64
	}{
		{"identity", op.Identity(ir.Float32, 2), []float64{1, 0, 0, 1}},
		{"identity of int32", op.Identity(ir.Int32, 2), []float64{1, 0, 0, 1}},
		{"identity of bools", op.Identity(ir.Bool, 2), []float64{1, 0, 0, 1}},
		{"identity of nothing", op.Identity(ir.Float64, 0), nil},
		{"lower", op.LowerTriangle(x, 0), []float64{0, 0, 0, 3, 4, 0, 6, 7, 8}},
		{"lower, below", op.LowerTriangle(x, -1), []float64{0, 0, 0, 3, 0, 0, 6, 7, 0}},
		{"lower, above", op.LowerTriangle(x, 1), []float64{0, 1, 0, 3, 4, 5, 6, 7, 8}},
		{"upper", op.UpperTriangle(x, 0), []float64{0, 1, 2, 0, 4, 5, 0, 0, 8}},
		{"upper, above", op.UpperTriangle(x, 1), []float64{0, 1, 2, 0, 0, 5, 0, 0, 0}},
		{"upper, wide", op.UpperTriangle(to(2, 3), -1), []float64{0, 1, 2, 3, 4, 5}},
		{"diagonal", op.Diagonal(x), []float64{0, 4, 8}},
		{"transpose", op.MatrixTranspose(to(2, 3)), []float64{0, 3, 1, 4, 2, 5}},
		{"one equation", op.Solve(floatsIn([]int{1, 1}, 3), floatsIn([]int{1}, 1)),
			[]float64{1.0 / 3}},
		{"one equation, 0/0", op.Solve(floatsIn([]int{1, 1}, 0), floatsIn([]int{1, 2}, 0, 1)),
			[]float64{nan, math.Inf(1)}},
		{"singular", op.Solve(floatsIn([]int{2, 2}, 1, 2, 2, 4), floatsIn([]int{2}, 1, 1)),
			[]float64{math.Inf(-1), math.Inf(1)}},
		{"all zeros", op.Solve(floatsIn([]int{2, 2}, 0, 0, 0, 0), floatsIn([]int{2}, 0, 0)),
			[]float64{nan, nan}},
		{"one singular of two", op.Solve(floatsIn([]int{2, 2, 2}, 0, 0, 0, 0, 2, 0, 0, 4),
			floatsIn([]int{2, 2}, 0, 0, 6, 8)), []float64{nan, nan, 3, 2}},
		{"indefinite", op.Cholesky(floatsIn([]int{2, 2}, 1, 2, 2, 1)),
			[]float64{nan, nan, nan, nan}},
		{"cholesky of the lower triangle", op.Cholesky(floatsIn([]int{2, 2}, 4, nan, 2, 2)),
			[]float64{2, 0, 1, 1}},
		{"one indefinite of two", op.Cholesky(floatsIn([]int{2, 1, 1}, -1, 4)), []float64{nan, 2}},
	} {
		if got := c.got.Floats(); !equalOrNaN(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	w, _ := op.Eigh(floatsIn([]int{2, 2}, nan, 0, 0, 1))
	if !equalOrNaN(w.Floats(), []float64{nan, nan}) {
		t.Errorf("eigenvalues of NaN: %v", w)
	}
}

// TestSymmetricGradients: gradients with respect to a symmetric matrix are symmetric; that of the
// log determinant is the inverse, by either factorisation.
func TestSymmetricGradients(t *testing.T) {
	const n = 4
	a := symmetric(n)
	var want mat.Dense
	if err := want.Inverse(gonum(a)); err != nil {
		t.Fatal(err)
	}
	for name, logDet := range map[string]func(op.Value) op.Value{
		"cholesky": func(a op.Value) op.Value {
			half := op.Sum(op.Log(op.Diagonal(op.Cholesky(a))), 0)
			return op.Add(half, half)
		},
		"eigh": func(a op.Value) op.Value {
			w, _ := op.Eigh(a)
			return op.Sum(op.Log(w), 0)
		},
		"lu": func(a op.Value) op.Value {
			factors, _, _ := op.LU(a)
			return op.Sum(op.Log(op.Abs(op.Diagonal(factors))), 0)
		},
	} {
		near(t, name, gradient(logDet, a), &want, 1e-13)
	}
}

// TestCotangentsAreSymmetric has functions whose derivatives by the elements of a matrix, taken as
// independent, would not be so.
func TestCotangentsAreSymmetric(t *testing.T) {
	for name, f := range map[string]func(op.Value) op.Value{
		"cholesky": op.Cholesky,
		"eigenvectors": func(a op.Value) op.Value {
			_, v := op.Eigh(a)
			return v
		},
	} {
		g := gradient(func(a op.Value) op.Value { return op.Sum(op.Sin(f(a)), 0, 1) }, symmetric(4))
		near(t, name, g, gonum(g).T(), 1e-13)
	}
}

// TestOneNaN: whatever NaN goes in, the canonical one comes out.
func TestOneNaN(t *testing.T) {
	wide, slim := math.Float64frombits(0xfff0_dead_0000_0001), math.Float32frombits(0xff80_0bad)
	for name, f := range map[string]func(op.Value) op.Value{
		"contract":         func(x op.Value) op.Value { return op.MatMul(x, x) },
		"dot":              func(x op.Value) op.Value { return op.Dot(x, x) },
		"solve":            func(x op.Value) op.Value { return op.Solve(x, x) },
		"triangular_solve": forward,
		"lu": func(x op.Value) op.Value {
			factors, _, _ := op.LU(x)
			return factors
		},
		"cholesky": op.Cholesky,
		"eigenvalues": func(x op.Value) op.Value {
			w, _ := op.Eigh(x)
			return w
		},
		"eigenvectors": func(x op.Value) op.Value {
			_, v := op.Eigh(x)
			return v
		},
	} {
		for i, x := range ir.Slice[float64](f(floatsIn([]int{2, 2}, wide, 0, wide, 1))) {
			if x != x && math.Float64bits(x) != math.Float64bits(lane.CanonicalNaN(x)) {
				t.Errorf("%s: element %d has the bits %#x", name, i, math.Float64bits(x))
			}
		}
		for i, x := range ir.Slice[float32](
			f(ir.Known(ir.Wrap([]float32{slim, 0, slim, 1}, 2, 2)))) {
			if x != x && math.Float32bits(x) != math.Float32bits(lane.CanonicalNaN(x)) {
				t.Errorf("%s in float32: element %d has the bits %#x", name, i, math.Float32bits(x))
			}
		}
	}
}

// TestEqualEigenvalues: the sum of the values is smooth where they are equal; the vectors are not.
func TestEqualEigenvalues(t *testing.T) {
	one := op.Identity(ir.Float64, 3)
	trace := gradient(func(a op.Value) op.Value {
		w, _ := op.Eigh(a)
		return op.Sum(w, 0)
	}, one)
	if !slices.Equal(trace.Floats(), one.Floats()) {
		t.Errorf("the gradient of the trace is %v", trace)
	}
	vectors := gradient(func(a op.Value) op.Value {
		_, v := op.Eigh(a)
		return op.Sum(v, 0, 1)
	}, one)
	if !slices.ContainsFunc(vectors.Floats(), func(x float64) bool { return x-x != 0 }) {
		t.Errorf("the gradient of the vectors is %v", vectors)
	}
}

func TestMatrixMistakes(t *testing.T) {
	x, b := to(2, 3), op.Less(to(2, 2), to(2, 2))
	for _, c := range []struct {
		do   func()
		want string
	}{
		{func() { op.MatMul(x, x) },
			"contract(float64[2,3], float64[2,3]): a matrix of 3 columns cannot be multiplied by " +
				"one of 2 rows"},
		{func() { op.MatMul(x, to(3)) },
			"with 0 batch axes it takes operands of rank 2, not 2 and 1"},
		{func() { op.MatVec(x, to(3, 1)) }, "operands of rank 2, not 2 and 3"},
		{func() { op.VecMat(to(1, 2), x) }, "operands of rank 2, not 3 and 2"},
		{func() { op.Contract(to(2, 2, 2), to(3, 2, 2), 1, false, false) },
			"the first 1 extents of [2 2 2] and [3 2 2] differ"},
		{func() { op.Contract(x, x, -1, false, false) }, "with -1 batch axes"},
		{func() { op.MatMul(b, b) }, "a bool is no number"},
		{func() { op.MatMul(x, op.Convert(x, ir.Float32)) },
			"the element types float64 and float32 differ"},
		{func() { op.Dot(to(2), to(3)) }, "the shapes [2] and [3] differ"},
		{func() { op.Dot(to(), to()) }, "a scalar has no axis to sum over"},
		{func() { op.Solve(x, to(2)) }, "float64[2,3] is no square matrix"},
		{func() { op.Solve(to(2), to()) }, "float64[2] is no square matrix"},
		{func() { op.Solve(to(2, 2), to(3)) },
			"the right-hand sides float64[3,1] do not fit the matrix float64[2,2]"},
		{func() { op.Solve(to(2, 2), to()) }, "the right-hand sides float64[] do not fit"},
		{func() { op.Solve(to(1, 1), to(3)) }, "does not broadcast to [3]"},
		{func() { op.Solve(to(3, 2, 2), to(4, 2)) },
			"the right-hand sides float64[4,2,1] do not fit"},
		{func() { op.Solve(op.Convert(to(2, 2), ir.Int32), to(2)) }, "int32 is no float"},
		{func() {
			op.TriangularSolve(to(2, 2), op.Convert(to(2, 2), ir.Float32), dense.Triangle{})
		},
			"the right-hand sides float32[2,2] do not fit the matrix float64[2,2]"},
		{func() { op.Inverse(x) }, "inverse(float64[2,3]): float64[2,3] is no square matrix"},
		{func() { op.Diagonal(to(2)) }, "diagonal(float64[2]): float64[2] is no square matrix"},
		{func() { op.Cholesky(x) }, "float64[2,3] is no square matrix"},
		{func() { op.Eigh(op.Convert(to(2, 2), ir.Int64)) }, "int64 is no float"},
		{func() { op.LowerTriangle(to(2), 0) }, "it takes matrices"},
		{func() { op.MatrixTranspose(to(2)) }, "[1 0] is no order of the 1 axes"},
	} {
		got := mistake(c.do)
		if !strings.Contains(got, c.want) || !strings.HasPrefix(got, "matrix_values_test.go:") {
			t.Errorf("got %q, want %q in it", got, c.want)
		}
	}
}
