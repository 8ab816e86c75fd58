package root

import (
	"pullback/ad"
	"pullback/internal/implicit"
)

// Damped is Newton's method with backtracking: a step is shortened until the Euclidean norm of f
// falls by enough (Dennis and Schnabel, Numerical Methods for Unconstrained Optimization and
// Nonlinear Equations, 1983, algorithm A6.3.1). Every trial is one step of the loop. Where the
// Jacobian is singular it goes by a Levenberg step. It ends with status.Stalled where no step
// makes ‖f‖ fall, as at a minimum of ‖f‖ that is not zero. The zero value works.
type Damped struct {
	RTol, ATol float64 // 1e-8 in float64 and 1e-4 in float32 if both are zero
	MaxSteps   int     // 100 if zero
}

var _ Method[GlobalState] = Damped{}

// The constants of the backtracking.
const (
	armijo   = 1e-4 // ‖f‖² falls by at least this part of what its slope promises
	shortest = 0.1  // a shorter step is at least this part of the one before
	longest  = 0.5  // and at most this
)

// Limits are the fields.
func (m Damped) Limits() Limits { return Limits(m) }

// Init is at the guess.
func (m Damped) Init(p Problem, start Value) GlobalState { return m.begin(iterate(p, start)) }

// Step tries a part of Newton's step.
func (m Damped) Step(p Problem, s GlobalState) GlobalState { return advance(m, p, s) }

// At is the best iterate.
func (Damped) At(s GlobalState) Value { return s.At.Y }

// Status is what the last step found.
func (Damped) Status(_ Problem, s GlobalState) Value { return s.Code }

// begin tries the whole step first.
func (Damped) begin(at Iterate) GlobalState {
	return starting(at, ad.Like(at.Y, 1), ad.OnesLike(at.Y))
}

func (Damped) trial(s GlobalState) Value { return ad.Sub(s.At.Y, ad.Mul(s.At.Step, s.Reach)) }

// judge compares the squares of ‖f‖, over that before. After an accepted trial the whole step is
// tried next; otherwise the minimiser of the parabola through what is known of them.
func (Damped) judge(s GlobalState, trial Iterate, small Value) GlobalState {
	size := implicit.Divisor(norm(s.At.F))
	square := ad.Square(ad.Div(norm(trial.F), size))
	along := ad.Div(ad.MatVec(s.At.J, s.At.Step), size)
	slope := ad.Dot(ad.Div(s.At.F, size), along) // half of that of the squares, 1 for Newton's
	promised := ad.Mul(ad.Mul(s.Reach, slope), 2)
	falls := ad.LessEqual(square, ad.Sub(1, ad.Mul(promised, armijo)))
	downhill := ad.Greater(slope, roundings*implicit.Epsilon(slope.DType()))
	accept := ad.And(ad.And(falls, downhill), trial.finite())

	curvature := ad.Add(ad.Sub(square, 1), promised)
	curved := ad.And(ad.IsFinite(curvature), ad.Greater(curvature, 0))
	part := ad.Div(ad.Mul(s.Reach, slope), ad.Where(curved, curvature, 1.0))
	part = ad.Min(ad.Max(ad.Where(curved, part, shortest), shortest), longest)
	shorter := ad.Mul(s.Reach, part)
	stalled := ad.Or(ad.Less(shorter, implicit.Epsilon(s.At.Y.DType())), ad.Not(downhill))
	return s.conclude(trial, small, accept, ad.Where(accept, ad.Like(shorter, 1), shorter), stalled)
}
