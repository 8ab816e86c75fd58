package random

import (
	"math"

	"pullback/ad"
	"pullback/internal/op"
)

// Uniform is floats of type d, uniform in [0, 1).
func Uniform(key Key, d DType, shape ...int) Value { return unit("uniform", key, d, shape) }

// UniformIn is floats of type d, uniform in [lower, upper), with derivatives in both. The bounds
// broadcast to the shape; without a shape it is theirs. Where upper ≤ lower it is lower.
func UniformIn[A, B ad.Operand](key Key, d DType, lower A, upper B, shape ...int) Value {
	lo, hi := operand(d, lower), operand(d, upper)
	lo, hi, shape = bounds("uniform", lo, hi, shape)
	return between(unit("uniform", key, d, shape), lo, hi)
}

// unit draws a fraction's bits: the float in [1, 2) that has them, less 1, so that the numbers
// are equally spaced.
func unit(name string, key Key, d DType, shape []int) Value {
	if !d.IsFloat() {
		panic(ad.Mistake(name, nil, "the numbers are floats, not %v", d))
	}
	random := randomBits(name, key, unsigned(d), shape)
	if d == ad.Float32 {
		random = ad.Or(ad.ShiftRight(random, 9), math.Float32bits(1))
	} else {
		random = ad.Or(ad.ShiftRight(random, 12), math.Float64bits(1))
	}
	return ad.Sub(op.Bitcast(random, d), 1)
}

// between moves u from [0, 1) to [lower, upper). The product and the sum are fused, which XLA
// does on a CPU. The maximum is against rounding below.
func between[A, B ad.Operand](u Value, lower A, upper B) Value {
	lo, hi := operand(u.DType(), lower), operand(u.DType(), upper)
	u, lo = ad.Aligned("uniform", u, lo)
	_, span := ad.Aligned("uniform", u, ad.Sub(hi, lo))
	return ad.Max(lo, op.FMA(u, span, lo))
}

// operand is a Value or a Go number as a Value of type d.
func operand[A ad.Operand](d DType, x A) Value { return ad.Add(x, ad.Zeros(d)) }

// bounds broadcasts a and b to the shape, or without one to each other.
func bounds(name string, a, b Value, shape []int) (Value, Value, []int) {
	a, b = ad.Aligned(name, a, b)
	if len(shape) == 0 {
		shape = a.Shape()
	}
	return ad.BroadcastTo(a, shape...), ad.BroadcastTo(b, shape...), shape
}
