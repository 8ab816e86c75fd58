package leastsquares

import (
	"math"

	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/minimise"
)

// Box bounds a search as it does in package minimise: lower <= x <= upper, where ±Inf is no bound
// and equal ends hold an element where it is.
type Box[T any] = minimise.Box[T]

// bounds are the ends of a box as vectors, with their derivatives.
type bounds struct{ lower, upper Value }

// flatten lays a box out like the unknowns x, which it checks it against.
func flatten[T any](b Box[T], x Value) bounds {
	lower, _ := ad.Ravel(b.Lower)
	upper, _ := ad.Ravel(b.Upper)
	for _, end := range []Value{lower, upper} {
		if !end.Type().Equal(x.Type()) {
			panic(ad.Mistake("leastsquares", []Value{x, lower, upper},
				"an end of the box is %v and the start is %v; both must have the same parts",
				end.Type(), x.Type()))
		}
	}
	return bounds{lower, upper}
}

// bounded says whether there is a box.
func (p Problem) bounded() bool { return p.Lower.IsValid() }

// Project is the point of the box that is closest to x.
func (p Problem) Project(x Value) Value {
	if !p.bounded() {
		return x
	}
	inside := ad.Min(ad.Max(x, p.Lower), p.Upper)
	return ad.Where(ad.LessEqual(p.Lower, p.Upper), inside, ad.Like(x, math.NaN()))
}

// Held are the elements of a point that descent would take out of the box, and those whose ends
// are equal, as bools: where a search goes on, it does so in the others (the binding set of
// Bertsekas, Projected Newton methods, SIAM J. Control Optim. 20, 1982, with no margin).
func (p Problem) Held(at Point) Value {
	if !p.bounded() {
		return ad.Full(ad.Bool, 0, at.X.Size())
	}
	g := at.Gradient()
	atLower := ad.And(ad.LessEqual(at.X, p.Lower), ad.Greater(g, 0))
	atUpper := ad.And(ad.GreaterEqual(at.X, p.Upper), ad.Less(g, 0))
	return ad.Or(ad.Equal(p.Lower, p.Upper), ad.Or(atLower, atUpper))
}

// equations are those of a minimum at a point: that the gradient vanishes in the elements that the
// box leaves free, and that the others are at their ends. So the derivative of an element that
// is held is that of its end.
func (p Problem) equations(b bounds, at Point, gradient func(Value) Value) implicit.Equations {
	if !p.bounded() {
		return implicit.Close(gradient, at.X)
	}
	held := p.Held(at)
	atLower := ad.And(held, ad.LessEqual(at.X, p.Lower))
	end := ad.Where(atLower, b.lower, ad.Where(held, b.upper, ad.ZerosLike(at.X)))
	return implicit.Close(func(x Value) Value {
		return ad.Where(held, ad.Sub(x, end), gradient(x))
	}, at.X)
}
