package estimate_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/estimate"
	"pullback/random"
	"pullback/status"
)

// TestMaximumLikelihoodOfALine compares with least squares: σ² is RSS/n.
func TestMaximumLikelihoodOfALine(t *testing.T) {
	type line struct{ Level, Slope, LogSD ad.Value }
	model := func(l line) ad.Value { return regression(ad.Stack(0, l.Level, l.Slope, l.LogSD)) }
	zero := ad.Scalar(0.)
	b, _, variance := leastSquares()
	for m := estimate.Auto; m <= estimate.BFGS; m++ {
		e := estimate.MaximumLikelihood(model, line{zero, zero, zero},
			estimate.Options[line]{Method: m})
		if !e.Status.OK() || e.N != 6 || e.K != 3 || !e.Identification.Identified() {
			t.Fatalf("%v: %+v", m, e)
		}
		close(t, "the level", e.Value.Level.Float(), b[0], 1e-12)
		close(t, "the slope", e.Value.Slope.Float(), b[1], 1e-12)
		close(t, "log σ", e.Value.LogSD.Float(), math.Log(variance)/2, 1e-12)
		se, all := e.StdErr()
		close(t, "the slope's standard error", se.Slope.Float(), math.Sqrt(variance/17.5), 1e-10)
		close(t, "that of log σ", se.LogSD.Float(), math.Sqrt(1./12), 1e-10)
		close(t, "log likelihood", e.LogLik, -3*(math.Log(2*math.Pi*variance)+1), 1e-12)
		close(t, "AIC", e.AIC(), 6-2*e.LogLik, 1e-14)
		close(t, "BIC", e.BIC(), 3*math.Log(6)-2*e.LogLik, 1e-14)
		if !all || !strings.Contains(e.Verdict, e.Status.String()) {
			t.Errorf("%v: %s", m, e.Verdict)
		}
	}
	held := estimate.MaximumLikelihood(model, line{zero, zero, zero}, estimate.Options[line]{
		Lower: &line{ad.Scalar(math.Inf(-1)), zero, ad.Scalar(0.)},
		Upper: &line{ad.Scalar(math.Inf(1)), ad.Scalar(1.5), ad.Scalar(0.)}})
	mean := 36.1 / 6
	close(t, "the level beside a bound", held.Value.Level.Float(), mean-1.5*2.5, 1e-12)
	close(t, "its standard error", held.Inference.StdErr[0].Value, 1/math.Sqrt(6), 1e-12)
	if _, all := held.StdErr(); all || fmt.Sprint(held.Held) != "[false true true]" ||
		held.K != 2 || held.X[1] != 1.5 || !strings.Contains(held.Verdict, "At a bound: 1 of 3") {
		t.Errorf("%+v", held)
	}
}

// TestCounts compares a logit of two groups and a Poisson regression with closed forms: log odds
// and log means with standard errors from the reciprocals of counts.
func TestCounts(t *testing.T) {
	logit := func(x ad.Value) ad.Value { // 15 of 20 and 4 of 16
		a := ad.At(x, 0)
		b := ad.Add(a, ad.At(x, 1))
		return ad.Stack(0, ad.Neg(ad.Softplus(ad.Neg(a))), ad.Neg(ad.Softplus(a)),
			ad.Neg(ad.Softplus(ad.Neg(b))), ad.Neg(ad.Softplus(b)))
	}
	e := estimate.MaximumLikelihood(logit, ad.Vector(0., 0), estimate.Options[ad.Value]{
		Weights: []float64{15, 5, 4, 12}})
	close(t, "log odds", e.X[0], math.Log(3), 1e-13)
	close(t, "the log odds ratio", e.X[1], -2*math.Log(3), 1e-13)
	close(t, "its standard error", e.Inference.StdErr[1].Value,
		math.Sqrt(1./15+1./5+1./4+1./12), 1e-12)

	counts := ad.Vector(2., 3, 7, 1, 12, 10)
	group := ad.Vector(0., 0, 0, 0, 1, 1)
	poisson := func(x ad.Value) ad.Value {
		mean := ad.Add(ad.At(x, 0), ad.Mul(ad.At(x, 1), group)) // its log
		return ad.Sub(ad.Mul(counts, mean), ad.Exp(mean))
	}
	for _, start := range []ad.Value{ad.Vector(0., 0), ad.Vector(5., -4)} {
		e = estimate.MaximumLikelihood(poisson, start, estimate.Options[ad.Value]{})
		close(t, "the log mean", e.X[0], math.Log(13./4), 1e-13)
		close(t, "the log ratio", e.X[1], math.Log(11/(13./4)), 1e-13)
		close(t, "its standard error", e.Inference.StdErr[1].Value, math.Sqrt(1./13+1./22), 1e-12)
	}
}

// TestPricesOnly is the market of which prices alone are observed: there are no standard errors,
// and the verdict says why.
func TestPricesOnly(t *testing.T) {
	e := estimate.MaximumLikelihood(pricesOnly(t), market{ad.Scalar(.6), ad.Scalar(.18)},
		estimate.Options[market]{Lower: &market{ad.Scalar(0.), ad.Scalar(0.)}})
	close(t, "the log likelihood", e.LogLik, 165.81492, 1e-7)
	if !e.Status.OK() || e.Identification.Rank != 1 || e.Inference.Covariance != nil ||
		!strings.Contains(e.Verdict, "Not identified: the scores have rank 1 in 2") {
		t.Errorf("%+v", e)
	}
	if _, all := e.StdErr(); all {
		t.Error("there are standard errors")
	}
}

// TestHonestFailures is that a model without a likelihood, or without a maximum, is told of.
func TestHonestFailures(t *testing.T) {
	for _, c := range []struct {
		name  string
		model func(ad.Value) ad.Value
		start float64
		want  string
	}{
		{"no likelihood", func(x ad.Value) ad.Value { return ad.Log(x) }, -1, "No likelihood: "},
		{"no maximum", func(x ad.Value) ad.Value { return ad.Exp(x) }, 0, ""},
	} {
		for m := estimate.Auto; m <= estimate.BFGS; m++ {
			e := estimate.MaximumLikelihood(func(x ad.Value) ad.Value {
				return ad.ExpandDims(c.model(x), 0)
			}, ad.Scalar(c.start), estimate.Options[ad.Value]{Method: m})
			if e.Status.OK() || !strings.Contains(e.Verdict, c.want) ||
				e.Inference.Problem == "" || e.Inference.StdErr[0].Known {
				t.Errorf("%s, %v: %s %+v", c.name, m, e.Verdict, e.Inference)
			}
		}
	}
}

// TestStarts is a likelihood of two humps, of which the start's is the lower.
func TestStarts(t *testing.T) {
	humps := func(x ad.Value) ad.Value {
		hump := func(at, height float64) ad.Value {
			return ad.Sub(height, ad.Square(ad.Sub(x, at)))
		}
		return ad.ExpandDims(ad.LogAddExp(hump(-4, 1), hump(4, 3)), 0)
	}
	low, high := ad.Scalar(-10.), ad.Scalar(10.)
	one := estimate.MaximumLikelihood(humps, ad.Scalar(-3.), estimate.Options[ad.Value]{})
	close(t, "the start's maximum", one.X[0], -4, 1e-12)
	options := estimate.Options[ad.Value]{Lower: &low, Upper: &high, Starts: 8,
		Key: random.NewKey(3)}
	all := estimate.MaximumLikelihood(humps, ad.Scalar(-3.), options)
	close(t, "the maximum", all.X[0], 4, 1e-12)
	s := all.Starts
	if s.Starts != 8 || s.Reached < 1 || s.Reached > 7 || s.Failed != 0 || s.Higher.Known ||
		!strings.Contains(all.Verdict,
			fmt.Sprintf("%d of 8 starts led to this maximum", s.Reached)) {
		t.Errorf("%+v: %s", s, all.Verdict)
	}
	for _, x := range estimate.Starts(random.NewKey(1), 50, []float64{5, 5, 0},
		[]float64{4, math.Inf(-1), 0}, []float64{7, 6, math.Inf(1)}, 2)[1:] {
		if x[0] < 4 || x[0] > 7 || x[1] > 6 || x[1] < -7 || x[2] < 0 || x[2] > 2 {
			t.Errorf("the start %v is out of bounds", x)
		}
	}
	none := estimate.MultiStart{Starts: 3, Best: estimate.Optimum{Status: status.Stalled}}
	if !strings.HasPrefix(none.String(), "None of 3 starts") {
		t.Error(none)
	}
}

func ExampleMaximumLikelihood() {
	// How long lamps last, exponentially, in two makes.
	type lamps struct{ First, Second ad.Value } // mean lives
	first, second := ad.Vector(3., 1, 6, 2), ad.Vector(8., 4, 9)
	logLik := func(l lamps) ad.Value {
		part := func(mean, life ad.Value) ad.Value {
			return ad.Neg(ad.Add(ad.Div(life, mean), ad.Log(mean)))
		}
		return ad.Concatenate(0, part(l.First, first), part(l.Second, second))
	}
	e := estimate.MaximumLikelihood(logLik, lamps{ad.Scalar(1.), ad.Scalar(1.)},
		estimate.Options[lamps]{})
	stdErr, _ := e.StdErr()
	fmt.Println(e.Status)
	fmt.Printf("%.4f ± %.4f and %.4f ± %.4f\n", e.Value.First, stdErr.First, e.Value.Second,
		stdErr.Second)
	// Output:
	// Converged: the solution's condition holds at the returned point within the tolerances.
	// 3.0000 ± 1.5000 and 7.0000 ± 4.0415
}

// TestGoingOn is a search that ends above the others without having arrived: it goes on.
func TestGoingOn(t *testing.T) {
	valley := func(x ad.Value) ad.Value { // Rosenbrock's, and a low hump beside it
		a, b := ad.At(x, 0), ad.At(x, 1)
		bend := ad.Sub(b, ad.Square(a))
		low := ad.Exp(ad.Neg(ad.Add(ad.Square(ad.Sub(a, 5)), ad.Square(ad.Add(b, 5)))))
		return ad.Sub(low, ad.Log1p(ad.Add(ad.Square(ad.Sub(a, 1)), ad.Mul(100, ad.Square(bend)))))
	}
	search := estimate.NewSearch(valley, estimate.SearchOptions{MaxSteps: 12})
	starts := [][]float64{{-1.2, 1}, {5, -5}}
	alone := search.BestOf(starts[:1], nil, nil)
	if alone.Best.Status != status.OutOfSteps {
		t.Fatalf("alone: %+v", alone)
	}
	both := search.BestOf(starts, nil, nil)
	if !both.Best.Status.OK() || both.Start != 0 || both.Higher.Known || both.Best.Steps <= 12 {
		t.Errorf("%v: %+v", both, both.Best)
	}
	close(t, "the maximum", both.Best.X[0], 1, 1e-10)
}
