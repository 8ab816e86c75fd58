package benchmarks

import (
	"slices"

	"pullback/ad"
	"pullback/examples/problemset"
	"pullback/stats"
)

// market is the equilibrium of demand and supply, and the likelihood of one observed price: many
// markets at once, and a single one.
func market() []Workload {
	batch := forBoth("newton_batch", "100,000 equilibria", [2]Target{{JAX: 60}, {JAX: 20}},
		[2]float64{1e-5, 1e-9},
		func(d ad.DType, s Setting) Task {
			return compiled(ad.Vmap(price), markets(d, 100_000/s.Shrink), summary)
		})
	return append(batch,
		Workload{
			Name: "loglik_batch_f64", Title: "100,000 likelihoods with gradients, float64",
			Target: Target{JAX: 20}, Tolerance: 1e-6, Wide: true,
			Open: func(s Setting) Task {
				f := ad.Vmap(ad.ValueAndGrad(likelihood))
				return compiled(f, markets(ad.Float64, 100_000/s.Shrink), summaries)
			},
		},
		Workload{
			Name: "newton_one_f64", Title: "one equilibrium, float64",
			Target: Target{JAX: 10, C: 1.2}, Tolerance: 1e-9, Wide: true,
			Open: func(Setting) Task {
				return compiled(price, problemset.Truth(ad.Float64), scalar)
			},
		},
		Workload{
			Name: "gradient_one_f64", Title: "one likelihood gradient, float64",
			Target: Target{JAX: 10, C: 1.2}, Tolerance: 1e-6, Wide: true,
			Open: func(Setting) Task {
				return compiled(ad.Grad(likelihood), problemset.Truth(ad.Float64), gradient)
			},
		},
		Workload{
			Name: "compile_gradient_f64", Title: "compiling that gradient, with its first call",
			Target: Target{Seconds: 1e-3}, Tolerance: 1e-6, Wide: true,
			Open: func(Setting) Task {
				m := problemset.Truth(ad.Float64)
				var g problemset.Market
				return Task{
					func() { g = ad.Jit(ad.Grad(likelihood))(m) },
					func() []float64 { return gradient(g) },
				}
			},
		})
}

func price(m problemset.Market) ad.Value { return problemset.Clear(m).Price }

const sigma = 0.01

// likelihood is the log likelihood of one observed price.
func likelihood(m problemset.Market) ad.Value {
	return stats.Normal{Mean: price(m), SD: ad.Like(m.Cd, sigma)}.LogPDF(ad.Like(m.Cd, 17.65))
}

// markets is n of them, from elastic to inelastic.
func markets(d ad.DType, n int) problemset.Market {
	return problemset.Market{Cd: spaced(d, .3, .7, n), Cs: spaced(d, .1, .2, n)}
}

func gradient(g problemset.Market) []float64 { return []float64{g.Cd.Float(), g.Cs.Float()} }

func summaries(y ad.ValueGrad[problemset.Market]) []float64 {
	return slices.Concat(summary(y.Value), summary(y.Grad.Cd), summary(y.Grad.Cs))
}
