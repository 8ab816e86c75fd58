package minimise

import (
	"pullback/ad"
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
	RTol, ATol float64 // on the relative gradient; 1e-6 in float64 and 1e-3 in float32 if both are zero
	MaxSteps   int     // 200 if zero
}

var _ Method[BFGSState] = BFGS{}

// BFGSState is an accepted point, the model there, and the line search that is under way.
type BFGSState struct {
	Point   Point
	Inverse Value // the model of the inverse Hessian, (n, n)
	D       Value // the direction of the search
	Search  wolfe
	Best    Point // the point at the search's Lo
	Fresh   Value // bool: the model is a multiple of the identity
	Steps   Value // int32
	Code    Value // int32, a status.Code
}

// Limits are the fields.
func (m BFGS) Limits() Limits { return Limits(m) }

// Init starts along the gradient.
func (m BFGS) Init(p Problem, at Point) BFGSState {
	norm := ad.MaxOf(ad.Abs(at.G))
	unit := ad.Div(at.G, ad.Where(ad.Greater(norm, 0), norm, ad.Like(norm, 1)))
	curve := dot(unit, ad.HVP(p.F, at.X, unit))
	length := ad.Div(dot(unit, unit), curve)
	// Without curvature to go by, the step is as long as x, or 1.
	blind := ad.Div(ad.Max(ad.MaxOf(ad.Abs(at.X)), 1), ad.Where(ad.Greater(norm, 0), norm, ad.Like(norm, 1)))
	scale := ad.Where(ad.And(ad.Greater(curve, 0), ad.IsFinite(length)), length, blind)
	n := at.X.Size()
	s := BFGSState{
		Point: at, Inverse: ad.Mul(ad.Identity(at.X.DType(), n), scale), Best: at,
		Fresh: ad.Scalar(true), Steps: ad.Scalar(int32(0)),
	}
	return m.begin(p, s)
}

// begin starts a line search from s.Point with the model s.Inverse, and decides whether there is
// anything to search for.
func (m BFGS) begin(p Problem, s BFGSState) BFGSState {
	s.D = ad.Neg(ad.MatVec(s.Inverse, s.Point.G))
	slope := dot(s.Point.G, s.D)
	s.Search = newWolfe(ad.Like(slope, 1), s.Point.F, slope)
	s.Best = s.Point
	code := func(c status.Code) Value { return ad.Scalar(int32(c)) }
	// -slope is gᵀB⁻¹g, twice what the model promises.
	spent := ad.LessEqual(ad.Neg(slope), precision(s.Point.F))
	s.Code = ad.Where(ad.And(spent, s.Fresh), code(status.AtPrecision), code(status.Running))
	s.Code = ad.Where(p.Flat(s.Point), code(status.Converged), s.Code)
	s.Code = ad.Where(ad.And(ad.IsFinite(s.Point.F), ad.IsFinite(slope)), s.Code, code(status.NotFinite))
	return s
}

// Trial is the point the line search asks for.
func (BFGS) Trial(_ Problem, s BFGSState) Value {
	return ad.Add(s.Point.X, ad.Mul(s.D, s.Search.Alpha))
}

// Step judges the trial: on with the line search, or with the next direction.
func (m BFGS) Step(p Problem, s BFGSState, trial Point) BFGSState {
	said, search := s.Search.next(trial.F, dot(trial.G, s.D))
	best := wherePoint(said.Better, trial, s.Best)

	searching := s
	searching.Search, searching.Best = search, best
	over := search.exhausted(s.Point.X, s.D)
	improved := ad.Less(best.F, s.Point.F)
	ended := ad.Or(said.Accept, over)

	// The search ended at a better point: update the model there. Otherwise drop the model.
	moved := m.update(s, best)
	dropped := s
	dropped.Inverse = m.reset(s)
	dropped.Fresh = ad.Scalar(true)
	found := ad.Or(said.Accept, improved)
	next := m.begin(p, whereState(found, moved, dropped))
	failed := ad.And(ad.And(over, ad.Not(found)), s.Fresh)
	next.Code = ad.Where(failed, ad.Scalar(int32(status.Stalled)), next.Code)

	// The model promises nothing, but it may be wrong: see what the gradient promises.
	again := m.begin(p, m.dropped(next))
	spent := ad.LessEqual(ad.Neg(dot(next.Point.G, next.D)), precision(next.Point.F))
	next = whereState(ad.And(spent, ad.And(ad.Not(next.Fresh), ad.Equal(next.Code, int32(status.Running)))), again, next)
	return whereState(ended, next, searching)
}

// update is the state at the new point, with the inverse BFGS update (equation 6.17)
//
//	H ← (I - ρsyᵀ) H (I - ρysᵀ) + ρssᵀ,  ρ = 1/yᵀs,
//
// skipped where yᵀs is not positive. Before the first one H is scaled by yᵀs/yᵀy (6.20).
func (m BFGS) update(s BFGSState, at Point) BFGSState {
	step, y := ad.Sub(at.X, s.Point.X), ad.Sub(at.G, s.Point.G)
	ys, yy := dot(y, step), dot(y, y)
	usable := ad.And(ad.Greater(ys, 0), ad.And(ad.IsFinite(yy), ad.Greater(yy, 0)))
	identity := ad.Identity(step.DType(), step.Size())
	h := ad.Where(s.Fresh, ad.Mul(identity, ad.Div(ys, yy)), s.Inverse)
	hy := ad.MatVec(h, y)
	// Expanded, so that it stays exactly symmetric: with u = Hy/yᵀs,
	// H ← H - (s uᵀ + u sᵀ) + (1 + yᵀu) ssᵀ/yᵀs.
	u := ad.Div(hy, ys)
	cross := outer(step, u)
	grown := ad.Mul(outer(step, ad.Div(step, ys)), ad.Add(dot(y, u), 1))
	updated := ad.Add(ad.Sub(h, ad.Add(cross, ad.Transpose(cross))), grown)
	out := s
	out.Point = at
	out.Inverse = ad.Where(ad.And(usable, ad.All(ad.IsFinite(updated))), updated, s.Inverse)
	out.Fresh = ad.And(s.Fresh, ad.Not(usable))
	out.Steps = ad.Add(s.Steps, 1)
	return out
}

// reset is a multiple of the identity that promises what the model did along the gradient.
func (BFGS) reset(s BFGSState) Value {
	gg := dot(s.Point.G, s.Point.G)
	scale := ad.Div(dot(s.Point.G, ad.MatVec(s.Inverse, s.Point.G)), gg)
	n := s.Point.X.Size()
	return ad.Where(ad.Greater(gg, 0), ad.Mul(ad.Identity(gg.DType(), n), scale), s.Inverse)
}

func (m BFGS) dropped(s BFGSState) BFGSState {
	s.Inverse, s.Fresh = m.reset(s), ad.Scalar(true)
	return s
}

// outer is x yᵀ.
func outer(x, y Value) Value { return ad.Mul(ad.ExpandDims(x, 1), ad.ExpandDims(y, 0)) }

// At is the best point: the search's, once it has found a better one.
func (BFGS) At(s BFGSState) Point { return wherePoint(ad.Less(s.Best.F, s.Point.F), s.Best, s.Point) }

// Accepted is the number of steps.
func (BFGS) Accepted(s BFGSState) Value { return s.Steps }

// Direction is that of the line search.
func (BFGS) Direction(s BFGSState) Value { return s.D }

// Status is what begin found.
func (BFGS) Status(_ Problem, s BFGSState) Value { return s.Code }

func wherePoint(cond Value, a, b Point) Point { return where(cond, a, b) }

func whereState(cond Value, a, b BFGSState) BFGSState { return where(cond, a, b) }

// where chooses between two trees by a scalar condition.
func where[T any](cond Value, a, b T) T {
	xs, rebuild := ad.Flatten(a)
	ys, _ := ad.Flatten(b)
	for i := range xs {
		xs[i] = ad.Where(cond, xs[i], ys[i])
	}
	return rebuild(xs)
}
