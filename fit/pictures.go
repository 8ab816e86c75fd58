package fit

import (
	"math"

	"pullback/ad"
	"pullback/estimate"
)

// pictures computes what charts are drawn from.
func (e *estimator) pictures(best estimate.Optimum) {
	e.series(best)
	path := e.path()
	for _, z := range path {
		v := ad.ValueAndGrad(e.logLik)(z)
		e.fit.Path = append(e.fit.Path, Step{X: e.free(z.Floats()), LogLik: v.Value.Float(),
			Gradient: e.relative(z.Floats(), v.Grad.Floats(), v.Value.Float())})
	}
	pairs := 0
	for i := range e.c.free {
		for j := range i {
			if pairs < mostSurfaces {
				e.fit.Surfaces = append(e.fit.Surfaces, e.surface(best, path, j, i))
			}
			pairs++
		}
	}
}

const (
	// mostSurfaces is how many pairs of parameters are drawn: those of four parameters.
	mostSurfaces = 6
	// surfacePoints is the number of points along each side of a surface.
	surfacePoints = 41
)

// free are the free parameters at z.
func (e *estimator) free(z []float64) []float64 {
	x := e.c.values(z)
	out := make([]float64, len(e.c.free))
	for k, i := range e.c.free {
		out[k] = x[i]
	}
	return out
}

// relative is the greatest |gᵢ|·max(|zᵢ|, 1)/max(|log likelihood|, 1).
func (e *estimator) relative(z, gradient []float64, logLik float64) float64 {
	out := 0.0
	for k, g := range gradient {
		out = math.Max(out, math.Abs(g)*math.Max(math.Abs(z[k]), 1))
	}
	return out / math.Max(math.Abs(logLik), 1)
}

// path is the points that the search accepts on its way from the file's start.
func (e *estimator) path() []ad.Value {
	var out []ad.Value
	for _, z := range e.search.Path(e.c.start(), e.lower, e.upper) {
		out = append(out, ad.Vector(z...))
	}
	return out
}

// series is what was observed and what the model says of it.
func (e *estimator) series(best estimate.Optimum) {
	predictions := ad.Jit(func(z ad.Value) []ad.Value {
		return e.b.Predictions(e.c.theta(z), e.sample)
	})(ad.Vector(best.X...))
	targets := e.b.Targets()
	for i, p := range predictions {
		e.fit.Series = append(e.fit.Series, Series{Name: targets[i].Name,
			Observed: targets[i].Values, Predicted: ad.BroadcastTo(p, e.b.N).Floats()})
	}
}

// surface is the log likelihood over two free parameters, the others at their estimates.
func (e *estimator) surface(best estimate.Optimum, path []ad.Value, i, j int) Surface {
	xs, ys := e.axis(best, path, i), e.axis(best, path, j)
	var points []ad.Value
	for _, y := range ys {
		for _, x := range xs {
			z := append([]float64{}, best.X...)
			z[i], z[j] = x, y
			points = append(points, ad.Vector(z...))
		}
	}
	values := ad.Jit(ad.Vmap(e.logLik))(ad.Stack(0, points...)).Floats()
	names := e.c.names()
	out := Surface{X: names[i], Y: names[j], XAt: e.external(i, xs), YAt: e.external(j, ys)}
	for len(values) > 0 {
		out.LogLik = append(out.LogLik, values[:len(xs)])
		values = values[len(xs):]
	}
	return out
}

// axis is a range of one parameter around its estimate, in the optimiser's coordinate: four
// standard errors each way, or where there are none half of its size, and as far as the path's
// points are no more than ten times as far. It stays within the bounds.
func (e *estimator) axis(best estimate.Optimum, path []ad.Value, k int) []float64 {
	reach := 4 * e.standardErrors(best)[k]
	if !(reach > 0) {
		reach = math.Max(math.Abs(best.X[k]), 1e-3) / 2
	}
	low, high := best.X[k]-reach, best.X[k]+reach
	for _, z := range path {
		if x := z.Floats()[k]; math.Abs(x-best.X[k]) <= 10*reach {
			low, high = math.Min(low, x), math.Max(high, x)
		}
	}
	low, high = math.Max(low, e.lower[k]), math.Min(high, e.upper[k])
	out := make([]float64, surfacePoints)
	for i := range out {
		out[i] = low + (high-low)*float64(i)/(surfacePoints-1)
	}
	return out
}

// external is values of one free parameter in the model's units.
func (e *estimator) external(k int, z []float64) []float64 {
	out := make([]float64, len(z))
	for i, x := range z {
		out[i] = fromOptimiserNumber(e.c.parameters[e.c.free[k]], x)
	}
	return out
}
