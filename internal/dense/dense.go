// Package dense holds the host's kernels over whole arrays: reductions, matrix products and
// factorisations, in plain Go on row-major slices.
//
// Every result is defined down to the bit by an order of operations that each file states. It
// does not depend on the processor, on the number of threads, or on how a batch is divided.
// Inside that order a fused multiply-add is written fma(a, b, c), which is a*b + c rounded once.
//
// A slice whose length does not fit the given sizes is a mistake of ours and panics. A numerical
// outcome (a singular or indefinite matrix, a NaN) never does.
package dense

import (
	"fmt"
	"math"
)

// Float is an element type of the factorisations.
type Float interface{ float32 | float64 }

// check panics unless the slice called name has the length that its shape says.
func check(function, name string, length int, shape ...int) {
	want := 1
	for _, extent := range shape {
		want *= extent
	}
	if length != want {
		panic(fmt.Sprintf("dense.%s: %s has %d elements, not %v = %d", function, name, length,
			append([]int(nil), shape...), want))
	}
}

func nan[T Float]() T { return T(math.NaN()) }

// sqrt is correctly rounded for float32 too: float64 has more than twice its bits.
func sqrt[T Float](x T) T { return T(math.Sqrt(float64(x))) }

func abs[T Float](x T) T { return T(math.Abs(float64(x))) }

func fill[T any](x []T, v T) {
	for i := range x {
		x[i] = v
	}
}
