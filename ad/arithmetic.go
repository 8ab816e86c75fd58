package ad

import (
	"pullback/internal/op"
	"pullback/ir"
)

// The binary operations below take Values or Go numbers and broadcast by NumPy's rule.

// Add is a + b.
func Add[A, B Operand](a A, b B) Value { return op.Add(pair("add", a, b)) }

// Sub is a - b.
func Sub[A, B Operand](a A, b B) Value { return op.Sub(pair("sub", a, b)) }

// Mul is a · b, element by element.
func Mul[A, B Operand](a A, b B) Value { return op.Mul(pair("mul", a, b)) }

// Div is a / b. For integers it truncates, x / 0 is all ones and MinInt / -1 is MinInt.
func Div[A, B Operand](a A, b B) Value { return op.Div(pair("div", a, b)) }

// FMA is x·y + z of floats of one element type, with one rounding. The shapes broadcast.
func FMA(x, y, z Value) Value {
	x, y = Aligned("fma", x, y)
	x, z = Aligned("fma", x, z)
	y, z = Aligned("fma", y, z)
	return op.FMA(x, y, z)
}

// Rem is the remainder of integers, with the sign of a; x rem 0 is x.
func Rem[A, B Operand](a A, b B) Value { return op.Rem(pair("rem", a, b)) }

// Pow is a to the power of b. For integers, which wrap around, b is one known number that is not
// negative.
func Pow[A, B Operand](a A, b B) Value {
	x, y := pair("pow", a, b)
	if x.DType().IsInteger() {
		return integerPow(x, y)
	}
	return op.Pow(x, y)
}

func integerPow(x, y Value) Value {
	if !y.IsKnown() || !y.Array().IsFill() && y.Size() != 1 {
		panic(mistake("pow", []Value{x, y}, "integers have powers whose exponent is one known "+
			"number; convert both with ad.Convert to powers of floats"))
	}
	if y.Size() == 0 {
		return x
	}
	n := ir.Known(y.Array().Spread()).Int()
	if n < 0 {
		panic(mistake("pow", []Value{x, y}, "the integer %d as an exponent is negative, and "+
			"integers have no such powers; convert both with ad.Convert to powers of floats", n))
	}
	return op.IntegerPow(x, n)
}

// Min is the smaller, NaN if one is NaN, and -0 is smaller than +0 (IEEE-2019 minimum).
func Min[A, B Operand](a A, b B) Value { return op.Min(pair("min", a, b)) }

// Max is the greater, NaN if one is NaN, and +0 is greater than -0 (IEEE-2019 maximum).
func Max[A, B Operand](a A, b B) Value { return op.Max(pair("max", a, b)) }

// Equal is a == b, a bool; NaN equals nothing.
func Equal[A, B Operand](a A, b B) Value { return op.Equal(pair("equal", a, b)) }

// NotEqual is a != b.
func NotEqual[A, B Operand](a A, b B) Value { return op.NotEqual(pair("not_equal", a, b)) }

// Less is a < b.
func Less[A, B Operand](a A, b B) Value { return op.Less(pair("less", a, b)) }

// LessEqual is a <= b.
func LessEqual[A, B Operand](a A, b B) Value { return op.LessEqual(pair("less_equal", a, b)) }

// Greater is a > b.
func Greater[A, B Operand](a A, b B) Value {
	x, y := pair("greater", a, b)
	return op.Less(y, x)
}

// GreaterEqual is a >= b.
func GreaterEqual[A, B Operand](a A, b B) Value {
	x, y := pair("greater_equal", a, b)
	return op.LessEqual(y, x)
}

// And is the logical and of bools, or the bitwise and of integers.
func And[A, B Operand](a A, b B) Value { return op.And(pair("and", a, b)) }

// Or is the logical or of bools, or the bitwise or of integers.
func Or[A, B Operand](a A, b B) Value { return op.Or(pair("or", a, b)) }

// Xor is the exclusive or of bools or of the bits of integers.
func Xor[A, B Operand](a A, b B) Value { return op.Xor(pair("xor", a, b)) }

// Not is the logical or bitwise negation.
func Not(x Value) Value { return op.Not(x) }

// ShiftLeft is a shifted left by b bits; by the width or more it is 0.
func ShiftLeft[A, B Operand](a A, b B) Value { return op.ShiftLeft(pair("shift_left", a, b)) }

// ShiftRight is a shifted right by b bits, with the sign for signed integers.
func ShiftRight[A, B Operand](a A, b B) Value { return op.ShiftRight(pair("shift_right", a, b)) }

// Where is a where cond holds, else b, element by element. All three broadcast.
func Where[A, B Operand](cond Value, a A, b B) Value {
	x, y := pair("where", a, b)
	if cond.DType() != Bool {
		panic(mistake("where", []Value{cond, x, y}, "the condition is %v and must be bool",
			cond.Type()))
	}
	cond, x = Aligned("where", cond, x)
	x, y = Aligned("where", x, y)
	return op.Select(cond, x, y)
}

// Neg is -x.
func Neg(x Value) Value { return op.Neg(x) }

// Abs is |x|.
func Abs(x Value) Value { return op.Abs(x) }

// Sign is -1, 0 or 1; a zero keeps its sign and NaN is NaN.
func Sign(x Value) Value { return op.Sign(x) }

// Square is x².
func Square(x Value) Value { return op.Mul(x, x) }

// Sqrt is the square root.
func Sqrt(x Value) Value { return op.Sqrt(x) }

// Exp is e to the x.
func Exp(x Value) Value { return op.Exp(x) }

// Expm1 is e to the x, less 1, accurate near 0.
func Expm1(x Value) Value { return op.Expm1(x) }

// Log is the natural logarithm.
func Log(x Value) Value { return op.Log(x) }

// Log1p is log(1 + x), accurate near 0.
func Log1p(x Value) Value { return op.Log1p(x) }

// Sin is the sine.
func Sin(x Value) Value { return op.Sin(x) }

// Cos is the cosine.
func Cos(x Value) Value { return op.Cos(x) }

// Tan is the tangent.
func Tan(x Value) Value { return op.Tan(x) }

// Asin is the arc sine in radians, NaN outside [-1, 1].
func Asin(x Value) Value { return op.Asin(x) }

// Acos is the arc cosine in radians, NaN outside [-1, 1].
func Acos(x Value) Value { return op.Acos(x) }

// Atan is the arc tangent in radians.
func Atan(x Value) Value { return op.Atan(x) }

// Atan2 is the angle of the point (x, y) in radians, from -π to π.
func Atan2[A, B Operand](y A, x B) Value { return op.Atan2(pair("atan2", y, x)) }

// Sinh is the hyperbolic sine.
func Sinh(x Value) Value { return op.Sinh(x) }

// Cosh is the hyperbolic cosine.
func Cosh(x Value) Value { return op.Cosh(x) }

// Tanh is the hyperbolic tangent.
func Tanh(x Value) Value { return op.Tanh(x) }

// Erf is the error function.
func Erf(x Value) Value { return op.Erf(x) }

// ErfInv is the inverse of Erf.
func ErfInv(x Value) Value { return op.ErfInv(x) }

// LogGamma is the logarithm of the gamma function: infinite at 0, NaN below.
func LogGamma(x Value) Value { return op.LogGamma(x) }

// Digamma is the derivative of LogGamma, NaN below 0.
func Digamma(x Value) Value { return op.Polygamma(0, x) }

// Polygamma is the derivative of order n of Digamma, NaN below 0; n is from 0 to 100.
func Polygamma(n int, x Value) Value { return op.Polygamma(n, x) }

// Floor is the greatest integer not above x.
func Floor(x Value) Value { return op.Floor(x) }

// Ceil is the least integer not below x.
func Ceil(x Value) Value { return op.Ceil(x) }

// Round is the nearest integer, the even one of two.
func Round(x Value) Value { return op.Round(x) }

// Trunc is the integer part of x.
func Trunc(x Value) Value { return op.Trunc(x) }

// IsNaN says where x is not a number.
func IsNaN(x Value) Value { return op.IsNaN(x) }

// IsFinite says where x is neither infinite nor NaN.
func IsFinite(x Value) Value { return op.IsFinite(x) }

// Convert is x in element type d: floats to integers truncate and saturate, NaN gives 0.
func Convert(x Value, d DType) Value { return op.Convert(x, d) }

// Bitcast is the number with x's bits in element type d of the same width; all NaNs have the
// same bits.
func Bitcast(x Value, d DType) Value { return op.Bitcast(x, d) }

// StopGradient is x, as a constant to every derivative.
func StopGradient(x Value) Value { return op.StopGradient(x) }
