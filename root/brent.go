package root

import (
	"pullback/ad"
	"pullback/internal/implicit"
)

// Brent is Brent's method: inverse quadratic interpolation and secant steps inside a bracket,
// with bisection where they are too slow (R. P. Brent, Algorithms for Minimization without
// Derivatives, 1973, chapter 4). It needs no derivative and keeps the bracket. One unknown.
type Brent struct {
	Lower, Upper Value // scalars: the bracket
	RTol, ATol   float64
	MaxSteps     int
}

var _ Method[BrentState] = Brent{}

// BrentState is Brent's a, b, c, d, e with f's values: b is the best iterate, a the former one,
// and the root is between b and c. Vectors of one element.
type BrentState struct {
	A, B, C    Value
	FA, FB, FC Value
	D, E       Value // the last step and the one before
}

// Limits are the fields.
func (m Brent) Limits() Limits { return Limits{RTol: m.RTol, ATol: m.ATol, MaxSteps: m.MaxSteps} }

// Init evaluates f at the ends. The guess only says the element type.
func (m Brent) Init(p Problem, start Value) BrentState {
	a, b := bracket("brent", m.Lower, m.Upper, start)
	return between(a, b, p.F(a), p.F(b))
}

// between is the state before the first step in a bracket, whose ends have these values.
func between(a, b, fa, fb Value) BrentState {
	width := ad.Sub(b, a)
	return ordered(BrentState{A: a, B: b, C: a, FA: fa, FB: fb, FC: fa, D: width, E: width})
}

// ordered makes b the end with the smaller |f|.
func ordered(s BrentState) BrentState {
	swap := ad.Less(ad.Abs(s.FC), ad.Abs(s.FB))
	return BrentState{
		A: ad.Where(swap, s.B, s.A), FA: ad.Where(swap, s.FB, s.FA),
		B: ad.Where(swap, s.C, s.B), FB: ad.Where(swap, s.FC, s.FB),
		C: ad.Where(swap, s.B, s.C), FC: ad.Where(swap, s.FB, s.FC),
		D: s.D, E: s.E,
	}
}

// Step moves b by interpolation if that is a good part of a bisection, and else by bisection.
func (m Brent) Step(p Problem, s BrentState) BrentState {
	move := s.propose(p)
	return s.moved(move, p.F(move.B))
}

// brentMove is where Brent's b is to go next, with the step there and the one before.
type brentMove struct{ B, D, E Value }

// propose is the next point at which f is needed.
func (s BrentState) propose(p Problem) brentMove {
	tolerance := halfTolerance(p, s.B)
	half := s.half()

	// The correction is num/den. Secant where a is c, inverse quadratic interpolation else.
	// At infinities there is nothing to interpolate, and numbers of no use take their place.
	finite := ad.And(ad.IsFinite(s.FA), ad.And(ad.IsFinite(s.FB), ad.IsFinite(s.FC)))
	known := func(f Value) Value { return implicit.Divisor(ad.Where(finite, f, ad.ZerosLike(f))) }
	fa, fc := known(s.FA), known(s.FC)
	fb := ad.Where(finite, s.FB, ad.ZerosLike(s.FB))
	r := ad.Div(fb, fa)
	secantNum, secantDen := ad.Mul(ad.Mul(half, 2), r), ad.Sub(1, r)
	q, t := ad.Div(fa, fc), ad.Div(fb, fc)
	inverseNum := ad.Mul(r, ad.Sub(ad.Mul(ad.Mul(half, 2), ad.Mul(q, ad.Sub(q, t))),
		ad.Mul(ad.Sub(s.B, s.A), ad.Sub(t, 1))))
	inverseDen := ad.Mul(ad.Mul(ad.Sub(q, 1), ad.Sub(t, 1)), ad.Sub(r, 1))
	secant := ad.Equal(s.A, s.C)
	num := ad.Where(secant, secantNum, inverseNum)
	den := ad.Where(secant, secantDen, inverseDen)
	den = ad.Where(ad.Greater(num, 0), ad.Neg(den), den)
	num = ad.Abs(num)

	// Accepted if it stays within three quarters of the bracket and halves the step before last.
	room := ad.Sub(ad.Mul(ad.Mul(half, den), 3), ad.Abs(ad.Mul(tolerance, den)))
	inside := ad.Less(ad.Mul(num, 2), room)
	shrinks := ad.Less(ad.Mul(num, 2), ad.Abs(ad.Mul(s.E, den)))
	worth := ad.And(ad.GreaterEqual(ad.Abs(s.E), tolerance), ad.Greater(ad.Abs(s.FA), ad.Abs(s.FB)))
	interpolate := ad.And(finite, ad.And(worth, ad.And(inside, shrinks)))
	d := ad.Where(interpolate, ad.Div(num, implicit.Divisor(den)), half)
	e := ad.Where(interpolate, s.D, half)

	least := ad.Where(ad.Greater(half, 0), tolerance, ad.Neg(tolerance))
	b := ad.Add(s.B, ad.Where(ad.Greater(ad.Abs(d), tolerance), d, least))
	return brentMove{b, d, e}
}

// moved is the state after a move to where f was found.
func (s BrentState) moved(to brentMove, f Value) BrentState {
	next := BrentState{A: s.B, FA: s.FB, B: to.B, FB: f, C: s.C, FC: s.FC}

	// The root must stay between b and c: if not, it is between b and the former b.
	same := ad.Not(oppositeSigns(f, s.FC))
	step := ad.Sub(to.B, s.B)
	next.C, next.FC = ad.Where(same, s.B, s.C), ad.Where(same, s.FB, s.FC)
	next.D, next.E = ad.Where(same, step, to.D), ad.Where(same, step, to.E)
	return ordered(next)
}

// half is half the way from b to c. Each is halved first: their distance may be more than a
// float can hold.
func (s BrentState) half() Value { return ad.Sub(ad.Mul(s.C, 0.5), ad.Mul(s.B, 0.5)) }

// halfTolerance is Brent's tol: half the tolerance asked for, and a few units in the last place.
func halfTolerance(p Problem, b Value) Value {
	asked := ad.Mul(ad.Add(p.ATol, ad.Mul(p.RTol, ad.Abs(b))), 0.5)
	return ad.Add(ad.Mul(ad.Abs(b), 2*implicit.Epsilon(b.DType())), asked)
}

// At is the best iterate.
func (Brent) At(s BrentState) Value { return s.B }

// Status compares the distance from b to c with the tolerance.
func (m Brent) Status(p Problem, s BrentState) Value {
	return bracketStatus(s.B, s.C, s.FB, s.FC, ad.All(s.narrow(p)))
}

// narrow says whether b and c are within the tolerance of each other.
func (s BrentState) narrow(p Problem) Value {
	return ad.LessEqual(ad.Abs(s.half()), halfTolerance(p, s.B))
}
