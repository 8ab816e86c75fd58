// Package status is the vocabulary in which solvers say how they ended.
package status

import "fmt"

// Code is how a solve ended. In compiled programs it is an int32.
type Code int32

// The outcomes. Only Converged and AtPrecision are a success.
const (
	// Running: not ended yet. No result has it.
	Running Code = iota
	// Converged: the condition that defines the solution holds at the returned point, where it
	// was checked anew, within the tolerances.
	Converged
	// AtPrecision: the tolerances are not met, and cannot be: what is still to be gained is
	// below the rounding errors of the function itself.
	AtPrecision
	// OutOfSteps: the limit of steps was reached.
	OutOfSteps
	// NotFinite: the function or its derivative gave a NaN or an infinity, steps led to one, or
	// the equations of a step were singular.
	NotFinite
	// Stalled: no acceptable step was found.
	Stalled
	// NoBracket: the function has the same sign at both ends of the bracket.
	NoBracket
	// Jump: the function changes sign without passing zero, at a pole or a jump.
	Jump
	// Unchecked: the method stopped, but the check at its last point did not confirm it.
	Unchecked
	// Saddle: the gradient vanishes at a point that is not a minimum.
	Saddle
	// Unbounded: the function falls on, as far as one can go.
	Unbounded
	// Several: there are several roots in the bracket, and no rule to choose one.
	Several
)

// codes is the number of outcomes.
const codes = Several + 1

// OK says whether the solve succeeded.
func (c Code) OK() bool { return c == Converged || c == AtPrecision }

// String is a sentence that says what happened and what to try next.
func (c Code) String() string {
	switch c {
	case Running:
		return "Running: the solve has not ended."
	case Converged:
		return "Converged: the solution's condition holds at the returned point within the " +
			"tolerances."
	case AtPrecision:
		return "At precision: rounding errors leave nothing more to gain, though the tolerances " +
			"are not met; use float64 for more digits."
	case OutOfSteps:
		return "Out of steps: the tolerances are not met after as many steps as were allowed; " +
			"allow more, or loosen the tolerances."
	case NotFinite:
		return "Not finite: a NaN or an infinity came up, or equations were singular; set " +
			"PULLBACK_DEBUG=nan to see where, take smaller steps, or keep to where the function " +
			"is defined."
	case Stalled:
		return "Stalled: no step improves the function, and its gradient is not small; check the " +
			"gradient for kinks and the scale of the parameters, or start elsewhere."
	case NoBracket:
		return "No bracket: the function has the same sign at both ends; widen the bracket."
	case Jump:
		return "Jump: the function changes sign without passing zero, at a pole or a jump; look " +
			"for the root in a bracket without it."
	case Unchecked:
		return "Unchecked: the method stopped, but its last point is not seen to solve the " +
			"problem within the tolerances; look there for a kink, a jump, an inflection or a " +
			"function that vanishes, tighten the tolerances or start nearer."
	case Saddle:
		return "Saddle: the gradient vanishes, but the function falls on along a direction of " +
			"negative curvature, so this is no minimum; start elsewhere."
	case Unbounded:
		return "Unbounded: the function still falls at the greatest distance tried, so it may " +
			"have no minimum; check its sign, or restrict the parameters."
	case Several:
		return "Several: there is more than one root in the bracket; narrow it, or choose the " +
			"lowest, the highest or the nearest to a guess."
	}
	return fmt.Sprintf("status.Code(%d)", int32(c))
}
