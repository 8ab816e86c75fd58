package random

import (
	"math"

	"pullback/ad"
	"pullback/internal/op"
)

// Normal is floats of type d from the normal distribution with mean 0 and variance 1, by the
// inverse of its distribution function.
func Normal(key Key, d DType, shape ...int) Value {
	// The open end: at -1 itself the inverse is infinite.
	lowest := math.Nextafter(-1, 0)
	if d == ad.Float32 {
		lowest = float64(math.Nextafter32(-1, 0))
	}
	u := between(unit("normal", key, d, shape), lowest, 1.0)
	return ad.Mul(op.ErfInvXLA(u), math.Sqrt2)
}
