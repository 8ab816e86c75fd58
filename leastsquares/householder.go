package leastsquares

import (
	"pullback/ad"
	"pullback/internal/implicit"
)

// solve is the s that is least in ‖As - b‖, for A of shape (m, n) with m ≥ n and full rank, by
// Householder's reflections (G. H. Golub and C. F. Van Loan, Matrix Computations, 2013, algorithm
// 5.2.1): AᵀA, whose condition is the square of A's, is never formed. The reflections are written
// out one after another, for n of at most some tens.
func solve(a, b Value) Value {
	n := a.Shape()[1]
	columns := make([]Value, n)
	for k := range columns {
		columns[k] = column(a, k)
	}
	// Row k of R: its diagonal and what is right of it.
	diagonal, rows, right := make([]Value, n), make([][]Value, n), make([]Value, n)
	for k := range n {
		v, length := reflector(columns[k])
		diagonal[k] = length
		square := implicit.Divisor(ad.Sum(ad.Square(v)))
		reflect := func(x Value) Value {
			along := ad.Mul(ad.Div(ad.Dot(v, x), square), 2)
			return ad.Sub(x, ad.Mul(v, along))
		}
		for j := k + 1; j < n; j++ {
			x := reflect(columns[j])
			rows[k] = append(rows[k], ad.At(x, 0))
			columns[j] = below(x)
		}
		b = reflect(b)
		right[k] = ad.At(b, 0)
		b = below(b)
	}
	s := make([]Value, n)
	for k := n - 1; k >= 0; k-- {
		left := right[k]
		for j := k + 1; j < n; j++ {
			left = ad.Sub(left, ad.Mul(rows[k][j-k-1], s[j]))
		}
		s[k] = ad.Div(left, implicit.Divisor(diagonal[k]))
	}
	return ad.Stack(0, s...)
}

// reflector is the normal of the reflection that turns x into its first axis, and what it is there.
func reflector(x Value) (v, length Value) {
	first := ad.At(x, 0)
	norm := ad.Sqrt(ad.Sum(ad.Square(x)))
	length = ad.Where(ad.Greater(first, 0), ad.Neg(norm), norm)
	unit := make([]float64, x.Size())
	unit[0] = 1
	axis := ad.Convert(ad.Vector(unit...), x.DType())
	return ad.Sub(x, ad.Mul(axis, length)), length
}

func column(a Value, k int) Value {
	m := a.Shape()[0]
	return ad.Squeeze(ad.Slice(a, []int{0, k}, []int{m, k + 1}), 1)
}

// below is x without its first element.
func below(x Value) Value { return ad.Slice(x, []int{1}, []int{x.Size()}) }
