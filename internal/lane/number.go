package lane

import (
	"math"
	"math/bits"
	"unsafe"
)

// The operations that Go's operators do not give with the same bits everywhere. Scalar, the
// interpreter and the dense kernels share them.

// Float is a floating-point type.
type Float interface{ float32 | float64 }

// Integer is an integer type.
type Integer interface {
	int32 | int64 | uint32 | uint64
}

// The NaN whose bits are seen, wherever a NaN's bits are.
const (
	NaN64 uint64 = 0x7ff8_0000_0000_0000
	NaN32 uint32 = 0x7fc0_0000
)

const (
	sign64     = 1 << 63
	fraction64 = 1<<52 - 1
)

// CanonicalNaN is x, or the one NaN if x is any.
func CanonicalNaN[F Float](x F) F {
	if x != x {
		return F(math.Float64frombits(NaN64))
	}
	return x
}

// FMA32 is x*y + z rounded once. The product is exact in float64. The sum is rounded to
// float64 and then to float32, and the two roundings differ from one only where the first
// falls on the middle between two float32, or where the result is subnormal and so has fewer
// bits; there the first is made to round to odd, which a second rounding to at least two bits
// fewer cannot notice (Boldo and Melquiond, "Emulation of a FMA and correctly rounded sums",
// IEEE Trans. Comput. 57, 2008).
func FMA32(x, y, z float32) float32 {
	p, c := float64(float64(x)*float64(y)), float64(z)
	s := p + c
	if Doubtful32(s) {
		return fma32Odd(p, c, s)
	}
	return float32(s)
}

// Doubtful32 says whether FMA32 may differ from its float64 sum s rounded to float32: for loops
// that treat the others on the way.
func Doubtful32(s float64) bool {
	// The 29 bits that float32 drops, and twice the bits of the least normal float32, 2^-126.
	const dropped, middle, normal = 1<<29 - 1, 1 << 28, (1023 - 126) << 53
	b := math.Float64bits(s)
	return b&dropped == middle || b<<1-1 < normal-1 // zero, less one, is great: it is exact
}

// fma32Odd rounds p + c to odd, given that it rounds to s, and then to float32.
func fma32Odd(p, c, s float64) float32 {
	// Knuth's two-sum: p + c = s + e exactly.
	v := s - p
	e := float64(p-float64(s-v)) + float64(c-v)
	b := math.Float64bits(s)
	if e != 0 && b&1 == 0 {
		// One step towards e: s is not zero here, since a sum that rounds to zero is exact.
		if (e > 0) == (s > 0) {
			b++
		} else {
			b--
		}
	}
	return float32(math.Float64frombits(b))
}

// Exponent64 is floor(log2 |x|), -Inf for 0, +Inf for an infinity.
func Exponent64(x float64) float64 {
	b := math.Float64bits(x) &^ sign64
	switch e := int(b >> 52); {
	case b == 0:
		return math.Inf(-1)
	case e == 0x7ff:
		return float64(x * x)
	case e == 0:
		return float64(bits.Len64(b) - 1 - 1074)
	default:
		return float64(e - 1023)
	}
}

// Exponent32 is floor(log2 |x|). Float32's subnormals are normal in float64.
func Exponent32(x float32) float32 { return float32(Exponent64(float64(x))) }

// Mantissa64 is x / 2^Exponent64(x), in ±[1, 2); 0, infinities and NaN are themselves.
func Mantissa64(x float64) float64 {
	b := math.Float64bits(x)
	m := b &^ sign64
	switch e := m >> 52; {
	case m == 0 || e == 0x7ff:
		return x
	case e == 0:
		m <<= 53 - bits.Len64(m)
	}
	return math.Float64frombits(b&sign64 | 1023<<52 | m&fraction64)
}

// Mantissa32 is x / 2^Exponent32(x).
func Mantissa32(x float32) float32 { return float32(Mantissa64(float64(x))) }

// power64 is 2^k for k in [-1022, 1023].
func power64(k int) float64 { return math.Float64frombits(uint64(k+1023) << 52) }

// Scale64 is x * 2^floor(n) rounded once, where 2^+Inf is +Inf and 2^-Inf is 0.
func Scale64(x, n float64) float64 {
	if n >= -1022 && n <= 1023 {
		return float64(x * power64(int(math.Floor(n))))
	}
	return scaleFar(x, n)
}

// scaleFar is Scale64 where 2^n is no normal number.
func scaleFar(x, n float64) float64 {
	switch {
	case n != n:
		return n
	case math.IsInf(n, 0):
		return float64(x * max(n, 0))
	}
	// The least subnormal times 2^2200 overflows.
	k := int(math.Floor(max(-2200, min(n, 2200))))
	for k > 1023 {
		x, k = float64(x*power64(1023)), k-1023
	}
	// A step down by 2^-969 rounds only numbers below 2^-53, which end as zero anyway.
	for k < -1022 {
		x, k = float64(x*power64(-969)), k+969
	}
	return float64(x * power64(k))
}

// Scale32 is x * 2^floor(n) rounded once: where the result is no zero, float64 holds it exactly.
func Scale32(x, n float32) float32 { return float32(Scale64(float64(x), float64(n))) }

// Quotient is x / y towards zero; x / 0 is all ones and MinInt / -1 is MinInt.
func Quotient[T Integer](x, y T) T {
	if y == 0 {
		return ^T(0)
	}
	return x / y
}

// Remainder has the sign of x; x % 0 is x.
func Remainder[T Integer](x, y T) T {
	if y == 0 {
		return x
	}
	return x % y
}

// ShiftedLeft is x << n, n as an unsigned number: 0 for the width or more.
func ShiftedLeft[T Integer](x, n T) T { return x << uint64(n) }

// ShiftedRight is x >> n, n as an unsigned number: 0 or the sign for the width or more.
func ShiftedRight[T Integer](x, n T) T { return x >> uint64(n) }

// MinOf is the least number of an integer type.
func MinOf[T Integer]() T {
	if ^T(0) > 0 {
		return 0
	}
	return T(1) << (8*unsafe.Sizeof(T(0)) - 1)
}

// MaxOf is the greatest number of an integer type.
func MaxOf[T Integer]() T { return ^MinOf[T]() }

// Saturate is x truncated to an integer, the nearest one that there is; NaN gives 0.
func Saturate[T Integer, F Float](x F) T {
	least, above := F(MinOf[T]()), F(MaxOf[T]()/2+1)*2 // both are powers of two, or zero
	switch {
	case x != x:
		return 0
	case x <= least:
		return MinOf[T]()
	case x >= above:
		return MaxOf[T]()
	}
	return T(x)
}
