package random

import (
	"math"

	"pullback/ad"
	"pullback/internal/op"
)

// Normal is floats of type d from the normal distribution with mean 0 and variance 1, by the
// inverse of its distribution function.
func Normal(key Key, d DType, shape ...int) Value {
	// The float next to -1, where the inverse is infinite.
	lowest := -1 + 0x1p-53
	if d == ad.Float32 {
		lowest = -1 + 0x1p-24
	}
	u := between(unit("normal", key, d, shape), lowest, 1.0)
	return ad.Mul(op.ErfInvXLA(u), math.Sqrt2)
}
