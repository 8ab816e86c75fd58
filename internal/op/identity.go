package op

import "pullback/ir"

// Identity is the identity matrix of n rows, a known value of shape (n, n).
func Identity(d ir.DType, n int) Value {
	t := ir.Of(ir.Int64, n, n)
	return Convert(Equal(Iota(t, 0), Iota(t, 1)), d)
}
