package lane

import "pullback/ir"

// Lowerer is an elementwise operation: operands and results have one shape, and Lower computes
// one element of each result from that element of each operand.
type Lowerer interface {
	Lower(b *Builder, in []Value) []Value
}

// Viewer is an operation that only says where its result's elements are found in its operand,
// so that lowering can fold it into the loads of whoever uses the result.
type Viewer interface {
	View(in ir.Type) View
}

// View maps the result's coordinates to an address in the operand: Offset plus each coordinate
// times its stride. Strides has one entry for each axis of the result.
type View struct {
	Offset  int
	Strides []int
}

// RowMajor lists the strides of an array of the given shape.
func RowMajor(shape []int) []int {
	strides := make([]int, len(shape))
	n := 1
	for i := len(shape) - 1; i >= 0; i-- {
		strides[i] = n
		n *= shape[i]
	}
	return strides
}
