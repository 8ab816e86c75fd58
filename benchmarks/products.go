package benchmarks

import (
	"fmt"

	"pullback/ad"
	"pullback/random"
)

// products is matrix products.
func products() (out []Workload) {
	for _, p := range []struct {
		m, k, n int
		jax     float64 // the target
	}{{100, 100, 1000, 1.3}, {256, 256, 256, 1}, {512, 512, 512, 1}, {1024, 1024, 1024, 0.95}} {
		name := fmt.Sprintf("gemm_%d_%d_%d", p.m, p.k, p.n)
		title := fmt.Sprintf("(%d, %d) times (%d, %d)", p.m, p.k, p.k, p.n)
		out = append(out, forBoth(name, title, [2]Target{{JAX: p.jax}, {JAX: p.jax}},
			[2]float64{1e-4, 1e-11},
			func(d ad.DType, s Setting) Task {
				m, k, n := p.m/s.Shrink, p.k/s.Shrink, p.n/s.Shrink
				factors := [2]ad.Value{
					random.Normal(random.NewKey(0), d, m, k),
					random.Normal(random.NewKey(1), d, k, n),
				}
				product := func(f [2]ad.Value) ad.Value { return ad.MatMul(f[0], f[1]) }
				return compiled(product, factors, summary)
			})...)
	}
	return out
}
