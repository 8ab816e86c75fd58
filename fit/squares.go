package fit

import (
	"math"
	"slices"

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
	origins := make([][]float64, 0, len(all))
	for _, start := range starts {
		origins = append(origins, slices.Repeat([][]float64{start}, len(dampings()))...)
	}
	ends := e.fitSquares(dampedStart{ad.Stack(0, all...), ad.Stack(0, damped...)})
	squares, least := make([]float64, len(all)), math.Inf(1)
	for i := range all {
		squares[i] = ad.At(ends.Squares, i).Float()
		if status.Code(ad.At(ends.Status, i).Int()) == status.NotFinite {
			squares[i] = math.Inf(1)
		}
		least = min(least, squares[i])
	}
	if math.IsInf(least, 1) {
		return starts[0]
	}
	// Of ends that are as good, as all are along a ridge, the one that went least far.
	best, shortest := starts[0], math.Inf(1)
	for i := range all {
		if squares[i] > least+1e-9*least {
			continue
		}
		end := ad.At(ends.Last, i).Floats()
		if d := distance(origins[i], end); d < shortest {
			best, shortest = end, d
			e.squaresSteps, e.squaresEvaluations = ad.At(ends.Steps, i).Int(),
				ad.At(ends.Evaluations, i).Int()
		}
	}
	return best
}

// distance between points, each coordinate relative to its size or to 1.
func distance(a, b []float64) float64 {
	total := 0.0
	for i := range a {
		d := (b[i] - a[i]) / math.Max(math.Abs(a[i]), 1)
		total += d * d
	}
	return total
}
