package random

import "pullback/ad"

// Permutation is 0, 1, ..., n-1 in random order, int64[n]; every order is as likely as any other.
// In a compiled function a permutation by a key that is no argument is made when it is compiled,
// as every draw is.
func Permutation(key Key, n int) Value {
	order := ad.Arange(ad.Int64, n)
	for range sorts(n) {
		next, sub := key.Pair()
		order = ad.Take(order, argsort(randomBits("permutation", sub, ad.Uint32, []int{n})), 0)
		key = next
	}
	return order
}

// Shuffle is x with its elements along an axis in random order.
func Shuffle(key Key, x Value, axis int) Value {
	t := x.Type()
	if axis < 0 {
		axis += t.Rank()
	}
	if axis < 0 || axis >= t.Rank() {
		panic(ad.Mistake("shuffle", []Value{x}, "there is no such axis to shuffle along"))
	}
	return ad.Take(x, Permutation(key, t.Shape[axis]), axis)
}

// sorts is how often n elements are sorted by fresh random numbers of 32 bits. One sort leaves
// elements whose numbers collide in their order; JAX repeats it ⌈3 log n / log(2³²-1)⌉ times, the
// least r with n³ ≤ (2³²-1)^r.
func sorts(n int) int {
	switch {
	case n <= 1:
		return 0
	case n <= 1625: // the cube root of 2³²
		return 1
	case n <= 2642245: // of 2⁶⁴
		return 2
	}
	return 3
}
