package stats

import (
	"math"

	"pullback/ad"
)

// within is a log density where x is in the support and -Inf elsewhere. The density is computed at
// 1 there, so that derivatives are zero and not NaN.
func within(support, x Value, logDensity func(x Value) Value) Value {
	inside := logDensity(ad.Where(support, x, ad.OnesLike(x)))
	return ad.Where(ad.BroadcastTo(support, inside.Shape()...), inside,
		ad.Like(inside, math.Inf(-1)))
}

// whole says whether x is one of 0, 1, 2, …
func whole(x Value) Value {
	return ad.And(ad.GreaterEqual(x, 0), ad.Equal(x, ad.Floor(x)))
}

func notANumber() float64 { return math.NaN() }
