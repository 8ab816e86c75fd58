package minimise

import (
	"math"

	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/status"
)

// BFGS is the quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno on the inverse
// Hessian (Nocedal and Wright, Numerical Optimization, 2006, algorithm 6.1), with a line search
// that satisfies the strong Wolfe conditions. The first step has the length that the exact
// curvature along the gradient suggests.
//
// When the model promises nothing more, or a line search fails, the model is dropped once and
// the search goes on along the gradient: only if that fails too does it end. The zero value works.
type BFGS struct {
	RTol, ATol float64 // see Limits; if both are zero RTol is 1e-6 in float64 and 1e-4 in float32
	MaxSteps   int     // 200 if zero
}

var _ Method[BFGSState] = BFGS{}

// BFGSState is an accepted point, the model there, and the line search that is under way.
type BFGSState struct {
	Point   Point
	Inverse Value // the model of the inverse Hessian, (n, n)
	Scale   Value // the multiple of the identity that takes its place when it is dropped
	Fresh   Value // bool: it is that multiple
	D       Value // the direction of the search
	Search  Wolfe
	Best    Point // the point at the search's Lo
	Steps   Value // int32
	Code    Value // int32, a status.Code
}

// Limits are the fields.
func (m BFGS) Limits() Limits { return Limits(m) }

// Init starts along the gradient, with the curvature there as the model or, where it says
// nothing, with a step as long as x.
func (BFGS) Init(p Problem, at Point) BFGSState {
	v, length := unit(at.G)
	newton := ad.Div(1, ad.Dot(v, ad.HVP(p.F, at.X, v)))
	blind := ad.Div(ad.Max(ad.MaxOf(ad.Abs(at.X)), 1), implicit.Divisor(length))
	known := ad.And(ad.Greater(newton, 0), ad.IsFinite(newton))
	s := BFGSState{
		Point: at, Scale: ad.Where(known, newton, blind), Inverse: ad.Identity(at.X.DType(), at.X.Size()),
		Fresh: ad.Scalar(true), Steps: ad.Scalar(int32(0)),
	}
	return s.begin(p, ad.Scalar(true))
}

// begin starts a line search from s.Point, and decides whether there is anything to search for.
// The model is dropped if so asked, and if it promises nothing or is no longer positive definite.
func (s BFGSState) begin(p Problem, drop Value) BFGSState {
	newton := ad.MatVec(s.Inverse, s.Point.G)
	promise := ad.Dot(s.Point.G, newton) // gᵀB⁻¹g, twice the fall that the model promises
	drop = ad.Or(drop, ad.And(ad.Not(s.Fresh), ad.Not(ad.Greater(promise, precision(s.Point.F)))))
	identity := ad.Identity(promise.DType(), newton.Size())
	s.Inverse = ad.Where(drop, ad.Mul(identity, s.Scale), s.Inverse)
	s.Fresh = ad.Or(s.Fresh, drop)
	s.D = ad.Neg(ad.Where(drop, ad.Mul(s.Point.G, s.Scale), newton))
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

// Trial is the point the line search asks for.
func (BFGS) Trial(_ Problem, s BFGSState) Value {
	return ad.Add(s.Point.X, ad.Mul(s.D, s.Search.Alpha))
}

// Step judges the trial: on with the line search or, once it is over, with the next direction.
func (BFGS) Step(p Problem, s BFGSState, trial Point) BFGSState {
	said, search := s.Search.next(trial.F, ad.Dot(trial.G, s.D))
	searching := s
	searching.Search, searching.Best = search, where(said.Better, trial, s.Best)

	exhausted := search.exhausted(s.Point.X, s.D)
	found := ad.Or(said.Accept, ad.Less(searching.Best.F, s.Point.F))
	next := where(found, s.update(searching.Best), s).begin(p, ad.Not(found))
	next.Code = ad.Where(ad.Or(found, ad.Not(s.Fresh)), next.Code, implicit.Code(status.Stalled))
	fallen := ad.Equal(trial.F, math.Inf(-1))
	unbounded := ad.Or(fallen, ad.And(exhausted, ad.Not(search.Bracketed)))
	next.Code = ad.Where(unbounded, implicit.Code(status.Unbounded), next.Code)
	return where(ad.Or(unbounded, ad.Or(said.Accept, exhausted)), next, searching)
}

// update is the state at the new point, with the inverse BFGS update (equation 6.17)
//
//	H ← (I - ρsyᵀ) H (I - ρysᵀ) + ρssᵀ,  ρ = 1/yᵀs,
//
// skipped where yᵀs is not positive. Before the first one H is scaled by yᵀs/yᵀy (6.20).
func (s BFGSState) update(at Point) BFGSState {
	step, y := ad.Sub(at.X, s.Point.X), ad.Sub(at.G, s.Point.G)
	v, length := unit(y)
	along := ad.Dot(v, step) // yᵀs/|y|
	ys, scale := ad.Mul(along, length), ad.Div(along, implicit.Divisor(length))
	h := ad.Where(s.Fresh, ad.Mul(ad.Identity(step.DType(), step.Size()), scale), s.Inverse)
	// Expanded, so that it stays exactly symmetric: with u = Hy/yᵀs,
	// H ← H - (s uᵀ + u sᵀ) + (1 + yᵀu) ssᵀ/yᵀs.
	divisor := implicit.Divisor(ys)
	u := ad.Div(ad.MatVec(h, y), divisor)
	cross := outer(step, u)
	grown := ad.Mul(outer(step, ad.Div(step, divisor)), ad.Add(ad.Dot(y, u), 1))
	h = ad.Add(ad.Sub(h, ad.Add(cross, ad.Transpose(cross))), grown)

	usable := ad.And(ad.Greater(ys, 0), ad.All(ad.IsFinite(h)))
	s.Point = at
	s.Inverse = ad.Where(usable, h, s.Inverse)
	s.Scale = ad.Where(usable, scale, s.Scale)
	s.Fresh = ad.And(s.Fresh, ad.Not(usable))
	s.Steps = ad.Add(s.Steps, 1)
	return s
}

// outer is x yᵀ.
func outer(x, y Value) Value { return ad.Mul(ad.ExpandDims(x, 1), ad.ExpandDims(y, 0)) }

// At is the best point: the search's, once it has found a better one.
func (BFGS) At(s BFGSState) Point { return where(ad.Less(s.Best.F, s.Point.F), s.Best, s.Point) }

// Accepted is the number of steps.
func (BFGS) Accepted(s BFGSState) Value { return s.Steps }

// Status is what the last step found.
func (BFGS) Status(_ Problem, s BFGSState) Value { return s.Code }

// where chooses between two trees by a scalar condition.
func where[T any](cond Value, a, b T) T {
	xs, rebuild := ad.Flatten(a)
	ys, _ := ad.Flatten(b)
	for i := range xs {
		xs[i] = ad.Where(cond, xs[i], ys[i])
	}
	return rebuild(xs)
}
