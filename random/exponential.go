package random

import "pullback/ad"

// Exponential is floats of type d from the exponential distribution with mean 1.
func Exponential(key Key, d DType, shape ...int) Value {
	return ad.Neg(ad.Log1p(ad.Neg(unit("exponential", key, d, shape))))
}

// Gumbel is floats of type d from the standard Gumbel distribution, exp(-exp(-x)).
func Gumbel(key Key, d DType, shape ...int) Value {
	tiny := 0x1p-1022 // the smallest normal number: the logarithm of 0 would be infinite
	if d == ad.Float32 {
		tiny = 0x1p-126
	}
	u := between(unit("gumbel", key, d, shape), tiny, 1.0)
	return ad.Neg(ad.Log(ad.Neg(ad.Log(u))))
}
