package fit

import (
	"math"
	"slices"

	"pullback/ad"
	"pullback/estimate"
	"pullback/random"
)

// drawsPerStart is how many random points are looked at for each that is searched from. To look is
// cheap, and a search from where rows have no equilibrium is not.
const drawsPerStart = 20

// fromBest searches from the random points with the greatest likelihoods, and keeps the best.
func (e *estimator) fromBest(best estimate.Optimum, starts int) estimate.Optimum {
	points := estimate.Starts(random.NewKey(e.o.Seed), drawsPerStart*starts+1, e.c.start(), e.lower,
		e.upper, 0)[1:]
	all := make([]ad.Value, len(points))
	for i, x := range points {
		all[i] = ad.Vector(x...)
	}
	values := ad.Jit(ad.Vmap(e.logLik))(ad.Stack(0, all...)).Floats()
	var order []int
	for i, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case values[i] > values[j]:
			return -1
		case values[i] < values[j]:
			return 1
		}
		return 0
	})
	searched := order[:min(starts, len(order))]
	e.note("Of %d random points the likelihood has a value at %d; searches went on from the best "+
		"%d of them.", len(points), len(order), len(searched))
	for k, i := range searched {
		e.o.progress("starts", k, starts)
		best = e.better(best, e.search.From(points[i], e.lower, e.upper))
	}
	return best
}
