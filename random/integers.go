package random

import (
	"pullback/ad"
)

// RandInt is integers of type d, uniform in [lower, upper); where upper ≤ lower it is lower. The
// bounds broadcast to the shape; without a shape it is theirs.
//
// A number is the remainder of more random bits than d has: twice as many for spans up to 2^16
// (2^32 in a 64-bit type), so that no number is more likely than another by more than a factor
// 1 + span/2^64 (2^128). For greater spans JAX's algorithm, which this is, loses the upper half,
// and the factor is 1 + span/2^32 (2^64).
func RandInt[A, B ad.Operand](key Key, d DType, lower A, upper B, shape ...int) Value {
	if !d.IsInteger() {
		panic(ad.Mistake("rand_int", nil, "the numbers are integers, not %v", d))
	}
	lo, hi, shape := bounds("rand_int", operand(d, lower), operand(d, upper), shape)
	u := unsigned(d)
	keyHigh, keyLow := key.Pair()
	high, low := randomBits("rand_int", keyHigh, u, shape), randomBits("rand_int", keyLow, u, shape)

	span := ad.Convert(ad.Sub(hi, lo), u)
	span = ad.Where(ad.LessEqual(hi, lo), ad.OnesLike(span), span)
	// (high·2^bits + low) mod span, where 2^bits mod span is the square of its root's remainder.
	root := ad.Rem(uint64(1)<<(u.Bits()/2), span)
	power := ad.Rem(ad.Mul(root, root), span)
	offset := ad.Add(ad.Mul(ad.Rem(high, span), power), ad.Rem(low, span))
	return ad.Add(lo, ad.Convert(ad.Rem(offset, span), d))
}
