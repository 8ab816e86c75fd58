package random

import "pullback/ad"

// Rademacher is random signs, -1 or 1 with equal chances, in a signed type d. Those of float64
// and int64 are of 64 bits and so other ones than those of float32 and int32.
func Rademacher(key Key, d DType, shape ...int) Value {
	if !d.IsSigned() {
		panic(ad.Mistake("rademacher", nil, "signs are of a signed type, not %v", d))
	}
	random := randomBits("rademacher", key, unsigned(d), shape)
	// JAX's rule is uniform < 1/2: the first bit is not set.
	half := uint64(1) << (random.DType().Bits() - 1)
	plus := ad.Less(random, half)
	return ad.Where(plus, ad.Full(d, 1), ad.Full(d, -1))
}

// Bernoulli is bools that are true with probability p, drawn in p's type. p broadcasts to the
// shape; without a shape it is p's.
func Bernoulli(key Key, p Value, shape ...int) Value {
	if len(shape) == 0 {
		shape = p.Shape()
	}
	return ad.Less(unit("bernoulli", key, p.DType(), shape), ad.BroadcastTo(p, shape...))
}
