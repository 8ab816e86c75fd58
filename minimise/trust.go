package minimise

import (
	"math"

	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/status"
)

// TrustRegion is Newton's method with the exact Hessian, for up to some tens of unknowns. Each
// step goes to the least point of the quadratic model in a ball, in variables scaled so that the
// Hessian's diagonal is one, so that units do not matter (Nocedal and Wright, Numerical
// Optimization, 2006, section 4.3). The ball grows and shrinks as the model proves right or wrong.
// It leaves saddles along the direction of least curvature.
//
// In a box it is a projected Newton method (Bertsekas, SIAM J. Control Optim. 20, 1982): elements
// at an end that descent would leave are held for the step, and the step in the others is
// projected. Where a projected step along the scaled gradient promises more, that is taken.
//
// At a minimum within the tolerances it goes on for as long as a Newton step takes the gradient
// down to a tenth, and where f no longer shows a fall, slopes do: what is returned is as exact as
// the gradient's rounding errors let it be. The zero value works.
type TrustRegion struct {
	RTol, ATol float64 // see Limits; if both are zero RTol is 1e-6 in float64 and 1e-4 in float32
	MaxSteps   int     // 200 if zero
}

var _ Method[TrustState] = TrustRegion{}

// TrustState is an accepted point with the Hessian there, and the step that is under way.
type TrustState struct {
	Point   Point
	Hessian Value // (n, n)
	Radius  Value // of the ball in scaled variables
	Step    Value // to the trial
	Promise Value // the fall that the model promises there
	Last    Value // bool: f has a minimum here within the tolerances, and the step improves on it
	Steps   Value // int32
	Code    Value // int32, a status.Code
}

// Limits are the fields.
func (m TrustRegion) Limits() Limits { return Limits(m) }

// Init starts with a ball as large as x.
func (TrustRegion) Init(p Problem, at Point) TrustState {
	defer implicit.OneLine(at.X)()
	s := TrustState{Point: at, Hessian: ad.Hessian(p.F)(at.X), Steps: ad.Scalar(int32(0))}
	s.Radius = s.size()
	return s.plan(p)
}

// scale is by what to multiply each variable: √|Hᵢᵢ|, and where the slope is so steep that f
// changes more by it, √(|gᵢ|/max(|xᵢ|, 1)); 1 where both are zero.
func (s TrustState) scale() Value {
	slope := ad.Div(ad.Abs(s.Point.G), ad.Max(ad.Abs(s.Point.X), 1))
	return implicit.Divisor(ad.Sqrt(ad.Max(ad.Abs(ad.Diagonal(s.Hessian)), slope)))
}

// plan finds the next step, and decides whether there is anything to be gained.
func (s TrustState) plan(p Problem) TrustState {
	scale := s.scale()
	g := ad.Div(p.reduced(s.Point), scale)
	h := ad.Div(ad.Div(s.Hessian, scale), ad.ExpandDims(scale, 1))
	if p.bounded() {
		held := p.held(s.Point)
		either := ad.Or(held, ad.ExpandDims(held, 1))
		h = ad.Where(either, ad.Identity(h.DType(), scale.Size()), h)
	}
	model := decompose(g, h)
	gain := model.gain(s.size())
	if p.bounded() {
		convex := ad.IsFinite(gain)
		gain = ad.Where(convex, ad.Min(gain, p.fall(s.Point)), gain)
	}
	minimal := p.Minimal(s.Point, gain)
	s.Last = ad.Or(minimal, ad.LessEqual(gain, precision(s.Point.F)))

	model = model.without(s.Last, precision(s.Point.F), s.Radius)
	step := model.within(s.Radius)
	s.Promise = promise(g, h, step)
	if p.bounded() {
		step, s.Promise, s.Radius = s.inBox(p, g, h, scale, model.W, step)
	}
	s.Step = ad.Div(step, scale)

	moves := ad.And(ad.Any(ad.NotEqual(s.trial(p), s.Point.X)), ad.Greater(s.Promise, 0))
	s.Code = ad.Where(moves, implicit.Code(status.Running), s.end(minimal))
	finite := ad.And(ad.IsFinite(s.Point.F), ad.And(ad.IsFinite(s.Promise),
		ad.All(ad.IsFinite(s.Step))))
	s.Code = ad.Where(finite, s.Code, implicit.Code(status.NotFinite))
	return s
}

// promise is the fall of the model after a step.
func promise(g, h, step Value) Value {
	return ad.Neg(ad.Dot(ad.Add(g, ad.Mul(ad.MatVec(h, step), .5)), step))
}

// inBox is the better of two steps, all in scaled variables, with its promise, and the radius: the
// step projected, and one along the gradient, projected, that is short enough for the model to fall
// by a part of what the slope promises whatever the box cuts off. After that one, the ball that the
// first came from is too large.
func (s TrustState) inBox(p Problem, g, h, scale, w, step Value) (_, most, radius Value) {
	project := func(y Value) Value {
		return ad.Neg(ad.Mul(p.shorten(s.Point, ad.Neg(ad.Div(y, scale))), scale))
	}
	longest := ad.Div(s.Radius, implicit.Divisor(norm(g)))
	stiffest := implicit.Divisor(ad.MaxOf(ad.Abs(w)))
	slope := project(ad.Neg(ad.Mul(g, ad.Min(ad.Div(1, stiffest), longest))))
	step = project(step)
	most = promise(g, h, step)
	less := ad.Not(ad.GreaterEqual(most, promise(g, h, slope)))
	return ad.Where(less, slope, step), ad.Where(less, promise(g, h, slope), most),
		ad.Where(less, ad.Min(s.Radius, ad.Mul(norm(slope), 4)), s.Radius)
}

// size is how long x is, each element at least 1, in scaled variables.
func (s TrustState) size() Value {
	return norm(ad.Mul(s.scale(), ad.Max(ad.Abs(s.Point.X), 1)))
}

// bottomless is how far a function has fallen that falls for ever: beyond it, squares overflow.
func bottomless(d ad.DType) float64 { return math.Sqrt(1 / implicit.Tiny(d)) }

// end is what to say where no step helps.
func (s TrustState) end(minimal Value) Value {
	code := ad.Where(s.Last, implicit.Code(status.AtPrecision), implicit.Code(status.Stalled))
	return ad.Where(minimal, implicit.Code(status.Converged), code)
}

func (s TrustState) trial(p Problem) Value {
	return p.along(s.Point.X, s.Step, ad.Like(s.Promise, 1))
}

// Trial is the end of the step.
func (TrustRegion) Trial(p Problem, s TrustState) Value { return s.trial(p) }

// Step judges the trial by how much of the promise was kept, and plans the next.
func (TrustRegion) Step(p Problem, s TrustState, trial Point) TrustState {
	defer implicit.OneLine(s.Point.X)()
	at, scale := s.Point, s.scale()
	step := ad.Sub(trial.X, at.X)
	finite := ad.And(ad.IsFinite(trial.F), ad.All(ad.IsFinite(trial.G)))

	// A fall so small may be lost in the rounding errors of f, but not in those of the slopes.
	noise := ad.Mul(precision(ad.Max(ad.Abs(at.F), ad.Abs(trial.F))), 256)
	slopes := ad.Mul(ad.Dot(ad.Add(at.G, trial.G), step), -.5)
	small := ad.LessEqual(s.Promise, noise)
	fall := ad.Where(small, slopes, ad.Sub(at.F, trial.F))
	kept := ad.Div(fall, implicit.Divisor(s.Promise))
	level := ad.LessEqual(trial.F, ad.Add(at.F, noise))
	good := ad.And(ad.Greater(kept, 1e-4), ad.Or(level, ad.Not(small)))

	// The last steps improve on a minimum: it is the gradient that must fall, and f must not rise
	// by more than is within the tolerances.
	before := norm(ad.Div(p.reduced(at), scale))
	after := norm(ad.Div(p.reduced(trial), scale))
	near := ad.LessEqual(trial.F, ad.Add(at.F, p.tolerance(at.F)))
	better := ad.And(ad.Or(level, near), ad.Less(after, before))
	accept := ad.And(finite, ad.Where(s.Last, better, good))
	over := ad.And(s.Last, ad.Not(ad.And(accept, ad.LessEqual(after, ad.Mul(before, .1)))))

	length := norm(ad.Mul(step, scale))
	shorter := ad.Min(ad.Mul(length, .25), ad.Mul(s.Radius, .25))
	radius := ad.Where(ad.Greater(kept, .75), ad.Max(s.Radius, ad.Mul(length, 3)), s.Radius)
	radius = ad.Where(ad.And(accept, ad.GreaterEqual(kept, .25)), radius, shorter)

	next := s
	next.Point = where(accept, trial, at)
	next.Hessian = ad.Cond(accept, func() Value { return ad.Hessian(p.F)(trial.X) },
		func() Value { return s.Hessian })
	next.Steps = ad.Where(accept, ad.Add(s.Steps, 1), s.Steps)
	// The radius is one of steps like the last, in whatever scale.
	change := ad.Div(norm(ad.Mul(step, next.scale())), implicit.Divisor(length))
	next.Radius = ad.Mul(radius, ad.Max(ad.Min(change, 1e3), 1e-3))
	next = next.plan(p)
	next.Code = ad.Where(over, implicit.Code(status.Converged), next.Code)
	fallen := ad.Less(trial.F, -bottomless(trial.F.DType()))
	next.Code = ad.Where(fallen, implicit.Code(status.Unbounded), next.Code)
	return next
}

// At is the accepted point.
func (TrustRegion) At(s TrustState) Point { return s.Point }

// Accepted is the number of steps.
func (TrustRegion) Accepted(s TrustState) Value { return s.Steps }

// Status is what the last step found.
func (TrustRegion) Status(_ Problem, s TrustState) Value { return s.Code }
