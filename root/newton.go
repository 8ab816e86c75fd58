package root

import (
	"math"

	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/internal/op"
	"pullback/status"
)

// Newton is Newton's method with full steps: y ← y - J⁻¹ f(y), J by automatic differentiation.
// It ends when a step is within ATol + RTol·|y| in every element. The zero value works.
type Newton struct {
	RTol, ATol float64 // 1e-8 in float64 and 1e-4 in float32 if both are zero
	MaxSteps   int     // 100 if zero
}

var _ Method[NewtonState] = Newton{}

// NewtonState is an iterate and the step that led to it.
type NewtonState struct {
	Y, Step Value // vectors of n
}

// Limits are the fields.
func (m Newton) Limits() Limits { return Limits(m) }

// Init is at the guess; no step has been made, which an infinite one says.
func (Newton) Init(_ Problem, start Value) NewtonState {
	return NewtonState{start, ad.Full(start.DType(), math.Inf(1), start.Shape()...)}
}

// Step solves J·step = f(y).
func (Newton) Step(p Problem, s NewtonState) NewtonState {
	step := op.Solve(implicit.Jacobian(p.F, s.Y), p.F(s.Y))
	return NewtonState{ad.Sub(s.Y, step), step}
}

// At is the iterate.
func (Newton) At(s NewtonState) Value { return s.Y }

// Status asks whether the last step was small. Before the first step the step is infinite.
func (Newton) Status(p Problem, s NewtonState) Value {
	out := ad.Where(p.Small(s.Step, s.Y), int32(status.Converged), ad.Scalar(int32(status.Running)))
	return ad.Where(ad.All(ad.IsFinite(s.Y)), out, ad.Scalar(int32(status.NotFinite)))
}

func nan() float64 { return math.NaN() }
