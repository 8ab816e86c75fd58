package estimate

import (
	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/minimise"
	"pullback/status"
)

// box is bounds of each parameter, infinite where there are none.
type box struct{ Lower, Upper ad.Value }

// within is the point of the box nearest to x.
func (b box) within(x ad.Value) ad.Value { return ad.Min(ad.Max(x, b.Lower), b.Upper) }

// dampedNewton is Newton's method with the exact Hessian, whose eigenvalues are shifted to be
// positive and damped as by D. W. Marquardt (SIAM J. Appl. Math. 11, 1963), projected on a box (D.
// P. Bertsekas, SIAM J. Control 20, 1982): parameters at a bound that the gradient points beyond
// stay there, others stop at their bounds.
type dampedNewton struct {
	limits minimise.Limits
	box    box
}

var _ minimise.Method[dampedState] = dampedNewton{}

// dampedState is an accepted point with the Hessian there, and the trial that comes of them.
type dampedState struct {
	Point   minimise.Point
	Hessian ad.Value
	Damping ad.Value // of the Hessian scaled to a unit diagonal
	Trial   ad.Value
	Promise ad.Value // how far the quadratic falls at the trial
	Steps   ad.Value // int32
	Code    ad.Value // int32, a status.Code
}

// Limits are the field.
func (m dampedNewton) Limits() minimise.Limits { return m.limits }

// Init starts with little damping.
func (m dampedNewton) Init(p minimise.Problem, at minimise.Point) dampedState {
	return m.propose(p, dampedState{Point: at, Hessian: ad.Hessian(p.F)(at.X),
		Damping: ad.Like(at.X, 1e-3), Steps: ad.Scalar(int32(0))})
}

const (
	leastDamping = 0x1p-60
	mostDamping  = 0x1p80
)

// propose is the next trial, and whether there is anything to try.
func (m dampedNewton) propose(p minimise.Problem, s dampedState) dampedState {
	x, g := s.Point.X, s.Point.G
	finite := ad.And(ad.IsFinite(s.Point.F),
		ad.And(ad.All(ad.IsFinite(g)), ad.All(ad.IsFinite(s.Hessian))))
	usable := ad.And(finite, ad.Not(held(x, g, m.box)))
	g = ad.Where(usable, g, ad.ZerosLike(g))
	c := curvatureOf(s.Hessian, usable)
	shift := ad.Max(ad.Neg(ad.Mul(2, ad.MinOf(c.w))), 0)
	along := ad.MatVec(ad.Transpose(c.vectors), ad.Mul(g, c.scale))
	parts := ad.Div(along, ad.Max(ad.Add(c.w, ad.Add(shift, s.Damping)), 0x1p-70))
	s.Trial = m.box.within(ad.Sub(x, ad.Mul(c.scale, ad.MatVec(c.vectors, parts))))

	step := ad.Where(usable, ad.Sub(s.Trial, x), ad.ZerosLike(x))
	s.Trial = ad.Add(x, step)
	hessian := ad.Where(finite, s.Hessian, ad.ZerosLike(s.Hessian))
	bend := ad.Dot(step, ad.MatVec(hessian, step))
	s.Promise = ad.Neg(ad.Add(ad.Dot(g, step), ad.Mul(bend, 0.5)))

	free := minimise.Point{X: x, F: s.Point.F, G: g}
	spent := ad.And(ad.LessEqual(s.Damping, 1e-2), p.Minimal(free, s.Promise))
	noise := ad.Mul(ad.Max(ad.Abs(s.Point.F), 0x1p-1022), 0x1p-52)
	nothing := ad.LessEqual(ad.Abs(s.Promise), noise)
	s.Code = ad.Where(ad.Greater(s.Damping, mostDamping), implicit.Code(status.Stalled),
		implicit.Code(status.Running))
	s.Code = ad.Where(nothing, implicit.Code(status.AtPrecision), s.Code)
	s.Code = ad.Where(spent, implicit.Code(status.Converged), s.Code)
	s.Code = ad.Where(finite, s.Code, implicit.Code(status.NotFinite))
	return s
}

// Trial is the point proposed.
func (dampedNewton) Trial(_ minimise.Problem, s dampedState) ad.Value { return s.Trial }

// Step takes the trial if f falls by a fraction of what was promised, and damps by how well the
// promise was kept.
func (m dampedNewton) Step(p minimise.Problem, s dampedState, trial minimise.Point) dampedState {
	fall := ad.Sub(s.Point.F, trial.F)
	kept := ad.Div(fall, implicit.Divisor(s.Promise))
	sound := ad.And(ad.IsFinite(trial.F), ad.All(ad.IsFinite(trial.G)))
	take := ad.And(ad.And(sound, ad.Greater(s.Promise, 0)), ad.Greater(kept, 1e-4))

	next := s
	next.Point = choose(take, trial, s.Point)
	next.Hessian = ad.Where(take, ad.Hessian(p.F)(trial.X), s.Hessian)
	factor := ad.Where(ad.Greater(kept, 0.75), ad.Like(fall, 0.1),
		ad.Where(ad.Less(kept, 0.25), ad.Like(fall, 4), ad.Like(fall, 1)))
	less := ad.Max(ad.Mul(s.Damping, factor), leastDamping)
	more := ad.Max(ad.Mul(s.Damping, 10), 1e-3)
	next.Damping = ad.Where(take, less, more)
	next.Steps = ad.Add(s.Steps, ad.Convert(take, ad.Int32))
	return m.propose(p, next)
}

// choose is one of two points.
func choose(first ad.Value, a, b minimise.Point) minimise.Point {
	return minimise.Point{X: ad.Where(first, a.X, b.X), F: ad.Where(first, a.F, b.F),
		G: ad.Where(first, a.G, b.G)}
}

// At is the accepted point.
func (dampedNewton) At(s dampedState) minimise.Point { return s.Point }

// Accepted is the number of steps.
func (dampedNewton) Accepted(s dampedState) ad.Value { return s.Steps }

// Status is what the last step found.
func (dampedNewton) Status(_ minimise.Problem, s dampedState) ad.Value { return s.Code }
