package problemset

import (
	"pullback/ad"
	"pullback/linear"
	"pullback/random"
	"pullback/trace"
)

// TraceAnswer answers question 1.1.
type TraceAnswer struct {
	Hessian, Diagonal Timed[ad.Value]
	Estimates         []Timed[trace.Estimate] // by 1, 10, 100 and 1000 probes
}

// probe is what an estimate depends on.
type probe struct {
	Key random.Key
	X   ad.Value
}

// hutchinson estimates the trace of f's Hessian from m probes.
func hutchinson(f func(ad.Value) ad.Value, m int) func(probe) trace.Estimate {
	return func(p probe) trace.Estimate {
		return trace.HutchinsonWith(signs, linear.Hessian(f, p.X), p.Key, m)
	}
}

// signs are float32 Rademacher probes carried in d.
func signs(key random.Key, d ad.DType, n, size int) ad.Value {
	return ad.Convert(random.Rademacher(key, ad.Float32, n, size), d)
}

// Trace is question 1.1: the trace of the Hessian of ½ xᵀPx, exactly and by Hutchinson's
// estimator on Hessian-vector products.
func Trace(d ad.DType) TraceAnswer {
	key := random.NewKey(0)
	a, x := normal(key, d, 100, 100), normal(key, d, 100)
	p := ad.MatMul(ad.Transpose(a), a)
	f := func(x ad.Value) ad.Value { return ad.Mul(ad.Dot(x, ad.MatVec(p, x)), 0.5) }

	answer := TraceAnswer{
		Hessian:  timed(func(x ad.Value) ad.Value { return ad.Trace(ad.Hessian(f)(x)) }, x),
		Diagonal: timed(ad.Trace, p),
	}
	key = random.NewKey(42)
	for _, m := range []int{1, 10, 100, 1000} {
		// The course splits the key once to warm up and once to time; compiling takes no draw.
		var sub random.Key
		key, _ = key.Pair()
		key, sub = key.Pair()
		answer.Estimates = append(answer.Estimates, timed(hutchinson(f, m), probe{sub, x}))
	}
	return answer
}

// MatrixFree is question 1.2: the same for ½ |Ax|² in 1000 dimensions with 20 probes, where the
// matrix AᵀA is never formed.
func MatrixFree(d ad.DType) Timed[trace.Estimate] {
	key := random.NewKey(0)
	a, x := normal(key, d, 1000, 1000), normal(key, d, 1000)
	f := func(x ad.Value) ad.Value {
		ax := ad.MatVec(a, x)
		return ad.Mul(ad.Dot(ax, ax), 0.5)
	}
	return timed(hutchinson(f, 20), probe{random.NewKey(42), x})
}
