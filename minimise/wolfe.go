package minimise

import (
	"pullback/ad"
	"pullback/internal/implicit"
)

// The constants of the strong Wolfe conditions, and of the search for a step that meets them.
const (
	sufficient = 1e-4 // c₁: f falls by at least this part of what its slope promises
	curvature  = 0.9  // c₂: the slope falls to at most this part
	expansion  = 4    // by which a step grows while f still falls steeply
	safeguard  = 0.1  // an interpolated step stays this part of the bracket away from its ends
)

// Wolfe searches along a direction for a step that satisfies the strong Wolfe conditions,
//
//	φ(α) <= φ(0) + c₁ α φ'(0)  and  |φ'(α)| <= c₂ |φ'(0)|,
//
// by bracketing and interpolation (Nocedal and Wright, Numerical Optimization, 2006, algorithms
// 3.5 and 3.6). It is a state, so that each trial is one round of the caller's loop and, in a
// batch, nobody waits for another's search. Where φ no longer changes by more than its rounding
// errors, the slopes alone decide (Hager and Zhang, SIAM J. Optim. 16, 2005, the approximate
// Wolfe conditions).
type Wolfe struct {
	Alpha     Value    // the trial, a scalar like all below
	Lo, Hi    WolfeEnd // Lo is the best step that satisfies the first condition; Hi bounds it
	Bracketed Value    // bool: whether Hi is set
	Tries     Value    // int32
	F0, S0    Value    // φ(0), φ'(0)
}

// WolfeEnd is a step with φ and φ' there.
type WolfeEnd struct{ Alpha, F, Slope Value }

// newWolfe starts a search, with step 1, from a point with value f and slope s.
func newWolfe(f, s Value) Wolfe {
	zero := WolfeEnd{ad.Like(f, 0), f, s}
	return Wolfe{
		Alpha: ad.Like(f, 1), Lo: zero, Hi: zero, Bracketed: ad.Scalar(false),
		Tries: ad.Scalar(int32(0)),
		F0:    f, S0: s,
	}
}

// verdict is what a trial came to.
type verdict struct {
	Accept Value // the trial is to be taken
	Better Value // the trial becomes Lo: its point is the best so far
}

// next judges the trial, with value f and slope s, and gives the search with another one.
func (w Wolfe) next(f, s Value) (verdict, Wolfe) {
	trial := WolfeEnd{w.Alpha, f, s}
	finite := ad.And(ad.IsFinite(f), ad.IsFinite(s))
	noise := ad.Mul(ad.Max(ad.Abs(w.F0), ad.Abs(f)), 4*implicit.Epsilon(f.DType()))
	promised := ad.Add(w.F0, ad.Mul(ad.Mul(w.Alpha, w.S0), sufficient))
	level := ad.LessEqual(ad.Abs(ad.Sub(f, w.F0)), noise)
	falls := ad.Or(ad.LessEqual(f, promised),
		ad.And(level, ad.LessEqual(s, ad.Mul(w.S0, 2*sufficient-1))))
	below := ad.Or(ad.Less(f, w.Lo.F), level)
	good := ad.And(finite, ad.And(falls, ad.Or(below, ad.Equal(w.Lo.Alpha, 0))))
	accept := ad.And(good, ad.LessEqual(ad.Abs(s), ad.Mul(ad.Abs(w.S0), curvature)))

	// A bad trial bounds the bracket. A good one is the new Lo, and if f rises towards the old
	// bound from there, the old Lo is the new bound.
	away := ad.Where(w.Bracketed, ad.GreaterEqual(ad.Mul(s, ad.Sub(w.Hi.Alpha, w.Lo.Alpha)), 0),
		ad.GreaterEqual(s, 0))
	next := w
	next.Hi = where(good, where(away, w.Lo, w.Hi), trial)
	next.Lo = where(good, trial, w.Lo)
	next.Bracketed = ad.Or(w.Bracketed, ad.Or(ad.Not(good), away))
	next.Tries = ad.Add(w.Tries, 1)
	next.Alpha = ad.Where(next.Bracketed, interpolate(next.Lo, next.Hi), ad.Mul(w.Alpha, expansion))
	return verdict{accept, good}, next
}

// judge is next at an evaluated trial from x along d. A step to where that line leaves the box is
// taken although f still falls there.
func (w Wolfe) judge(p Problem, x, d Value, trial Point) (verdict, Wolfe) {
	said, next := w.next(trial.F, ad.Dot(trial.G, d))
	if !p.bounded() {
		return said, next
	}
	longest := p.longest(x, d)
	full := ad.And(ad.Not(next.Bracketed), ad.GreaterEqual(w.Alpha, longest))
	said.Accept = ad.Or(said.Accept, ad.And(said.Better, full))
	next.Alpha = ad.Min(next.Alpha, longest)
	return said, next
}

// interpolate is the minimiser of the cubic through both ends (Nocedal and Wright, equation
// 3.59), kept away from them; the middle where there is none.
func interpolate(lo, hi WolfeEnd) Value {
	width := ad.Sub(hi.Alpha, lo.Alpha)
	known := ad.And(ad.IsFinite(hi.F), ad.IsFinite(hi.Slope))
	hi = where(known, hi, WolfeEnd{hi.Alpha, lo.F, lo.Slope})
	secant := ad.Div(ad.Sub(hi.F, lo.F), implicit.Divisor(width))
	d1 := ad.Sub(ad.Add(lo.Slope, hi.Slope), ad.Mul(secant, 3))

	// Over the greatest of them, lest a square overflow.
	size := ad.Max(ad.Abs(d1), ad.Max(ad.Abs(lo.Slope), ad.Abs(hi.Slope)))
	over := func(x Value) Value { return ad.Div(x, implicit.Divisor(size)) }
	square := ad.Sub(ad.Square(over(d1)), ad.Mul(over(lo.Slope), over(hi.Slope)))
	root := ad.Mul(ad.Sqrt(ad.Max(square, 0)), size)
	d2 := ad.Where(ad.Greater(width, 0), root, ad.Neg(root))
	divisor := ad.Add(ad.Sub(hi.Slope, lo.Slope), ad.Mul(d2, 2))
	part := ad.Div(ad.Sub(ad.Add(hi.Slope, d2), d1), implicit.Divisor(divisor))
	known = ad.And(known, ad.And(ad.GreaterEqual(square, 0), ad.NotEqual(divisor, 0)))
	at := ad.Min(ad.Max(ad.Sub(1, part), safeguard), 1-safeguard)
	return ad.Add(lo.Alpha, ad.Mul(width, ad.Where(known, at, ad.Like(at, 0.5))))
}

// exhausted says whether the bracket has shrunk to where x no longer moves, or the search has
// taken too long.
func (w Wolfe) exhausted(x, d Value) Value {
	width := ad.Abs(ad.Sub(w.Hi.Alpha, w.Lo.Alpha))
	moved := ad.Mul(ad.Abs(d), width)
	still := ad.All(ad.LessEqual(moved, ad.Mul(ad.Abs(x), implicit.Epsilon(x.DType()))))
	return ad.Or(ad.And(w.Bracketed, still), ad.Greater(w.Tries, maxTries))
}

// maxTries bounds one line search: bisection alone takes a float64 apart in so many.
const maxTries = 60
