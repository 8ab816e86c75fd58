package leastsquares

import (
	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/internal/orthogonal"
	"pullback/status"
)

// LevenbergMarquardt damps the Gauss-Newton step: the step d minimises
//
//	|Jd + r|² + λ|Dd|²,
//
// by an orthogonal factorisation and never by JᵀJ, where D are the greatest lengths that the
// columns of J have had (Moré, The Levenberg-Marquardt algorithm: implementation and theory,
// Lecture Notes in Mathematics 630, 1978), so that nothing depends on the units of x. λ follows
// the ratio of actual to predicted fall (Nielsen, Damping parameter in Marquardt's method,
// IMM-REP-1999-05). The step is bent along the geodesic of the model (Transtrum and Sethna,
// Improvements to the Levenberg-Marquardt algorithm, arXiv:1201.5885, 2012), with the exact
// second derivative of r along d; where that bends it too much, it is too long and not taken.
//
// Near a minimum with large residuals, where that is slow, steps are Newton's, with the exact
// second derivatives of |r|², as long as these curve upwards every way. So r must be differentiable
// in reverse.
//
// In a box, the elements that it holds stay and the others move, by a step that is projected.
// The zero value works.
type LevenbergMarquardt struct {
	RTol, ATol float64 // see Limits; if both are zero RTol is 1e-11 in float64 and 1e-5 in float32
	MaxSteps   int     // 200 if zero
}

var _ Method[LevenbergMarquardtState] = LevenbergMarquardt{}

// LevenbergMarquardtState is an accepted point, the model there and its damping.
type LevenbergMarquardtState struct {
	Point   Point
	Model   model
	Offset  offset
	Damping Value // λ
	Growth  Value // by which λ grows if the next step is rejected too
	Slow    Value // bool: the next step is Newton's, if there is one
	Target  target
	Steps   Value // int32
	Code    Value // int32, a status.Code
}

// target is a trial.
type target struct {
	X        Value
	Promised Value // the fall of |r|² there; 0 if the model does not hold so far
	Newton   Value // bool: it is at Newton's step, and λ counts for nothing
}

// Limits are the fields.
func (m LevenbergMarquardt) Limits() Limits { return Limits(m) }

const (
	firstDamping = 1e-2
	worthwhile   = 1e-4 // a step is taken if the fall is this part of what the model promised
	bend         = .75  // and if twice the acceleration is at most this part of the step
	slow         = .25  // a step that leaves more than this part of the projection of r,
	endgame      = .1   // where that is at most this part of r, is followed by one of Newton's
)

// Init is at the start.
func (LevenbergMarquardt) Init(p Problem, at Point) LevenbergMarquardtState {
	defer implicit.OneLine(at.X)()
	s := LevenbergMarquardtState{
		Damping: ad.Like(at.X, firstDamping), Growth: ad.Like(at.X, 2), Slow: ad.Scalar(false),
		Steps: ad.Scalar(int32(0)),
	}
	return s.moved(p, at, ad.ZerosLike(at.X)).aim(p)
}

// moved is the state at a point, where the columns had the lengths known before.
func (s LevenbergMarquardtState) moved(p Problem, at Point, known Value) LevenbergMarquardtState {
	s.Point = at
	s.Model = factor(at, implicit.Divisor(ad.Max(known, columnLengths(at.Jacobian))))
	o := p.offset(at, s.Model)
	s.Offset, s.Code = o, p.judge(at, o)
	return s
}

// aim decides on the next trial.
func (s LevenbergMarquardtState) aim(p Problem) LevenbergMarquardtState {
	damped := s.damped(p)
	s.Target = ad.Cond(s.Slow,
		func() target {
			c := p.curvature(s.Point)
			newton := target{p.Project(ad.Add(s.Point.X, c.Step)), c.Promised, c.Convex}
			return where(c.Convex, newton, damped)
		},
		func() target { return damped })
	return s
}

// damped is the step that λ allows.
func (s LevenbergMarquardtState) damped(p Problem) target {
	n := s.Point.X.Size()
	held := p.Held(s.Point)
	free := func(x Value) Value { return ad.Where(held, ad.ZerosLike(x), x) }
	damping := ad.Mul(ad.Identity(s.Point.X.DType(), n), ad.Sqrt(s.Damping))
	r, z := orthogonal.Factor(ad.Concatenate(0, free(s.Model.R), damping),
		ad.Concatenate(0, s.Model.Z, ad.ZerosLike(s.Model.Z)))
	velocity := free(ad.Neg(ad.TriangularSolve(r, z, ad.Triangle{Upper: true})))

	// The acceleration a minimises |Ja + r″|² + λ|Da|², r″ the second derivative along the step.
	direction := ad.Div(velocity, s.Model.Scale)
	slope := func(x Value) Value {
		_, d := ad.JVP(p.Residuals, x, direction)
		return d
	}
	_, second := ad.JVP(slope, s.Point.X, direction)
	right := free(ad.Div(ad.MatVec(ad.Transpose(s.Point.Jacobian), second), s.Model.Scale))
	half := ad.TriangularSolve(r, right, ad.Triangle{Upper: true, Transposed: true})
	acceleration := free(ad.Neg(ad.TriangularSolve(r, half, ad.Triangle{Upper: true})))
	bent := ad.Add(velocity, ad.Mul(acceleration, .5))
	to := func(step Value) Value {
		return p.Project(ad.Add(s.Point.X, ad.Div(step, s.Model.Scale)))
	}

	// What the linear model promises is meant for the straight step.
	straight := ad.Mul(ad.Sub(to(velocity), s.Point.X), s.Model.Scale)
	change := ad.MatVec(s.Model.R, straight) // Qᵀ times that of r
	promised := ad.Neg(ad.Dot(change, ad.Add(ad.Mul(s.Model.Z, 2), change)))
	mild := ad.LessEqual(ad.Mul(length(acceleration), 2), ad.Mul(length(velocity), bend))
	return target{to(bent), ad.Where(mild, promised, ad.ZerosLike(promised)),
		ad.Scalar(false)}
}

// Trial is the point at the end of the bent step.
func (LevenbergMarquardt) Trial(_ Problem, s LevenbergMarquardtState) Value {
	return s.Target.X
}

// Step takes the trial if the sum of squares falls there, and damps more if not.
func (LevenbergMarquardt) Step(p Problem, s LevenbergMarquardtState,
	trial Point) LevenbergMarquardtState {
	defer implicit.OneLine(s.Point.X)()
	step, promised := ad.Sub(trial.X, s.Point.X), s.Target.Promised

	// |r|² - |r₊|², where the difference of two large numbers would be less exact. Where all of
	// it is rounding errors, by the slopes at both ends, which are better known (Hager and Zhang,
	// SIAM J. Optim. 16, 2005).
	before, after := s.Point.Residuals, trial.Residuals
	fall := ad.Dot(ad.Sub(before, after), ad.Add(before, after))
	slopes := ad.Neg(ad.Dot(ad.Add(s.Point.Gradient(), trial.Gradient()), step))
	hidden := ad.LessEqual(promised, ad.Mul(ad.Mul(s.Offset.Noise, s.Offset.Length), roundings))
	ratio := ad.Div(ad.Where(hidden, slopes, fall), implicit.Divisor(promised))
	good := ad.And(ad.And(trial.finite(), ad.Greater(promised, 0)), ad.Greater(ratio, worthwhile))

	taken := s.moved(p, trial, s.Model.Scale)
	shrink := ad.Sub(1, ad.Pow(ad.Sub(ad.Mul(ad.Min(ratio, 2), 2), 1), 3))
	least := ad.Square(ad.Like(s.Damping, implicit.Epsilon(step.DType())))
	taken.Damping = ad.Max(ad.Mul(s.Damping, ad.Max(shrink, 1./3)), least)
	taken.Growth = ad.Like(s.Growth, 2)
	taken.Steps = ad.Add(s.Steps, 1)

	// Near a minimum with large residuals, J alone does not tell how |r|² bends.
	o := taken.Offset
	stuck := ad.Greater(o.Projected, ad.Mul(s.Offset.Projected, slow))
	near := ad.LessEqual(o.Projected, ad.Mul(o.Length, endgame))
	taken.Slow = ad.And(near, ad.Or(s.Slow, stuck))
	newton := s.Target.Newton
	taken.Damping = ad.Where(newton, s.Damping, taken.Damping)

	stays := s
	stays.Slow = ad.Scalar(false)
	stays.Damping = ad.Where(newton, s.Damping, ad.Mul(s.Damping, s.Growth))
	stays.Growth = ad.Where(newton, s.Growth, ad.Mul(s.Growth, 2))
	still := ad.LessEqual(ad.Abs(step), ad.Mul(ad.Abs(s.Point.X), implicit.Epsilon(step.DType())))
	stalled := ad.And(ad.All(still), ad.Not(newton))
	stays.Code = ad.Where(stalled, implicit.Code(status.Stalled), s.Code)
	return where(good, taken, stays).aim(p)
}

// At is the point.
func (LevenbergMarquardt) At(s LevenbergMarquardtState) Point { return s.Point }

// Accepted is the number of steps.
func (LevenbergMarquardt) Accepted(s LevenbergMarquardtState) Value { return s.Steps }

// Status is what the last step found.
func (LevenbergMarquardt) Status(_ Problem, s LevenbergMarquardtState) Value { return s.Code }

// where chooses between two trees by a scalar condition.
func where[T any](cond Value, a, b T) T {
	xs, rebuild := ad.Flatten(a)
	ys, _ := ad.Flatten(b)
	for i := range xs {
		xs[i] = ad.Where(cond, xs[i], ys[i])
	}
	return rebuild(xs)
}
