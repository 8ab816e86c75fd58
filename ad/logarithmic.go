package ad

import (
	"slices"

	"pullback/internal/op"
)

// What is known by its logarithm: none of these overflows, and all have the right derivatives of
// any order, also where the obvious compositions have none.

// Sigmoid is 1 / (1 + e^-x), the logistic function.
func Sigmoid(x Value) Value { return op.Sigmoid(x) }

// Softplus is log(1 + e^x); its derivative is Sigmoid.
func Softplus(x Value) Value { return op.Softplus(x) }

// LogAddExp is log(e^a + e^b), where -infinity stands for an event of probability 0.
func LogAddExp[A, B Operand](a A, b B) Value { return op.LogAddExp(pair("log_add_exp", a, b)) }

// LogSumExp is the logarithm of the sum of the elements' exponentials, along the given axes or all.
// Of no elements, and of -infinities alone, it is -infinity; there it has no derivative.
func LogSumExp(x Value, axes ...int) Value {
	axes = axesOf("log_sum_exp", x, axes)
	shifted, top := belowTop("log_sum_exp", x, axes)
	return Add(Log(op.Sum(Exp(shifted), axes...)), op.Squeeze(top, axes...))
}

// Softmax is the elements' exponentials as shares of their sum, along the given axes or all: the
// gradient of LogSumExp.
func Softmax(x Value, axes ...int) Value {
	axes = axesOf("softmax", x, axes)
	shifted, _ := belowTop("softmax", x, axes)
	e := Exp(shifted)
	return Div(e, op.Reshape(op.Sum(e, axes...), ones(x, axes)))
}

// belowTop is x less its greatest elements along the axes, which keep an extent of 1, and those.
// Where the greatest is no finite number, 0 is taken off. The results that are made of this do not
// depend on what is taken off, so that no derivative of it need do so.
func belowTop(name string, x Value, axes []int) (shifted, top Value) {
	if !x.DType().IsFloat() {
		panic(mistake(name, []Value{x}, "%v is no float; convert it with ad.Convert", x.DType()))
	}
	for _, a := range axes {
		if x.Type().Shape[a] == 0 {
			return x, Zeros(x.DType(), ones(x, axes)...)
		}
	}
	top = op.Reshape(op.ReduceMax(StopGradient(x), axes...), ones(x, axes))
	top = Where(IsFinite(top), top, 0)
	return Sub(x, top), top
}

// ones is x's shape with the given extents 1.
func ones(x Value, axes []int) []int {
	shape := slices.Clone(x.Type().Shape)
	for _, a := range axes {
		shape[a] = 1
	}
	return shape
}
