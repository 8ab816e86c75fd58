package root

import (
	"pullback/ad"
	"pullback/internal/implicit"
)

// TrustRegion is Powell's dogleg (M. J. D. Powell, A hybrid method for nonlinear equations, in
// Rabinowitz, Numerical Methods for Nonlinear Algebraic Equations, 1970): within a radius, which
// grows and shrinks with how well the linear model predicts ‖f‖, it goes along the steepest
// descent and from there towards Newton's step. The unknowns are scaled by the greatest elements
// of the Jacobian's columns seen so far, as in MINPACK. It passes singular Jacobians, and ends
// with status.Stalled where no step makes ‖f‖ fall. The zero value works.
type TrustRegion struct {
	RTol, ATol float64 // 1e-8 in float64 and 1e-4 in float32 if both are zero
	MaxSteps   int     // 100 if zero
}

var _ Method[GlobalState] = TrustRegion{}

// The constants of the radius (Moré, The Levenberg-Marquardt algorithm, 1978): what part of the
// fall that the model predicts makes a step acceptable, the radius shrink, or grow.
const (
	acceptable = 1e-4
	poor       = 0.25
	good       = 0.75
)

// Limits are the fields.
func (m TrustRegion) Limits() Limits { return Limits(m) }

// Init is at the guess.
func (m TrustRegion) Init(p Problem, start Value) GlobalState { return m.begin(iterate(p, start)) }

// Step tries a point within the radius.
func (m TrustRegion) Step(p Problem, s GlobalState) GlobalState { return advance(m, p, s) }

// At is the best iterate.
func (TrustRegion) At(s GlobalState) Value { return s.At.Y }

// Status is what the last step found.
func (TrustRegion) Status(_ Problem, s GlobalState) Value { return s.Code }

// begin has the radius of the distance to the origin or, if that is greater, what would make f
// vanish if only one unknown mattered.
func (TrustRegion) begin(at Iterate) GlobalState {
	scale := columns(at.J)
	return starting(at, ad.Max(norm(ad.Mul(scale, at.Y)), norm(at.F)), scale)
}

// trial is the point of the dogleg at the radius, or its end. All lengths are those of scaled
// steps.
func (TrustRegion) trial(s GlobalState) Value {
	newton := ad.Mul(s.At.Step, s.Scale)
	gradient := ad.Div(ad.MatVec(ad.Transpose(s.At.J), s.At.F), s.Scale)
	steepest := ad.Div(gradient, implicit.Divisor(norm(gradient)))
	along := norm(ad.MatVec(s.At.J, ad.Div(steepest, s.Scale)))
	length := ad.Div(ad.Div(norm(gradient), implicit.Divisor(along)), implicit.Divisor(along))
	cauchy := ad.Mul(steepest, ad.Min(length, s.Reach)) // the minimum along the steepest descent

	// From there to Newton's: |cauchy + t·leg| is the radius. In units of the radius.
	unit := func(v Value) Value { return ad.Div(v, implicit.Divisor(s.Reach)) }
	leg := unit(ad.Sub(newton, cauchy))
	a, b := ad.Dot(leg, leg), ad.Dot(leg, unit(cauchy))
	c := ad.Sub(1, ad.Dot(unit(cauchy), unit(cauchy)))
	root := ad.Sqrt(ad.Max(ad.Add(ad.Square(b), ad.Mul(a, c)), 0))
	towards := ad.Greater(b, 0) // either form of the solution loses digits to the other sign
	t := ad.Where(towards, ad.Div(c, implicit.Divisor(ad.Add(b, root))),
		ad.Div(ad.Sub(root, b), implicit.Divisor(a)))
	bent := ad.Add(cauchy, ad.Mul(ad.Sub(newton, cauchy), ad.Min(ad.Max(t, 0), 1)))

	inside := ad.LessEqual(norm(newton), s.Reach)
	beyond := ad.GreaterEqual(length, s.Reach)
	step := ad.Where(inside, newton, ad.Where(beyond, cauchy, bent))
	return ad.Sub(s.At.Y, ad.Div(step, s.Scale))
}

// judge compares the fall of ‖f‖² with what the linear model predicts.
func (TrustRegion) judge(s GlobalState, trial Iterate, small Value) GlobalState {
	size := implicit.Divisor(norm(s.At.F))
	step := ad.Sub(trial.Y, s.At.Y)
	length := norm(ad.Mul(step, s.Scale))
	modelled := ad.Add(ad.Div(s.At.F, size), ad.Div(ad.MatVec(s.At.J, step), size))
	predicted := ad.Sub(1, ad.Dot(modelled, modelled))
	actual := ad.Sub(1, ad.Square(ad.Div(norm(trial.F), size)))
	ratio := ad.Div(actual, implicit.Divisor(predicted))
	gains := ad.Greater(predicted, roundings*implicit.Epsilon(size.DType()))
	known := ad.And(trial.finite(), gains)
	accept := ad.And(known, ad.Greater(ratio, acceptable))

	shrunk := ad.Mul(ad.Min(length, s.Reach), poor)
	grown := ad.Max(s.Reach, ad.Mul(length, 2))
	reach := ad.Where(ad.And(known, ad.GreaterEqual(ratio, good)), grown, s.Reach)
	reach = ad.Where(ad.And(known, ad.GreaterEqual(ratio, poor)), reach, shrunk)
	moves := ad.Greater(reach, ad.Mul(norm(ad.Mul(s.At.Y, s.Scale)),
		implicit.Epsilon(s.At.Y.DType())))
	next := s.conclude(trial, small, accept, reach, ad.Not(moves))
	next.Scale = ad.Where(accept, ad.Max(s.Scale, columns(trial.J)), s.Scale)
	return next
}
