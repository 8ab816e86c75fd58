package stats

import (
	"pullback/ad"
	"pullback/random"
)

// LogNormal is the distribution of a number whose logarithm is normal with this mean and standard
// deviation, elementwise.
type LogNormal struct {
	Mean, SD Value // of the logarithm
}

// LogPDF is the logarithm of the density at x, -Inf unless x is positive.
func (l LogNormal) LogPDF(x Value) Value {
	check("lognormal", "Mean", l.Mean, x)
	check("lognormal", "SD", l.SD, x)
	return within(ad.Greater(x, 0), x, func(x Value) Value {
		log := ad.Log(x)
		return ad.Sub(Normal{Mean: l.Mean, SD: l.SD}.LogPDF(log), log)
	})
}

// Draw is draws of a shape with which the parameters broadcast.
func (l LogNormal) Draw(key random.Key, shape ...int) Value {
	return ad.Exp(Normal{Mean: l.Mean, SD: l.SD}.Draw(key, shape...))
}
