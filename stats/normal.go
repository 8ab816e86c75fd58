package stats

import (
	"pullback/ad"
	"pullback/random"
)

const logRoot2Pi = 0.918938533204672741780329736406 // log √2π

// Normal is the normal distribution, elementwise: Mean and SD, its standard deviation, are of
// one float type and broadcast with the argument. SD is positive: at 0 the results are NaN or
// infinite, and below 0 LogPDF is NaN.
type Normal struct {
	Mean, SD Value
}

// LogPDF is the logarithm of the density at x.
func (n Normal) LogPDF(x Value) Value {
	z := n.standard(x)
	// First what does not depend on x.
	constant := ad.Add(ad.Log(n.SD), logRoot2Pi)
	return ad.Sub(ad.Mul(ad.Square(z), -0.5), constant)
}

// PDF is the density at x.
func (n Normal) PDF(x Value) Value { return ad.Exp(n.LogPDF(x)) }

// CDF is the probability of a number ≤ x, with a small relative error also where it is tiny.
func (n Normal) CDF(x Value) Value { return normalCDF(n.standard(x)) }

// LogCDF is the logarithm of CDF, also where that is too small for a float.
func (n Normal) LogCDF(x Value) Value { return normalLogCDF(n.standard(x)) }

// Quantile is the x with CDF(x) = p, for p in [0, 1]: infinite at the ends and NaN beyond. It is
// accurate to the digits that p has, which for p near 1 is not many: there use
// 2·Mean - Quantile(1-p) with 1-p known.
func (n Normal) Quantile(p Value) Value {
	n.check(p)
	return ad.Add(n.Mean, ad.Mul(n.SD, normalQuantile(p)))
}

// Draw is Mean + SD·random.Normal: numbers of jax.random.normal.
func (n Normal) Draw(key random.Key, shape ...int) Value {
	p, d, shape := broadcast("normal", shape, parameter{"Mean", n.Mean}, parameter{"SD", n.SD})
	return ad.Add(p[0], ad.Mul(scale(p[1]), random.Normal(key, d, shape...)))
}

// standard is (x - Mean)/SD.
func (n Normal) standard(x Value) Value {
	n.check(x)
	return ad.Div(ad.Sub(x, n.Mean), n.SD)
}

func (n Normal) check(x Value) {
	check("normal", "Mean", n.Mean, x)
	check("normal", "SD", n.SD, x)
}
