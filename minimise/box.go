package minimise

import (
	"math"

	"pullback/ad"
	"pullback/internal/implicit"
)

// Box bounds a search: lower <= x <= upper. Both are trees like the start; ±Inf is no bound, and
// equal ends hold an element where it is. The ends are values like any other: in a batch every
// problem may have its own. A box that is empty, or has a NaN for an end, ends the search as
// status.NotFinite.
type Box[T any] struct{ Lower, Upper T }

// bounds are the ends of a box as vectors, with their derivatives.
type bounds struct{ lower, upper Value }

// flatten lays a box out like the unknowns x, which it checks it against.
func (b Box[T]) flatten(x Value) bounds {
	lower, _ := ad.Ravel(b.Lower)
	upper, _ := ad.Ravel(b.Upper)
	for _, end := range []Value{lower, upper} {
		if !end.Type().Equal(x.Type()) {
			panic(ad.Mistake("minimise", []Value{x, lower, upper},
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
	sound := ad.LessEqual(p.Lower, p.Upper)
	return ad.Where(sound, inside, ad.Like(x, math.NaN()))
}

// held are the elements of a point that descent would take out of the box, and those whose ends
// are equal: where a search goes on, it does so in the others (the binding set of Bertsekas,
// Projected Newton methods, SIAM J. Control Optim. 20, 1982, with no margin).
func (p Problem) held(at Point) Value {
	atLower := ad.And(ad.LessEqual(at.X, p.Lower), ad.Greater(at.G, 0))
	atUpper := ad.And(ad.GreaterEqual(at.X, p.Upper), ad.Less(at.G, 0))
	return ad.Or(ad.Equal(p.Lower, p.Upper), ad.Or(atLower, atUpper))
}

// Reduce is v with zeros in the elements that the box holds at a point: of the gradient there,
// what counts.
func (p Problem) Reduce(at Point, v Value) Value {
	if !p.bounded() {
		return v
	}
	return ad.Where(p.held(at), ad.ZerosLike(v), v)
}

// reduced is the problem's own gradient at a point, without the elements that the box holds.
func (p Problem) reduced(at Point) Value { return p.Reduce(at, at.G) }

// reach is how far each element of a point may go: as far as it is long, at least 1, and no
// further than the box lets descent go.
func (p Problem) reach(at Point) Value {
	typical := ad.Max(ad.Abs(at.X), 1)
	if !p.bounded() {
		return typical
	}
	return ad.Min(typical, p.room(at.X, ad.Neg(at.G)))
}

// room is how far each element of x can go in the direction of d: zero where d is.
func (p Problem) room(x, d Value) Value {
	up := ad.Where(ad.Greater(d, 0), ad.Sub(p.Upper, x), ad.ZerosLike(x))
	return ad.Where(ad.Less(d, 0), ad.Sub(x, p.Lower), up)
}

// fall is how far f falls at most, by its slopes, until the box ends.
func (p Problem) fall(at Point) Value {
	return ad.Dot(ad.Abs(at.G), p.room(at.X, ad.Neg(at.G)))
}

// shorten is what the box leaves of a step from at.X to at.X - newton: nothing in the elements that
// it holds, and in the others the way to its end.
func (p Problem) shorten(at Point, newton Value) Value {
	if !p.bounded() {
		return newton
	}
	inside := ad.Max(ad.Min(newton, ad.Sub(at.X, p.Lower)), ad.Sub(at.X, p.Upper))
	return p.Reduce(at, inside)
}

// longest is the multiple of d at which the line from x leaves the box.
func (p Problem) longest(x, d Value) Value {
	part := ad.Div(p.room(x, d), implicit.Divisor(ad.Abs(d)))
	return ad.MinOf(ad.Where(ad.NotEqual(d, 0), part, ad.Like(x, math.Inf(1))))
}

// along is x + αd. Where only rounding keeps it off an end that d points to, it is that end, lest
// an element that the box should hold seem free.
func (p Problem) along(x, d, alpha Value) Value {
	to := ad.Add(x, ad.Mul(d, alpha))
	if !p.bounded() {
		return to
	}
	rounding := ad.Mul(ad.Max(ad.Abs(x), ad.Abs(to)), 2*implicit.Epsilon(x.DType()))
	near := ad.And(ad.NotEqual(d, 0), ad.LessEqual(p.room(to, d), rounding))
	return ad.Where(near, ad.Where(ad.Greater(d, 0), p.Upper, p.Lower), to)
}

// within puts a problem into a box. What it returns gives the equations of a minimum at a point:
// that the gradient vanishes in the elements that the box leaves free, and that the others are at
// their ends. So the derivative of an element that is held is that of its end.
func (p *Problem) within(b bounds, objective func(Value) Value) func(Point) implicit.Equations {
	p.Lower, p.Upper = ad.StopGradient(b.lower), ad.StopGradient(b.upper)
	in := *p
	return func(at Point) implicit.Equations {
		held := in.held(at)
		atLower := ad.And(held, ad.LessEqual(at.X, in.Lower))
		end := ad.Where(atLower, b.lower, ad.Where(held, b.upper, ad.ZerosLike(at.X)))
		return implicit.Close(func(x Value) Value {
			return ad.Where(held, ad.Sub(x, end), ad.Grad(objective)(x))
		}, at.X)
	}
}
