// Package problemset answers the second problem set of a graduate econometrics course, one
// question a file: the trace of a Hessian by random probes, an equilibrium of demand and supply,
// a likelihood through that equilibrium and its gradient, and the parameters that maximise it.
//
// Every program takes the element type to compute in. The random draws are made in float32
// whatever it is, so that float64 answers differ by arithmetic alone.
package problemset

import (
	"time"

	"pullback/ad"
	"pullback/random"
)

// Timed is a result with the time that computing it took, compilation excluded.
type Timed[T any] struct {
	Result T
	Took   time.Duration
}

// timed compiles f and times a call of it.
func timed[In, Out any](f func(In) Out, x In) Timed[Out] { return clocked(ad.JitFor(f, x), x) }

func clocked[In, Out any](f func(In) Out, x In) Timed[Out] {
	start := time.Now()
	y := f(x)
	return Timed[Out]{y, time.Since(start)}
}

// normal is float32 standard normals carried in d.
func normal(key random.Key, d ad.DType, shape ...int) ad.Value {
	draw := ad.Jit(func(key random.Key) ad.Value {
		return ad.Convert(random.Normal(key, ad.Float32, shape...), d)
	})
	return draw(key)
}
