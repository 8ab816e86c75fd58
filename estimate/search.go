package estimate

import (
	"math"

	"pullback/ad"
	"pullback/minimise"
	"pullback/status"
)

// Optimum is how a search for a maximum ended, in numbers. The fields are those of Maximum.
type Optimum struct {
	X                      []float64
	LogLik                 float64
	Gradient               []float64
	RelativeGradient, Gain float64
	Status                 status.Code
	Steps, Evaluations     int
}

// SearchOptions say how to search. The zero value works.
type SearchOptions struct {
	Method Method
	// RTol and ATol are the tolerances of package minimise, in units of the log likelihood; RTol is
	// 1e-10 if both are zero. MaxSteps is 200 if zero.
	RTol, ATol float64
	MaxSteps   int
}

func (o SearchOptions) limits() minimise.Limits {
	return minimise.Limits{RTol: o.RTol, ATol: o.ATol, MaxSteps: o.MaxSteps}
}

// Search is a maximiser of a log likelihood that is compiled once, for many starts and bounds.
// It may be used from many goroutines.
type Search struct {
	objective func(ad.Value) ad.Value
	options   SearchOptions

	one    func(problem) Maximum
	many   func(problem) Maximum
	value  func(ad.Value) ad.Value
	curves func(ad.Value) ad.Value // the diagonal of the Hessian
}

// problem is a start and the bounds.
type problem struct{ Start, Lower, Upper ad.Value }

// NewSearch is the search for the maximum of a log likelihood, a scalar function of a vector.
func NewSearch(objective func(x ad.Value) ad.Value, o SearchOptions) *Search {
	solve := func(p problem) Maximum {
		return Maximise(objective, p.Start, p.Lower, p.Upper, o.Method, o.limits())
	}
	curves := func(x ad.Value) ad.Value { return ad.Diagonal(ad.Hessian(objective)(x)) }
	return &Search{objective, o, ad.Jit(solve), ad.Jit(ad.Vmap(solve)), ad.Jit(objective),
		ad.Jit(curves)}
}

// Method is the one that is used for so many parameters.
func (s *Search) Method(parameters int) Method { return s.options.Method.For(parameters) }

// LogLik is the log likelihood at a point.
func (s *Search) LogLik(x []float64) float64 { return s.value(ad.Vector(x...)).Float() }

// From searches from a start, which is moved to the nearest point within the bounds. Either bounds
// may be nil.
func (s *Search) From(start, lower, upper []float64) Optimum {
	return s.FromAll([][]float64{start}, lower, upper)[0]
}

// Path is the points that From accepts on its way, from the start to where the method stops,
// without the finish: to look at and to draw.
func (s *Search) Path(start, lower, upper []float64) [][]float64 {
	lower, upper = bound(lower, len(start), math.Inf(-1)), bound(upper, len(start), math.Inf(1))
	p := scaled(s.objective, ad.Vector(within(start, lower, upper)...), ad.Vector(lower...),
		ad.Vector(upper...))
	limits := orDefault(s.options.limits())
	points := path(p, s.Method(len(start)), limits)
	return each(points, func(z ad.Value) []float64 { return p.unscaled(z).Floats() })
}

// FromAll searches from several starts, as one batch.
func (s *Search) FromAll(starts [][]float64, lower, upper []float64) []Optimum {
	if len(starts) == 0 {
		return nil
	}
	n := len(starts[0])
	lower, upper = bound(lower, n, math.Inf(-1)), bound(upper, n, math.Inf(1))
	problems := make([]problem, len(starts))
	for i, start := range starts {
		if len(start) != n {
			panic(ad.Mistake("estimate", nil, "starts have %d and %d elements", n, len(start)))
		}
		problems[i] = problem{ad.Vector(within(start, lower, upper)...), ad.Vector(lower...),
			ad.Vector(upper...)}
	}
	if len(starts) == 1 {
		return []Optimum{optimum(s.one(problems[0]))}
	}
	var stacked problem
	stacked.Start = ad.Stack(0, each(problems, func(p problem) ad.Value { return p.Start })...)
	stacked.Lower = ad.BroadcastTo(problems[0].Lower, len(starts), n)
	stacked.Upper = ad.BroadcastTo(problems[0].Upper, len(starts), n)
	ends := s.many(stacked)
	out := make([]Optimum, len(starts))
	for i := range out {
		out[i] = optimum(Maximum{ad.At(ends.X, i), ad.At(ends.LogLik, i),
			ad.At(ends.Gradient, i), ad.At(ends.RelativeGradient, i), ad.At(ends.Gain, i),
			ad.At(ends.Status, i), ad.At(ends.Steps, i), ad.At(ends.Evaluations, i)})
	}
	return out
}

func each[A, B any](xs []A, f func(A) B) []B {
	out := make([]B, len(xs))
	for i, x := range xs {
		out[i] = f(x)
	}
	return out
}

func optimum(m Maximum) Optimum {
	return Optimum{m.X.Floats(), m.LogLik.Float(), m.Gradient.Floats(),
		m.RelativeGradient.Float(), m.Gain.Float(), status.Code(m.Status.Int()), m.Steps.Int(),
		m.Evaluations.Int()}
}

// bound is bounds of n, where nil means none.
func bound(b []float64, n int, none float64) []float64 {
	if b == nil {
		b = make([]float64, n)
		for i := range b {
			b[i] = none
		}
	}
	if len(b) != n {
		panic(ad.Mistake("estimate", nil, "there are %d bounds for %d parameters", len(b), n))
	}
	return b
}

// within is the point of the box nearest to x.
func within(x, lower, upper []float64) []float64 {
	out := make([]float64, len(x))
	for i := range x {
		if !(lower[i] <= upper[i]) {
			panic(ad.Mistake("estimate", nil, "the bounds of parameter %d are %v and %v; the "+
				"lower one must not be above the upper one", i, lower[i], upper[i]))
		}
		out[i] = min(max(x[i], lower[i]), upper[i])
	}
	return out
}

// Held says which parameters cannot move freely at an optimum: those with equal bounds, and those
// at a bound.
func Held(x, lower, upper []float64) []bool {
	lower, upper = bound(lower, len(x), math.Inf(-1)), bound(upper, len(x), math.Inf(1))
	out := make([]bool, len(x))
	for i := range x {
		out[i] = x[i] <= lower[i] || x[i] >= upper[i]
	}
	return out
}
