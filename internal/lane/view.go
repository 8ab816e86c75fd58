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

// Reshaper is an operation whose result has its operand's elements in the same row-major order
// under another shape. Strides cannot say that of an operand that is itself a view.
type Reshaper interface {
	SameOrder()
}

// Placer is a Viewer the other way round: Place says where in the result each operand's elements
// are laid. The places do not overlap, and what none of them covers is zero.
type Placer interface {
	Place(in []ir.Type, out ir.Type) []View
}

// Reducer is an operation that combines its operand's elements along axes, in row-major order
// of those axes and in the fixed order of Reduce.
type Reducer interface {
	Reduction() (c Code, axes []int)
}

// View maps coordinates to an address: Offset plus each coordinate times its stride. A Viewer's
// coordinates are its result's and the address is one in the operand; a Placer's coordinates are
// an operand's and the address is one in the result. Of an array without elements it says nothing.
type View struct {
	Offset  int
	Strides []int
}

// Whole is the view of an array of the given shape as it lies.
func Whole(shape []int) View { return View{Strides: RowMajor(shape)} }

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
