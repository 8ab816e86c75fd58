package trace_test

import (
	"testing"

	"pullback/ad"
	"pullback/linear"
	"pullback/random"
	"pullback/trace"
)

// BenchmarkHutchinson is the problem set's largest estimate: 1000 probes of a Hessian of size 100.
func BenchmarkHutchinson(b *testing.B) {
	a := random.Normal(random.NewKey(0), ad.Float32, 100, 100)
	p := ad.MatMul(ad.Transpose(a), a)
	f := func(x ad.Value) ad.Value { return ad.Mul(ad.Dot(x, ad.MatVec(p, x)), 0.5) }
	x := random.Normal(random.NewKey(0), ad.Float32, 100)
	estimate := ad.Jit(func(k random.Key) trace.Estimate {
		return trace.Hutchinson(linear.Hessian(f, x), k, 1000)
	})
	key := random.NewKey(42)
	for b.Loop() {
		estimate(key)
	}
}
