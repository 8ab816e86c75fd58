// Package trace estimates the trace of an operator that is never formed, from products with
// random vectors (M. F. Hutchinson, "A stochastic estimator of the trace of the influence matrix",
// Communications in Statistics 18, 1989): the mean of vᵀAv over random v with E[vvᵀ] = I.
package trace

import (
	"pullback/ad"
	"pullback/linear"
)

// Value is an array.
type Value = ad.Value

// Exact is the trace of a square operator, from a product with each unit vector: n products and
// the memory of an n by n matrix.
func Exact(a linear.Operator) Value {
	square("trace", a)
	return ad.Trace(linear.AsMatrix(a))
}

// square is the size of a, which must have as many rows as columns.
func square(name string, a linear.Operator) int {
	rows, columns := a.Shape()
	if rows != columns {
		panic(ad.Mistake(name, nil, "an operator of shape (%d, %d) has no trace; it must be square",
			rows, columns))
	}
	return rows
}
