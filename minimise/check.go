package minimise

import (
	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/status"
)

// Verdict is what can be said of a point, however it was found.
type Verdict struct {
	// RelativeGradient and Gain are as in Result.
	RelativeGradient, Gain Value
	// Status is a status.Code, an int32 scalar: Converged, AtPrecision, Saddle, NotFinite or
	// Unchecked, where the point is no minimum within the tolerances.
	Status Value
}

// Check says whether f has a minimum at a point, a tree of floats of one type, within the limits'
// tolerances. f0 is f where the search for it began, a scalar. It is a constant to derivatives.
func Check[T any](f func(T) Value, at T, f0 Value, limits Limits) Verdict {
	return examine(f, at, nil, f0, limits)
}

// CheckIn is Check within a box, as FindIn does it. Of a point outside of the box it is
// status.Unchecked, and f is not evaluated there but where the box is closest.
func CheckIn[T any](f func(T) Value, at T, box Box[T], f0 Value, limits Limits) Verdict {
	return examine(f, at, &box, f0, limits)
}

func examine[T any](f func(T) Value, at T, box *Box[T], f0 Value, limits Limits) Verdict {
	x, unravel := ad.Ravel(at)
	limits = limits.OrDefault("minimise", x, defaults())
	objective := func(x Value) Value { return f(unravel(x)) }
	p := problem(implicit.Close(objective, x), x, limits)
	p.F0 = ad.StopGradient(f0)
	if box != nil {
		p.within(box.flatten(x), objective)
	}
	x = ad.StopGradient(x)
	point := p.Evaluate(p.Project(x))
	around := lookAround(p, point)
	code := check(p, point, around, implicit.Code(status.Unchecked))
	if box != nil {
		outside := ad.Any(ad.NotEqual(x, point.X))
		known := ad.Not(implicit.Is(code, status.NotFinite))
		code = ad.Where(ad.And(outside, known), implicit.Code(status.Unchecked), code)
	}
	return Verdict{RelativeGradient: p.relativeGradient(point), Gain: around.Gain, Status: code}
}

// relativeGradient is steepest, relative to f or to 1.
func (p Problem) relativeGradient(at Point) Value {
	return ad.Div(p.steepest(at), ad.Max(ad.Abs(at.F), 1))
}

// check decides what is said of a point, where the method said so. Converged needs the gradient
// and the possible gain within the tolerances; AtPrecision needs the possible gain to be below the
// rounding errors of f; Saddle needs the gradient within the tolerances, or the claim.
func check(p Problem, at Point, around surroundings, said Value) Value {
	defer implicit.OneLine(at.X)()
	claimed := implicit.Succeeded(said)
	code := ad.Where(implicit.Is(said, status.Running), implicit.Code(status.OutOfSteps), said)
	code = ad.Where(claimed, implicit.Code(status.Unchecked), code)
	spent := ad.LessEqual(around.Gain, precision(at.F))
	code = ad.Where(spent, implicit.Code(status.AtPrecision), code)
	code = ad.Where(p.Minimal(at, around.Gain), implicit.Code(status.Converged), code)
	stationary := p.Minimal(at, ad.ZerosLike(at.F))
	saddle := ad.And(around.Saddle, ad.Or(claimed, stationary))
	code = ad.Where(saddle, implicit.Code(status.Saddle), code)
	finite := ad.And(ad.IsFinite(at.F), ad.All(ad.IsFinite(at.G)))
	return ad.Where(finite, code, implicit.Code(status.NotFinite))
}
