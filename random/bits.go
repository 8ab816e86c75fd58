package random

import (
	"pullback/ad"
	"pullback/ir"
)

// Bits is random bits: integers of type d, uint32 or uint64, each as likely as any other.
func Bits(key Key, d DType, shape ...int) Value {
	if d != ad.Uint32 && d != ad.Uint64 {
		panic(ad.Mistake("bits", nil, "bits are uint32 or uint64, not %v", d))
	}
	return randomBits("bits", key, d, shape)
}

// randomBits draws for the distribution of the given name, which a mistake is told by.
func randomBits(name string, key Key, d DType, shape []int) Value {
	for _, n := range shape {
		if n < 0 {
			panic(ad.Mistake(name, nil, "the shape %v has a negative extent", shape))
		}
	}
	high, low := key.encrypt(name, blocks(ir.Of(d, shape...).Size()))
	var out Value
	if d == ad.Uint32 {
		out = ad.Xor(high, low)
	} else {
		high, low = ad.Convert(high, ad.Uint64), ad.Convert(low, ad.Uint64)
		out = ad.Or(ad.ShiftLeft(high, 32), low)
	}
	return ad.Reshape(out, shape...)
}

// unsigned is the integer type as wide as d.
func unsigned(d DType) DType {
	if d.Bits() == 64 {
		return ad.Uint64
	}
	return ad.Uint32
}
