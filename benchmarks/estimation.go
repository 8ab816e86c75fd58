package benchmarks

import (
	"pullback/ad"
	"pullback/examples/problemset"
	"pullback/minimise"
	"pullback/optim"
	"pullback/random"
	"pullback/stats"
	"pullback/status"
)

// estimation is maximum likelihood from 50 observed prices, in float64: in float32 JAX's BFGS ends
// where there is no minimum. The minimum is a ridge, so that of BFGS the likelihood is compared and
// not the parameters.
func estimation() []Workload {
	return []Workload{
		{
			Name: "bfgs_f64", Title: "estimation by BFGS, float64",
			Target: Target{JAX: 8}, Tolerance: 1e-5, Wide: true,
			Open: func(Setting) Task {
				_, sub := random.NewKey(42).Pair()
				return compiled(bfgs, sample{start(), observe(sub, observations)},
					func(r fit) []float64 { return scalar(r.F) })
			},
		},
		{
			Name: "adam_f64", Title: "estimation by 100 steps of Adam, float64",
			Target: Target{JAX: 5}, Tolerance: 1e-6, Wide: true,
			Open: func(Setting) Task {
				_, sub := random.NewKey(42).Pair()
				return compiled(adam, sample{start(), observe(sub, observations)},
					func(r optim.Result[problemset.Market]) []float64 { return gradient(r.Value) })
			},
		},
		{
			Name: "bfgs_batch_f64", Title: "10,000 estimations by BFGS, float64",
			Target: Target{JAX: 20}, Tolerance: 1e-5, Wide: true,
			Open: func(s Setting) Task {
				draws := observe(random.NewKey(1), 10_000/s.Shrink, observations)
				fits := ad.Vmap(func(d ad.Value) fit { return bfgs(sample{start(), d}) })
				return compiled(fits, draws, outcomes)
			},
		},
	}
}

const observations = 50

// observe is prices of the true market with noise.
func observe(key random.Key, shape ...int) ad.Value {
	noise := ad.Mul(random.Normal(key, ad.Float64, shape...), sigma)
	return ad.Add(price(problemset.Truth(ad.Float64)), noise)
}

func start() problemset.Market { return problemset.MarketOf(ad.Float64, 0.6, 0.18) }

// sample is where an estimation starts, and what was observed.
type sample struct {
	Start  problemset.Market
	Prices ad.Value
}

func (s sample) negLogLikelihood(m problemset.Market) ad.Value {
	return ad.Neg(ad.Sum(stats.Normal{Mean: price(m), SD: ad.Scalar(sigma)}.LogPDF(s.Prices)))
}

type fit = minimise.Result[problemset.Market]

func bfgs(s sample) fit {
	method := minimise.BFGS{RTol: 1e-6, ATol: 1e-6, MaxSteps: 100}
	return minimise.Find(s.negLogLikelihood, s.Start, method)
}

func adam(s sample) optim.Result[problemset.Market] {
	return optim.Run(s.negLogLikelihood, s.Start, optim.Adam{LearningRate: 0.01}, 100)
}

// outcomes is how many of the fits succeeded, by their statuses, and their likelihoods.
func outcomes(r fit) []float64 {
	succeeded := 0.
	for _, code := range r.Status.Floats() {
		if status.Code(code).OK() {
			succeeded++
		}
	}
	return append([]float64{succeeded}, summary(r.F)...)
}
