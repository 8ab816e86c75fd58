package estimate_test

import (
	"math"
	"testing"

	"pullback/ad"
	"pullback/estimate"
	"pullback/minimise"
	"pullback/random"
	"pullback/status"
)

// TestCoverage fits 10,000 samples of fifty prices and quantities, all as one batch: 95 % intervals
// hold the truth as often as they say, and standard errors are as large as the estimates spread.
func TestCoverage(t *testing.T) {
	const samples, sd = 10000, .01
	type sample struct{ Prices, Quantities ad.Value }
	quantity := func(m market, p ad.Value) ad.Value {
		return ad.Sub(100, ad.Mul(2, ad.Pow(p, m.Cd)))
	}
	truth := market{ad.Scalar(.5), ad.Scalar(.15)}
	noisy := func(key random.Key, x ad.Value) ad.Value {
		return ad.Add(x, ad.Mul(sd, random.Normal(key, ad.Float64, samples, 50)))
	}
	one, two := random.NewKey(1).Pair()
	p := price(truth)
	drawn := sample{noisy(one, p), noisy(two, quantity(truth, p))}

	type fitted struct {
		Maximum        estimate.Maximum
		Covariance, OK ad.Value
	}
	fit := ad.Jit(ad.Vmap(func(s sample) fitted {
		objective := func(x ad.Value) ad.Value {
			m := market{ad.At(x, 0), ad.At(x, 1)}
			p := price(m)
			a := ad.Div(ad.Sub(s.Prices, p), sd)
			b := ad.Div(ad.Sub(s.Quantities, quantity(m, p)), sd)
			return ad.Mul(-.5, ad.Add(ad.Dot(a, a), ad.Dot(b, b)))
		}
		infinite := ad.Vector(math.Inf(1), math.Inf(1))
		m := estimate.Maximise(objective, ad.Vector(.6, .18), ad.Vector(0., 0), infinite,
			estimate.Auto, minimise.Limits{})
		v, ok := estimate.InverseInformation(objective, m.X, ad.Vector(false, false))
		return fitted{m, v, ok}
	}))(drawn)

	x, v, codes := fit.Maximum.X.Floats(), fit.Covariance.Floats(), fit.Maximum.Status.Floats()
	want := []float64{6.028e-5, 1.2048e-5} // at the truth
	for i, exact := range []float64{.5, .15} {
		covered, stdErr, spread := 0., 0., 0.
		for s := range samples {
			miss, se := x[2*s+i]-exact, math.Sqrt(v[4*s+3*i])
			stdErr += se / samples
			spread += miss * miss / samples
			if status.Code(codes[s]).OK() && math.Abs(miss) <= 1.959963984540054*se {
				covered += 1. / samples
			}
		}
		t.Logf("covered %.4f, mean standard error %.5g, spread %.5g", covered, stdErr,
			math.Sqrt(spread))
		if !(covered > .943 && covered < .957) {
			t.Errorf("parameter %d: intervals cover %.4f", i, covered)
		}
		if !(math.Abs(stdErr/math.Sqrt(spread)-1) < .025) || math.Abs(stdErr/want[i]-1) > 1e-3 {
			t.Errorf("parameter %d: standard error %g, spread %g", i, stdErr, math.Sqrt(spread))
		}
	}
}

// TestPricesAndQuantities has a closed form: the exponents at which the mean price and quantity are
// the equilibrium.
func TestPricesAndQuantities(t *testing.T) {
	observed := prices(t)
	noise := random.Normal(random.NewKey(5), ad.Float64, observed.Size())
	quantities := ad.Add(91.6, ad.Mul(.01, noise))
	contributions := func(m market) ad.Value {
		p := price(m)
		q := ad.Sub(100, ad.Mul(2, ad.Pow(p, m.Cd)))
		a, b := ad.Div(ad.Sub(observed, p), .01), ad.Div(ad.Sub(quantities, q), .01)
		return ad.Mul(-.5, ad.Add(ad.Square(a), ad.Square(b)))
	}
	e := estimate.MaximumLikelihood(contributions, market{ad.Scalar(.6), ad.Scalar(.18)},
		estimate.Options[market]{Lower: &market{ad.Scalar(0.), ad.Scalar(0.)}})
	p, q := ad.Mean(observed).Float(), ad.Mean(quantities).Float()
	if !e.Status.OK() {
		t.Fatal(e.Verdict)
	}
	close(t, "the exponent of demand", e.X[0], math.Log((100-q)/2)/math.Log(p), 1e-12)
	close(t, "that of supply", e.X[1], math.Log(q/5)/(p*math.Log(3)), 1e-12)
}
