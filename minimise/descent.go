package minimise

import (
	"math"

	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/status"
)

// Descent is what the quasi-Newton methods share: an accepted point and the line search from there.
type Descent struct {
	Point  Point
	Scale  Value // the multiple of the identity that is the model when that is dropped
	Fresh  Value // bool: the model is that multiple, and what else it holds counts for nothing
	D      Value // the direction of the search
	Search Wolfe
	Best   Point // the point at the search's Lo
	Steps  Value // int32
	Code   Value // int32, a status.Code
}

// newDescent has the curvature along the gradient as the model or, where it says nothing, a step
// as long as x.
func newDescent(p Problem, at Point) Descent {
	v, length := unit(p.reduced(at))
	newton := ad.Div(1, ad.Dot(v, ad.HVP(p.F, at.X, v)))
	blind := ad.Div(ad.Max(ad.MaxOf(ad.Abs(at.X)), 1), implicit.Divisor(length))
	known := ad.And(ad.Greater(newton, 0), ad.IsFinite(newton))
	return Descent{
		Point: at, Scale: ad.Where(known, newton, blind),
		Fresh: ad.Scalar(true), Steps: ad.Scalar(int32(0)),
	}
}

// begin starts a line search from s.Point, where newton is the model times the gradient, and
// decides whether there is anything to search for. The model is dropped if so asked, and if it
// promises nothing or is no longer positive definite.
func (s Descent) begin(p Problem, drop, newton Value) Descent {
	newton = p.shorten(s.Point, newton)
	promise := ad.Dot(s.Point.G, newton) // gᵀB⁻¹g, twice the fall that the model promises
	drop = ad.Or(drop, ad.And(ad.Not(s.Fresh), ad.Not(ad.Greater(promise, precision(s.Point.F)))))
	s.Fresh = ad.Or(s.Fresh, drop)
	steepest := p.shorten(s.Point, ad.Mul(p.reduced(s.Point), s.Scale))
	s.D = ad.Neg(ad.Where(drop, steepest, newton))
	slope := ad.Dot(s.Point.G, s.D)
	s.Search, s.Best = newWolfe(s.Point.F, slope), s.Point

	spent := ad.And(s.Fresh, ad.LessEqual(ad.Neg(slope), precision(s.Point.F)))
	s.Code = ad.Where(spent, implicit.Code(status.AtPrecision), implicit.Code(status.Running))
	minimal := p.Minimal(s.Point, ad.Mul(slope, -0.5))
	s.Code = ad.Where(minimal, implicit.Code(status.Converged), s.Code)
	finite := ad.And(ad.IsFinite(s.Point.F), ad.IsFinite(slope))
	s.Code = ad.Where(finite, s.Code, implicit.Code(status.NotFinite))
	return s
}

// trial is the point the line search asks for.
func (s Descent) trial(p Problem) Value { return p.along(s.Point.X, s.D, s.Search.Alpha) }

// best is the search's best point, once it has found a better one than its start.
func (s Descent) best() Point { return where(ad.Less(s.Best.F, s.Point.F), s.Best, s.Point) }

// judged is a line search after a trial.
type judged struct {
	Search    Descent
	Over      Value // bool
	Found     Value // bool: Search.Best is to be the next point
	Unbounded Value // bool
}

// judge takes the trial to the line search.
func (s Descent) judge(p Problem, trial Point) judged {
	said, search := s.Search.judge(p, s.Point.X, s.D, trial)
	searching := s
	searching.Search, searching.Best = search, where(said.Better, trial, s.Best)

	exhausted := search.exhausted(s.Point.X, s.D)
	fallen := ad.Equal(trial.F, math.Inf(-1))
	unbounded := ad.Or(fallen, ad.And(exhausted, ad.Not(search.Bracketed)))
	return judged{
		Search: searching, Unbounded: unbounded,
		Over:  ad.Or(unbounded, ad.Or(said.Accept, exhausted)),
		Found: ad.Or(said.Accept, ad.Less(searching.Best.F, s.Point.F)),
	}
}

// settle is the state after the trial of a search that began as s: the search still under way or
// the next, which begins where this one led or, with the model dropped, where it began.
func (j judged) settle(s, next Descent) Descent {
	helped := ad.Or(j.Found, ad.Not(s.Fresh))
	next.Code = ad.Where(helped, next.Code, implicit.Code(status.Stalled))
	next.Code = ad.Where(j.Unbounded, implicit.Code(status.Unbounded), next.Code)
	return where(j.Over, next, j.Search)
}

// where chooses between two trees by a scalar condition.
func where[T any](cond Value, a, b T) T {
	xs, rebuild := ad.Flatten(a)
	ys, _ := ad.Flatten(b)
	for i := range xs {
		xs[i] = ad.Where(cond, xs[i], ys[i])
	}
	return rebuild(xs)
}
