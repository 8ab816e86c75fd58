package lane

import "math"

// FMA32 is a*b + c rounded once to nearest even, with the special values of IEEE 754.
//
// The product of two float32 is exact in float64, so that only the sum is rounded before the
// final conversion. Rounding twice differs from rounding once only where the float64 sum is the
// midpoint of two neighbouring float32; AddToOdd32 treats the sums that may be.
func FMA32(a, b, c float32) float32 {
	p, z := float64(float64(a)*float64(b)), float64(c)
	s := p + z
	if Doubtful32(s) {
		return AddToOdd32(p, z, s)
	}
	return float32(s)
}

// Doubtful32 says whether the float64 s may be the midpoint of two neighbouring float32: for loops
// that treat the others on the way. In the normal range midpoints are told by the 29 bits that
// float32 drops; below it they lie elsewhere and every number but zero is doubtful.
func Doubtful32(s float64) bool {
	const dropped, midpoint = 1<<29 - 1, 1 << 28
	const leastNormal = (1023 - 126) << 53 // its bits without the sign
	u := math.Float64bits(s)
	// Zero less one wraps around to the top: an exact zero is not doubtful.
	return u&dropped == midpoint || u<<1-1 < leastNormal-1
}

// AddToOdd32 is p + z rounded once to float32, given s, their float64 sum. It moves s to the odd
// neighbour when the sum is inexact, which a second rounding to fewer bits sees through (Boldo
// and Melquiond, "Emulation of a FMA and correctly rounded sums: proved algorithms using
// rounding to odd", IEEE Transactions on Computers 57(4), 2008).
//
//go:noinline
func AddToOdd32(p, z, s float64) float32 {
	// Knuth's two-sum: e is the exact error of s, as nothing comes near the ends of float64's
	// range. For an infinity or NaN it is NaN, which is neither above nor below zero.
	q := s - p
	e := float64(p-float64(s-q)) + float64(z-q)
	u := math.Float64bits(s)
	if u&1 == 0 {
		switch {
		case e > 0 && s > 0 || e < 0 && s < 0:
			u++
		case e > 0 && s < 0 || e < 0 && s > 0:
			u--
		}
	}
	return float32(math.Float64frombits(u))
}
