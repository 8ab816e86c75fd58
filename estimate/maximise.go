package estimate

import (
	"fmt"

	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/minimise"
	"pullback/status"
)

// Method is how a maximum is searched for.
type Method int

// The methods are those of package minimise. All keep within bounds.
const (
	// Auto is Newton for at most AutoNewton parameters and otherwise LBFGS.
	Auto Method = iota
	// Newton is the trust-region method with the exact Hessian.
	Newton
	BFGS
	LBFGS
	// NelderMead needs no derivatives; the finish and the check use them all the same.
	NelderMead
)

// AutoNewton is the number of parameters up to which Newton is chosen: there the Hessian, of one
// more derivative a parameter, pays for itself in steps.
const AutoNewton = 25

// methodNames are in the order of the constants.
func methodNames() []string { return []string{"auto", "newton", "bfgs", "lbfgs", "nelder-mead"} }

// String is the name.
func (m Method) String() string {
	if names := methodNames(); m >= 0 && int(m) < len(names) {
		return names[m]
	}
	return fmt.Sprintf("estimate.Method(%d)", int(m))
}

// ParseMethod is the method of a name, as String gives it.
func ParseMethod(name string) (Method, error) {
	for i, n := range methodNames() {
		if n == name {
			return Method(i), nil
		}
	}
	return Auto, fmt.Errorf("there is no method %q; choose one of %v", name, methodNames())
}

// For is the method for so many parameters: m, unless that is Auto.
func (m Method) For(parameters int) Method {
	switch {
	case m != Auto:
		return m
	case parameters <= AutoNewton:
		return Newton
	}
	return LBFGS
}

// Maximum is how a search for a maximum ended, as values: in a batch, of each problem.
type Maximum struct {
	// X is the last point whatever the outcome, a vector of n. It is a constant to derivatives.
	X ad.Value
	// LogLik is the log likelihood there, Gradient its gradient.
	LogLik, Gradient ad.Value
	// RelativeGradient is the greatest |gᵢ|·max(|xᵢ|, sᵢ) / max(|log likelihood|, 1), where s are
	// the scales of the parameters. A parameter at a bound that its gradient points beyond is left
	// out.
	RelativeGradient ad.Value
	// Gain is how far the log likelihood is known to be below its maximum; see minimise.Result.
	Gain ad.Value
	// Status is a status.Code, an int32 scalar.
	Status ad.Value
	// Steps and Evaluations are int32 scalars.
	Steps, Evaluations ad.Value
}

// Maximise finds the maximum of a log likelihood, a scalar function of a vector of n float64, from
// a start within bounds, infinite where there are none; equal bounds hold a parameter. It is for
// compiled code, where it can be batched; Search compiles it for numbers.
//
// The parameters are scaled inside; see scaleOf. Once the method has ended, Newton's steps take out
// what its tolerance left, as long as they improve: where estimates have some eight digits,
// rounding errors hide what is left in the log likelihood, but not in its gradient, which leads to
// some fifteen.
func Maximise(objective func(x ad.Value) ad.Value, start, lower, upper ad.Value, m Method,
	limits minimise.Limits) Maximum {
	limits = orDefault(limits)
	p := scaled(objective, start, lower, upper)
	found := find(p, m.For(start.Size()), limits)
	z := polish(p.misfit, found.Last, p.bounds)
	said := confirm(p.misfit, z, p.bounds, p.misfit(p.start), limits)
	spent := ad.And(implicit.Is(said.Status, status.Unchecked),
		ad.LessEqual(said.Gain, negligible))
	said.Status = ad.Where(spent, implicit.Code(status.AtPrecision), said.Status)
	confirmed := implicit.Succeeded(said.Status)

	x := p.unscaled(z)
	v := ad.ValueAndGrad(objective)(x)
	blocked := held(x, ad.Neg(v.Grad), box{Lower: lower, Upper: upper})
	steep := ad.Mul(ad.Abs(v.Grad), ad.Max(ad.Abs(x), p.scale))
	steep = ad.Where(blocked, ad.ZerosLike(x), steep)
	finite := ad.And(ad.IsFinite(v.Value), ad.All(ad.IsFinite(v.Grad)))
	return Maximum{
		X: x, LogLik: v.Value, Gradient: v.Grad,
		RelativeGradient: ad.Div(ad.MaxOf(steep), ad.Max(ad.Abs(v.Value), 1)),
		Gain:             ad.Where(confirmed, said.Gain, found.Gain),
		Status: ad.Where(finite, ad.Where(confirmed, said.Status, found.Status),
			implicit.Code(status.NotFinite)),
		Steps: found.Steps, Evaluations: found.Evaluations,
	}
}

// negligible is a difference of log likelihoods that means nothing: some 1e-5 standard errors. The
// likelihood's own rounding errors may be more than those of its last digits, where an
// equilibrium's are divided by a small standard deviation.
const negligible = 1e-9

// scaleOf is a typical size of each parameter: |start| or, where that is less, as a standard error
// is computed from the curvature there, at most 1.
func scaleOf(objective func(ad.Value) ad.Value, start ad.Value) ad.Value {
	least := ad.OnesLike(start)
	if start.Size() <= polishUpTo {
		curvature := ad.Sqrt(ad.Abs(ad.Diagonal(ad.Hessian(objective)(start))))
		curved := ad.And(ad.IsFinite(curvature), ad.Greater(curvature, 1))
		least = ad.Div(1, ad.Where(curved, curvature, ad.OnesLike(start)))
	}
	return ad.Max(ad.Abs(start), least)
}

// orDefault is the limits, with a tolerance that leaves some eight digits, which the finish
// completes.
func orDefault(limits minimise.Limits) minimise.Limits {
	if limits.RTol == 0 && limits.ATol == 0 {
		limits.RTol = 1e-10
	}
	return limits
}

// scaledProblem is a search for a minimum in scaled parameters z = x/scale.
type scaledProblem struct {
	misfit       func(z ad.Value) ad.Value
	start, scale ad.Value
	bounds       box
	lower, upper ad.Value // of x
}

func scaled(objective func(x ad.Value) ad.Value, start, lower, upper ad.Value) scaledProblem {
	scale := scaleOf(objective, start)
	return scaledProblem{
		misfit: func(z ad.Value) ad.Value { return ad.Neg(objective(ad.Mul(z, scale))) },
		start:  ad.Div(start, scale), scale: scale,
		bounds: box{ad.Div(lower, scale), ad.Div(upper, scale)}, lower: lower, upper: upper,
	}
}

// unscaled is x, within the bounds to the last bit.
func (p scaledProblem) unscaled(z ad.Value) ad.Value {
	return box{p.lower, p.upper}.within(ad.Mul(z, p.scale))
}

// find is the search by the method.
func find(p scaledProblem, m Method, limits minimise.Limits) minimise.Result[ad.Value] {
	switch m {
	case Newton:
		return minimise.FindIn(p.misfit, p.start, p.box(), minimise.TrustRegion(limits))
	case BFGS:
		return minimise.FindIn(p.misfit, p.start, p.box(), minimise.BFGS(limits))
	case LBFGS:
		return minimise.FindIn(p.misfit, p.start, p.box(), lbfgs(limits))
	case NelderMead:
		return minimise.FindIn(p.misfit, p.start, p.box(), minimise.NelderMead(limits))
	}
	panic(unknownMethod(m))
}

// path is the points that the method accepts, of known numbers.
func path(p scaledProblem, m Method, limits minimise.Limits) []ad.Value {
	switch m {
	case Newton:
		return minimise.PathIn(p.misfit, p.start, p.box(), minimise.TrustRegion(limits))
	case BFGS:
		return minimise.PathIn(p.misfit, p.start, p.box(), minimise.BFGS(limits))
	case LBFGS:
		return minimise.PathIn(p.misfit, p.start, p.box(), lbfgs(limits))
	case NelderMead:
		return minimise.PathIn(p.misfit, p.start, p.box(), minimise.NelderMead(limits))
	}
	panic(unknownMethod(m))
}

func lbfgs(l minimise.Limits) minimise.LBFGS {
	return minimise.LBFGS{RTol: l.RTol, ATol: l.ATol, MaxSteps: l.MaxSteps}
}

func unknownMethod(m Method) error {
	return ad.Mistake("estimate", nil, "there is no method %v; choose one of %v", m, methodNames())
}

// box is the bounds of z.
func (p scaledProblem) box() minimise.Box[ad.Value] {
	return minimise.Box[ad.Value]{Lower: p.bounds.Lower, Upper: p.bounds.Upper}
}
