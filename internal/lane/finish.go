package lane

import (
	"math"

	"pullback/ir"
)

// Finisher combines the accumulators of type t that a Reduction has stored, which it overwrites,
// to the elements of out, as many as there are rows.
func Finisher(code Code, t ir.DType) func(partials, out ir.Array) {
	switch t {
	case ir.Float64:
		return finishNumbers(code, math.Float64frombits(NaN64))
	case ir.Float32:
		return finishNumbers(code, math.Float32frombits(NaN32))
	case ir.Int32:
		return finishIntegers[int32](code)
	case ir.Int64:
		return finishIntegers[int64](code)
	case ir.Uint32:
		return finishIntegers[uint32](code)
	case ir.Uint64:
		return finishIntegers[uint64](code)
	}
	if code == And {
		return finisher(func(x, y bool) bool { return x && y }, nil, false)
	}
	return finisher(func(x, y bool) bool { return x || y }, nil, false)
}

func finishIntegers[T int32 | int64 | uint32 | uint64](code Code) func(partials, out ir.Array) {
	switch code {
	case And:
		return finisher(func(x, y T) T { return x & y }, nil, 0)
	case Or:
		return finisher(func(x, y T) T { return x | y }, nil, 0)
	}
	return finishNumbers(code, T(0))
}

func finishNumbers[T ir.Number](code Code, nan T) func(partials, out ir.Array) {
	if code == Add || code == FMA { // of many rows often, and calls would take longer than sums
		return finisher(Combine[T](code), func(xs []T) {
			for i := range len(xs) / 2 {
				xs[i] = xs[2*i] + xs[2*i+1]
			}
		}, nan)
	}
	return finisher(Combine[T](code), nil, nan)
}

// finisher does the first rounds of the trees of all blocks together, then the rest of each row's.
// pairs combines neighbours into the first half; it may be nil. A result that is not equal to
// itself becomes nan.
func finisher[T ir.Element](combine func(x, y T) T, pairs func(xs []T), nan T) func(partials,
	out ir.Array) {
	if pairs == nil {
		pairs = func(xs []T) {
			for i := range len(xs) / 2 {
				xs[i] = combine(xs[2*i], xs[2*i+1])
			}
		}
	}
	return func(partials, out ir.Array) {
		xs, ys := ir.Stored[T](partials), ir.Stored[T](out)
		for n := Accumulators; n > 1; n /= 2 {
			pairs(xs)
			xs = xs[:len(xs)/2]
		}
		blocks := len(xs) / len(ys)
		for i := range ys {
			x := Tree(xs[i*blocks:][:blocks], combine)
			if x != x {
				x = nan
			}
			ys[i] = x
		}
	}
}
