package orthogonal_test

import (
	"math"
	"testing"

	"pullback/ad"
	"pullback/internal/orthogonal"
)

// läuchli is a matrix whose columns differ by ε alone, so that AᵀA has lost what A has.
func läuchli(e float64) ad.Value {
	return ad.Matrix(4, 3, []float64{1, 1, 1, e, 0, 0, 0, e, 0, 0, 0, e})
}

func TestFactor(t *testing.T) {
	hilbert := make([]float64, 8*5)
	for i := range hilbert {
		hilbert[i] = 1 / float64(i/5+i%5+1)
	}
	for _, c := range []struct {
		name      string
		a         ad.Value
		x         []float64
		tolerance float64 // on x, which the matrix's condition decides
	}{
		{"Läuchli", läuchli(1e-9), []float64{1, -2, 3}, 1e-6},
		{"Hilbert", ad.Matrix(8, 5, hilbert), []float64{1, 2, -3, 4, 5}, 1e-10},
		{"one column", ad.Matrix(3, 1, []float64{1, 2, 2}), []float64{7}, 1e-15},
		{"square", ad.Matrix(2, 2, []float64{0, 1, 1, 0}), []float64{2, 3}, 1e-15},
		{"great", ad.Mul(läuchli(.5), 1e200), []float64{1, -2, 3}, 1e-14},
		{"small", ad.Mul(läuchli(.5), 1e-200), []float64{1, -2, 3}, 1e-14},
	} {
		r, z := orthogonal.Factor(c.a, ad.MatVec(c.a, ad.Vector(c.x...)))
		got := ad.TriangularSolve(r, z, ad.Triangle{Upper: true}).Floats()
		for i, want := range c.x {
			if !(math.Abs(got[i]-want) <= c.tolerance*math.Abs(want)) {
				t.Errorf("%s: x%d is %v, want %v", c.name, i, got[i], want)
			}
		}
		n := len(c.x)
		for i := range n {
			for j := range i {
				if v := ad.At(ad.At(r, i), j).Float(); v != 0 {
					t.Errorf("%s: R has %v below the diagonal", c.name, v)
				}
			}
		}
	}
}

// What is left of b after Qᵀb is taken out is what least squares leaves.
func TestProjection(t *testing.T) {
	a := ad.Matrix(4, 2, []float64{1, 0, 1, 1, 1, 2, 1, 3})
	b := ad.Vector(1., 0, 2, 3)
	_, z := orthogonal.Factor(a, b)
	// The line 0.3 + 0.8 t leaves 1.8 of the square of b, 14, in squares.
	if got := 14 - ad.Dot(z, z).Float(); math.Abs(got-1.8) > 1e-14 {
		t.Errorf("the residual sum of squares is %v", got)
	}
	parts, least := orthogonal.Span(a, b, 1e-10)
	if got := 14 - ad.Dot(parts, parts).Float(); math.Abs(got-1.8) > 1e-14 {
		t.Errorf("the residual sum of squares is %v", got)
	}
	if l := least.Float(); !(l > .1 && l < 1) {
		t.Errorf("the least length is %v", l)
	}
}

// Columns that depend on others add nothing, wherever they stand.
func TestDependentColumns(t *testing.T) {
	b := ad.Vector(1., -2, 3, 5)
	x, y := []float64{1, 2, 3, 4}, []float64{1, -1, 0, 2}
	matrix := func(columns ...[]float64) ad.Value {
		var rows []float64
		for i := range 4 {
			for _, c := range columns {
				rows = append(rows, c[i])
			}
		}
		return ad.Matrix(4, len(columns), rows)
	}
	sum, zero := make([]float64, 4), make([]float64, 4)
	for i := range sum {
		sum[i] = .1*x[i] + .7*y[i]
	}
	want, _ := orthogonal.Span(matrix(x, y), b, 1e-13)
	for _, a := range []ad.Value{matrix(x, y, sum), matrix(sum, x, y), matrix(x, sum, zero, y),
		matrix(zero, y, x, x)} {
		span := func(a ad.Value) ad.Value {
			parts, _ := orthogonal.Span(a, b, 1e-13)
			return parts
		}
		parts := span(a)
		if got, want := ad.Dot(parts, parts).Float(), ad.Dot(want, want).Float(); math.Abs(
			got-want) > 1e-13 {
			t.Errorf("the projection's square is %v, want %v", got, want)
		}
		batch := ad.At(ad.Jit(ad.Vmap(span))(ad.Stack(0, ad.Mul(a, 2), a)), 1)
		if batch.String() != parts.String() {
			t.Errorf("batched %v, alone %v", batch, parts)
		}
	}
	none, least := orthogonal.Span(matrix(zero, zero), b, 1e-13)
	if ad.Dot(none, none).Float() != 0 || least.Float() != 1 {
		t.Errorf("no columns span %v, least %v", none, least)
	}
}
