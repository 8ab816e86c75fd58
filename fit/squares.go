package fit

import (
	"math"

	"pullback/ad"
	"pullback/leastsquares"
	"pullback/status"
)

// squares is where Levenberg and Marquardt's method ends, the best of several starts. It is not
// judged here: the likelihood's own search goes on from there and says how it ended.
func (e *estimator) squares(starts [][]float64) []float64 {
	if e.fitSquares == nil {
		residuals := func(z ad.Value) ad.Value { return e.b.Residuals(e.c.theta(z), e.sample) }
		box := leastsquares.Box[ad.Value]{Lower: ad.Vector(e.lower...),
			Upper: ad.Vector(e.upper...)}
		e.fitSquares = ad.Jit(ad.Vmap(func(start ad.Value) leastsquares.Result[ad.Value] {
			return leastsquares.FindIn(residuals, start, box, leastsquares.LevenbergMarquardt{})
		}))
	}
	all := make([]ad.Value, len(starts))
	for i, start := range starts {
		all[i] = ad.Vector(start...)
	}
	ends := e.fitSquares(ad.Stack(0, all...))
	best, least := starts[0], math.Inf(1)
	for i := range starts {
		code := status.Code(ad.At(ends.Status, i).Int())
		squares := ad.At(ends.Squares, i).Float()
		if code == status.NotFinite || !(squares < least) {
			continue
		}
		best, least = ad.At(ends.Last, i).Floats(), squares
		e.squaresSteps = ad.At(ends.Steps, i).Int()
		e.squaresEvaluations = ad.At(ends.Evaluations, i).Int()
	}
	return best
}
