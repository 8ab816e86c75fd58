package benchmarks

import (
	"pullback/ad"
	"pullback/linear"
	"pullback/random"
	"pullback/trace"
)

// traces is Hutchinson's estimator on Hessian-vector products in float32, with the probes drawn.
func traces() []Workload {
	return []Workload{
		{
			Name: "hutchinson_f32", Title: "Hutchinson, N = 100, M = 1000, float32",
			Target: Target{JAX: 3}, Tolerance: 1e-5,
			Open: func(s Setting) Task {
				a, x := matrixAndPoint(100 / s.Shrink)
				p := ad.MatMul(ad.Transpose(a), a)
				return hutchinson(func(x ad.Value) ad.Value {
					return ad.Mul(ad.Dot(x, ad.MatVec(p, x)), 0.5)
				}, x, 1000/s.Shrink)
			},
		},
		{
			Name: "matrix_free_f32", Title: "matrix-free, N = 1000, M = 20, float32",
			Target: Target{JAX: 1.5}, Tolerance: 1e-5,
			Open: func(s Setting) Task {
				a, x := matrixAndPoint(1000 / s.Shrink)
				return hutchinson(func(x ad.Value) ad.Value {
					ax := ad.MatVec(a, x)
					return ad.Mul(ad.Dot(ax, ax), 0.5)
				}, x, 20)
			},
		},
	}
}

func matrixAndPoint(n int) (a, x ad.Value) {
	key := random.NewKey(0)
	return random.Normal(key, ad.Float32, n, n), random.Normal(key, ad.Float32, n)
}

// probe is what an estimate depends on.
type probe struct {
	Key random.Key
	X   ad.Value
}

func hutchinson(f func(ad.Value) ad.Value, x ad.Value, m int) Task {
	estimate := func(p probe) trace.Estimate {
		return trace.Hutchinson(linear.Hessian(f, p.X), p.Key, m)
	}
	return compiled(estimate, probe{random.NewKey(42), x},
		func(e trace.Estimate) []float64 { return scalar(e.Value) })
}
