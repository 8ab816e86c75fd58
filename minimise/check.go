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
	x, unravel := ad.Ravel(at)
	limits = limits.OrDefault("minimise", x, defaults())
	value := implicit.Close(func(x Value) Value { return f(unravel(x)) }, x)
	x = ad.StopGradient(x)
	p := Problem{F: value.Residual, F0: ad.StopGradient(f0), RTol: ad.Like(x, limits.RTol),
		ATol: ad.Like(x, limits.ATol)}
	point := p.Evaluate(x)
	around := lookAround(p, point)
	return Verdict{
		RelativeGradient: relativeGradient(point), Gain: around.Gain,
		Status: check(p, point, around, implicit.Code(status.Unchecked)),
	}
}

// relativeGradient is steepest, relative to f or to 1.
func relativeGradient(at Point) Value {
	return ad.Div(steepest(at), ad.Max(ad.Abs(at.F), 1))
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
