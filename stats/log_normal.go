package stats

import (
	"pullback/ad"
	"pullback/random"
)

// LogNormal is the distribution of e to the power of a normal variable, elementwise: Mean and SD,
// which is positive, are the mean and the standard deviation of the logarithm.
type LogNormal struct {
	Mean, SD Value
}

// LogPDF is the logarithm of the density at x > 0: that of the normal at log x, less log x.
func (l LogNormal) LogPDF(x Value) Value {
	check("log_normal", "Mean", l.Mean, x)
	check("log_normal", "SD", l.SD, x)
	inside := positiveFinite(x)
	log := ad.Log(ad.Where(inside, x, 1))
	y := ad.Sub(Normal(l).LogPDF(log), log)
	return onSupport(ad.Greater(l.SD, 0), inside, y)
}

// Draw is e to the power of Mean + SD·random.Normal.
func (l LogNormal) Draw(key random.Key, shape ...int) Value {
	check("log_normal", "Mean", l.Mean, l.Mean)
	check("log_normal", "SD", l.SD, l.Mean)
	return ad.Exp(Normal(l).Draw(key, shape...))
}
