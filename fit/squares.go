package fit

import (
	"math"

	"pullback/ad"
	"pullback/leastsquares"
	"pullback/status"
)

// dampings are the first ones of the searches that are made side by side, from nearly Gauss and
// Newton's steps to short ones along the gradient: from a bad start one may run away where
// another finds the minimum.
func dampings() []float64 { return []float64{1e-3, 10, 1e3} }

// dampedStart is where a search begins, and with which damping.
type dampedStart struct{ Start, Damping ad.Value }

// squares is where Levenberg and Marquardt's method ends, from several starts: the best of them and
// of several dampings. It is not judged here: the likelihood's own search goes on from there and
// says how it ended.
func (e *estimator) squares(starts [][]float64) []float64 {
	residuals := func(z ad.Value) ad.Value { return e.b.Residuals(e.c.theta(z), e.sample) }
	if e.fitSquares == nil {
		e.fitSquares = ad.Jit(ad.Vmap(func(b dampedStart) leastsquares.Result[ad.Value] {
			return leastsquares.Find(residuals, b.Start, leastsquares.LevenbergMarquardt{
				Lower: ad.Vector(e.lower...), Upper: ad.Vector(e.upper...), Damping: b.Damping})
		}))
	}
	var all, damped []ad.Value
	for _, start := range starts {
		for _, d := range dampings() {
			all, damped = append(all, ad.Vector(start...)), append(damped, ad.Scalar(d))
		}
	}
	ends := e.fitSquares(dampedStart{ad.Stack(0, all...), ad.Stack(0, damped...)})
	best, least := starts[0], math.Inf(1)
	for i := range all {
		code := status.Code(ad.At(ends.Status, i).Int())
		squares := ad.At(ends.Squares, i).Float()
		if code != status.NotFinite && squares < least {
			best, least = ad.At(ends.Last, i).Floats(), squares
		}
	}
	return best
}
