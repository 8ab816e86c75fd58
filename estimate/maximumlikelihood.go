package estimate

import (
	"fmt"
	"math"

	"pullback/ad"
	"pullback/random"
	"pullback/status"
)

// Options say how MaximumLikelihood searches, and how precise it says the estimates are. The zero
// value works: Newton's method from the start, without bounds, standard errors of the Hessian.
type Options[T any] struct {
	// Lower and Upper are bounds, closed and infinite where there are none; nil for none at all.
	// Equal bounds fix a parameter.
	Lower, Upper *T
	Method       Method
	// RTol, ATol and MaxSteps are as in SearchOptions.
	RTol, ATol float64
	MaxSteps   int
	// Starts is the number of starts if it is more than one; the others are drawn from Key, or
	// from that of seed 0 if it is not set. See Starts for where.
	Starts int
	Key    random.Key
	// StdErr is the kind of standard errors, Clusters the rows' groups for Cluster.
	StdErr   Kind
	Clusters []int
	// Weights are those of the rows, nil for ones. Sampling weights imply Sandwich.
	Weights    []float64
	WeightKind WeightKind
}

// Estimate is parameters estimated by maximum likelihood.
type Estimate[T any] struct {
	// Value is the estimates, whatever the outcome: where the search ended.
	Value T
	// X is Value as numbers, in the order of ad.Ravel, as all that follows.
	X []float64
	// Held are the parameters that are fixed by equal bounds or at a bound. They have no standard
	// error, and those of the others are conditional on them.
	Held []bool
	// Inference holds the standard errors and the covariance, or says why there are none. Where
	// the search did not succeed there are none.
	Inference Inference
	// LogLik is the log likelihood at Value, N the number of rows and K that of the parameters
	// that are not fixed by equal bounds.
	LogLik float64
	N, K   int
	// Status is how the search ended and Verdict says it in words, with what was found in
	// checking.
	Status  status.Code
	Verdict string
	// Optimum is the search's end in full, Method how it was made and Starts what became of all.
	Optimum Optimum
	Method  Method
	Starts  MultiStart
	// Identification is decided from the rows' scores at Value, of the parameters that are not
	// held. Where the search ended without a likelihood nothing is known.
	Identification Information
}

// StdErr is the standard errors in a struct like the estimates, if there is one for each.
func (e Estimate[T]) StdErr() (T, bool) {
	xs := make([]float64, len(e.X))
	for i, s := range e.Inference.StdErr {
		if !s.Known {
			return e.Value, false
		}
		xs[i] = s.Value
	}
	_, unravel := ad.Ravel(e.Value)
	return unravel(ad.Vector(xs...)), true
}

// AIC is Akaike's criterion 2k - 2L, and BIC Schwarz's k·ln n - 2L.
func (e Estimate[T]) AIC() float64 { return float64(2*float64(e.K)) - float64(2*e.LogLik) }

// BIC is as AIC says. Frequency weights do not count as rows.
func (e Estimate[T]) BIC() float64 {
	return float64(float64(e.K)*ad.Log(ad.Scalar(float64(e.N))).Float()) - float64(2*e.LogLik)
}

// MaximumLikelihood estimates the parameters of a model, a tree of float64, by the maximum of its
// log likelihood. logLik gives the contributions of the rows, an array of N, of which the sum,
// weighted if there are weights, is the log likelihood. What goes wrong numerically is a status and
// a sentence in the result; a wrong shape panics, as everywhere.
func MaximumLikelihood[T any](logLik func(T) ad.Value, start T, o Options[T]) Estimate[T] {
	x, unravel := ad.Ravel(start)
	if x.DType() != ad.Float64 {
		panic(ad.Mistake("estimate", []ad.Value{x}, "the parameters are %v; estimates need "+
			"float64, so convert them with ad.Convert", x.DType()))
	}
	contributions := func(x ad.Value) ad.Value { return logLik(unravel(x)) }
	inference := InferenceOptions{Kind: o.StdErr, Groups: o.Clusters, Weights: o.Weights,
		WeightKind: o.WeightKind}
	if o.Weights != nil && o.WeightKind == Sampling && o.StdErr != Cluster {
		inference.Kind = Sandwich
	}
	lower := boundsOf(o.Lower, x.Size(), math.Inf(-1))
	upper := boundsOf(o.Upper, x.Size(), math.Inf(1))
	search := NewSearch(inference.total(contributions), SearchOptions{Method: o.Method,
		RTol: o.RTol, ATol: o.ATol, MaxSteps: o.MaxSteps})
	key := o.Key
	if !key.Value.IsValid() {
		key = random.NewKey(0)
	}
	starts := search.BestOf(Starts(key, o.Starts, x.Floats(), lower, upper, 0), lower, upper)

	best := starts.Best
	e := Estimate[T]{Value: unravel(ad.Vector(best.X...)), X: best.X, LogLik: best.LogLik,
		Status: best.Status, Optimum: best, Method: search.Method(x.Size()), Starts: starts,
		Held: Held(best.X, lower, upper), K: x.Size()}
	for i := range lower {
		if lower[i] == upper[i] {
			e.K--
		}
	}
	inference.Held = e.Held
	e.infer(contributions, inference)
	e.Verdict = e.verdict()
	return e
}

// boundsOf are bounds in the order of ad.Ravel.
func boundsOf[T any](bounds *T, n int, none float64) []float64 {
	if bounds == nil {
		return bound(nil, n, none)
	}
	flat, _ := ad.Ravel(*bounds)
	return bound(ad.Convert(flat, ad.Float64).Floats(), n, none)
}

// total is the log likelihood: the sum of the contributions times the weights.
func (o InferenceOptions) total(contributions func(ad.Value) ad.Value) func(ad.Value) ad.Value {
	return func(x ad.Value) ad.Value {
		each := contributions(x)
		if o.Weights != nil {
			each = ad.Mul(each, ad.Vector(o.Weights...))
		}
		return ad.Sum(each)
	}
}

// infer says how precise the estimates are, and what is identified.
func (e *Estimate[T]) infer(contributions func(ad.Value) ad.Value, o InferenceOptions) {
	indices := free(e.Held, len(e.X))
	e.Inference = begin(o, len(e.X), ad.Vector(e.X...))
	e.N = ad.Jit(contributions)(ad.Vector(e.X...)).Size()
	e.Inference.Rows = e.N
	if len(indices) > 0 {
		at, places := ad.Vector(e.X...), make([]int, len(indices))
		copy(places, indices)
		e.Identification = OfScores(func(y ad.Value) ad.Value {
			return contributions(scatter(at, places, y))
		}, ad.Take(at, ad.Vector(places...), 0))
	}
	if !e.Status.OK() {
		e.Inference.Problem = "The search ended without a maximum that could be confirmed, so " +
			"there are no standard errors."
		return
	}
	if e.Identification.Status == status.Converged && !e.Identification.Identified() {
		e.Inference.Problem = "The parameters are not identified, so there are no standard " +
			"errors; some functions of them may have one."
		return
	}
	e.Inference = Infer(contributions, e.X, o)
}

// scatter is x with y in some places.
func scatter(x ad.Value, places []int, y ad.Value) ad.Value {
	n := x.Size()
	replaced := make([]int, n)
	for i := range replaced {
		replaced[i] = i
	}
	for i, p := range places {
		replaced[p] = n + i
	}
	return ad.Take(ad.Concatenate(0, x, y), ad.Vector(replaced...), 0)
}

// verdict is what a reader is told first.
func (e *Estimate[T]) verdict() string {
	out := e.Status.String()
	if math.IsNaN(e.LogLik) || math.IsInf(e.LogLik, 0) {
		out = "No likelihood: it is a NaN or an infinity where the search began and it found no " +
			"way out; start where the model gives a likelihood, or from several starts."
	}
	if e.Status.OK() {
		out += fmt.Sprintf(" The relative gradient is %.1e, and at most %.1e is to be gained.",
			e.Optimum.RelativeGradient, e.Optimum.Gain)
	}
	if e.Starts.Starts > 1 {
		out += " " + e.Starts.String()
	}
	held := 0
	for _, h := range e.Held {
		if h {
			held++
		}
	}
	if atBound := held - (len(e.X) - e.K); atBound > 0 {
		out += fmt.Sprintf(" At a bound: %d of %d parameters; the standard errors of the others "+
			"are conditional on that.", atBound, len(e.X))
	}
	if e.Identification.Status == status.Converged && !e.Identification.Identified() {
		out += fmt.Sprintf(" Not identified: the scores have rank %d in %d free parameters, so "+
			"this is one of many maxima, or parts of the model coincide here; other starts tell.",
			e.Identification.Rank, len(e.Identification.Singular))
	}
	return out
}
