package trace

import (
	"math"

	"pullback/ad"
	"pullback/linear"
	"pullback/random"
)

// Estimate is the mean of independent draws with its uncertainty.
type Estimate struct {
	// Value is the mean of the draws, a scalar: the estimate of the trace.
	Value Value
	// StdErr is its standard error: the draws' standard deviation, with n-1 in the denominator,
	// over √n. NaN for a single draw, which says nothing of its error.
	StdErr Value
	// Draws is vᵀAv for each probe v, a vector of n.
	Draws Value
}

// Hutchinson estimates the trace of a square operator from n Rademacher probes:
// random.Rademacher(key, a's type, n, size). The products are made together, which for matrices
// is one matrix product. The estimate has derivatives with respect to whatever a was made of.
func Hutchinson(a linear.Operator, key random.Key, n int) Estimate {
	return HutchinsonWith(Rademacher, a, key, n)
}

// HutchinsonWith is Hutchinson with other probes.
func HutchinsonWith(probes Probes, a linear.Operator, key random.Key, n int) Estimate {
	size := square("hutchinson", a)
	if n < 1 {
		panic(ad.Mistake("hutchinson", nil, "%d probes were asked for; at least one is needed", n))
	}
	draws := quadraticForms(a, probes(key, a.DType(), n, size))
	mean := ad.Mean(draws)
	return Estimate{Value: mean, StdErr: standardError(draws, mean), Draws: draws}
}

// quadraticForms is vᵀAv for each row v.
func quadraticForms(a linear.Operator, vs Value) Value {
	return ad.Vmap(func(v Value) Value { return ad.Dot(v, a.Apply(v)) })(vs)
}

func standardError(draws, mean Value) Value {
	n := draws.Size()
	if n == 1 {
		return ad.Like(draws, math.NaN())
	}
	variance := ad.Div(ad.Sum(ad.Square(ad.Sub(draws, mean))), n-1)
	return ad.Sqrt(ad.Div(variance, n))
}
