package ad

import (
	"fmt"

	"pullback/internal/op"
	"pullback/ir"
)

// Scalar is one number: a float64 for an untyped float constant, an int64 for an integer one.
func Scalar[T ir.Element | int](x T) Value { return Array(nil, []T{x}) }

// Vector is the one-dimensional array of xs.
func Vector[T ir.Element | int](xs ...T) Value { return Array([]int{len(xs)}, xs) }

// Matrix is the array of shape (rows, columns) with the elements xs in row-major order.
func Matrix[T ir.Element | int](rows, columns int, xs []T) Value {
	return Array([]int{rows, columns}, xs)
}

// Array is the array of the given shape with the elements xs, which it copies, in row-major
// order. It panics if their number does not fit.
func Array[T ir.Element | int](shape []int, xs []T) Value {
	if sizeOf("array", shape) != len(xs) {
		panic(mistake("array", nil, "%d elements do not fill the shape %v", len(xs), shape))
	}
	shape = append([]int{}, shape...)
	switch xs := any(xs).(type) {
	case []int:
		wide := make([]int64, len(xs))
		for i, x := range xs {
			wide[i] = int64(x)
		}
		return ir.Known(ir.Wrap(wide, shape...))
	case []float64:
		return known(xs, shape)
	case []float32:
		return known(xs, shape)
	case []int32:
		return known(xs, shape)
	case []int64:
		return known(xs, shape)
	case []uint32:
		return known(xs, shape)
	case []uint64:
		return known(xs, shape)
	case []bool:
		return known(xs, shape)
	}
	panic(fmt.Sprintf("ad: no element type %T", xs))
}

func known[T ir.Element](xs []T, shape []int) Value {
	return ir.Known(ir.Wrap(append([]T{}, xs...), shape...))
}

// sizeOf is the number of elements of a shape.
func sizeOf(name string, shape []int) int {
	t := ir.Of(Bool, shape...)
	if err := t.Check(); err != nil {
		panic(mistake(name, nil, "%v", err))
	}
	return t.Size()
}

// Zeros is the array of zeros of an element type and shape.
func Zeros(d DType, shape ...int) Value { return Full(d, 0, shape...) }

// Full is the array whose every element is x, converted to d.
func Full(d DType, x float64, shape ...int) Value {
	sizeOf("full", shape)
	return ir.Known(ir.FillNumber(ir.Of(d, append([]int{}, shape...)...), x))
}

// Like is the scalar x in v's element type.
func Like(v Value, x float64) Value { return Full(v.DType(), x) }

// ZerosLike is zeros of v's element type and shape.
func ZerosLike(v Value) Value { return Zeros(v.DType(), v.Shape()...) }

// OnesLike is ones of v's element type and shape.
func OnesLike(v Value) Value { return Full(v.DType(), 1, v.Shape()...) }

// Arange is 0, 1, ..., n-1 in element type d.
func Arange(d DType, n int) Value {
	sizeOf("arange", []int{n})
	return op.Iota(ir.Of(d, n), 0)
}

// Identity is the n by n identity matrix.
func Identity(d DType, n int) Value {
	sizeOf("identity", []int{n})
	return op.Identity(d, n)
}

// refuseNil refuses a transformer's function that is none.
func refuseNil(name string, isNil bool) {
	if isNil {
		panic(mistake(name, nil, "the function is nil; give one"))
	}
}

// mistake is a usage error at the user's line.
func mistake(name string, in []Value, format string, args ...any) error {
	return Mistake(name, in, format, args...)
}

// Mistake is the usage error of an operation at the user's line: what packages that build on
// this one panic with.
func Mistake(name string, in []Value, format string, args ...any) error {
	return &Error{Pos: ir.Here(1), Op: name, In: ir.TypesOf(in),
		Reason: fmt.Sprintf(format, args...)}
}
