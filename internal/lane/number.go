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
	least, above := F(MinOf[T]()), F(F(MaxOf[T]()/2+1)*2) // both are powers of two, or zero
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
