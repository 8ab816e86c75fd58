package stats

import (
	"pullback/ad"
	"pullback/random"
)

// Exponential is the exponential distribution, elementwise: its mean is 1/Rate. Rate is positive.
type Exponential struct {
	Rate Value
}

// LogPDF is the logarithm of the density at x, -Inf below 0.
func (e Exponential) LogPDF(x Value) Value {
	check("exponential", "Rate", e.Rate, x)
	return within(ad.GreaterEqual(x, 0), x, func(x Value) Value {
		return ad.Sub(ad.Log(e.Rate), ad.Mul(e.Rate, x))
	})
}

// Draw is draws of a shape with which the rate broadcasts.
func (e Exponential) Draw(key random.Key, shape ...int) Value {
	return ad.Div(random.Exponential(key, e.Rate.DType(), shape...), e.Rate)
}
