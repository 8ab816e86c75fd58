package random

import (
	"math"

	"pullback/ad"
	"pullback/internal/op"
)

// TruncatedNormal is floats of type d from the normal distribution with mean 0 and variance 1,
// given that they lie in the open interval (lower, upper), with derivatives in both. The bounds
// broadcast to the shape; without a shape it is theirs. In the far tails, beyond 5 in float32 and
// 8 in float64, the distribution function is flat and the numbers are those next to a bound.
func TruncatedNormal[A, B ad.Operand](key Key, d DType, lower A, upper B, shape ...int) Value {
	if !d.IsFloat() {
		panic(ad.Mistake("truncated_normal", nil, "the numbers are floats, not %v", d))
	}
	lo, hi, shape := bounds("truncated_normal", operand(d, lower), operand(d, upper), shape)
	u := unit("truncated_normal", key, d, shape)
	u = between(u, ad.Erf(ad.Div(lo, math.Sqrt2)), ad.Erf(ad.Div(hi, math.Sqrt2)))
	x := ad.Mul(op.ErfInvXLA(u), math.Sqrt2)
	return ad.Min(ad.Max(x, above(ad.StopGradient(lo))), ad.Neg(above(ad.Neg(ad.StopGradient(hi)))))
}

// above is the least float greater than x; of infinity and NaN it is x itself.
func above(x Value) Value {
	d := ad.Int64
	if x.DType() == ad.Float32 {
		d = ad.Int32
	}
	bits := op.Bitcast(x, d)
	next := ad.Where(ad.Less(x, 0), ad.Sub(bits, 1), ad.Add(bits, 1))
	next = ad.Where(ad.Equal(x, 0), ad.OnesLike(bits), next) // -0 as well
	fixed := ad.Or(ad.IsNaN(x), ad.Equal(x, math.Inf(1)))
	return ad.Where(fixed, x, op.Bitcast(next, x.DType()))
}
