// Package tail has the probabilities beyond a statistic that tests report, and the critical
// values that intervals are made of. Small probabilities are computed as such and not as
// differences from one, so that 1e-300 has its digits.
package tail

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Normal is P(|Z| > |z|) of a standard normal Z: the p-value of a z statistic.
func Normal(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }

// StudentT is P(|T| > |t|) of Student's T with so many degrees of freedom, positive.
func StudentT(t, degrees float64) float64 {
	if math.IsNaN(t) || !(degrees > 0) {
		return math.NaN()
	}
	if math.IsInf(degrees, 1) {
		return Normal(t)
	}
	return F(t*t, 1, degrees)
}

// ChiSquare is P(X > x) of a chi-square X with so many degrees of freedom, positive.
func ChiSquare(x, degrees float64) float64 {
	switch {
	case math.IsNaN(x) || !(degrees > 0):
		return math.NaN()
	case x <= 0:
		return 1
	case degrees == 1:
		return math.Erfc(math.Sqrt(x / 2))
	}
	return mathext.GammaIncRegComp(degrees/2, x/2)
}

// F is P(X > x) of an F distribution with so many degrees of freedom, both positive.
func F(x, numerator, denominator float64) float64 {
	switch {
	case math.IsNaN(x) || !(numerator > 0) || !(denominator > 0):
		return math.NaN()
	case x <= 0:
		return 1
	case math.IsInf(x, 1):
		return 0
	}
	return mathext.RegIncBeta(denominator/2, numerator/2, denominator/(denominator+numerator*x))
}

// NormalCritical is the z with P(|Z| <= z) = level, between 0 and 1: 1.96 for 0.95.
func NormalCritical(level float64) float64 { return math.Sqrt2 * math.Erfinv(level) }

// StudentTCritical is the t with P(|T| <= t) = level, between 0 and 1.
func StudentTCritical(level, degrees float64) float64 {
	if !(level >= 0 && level <= 1) || !(degrees > 0) {
		return math.NaN()
	}
	return invert(func(t float64) float64 { return StudentT(t, degrees) }, 1-level)
}

// ChiSquareCritical is the x with P(X <= x) = level, between 0 and 1.
func ChiSquareCritical(level, degrees float64) float64 {
	if !(level >= 0 && level <= 1) || !(degrees > 0) {
		return math.NaN()
	}
	return invert(func(x float64) float64 { return ChiSquare(x, degrees) }, 1-level)
}

// invert finds the x >= 0 at which a falling function that is 1 at 0 is p, by halving an interval
// of floats until nothing lies between its ends.
func invert(beyond func(float64) float64, p float64) float64 {
	low, high := uint64(0), math.Float64bits(math.Inf(1))
	for high-low > 1 {
		middle := low + (high-low)/2
		if beyond(math.Float64frombits(middle)) > p {
			low = middle
		} else {
			high = middle
		}
	}
	return math.Float64frombits(high)
}
