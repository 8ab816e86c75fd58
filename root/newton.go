package root

import (
	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/status"
)

// Newton is Newton's method with full steps: y ← y - J⁻¹ f(y), J by automatic differentiation.
// It ends when a step is within ATol + RTol·|y| in every element, and with status.NotFinite
// where f is no number or J is singular. The zero value works.
type Newton struct {
	RTol, ATol float64 // 1e-8 in float64 and 1e-4 in float32 if both are zero
	MaxSteps   int     // 100 if zero
}

var _ Method[NewtonState] = Newton{}

// NewtonState is an iterate, and what the step that led to it has to say.
type NewtonState struct {
	Y    Value // a vector of n
	Code Value // an int32 scalar
}

// Limits are the fields.
func (m Newton) Limits() Limits { return Limits(m) }

// Init is at the guess.
func (Newton) Init(_ Problem, start Value) NewtonState {
	return NewtonState{start, implicit.Code(status.Running)}
}

// Step solves J·step = f(y), and stays where it cannot.
func (Newton) Step(p Problem, s NewtonState) NewtonState {
	defer implicit.OneLine(s.Y)()
	f, jacobian := implicit.Jacobian(p.F, s.Y)
	step := correction(jacobian, f)
	next := ad.Sub(s.Y, step)
	finite := ad.All(ad.IsFinite(next))

	small := p.Small(step, next)
	code := ad.Where(small, implicit.Code(status.Converged), implicit.Code(status.Running))
	return NewtonState{
		Y:    ad.Where(finite, next, s.Y),
		Code: ad.Where(finite, code, implicit.Code(status.NotFinite)),
	}
}

// At is the iterate.
func (Newton) At(s NewtonState) Value { return s.Y }

// Status is what the last step found.
func (Newton) Status(_ Problem, s NewtonState) Value { return s.Code }
