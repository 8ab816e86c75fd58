package stats

import (
	"math"

	"pullback/ad"
	"pullback/random"
)

// Exponential is the exponential distribution with mean 1/Rate, elementwise. Rate is positive.
type Exponential struct {
	Rate Value
}

// LogPDF is log Rate - Rate·x, for x ≥ 0.
func (e Exponential) LogPDF(x Value) Value {
	check("exponential", "Rate", e.Rate, x)
	inside := nonNegative(x)
	y := ad.Sub(ad.Log(e.Rate), ad.Mul(e.Rate, ad.Where(inside, x, 0)))
	return onSupport(ad.Greater(e.Rate, 0), inside, y)
}

// Draw is random.Exponential over Rate: numbers of jax.random.exponential.
func (e Exponential) Draw(key random.Key, shape ...int) Value {
	p, d, shape := broadcast("exponential", shape, parameter{"Rate", e.Rate})
	rate := ad.Where(ad.Greater(p[0], 0), p[0], math.NaN())
	return ad.Div(random.Exponential(key, d, shape...), rate)
}
