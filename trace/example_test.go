package trace_test

import (
	"fmt"

	"pullback/ad"
	"pullback/linear"
	"pullback/random"
	"pullback/trace"
)

// The trace of the Hessian of ½|Ax|², which is never formed.
func ExampleHutchinson() {
	a := random.Normal(random.NewKey(0), ad.Float64, 100, 100)
	f := func(x ad.Value) ad.Value {
		ax := ad.MatVec(a, x)
		return ad.Mul(ad.Dot(ax, ax), 0.5)
	}
	estimate := ad.Jit(func(key random.Key) trace.Estimate {
		return trace.Hutchinson(linear.Hessian(f, ad.Zeros(ad.Float64, 100)), key, 1000)
	})
	e := estimate(random.NewKey(42))
	fmt.Printf("%.1f ± %.1f, exactly %.1f\n", e.Value.Float(), e.StdErr.Float(),
		trace.Exact(linear.Hessian(f, ad.Zeros(ad.Float64, 100))).Float())
	// Output:
	// 10156.0 ± 45.1, exactly 10205.1
}

// The same signs in both precisions, so that the estimates differ by rounding only: those of
// float32, converted.
func ExampleHutchinsonWith() {
	signs := func(key random.Key, d ad.DType, n, size int) ad.Value {
		return ad.Convert(trace.Rademacher(key, ad.Float32, n, size), d)
	}
	a := random.Normal(random.NewKey(0), ad.Float32, 100, 100)
	for _, d := range []ad.DType{ad.Float32, ad.Float64} {
		a := ad.Convert(a, d)
		p := linear.Dense(ad.MatMul(ad.Transpose(a), a))
		e := trace.HutchinsonWith(signs, p, random.NewKey(42), 100)
		fmt.Printf("%.3f ± %.3f\n", e.Value.Float(), e.StdErr.Float())
	}
	// Output:
	// 10209.134 ± 145.808
	// 10209.134 ± 145.808
}

func ExampleUntil() {
	a := random.Normal(random.NewKey(0), ad.Float64, 100, 100)
	p := linear.Dense(ad.MatMul(ad.Transpose(a), a))
	r := trace.Until(trace.Tolerance{Relative: 0.02}, p, random.NewKey(1))
	fmt.Printf("%.0f ± %.0f from %d probes\n", r.Value.Float(), r.StdErr.Float(), r.Probes.Int())
	fmt.Println(r.Outcome())
	// Output:
	// 10192 ± 180 from 64 probes
	// Converged: the solution's condition holds at the returned point within the tolerances.
}
