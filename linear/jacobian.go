package linear

import "pullback/ad"

// Jacobian is the first derivative of f at x: an operator from x's elements to those of f(x). It
// is never formed: Apply is a product J·v, forward, and its transpose's Apply Jᵀ·w, in reverse.
// Each direction is linearized at x once and reused by every product.
func Jacobian[T, R any](f func(T) R, x T) Operator {
	flat, unravel := ad.Ravel(x)
	apply := func(v Value) Value {
		y, _ := ad.Ravel(f(unravel(v)))
		return y
	}
	y, product := ad.Linearize(apply, flat)
	_, pullback := ad.VJP(apply, flat)
	return jacobian{
		forward: function{y.Size(), flat.Size(), flat.DType(), product},
		reverse: function{flat.Size(), y.Size(), flat.DType(), pullback},
	}
}

// jacobian is an operator and its transpose.
type jacobian struct{ forward, reverse function }

var _ Transposer = jacobian{}

func (j jacobian) Shape() (rows, columns int) { return j.forward.Shape() }

func (j jacobian) DType() DType { return j.forward.dtype }

func (j jacobian) Apply(v Value) Value { return j.forward.Apply(v) }

func (j jacobian) Transpose() Operator { return jacobian{j.reverse, j.forward} }
