package implicit

import "pullback/ad"

// Divisor is y to divide by where a quotient is computed for all but used only where y is not 0:
// 1 takes the place of 0, lest 0/0 make a NaN that PULLBACK_DEBUG=nan would take for the culprit.
func Divisor(y ad.Value) ad.Value {
	return ad.Where(ad.NotEqual(y, 0), y, ad.OnesLike(y))
}
