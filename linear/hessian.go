package linear

import "pullback/ad"

// Hessian is the second derivative of f, whose result is one float, at x: a symmetric operator
// over x's elements. It is never formed: Apply is a product with one vector, forward over
// reverse. The gradient is linearized at x once, here, and that is reused by every product.
func Hessian[T any](f func(T) Value, x T) Operator {
	flat, unravel := ad.Ravel(x)
	gradient := ad.Grad(func(v Value) Value { return f(unravel(v)) })
	_, product := ad.Linearize(gradient, flat)
	return symmetric{function{flat.Size(), flat.Size(), flat.DType(), product}}
}

// symmetric is an operator that is its own transpose.
type symmetric struct{ function }

var _ Transposer = symmetric{}

func (a symmetric) Transpose() Operator { return a }
