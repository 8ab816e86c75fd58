package ad

import "pullback/internal/op"

// Sum adds the elements, along the given axes or all. Its order is fixed: the same digits
// whatever the machine, the threads and the batch.
func Sum(x Value, axes ...int) Value { return op.Sum(x, axesOf("sum", x, axes)...) }

// Prod multiplies the elements, along the given axes or all.
func Prod(x Value, axes ...int) Value { return op.Prod(x, axesOf("prod", x, axes)...) }

// Mean is the average of floats, along the given axes or all; NaN of no elements.
func Mean(x Value, axes ...int) Value {
	if !x.DType().IsFloat() {
		panic(mistake("mean", []Value{x}, "the average of %v is no %v; convert it with ad.Convert",
			x.DType(), x.DType()))
	}
	n := 1
	for _, a := range axesOf("mean", x, axes) {
		n *= x.Type().Shape[a]
	}
	return Div(Sum(x, axes...), n)
}

// CumSum is the sums of the elements up to each one along an axis, itself included, added one
// after the other.
func CumSum(x Value, a int) Value {
	return op.Cumsum(x, axis("cumsum", x, a, x.Type().Rank()), false)
}

// MaxOf is the greatest element, along the given axes or all.
func MaxOf(x Value, axes ...int) Value { return op.ReduceMax(x, axesOf("max", x, axes)...) }

// MinOf is the least element, along the given axes or all.
func MinOf(x Value, axes ...int) Value { return op.ReduceMin(x, axesOf("min", x, axes)...) }

// Any says whether some element holds, along the given axes or all.
func Any(x Value, axes ...int) Value { return op.Any(x, axesOf("any", x, axes)...) }

// All says whether every element holds, along the given axes or all.
func All(x Value, axes ...int) Value { return op.All(x, axesOf("all", x, axes)...) }
