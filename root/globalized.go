package root

import (
	"math"

	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/internal/op"
	"pullback/status"
)

// Iterate is a point with what Newton's method knows there.
type Iterate struct {
	Y, F    Value // vectors of n
	J       Value // ∂F/∂y, of shape (n, n)
	Step    Value // J⁻¹f or, where J is singular, a Levenberg step in its place; to be subtracted
	Regular Value // bool: whether Step is Newton's
}

// GlobalState is the state of methods that make Newton's converge from bad starts: the iterate,
// and how far to go from it.
type GlobalState struct {
	At    Iterate
	Reach Value // a scalar: the part of the step, or the radius
	Scale Value // a vector of n: of 1/yᵢ
	Code  Value // int32 scalar
}

// strategy is one such method. It evaluates f and J once a step, at its trial.
type strategy interface {
	// begin is the state before the first step.
	begin(at Iterate) GlobalState
	// trial is the next point at which f and J are needed.
	trial(s GlobalState) Value
	// judge is the state after they were found there: at the trial, or where it was. small says
	// that Newton's step at s is within the tolerances.
	judge(s GlobalState, trial Iterate, small Value) GlobalState
}

// iterate evaluates f and J at y.
func iterate(p Problem, y Value) Iterate {
	f, j := implicit.Jacobian(p.F, y)
	newton := correction(j, f)
	regular := ad.All(ad.IsFinite(newton))
	return Iterate{y, f, j, ad.Where(regular, newton, levenberg(j, f)), regular}
}

// finite says whether f and J are numbers.
func (i Iterate) finite() Value {
	return ad.And(ad.All(ad.IsFinite(i.F)), ad.All(ad.IsFinite(i.J)))
}

// starting is a state at the first iterate: without numbers there, none goes on.
func starting(at Iterate, reach, scale Value) GlobalState {
	code := ad.Where(at.finite(), implicit.Code(status.Running), implicit.Code(status.NotFinite))
	return GlobalState{at, reach, scale, code}
}

// advance is a step of a strategy.
func advance(m strategy, p Problem, s GlobalState) GlobalState {
	defer implicit.OneLine(s.At.Y)()
	small := ad.And(s.At.Regular, p.Small(s.At.Step, s.At.Y))
	return m.judge(s, iterate(p, m.trial(s)), small)
}

// levenberg solves (JᵀJ + μI)·step = Jᵀf for J with columns scaled to 1 and a small μ (Dennis and
// Schnabel, Numerical Methods for Unconstrained Optimization and Nonlinear Equations, 1983,
// section 6.5). ‖f‖ falls against the step also where J is singular, unless Jᵀf is zero.
func levenberg(j, f Value) Value {
	d := columns(j)
	scaled := ad.Div(j, d)
	n := f.Size()
	transposed := ad.Transpose(scaled)
	ridge := math.Sqrt(float64(n) * implicit.Epsilon(f.DType()))
	normal := ad.Add(ad.MatMul(transposed, scaled), ad.Mul(ad.Identity(f.DType(), n), ridge))
	return ad.Div(op.Solve(normal, ad.MatVec(transposed, f)), d)
}

// columns is the greatest element of each column, 1 for a column of zeros.
func columns(j Value) Value { return implicit.Divisor(ad.MaxOf(ad.Abs(j), 0)) }

// norm is the Euclidean norm, over the greatest element lest squares overflow.
func norm(v Value) Value {
	size := ad.MaxOf(ad.Abs(v))
	over := implicit.Divisor(ad.Where(ad.IsFinite(size), size, ad.OnesLike(size)))
	return ad.Mul(ad.Sqrt(ad.Sum(ad.Square(ad.Div(v, over)))), over)
}

// conclude is the state after a trial: accepted or not, with the next reach, stalled or not. A
// trial of the whole of a small step ends it, as Newton's method does, whether or not ‖f‖ falls:
// there it may be at rounding errors, and the check that follows is the judge.
func (s GlobalState) conclude(
	trial Iterate, small, accept, reach, stalled Value,
) GlobalState {
	ended := ad.And(small, ad.All(ad.IsFinite(trial.F)))
	code := ad.Where(ad.And(stalled, ad.Not(accept)), implicit.Code(status.Stalled),
		implicit.Code(status.Running))
	return GlobalState{
		At:    where(ad.Or(ended, accept), trial, s.At),
		Reach: reach,
		Scale: s.Scale,
		Code:  ad.Where(ended, implicit.Code(status.Converged), code),
	}
}
