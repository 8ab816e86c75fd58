package benchmarks

import (
	"pullback/ad"
	"pullback/random"
)

const million = 1_000_000

// elementwise is a million numbers: drawn, and put through elementary functions and summed.
func elementwise() []Workload {
	out := forBoth("normals", "1,000,000 normals", [2]Target{{JAX: 5}, {JAX: 5}},
		[2]float64{1e-6, 1e-12},
		func(d ad.DType, s Setting) Task {
			draw := func(key random.Key) ad.Value { return random.Normal(key, d, million/s.Shrink) }
			return compiled(draw, random.NewKey(0), summary)
		})
	targets := [2]Target{{JAX: 2.5}, {JAX: 6}}
	out = append(out, forBoth("sum", "Σ exp(-x²)·log1p(x) + sin²(x)", targets,
		[2]float64{1e-5, 1e-10},
		func(d ad.DType, s Setting) Task {
			return compiled(sumOfWaves, spaced(d, .1, 3, million/s.Shrink), scalar)
		})...)
	return append(out, forBoth("sum_gradient", "its gradient", targets,
		[2]float64{1e-5, 1e-12},
		func(d ad.DType, s Setting) Task {
			return compiled(ad.Grad(sumOfWaves), spaced(d, .1, 3, million/s.Shrink), summary)
		})...)
}

// sumOfWaves is Σ exp(-x²)·log1p(x) + sin²(x).
func sumOfWaves(x ad.Value) ad.Value {
	bell := ad.Mul(ad.Exp(ad.Neg(ad.Square(x))), ad.Log1p(x))
	return ad.Sum(ad.Add(bell, ad.Square(ad.Sin(x))))
}
