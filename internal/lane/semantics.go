package lane

import (
	"fmt"
	"math"

	"pullback/ir"
)

// Scalar is the meaning of every code that computes, on bit patterns: in the low bits of a
// uint64, the others zero; a Bool is 0 or 1. t is the type of the operands (of In[1] for
// Select), out that of the result. It panics for a code that t does not have, or that reads or
// writes more than its operands.
//
// A NaN has one value but its bits are not fixed until they are seen: by Bitcast, by Store and
// by CopySign, whose In[1] may be one (and counts as positive).
func Scalar(code Code, out, t ir.DType, in [3]uint64, imm uint64) uint64 {
	switch code {
	case Const:
		return imm
	case Select:
		if in[0] != 0 {
			return in[1]
		}
		return in[2]
	case Convert:
		return convert(out, t, in[0])
	case Bitcast:
		return Canonical(t, in[0])
	case Lookup:
		return Table(imm, out)[in[0]%TableLen]
	}
	switch t {
	case ir.Float64:
		var x [3]float64
		for i := range x {
			x[i] = math.Float64frombits(in[i])
		}
		if compares(code) {
			return compare(code, x[0], x[1])
		}
		return math.Float64bits(scalar64(code, x))
	case ir.Float32:
		var x [3]float32
		for i := range x {
			x[i] = math.Float32frombits(uint32(in[i]))
		}
		if compares(code) {
			return compare(code, x[0], x[1])
		}
		return uint64(math.Float32bits(scalar32(code, x)))
	case ir.Int32:
		return uint64(uint32(integer(code, int32(in[0]), int32(in[1]))))
	case ir.Int64:
		return uint64(integer(code, int64(in[0]), int64(in[1])))
	case ir.Uint32:
		return uint64(integer(code, uint32(in[0]), uint32(in[1])))
	case ir.Uint64:
		return integer(code, in[0], in[1])
	case ir.Bool:
		return logic(code, in[0], in[1])
	}
	panic(undefined(code, t))
}

func undefined(code Code, t ir.DType) string { return fmt.Sprintf("lane: no %v of %v", code, t) }

// Canonical is bits, or those of the one NaN if they are any NaN of a float type t.
func Canonical(t ir.DType, bits uint64) uint64 {
	switch {
	case t == ir.Float64 && math.IsNaN(math.Float64frombits(bits)):
		return NaN64
	case t == ir.Float32 && uint32(bits)&^(1<<31) > 0x7f80_0000:
		return uint64(NaN32)
	}
	return bits
}

func compares(code Code) bool { return code >= Equal && code <= LessEqual }

func compare[T ir.Number](code Code, x, y T) uint64 {
	switch code {
	case Equal:
		return truth(x == y)
	case NotEqual:
		return truth(x != y)
	case Less:
		return truth(x < y)
	}
	return truth(x <= y)
}

func truth(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

func scalar64(code Code, x [3]float64) float64 {
	switch code {
	case Add:
		return x[0] + x[1]
	case Sub:
		return x[0] - x[1]
	case Mul:
		return float64(x[0] * x[1])
	case Div:
		return x[0] / x[1]
	case Min:
		return min(x[0], x[1]) // Go's are IEEE-2019's
	case Max:
		return max(x[0], x[1])
	case FMA:
		return math.FMA(x[0], x[1], x[2])
	case Sqrt:
		return math.Sqrt(x[0])
	case Round:
		return math.RoundToEven(x[0])
	case Floor:
		return math.Floor(x[0])
	case Ceil:
		return math.Ceil(x[0])
	case Trunc:
		return math.Trunc(x[0])
	case Exponent:
		return Exponent64(x[0])
	case Mantissa:
		return Mantissa64(x[0])
	case Scale:
		return Scale64(x[0], x[1])
	case CopySign:
		return math.Copysign(x[0], CanonicalNaN(x[1]))
	case Neg:
		return -x[0]
	case Abs:
		return math.Abs(x[0])
	}
	panic(undefined(code, ir.Float64))
}

func scalar32(code Code, x [3]float32) float32 {
	switch code {
	case Add:
		return x[0] + x[1]
	case Sub:
		return x[0] - x[1]
	case Mul:
		return float32(x[0] * x[1])
	case Div:
		return x[0] / x[1]
	case Min:
		return min(x[0], x[1])
	case Max:
		return max(x[0], x[1])
	case FMA:
		return FMA32(x[0], x[1], x[2])
	case Scale:
		return Scale32(x[0], x[1])
	case Sqrt, Round, Floor, Ceil, Trunc, Exponent, Mantissa, CopySign, Neg, Abs:
		// Float64 gives these exactly, and Sqrt with more than twice the bits and two, so that
		// rounding it again is harmless.
		return float32(scalar64(code, [3]float64{float64(x[0]), float64(x[1])}))
	}
	panic(undefined(code, ir.Float32))
}

func integer[T Integer](code Code, x, y T) T {
	switch code {
	case Add:
		return x + y
	case Sub:
		return x - y
	case Mul:
		return x * y
	case Div:
		return Quotient(x, y)
	case Rem:
		return Remainder(x, y)
	case Min:
		return min(x, y)
	case Max:
		return max(x, y)
	case Neg:
		return -x
	case Abs:
		if x < 0 {
			return -x
		}
		return x
	case Equal, NotEqual, Less, LessEqual:
		return T(compare(code, x, y))
	case And:
		return x & y
	case Or:
		return x | y
	case Xor:
		return x ^ y
	case Not:
		return ^x
	case ShiftLeft:
		return ShiftedLeft(x, y)
	case ShiftRight:
		return ShiftedRight(x, y)
	}
	panic(undefined(code, ir.DTypeOf[T]()))
}

func logic(code Code, x, y uint64) uint64 {
	switch code {
	case And:
		return x & y
	case Or:
		return x | y
	case Xor:
		return x ^ y
	case Not:
		return x ^ 1
	}
	panic(undefined(code, ir.Bool))
}

func convert(out, t ir.DType, x uint64) uint64 {
	switch t {
	case ir.Float64:
		return fromFloat(out, math.Float64frombits(x))
	case ir.Float32:
		return fromFloat(out, math.Float32frombits(uint32(x)))
	case ir.Int32:
		return fromInteger(out, int32(x))
	case ir.Int64:
		return fromInteger(out, int64(x))
	case ir.Uint32:
		return fromInteger(out, uint32(x))
	case ir.Uint64:
		return fromInteger(out, x)
	}
	return fromInteger(out, uint32(x)) // a Bool is 0 or 1
}

func fromFloat[F Float](out ir.DType, x F) uint64 {
	switch out {
	case ir.Float64:
		return math.Float64bits(float64(x))
	case ir.Float32:
		return uint64(math.Float32bits(float32(x)))
	case ir.Int32:
		return uint64(uint32(Saturate[int32](x)))
	case ir.Int64:
		return uint64(Saturate[int64](x))
	case ir.Uint32:
		return uint64(Saturate[uint32](x))
	case ir.Uint64:
		return Saturate[uint64](x)
	}
	return truth(x != 0)
}

func fromInteger[T Integer](out ir.DType, x T) uint64 {
	switch out {
	case ir.Float64:
		return math.Float64bits(float64(x))
	case ir.Float32:
		return uint64(math.Float32bits(float32(x)))
	case ir.Int32, ir.Uint32:
		return uint64(uint32(x)) // an integer to a narrower one keeps its low bits
	case ir.Int64, ir.Uint64:
		return uint64(x)
	}
	return truth(x != 0)
}
