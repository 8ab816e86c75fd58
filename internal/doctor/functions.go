package doctor

import (
	"math"
	"slices"

	"pullback/internal/lane"
	"pullback/ir"
)

// function is an elementary function as lane operations.
type function struct {
	name      string
	arguments int
	lower     func(b *lane.Builder, x []lane.Value) lane.Value
}

func one(name string, f func(b *lane.Builder, x lane.Value) lane.Value) function {
	return function{name, 1, func(b *lane.Builder, x []lane.Value) lane.Value { return f(b, x[0]) }}
}

func two(name string, f func(b *lane.Builder, x, y lane.Value) lane.Value) function {
	return function{name, 2,
		func(b *lane.Builder, x []lane.Value) lane.Value { return f(b, x[0], x[1]) }}
}

func functions() []function {
	return []function{
		one("sqrt", (*lane.Builder).Sqrt), one("cbrt", (*lane.Builder).Cbrt),
		one("exp", (*lane.Builder).Exp), one("exp2", (*lane.Builder).Exp2),
		one("expm1", (*lane.Builder).Expm1), one("log", (*lane.Builder).Log),
		one("log1p", (*lane.Builder).Log1p), one("log2", (*lane.Builder).Log2),
		one("sin", (*lane.Builder).Sin), one("cos", (*lane.Builder).Cos),
		one("tan", (*lane.Builder).Tan), one("asin", (*lane.Builder).Asin),
		one("acos", (*lane.Builder).Acos), one("atan", (*lane.Builder).Atan),
		one("sinh", (*lane.Builder).Sinh), one("cosh", (*lane.Builder).Cosh),
		one("tanh", (*lane.Builder).Tanh), one("erf", (*lane.Builder).Erf),
		one("erfinv", (*lane.Builder).ErfInv), one("round", (*lane.Builder).Round),
		one("floor", (*lane.Builder).Floor), one("exponent", (*lane.Builder).Exponent),
		one("mantissa", (*lane.Builder).Mantissa),
		one("log_gamma", (*lane.Builder).LogGamma), one("digamma", (*lane.Builder).Digamma),
		two("pow", (*lane.Builder).Pow), two("atan2", (*lane.Builder).Atan2),
		two("divide", (*lane.Builder).Div), two("minimum", (*lane.Builder).Min),
		two("maximum", (*lane.Builder).Max), two("scale", (*lane.Builder).Scale),
	}
}

// points are numbers on which functions go wrong, as bit patterns of a float type: ends of the
// range, where results overflow or lose bits, large arguments, multiples of π/2 that are almost
// exact, and some of all sizes.
func points(t ir.DType) []uint64 {
	xs := []float64{0, 0x1p-1074, 0x1p-1022, 0x1p-149, 0x1p-126, 0x1p-60, 0x1p-30, 0x1p-20, 1e-5,
		0.1, 0.25, 0.375, 0.499999, 0.5, 0.70710678, 0.75, 0.9999999, 1, 1.0000001, 1.25,
		1.41421356, 1.5, 2, 2.5, 3, 4, 5.5, 10, 20.25, 37, 60, 87.5,
		88.8, 89.5, 103.9, 126, 127.5, 128, 149.5,
		150, 255, 700, 709.5, 710.2, 745.1, 746, 1000, 1023, 1024, 1075, 2200, 1 << 20, 1 << 23,
		1<<24 + 1, 1 << 31, 1e10, 1 << 52, 1<<53 + 2, 1 << 62, 1e22, 0x1p100, 0x1p127,
		math.MaxFloat32, 1e100, 0x1p1023, math.MaxFloat64, math.Inf(1),
		math.Pi / 2, math.Pi, 11 * math.Pi / 2, 355,
		0x1.921fb54442d18p+1,
		0x1.6ac5b262ca1ffp+849, // is of all float64 nearest to a multiple of π/2
		math.E, math.Ln2, math.NaN()}
	seed := uint64(1)
	for range 400 { // Marsaglia's xorshift
		seed ^= seed << 13
		seed ^= seed >> 7
		seed ^= seed << 17
		xs = append(xs, math.Ldexp(1+float64(seed>>12)*0x1p-52, int(seed%64)-32))
	}
	var out []uint64
	for _, x := range xs {
		for _, x := range []float64{x, -x} {
			bits := math.Float64bits(x)
			if t == ir.Float32 {
				bits = uint64(math.Float32bits(float32(x)))
			}
			out = append(out, lane.Canonical(t, bits))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
