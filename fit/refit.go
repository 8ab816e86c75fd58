package fit

import (
	"math"

	"pullback/ad"
	"pullback/estimate"
	"pullback/minimise"
	"pullback/model"
	"pullback/status"
)

// refits is the maximiser of a batch of samples, compiled once. Samples differ in the observed
// columns or in the weights; the rest is closed over.
//
// Inside it the parameters are distances from the estimate in its standard errors, which all
// samples share to a good approximation, so that BFGS begins with about the right curvature.
type refits struct {
	solve func(variant) refitted
	c     coordinates
}

// variant is what differs between samples: leading axis the samples.
type variant struct {
	Observed []ad.Value // the model's Outputs, each (samples, N)
	Weights  ad.Value   // (samples, N)
}

// refitted is how a refit ended, in the optimiser's coordinates.
type refitted struct{ Z, Status ad.Value }

// newRefits begins each search at z, whose standard errors are given: zero where there is none.
func (e *estimator) newRefits(z, stdErr []float64) refits {
	unit := make([]float64, len(z))
	for k, se := range stdErr {
		unit[k] = se
		if !(se > 0) {
			unit[k] = math.Max(math.Abs(z[k]), 1)
		}
	}
	centre, scale := ad.Vector(z...), ad.Vector(unit...)
	lower := ad.Div(ad.Sub(ad.Vector(e.lower...), centre), scale)
	upper := ad.Div(ad.Sub(ad.Vector(e.upper...), centre), scale)
	one := func(v variant) refitted {
		sample := e.with(v)
		logLik := func(u ad.Value) ad.Value {
			return e.b.LogLik(e.c.theta(ad.Add(centre, ad.Mul(u, scale))), sample)
		}
		m := estimate.Maximise(logLik, ad.ZerosLike(centre), lower, upper, estimate.BFGS,
			minimise.Limits{RTol: refitTolerance})
		return refitted{ad.Add(centre, ad.Mul(m.X, scale)), m.Status}
	}
	return refits{ad.Jit(ad.Vmap(one)), e.c}
}

// refitTolerance of the log likelihood leaves an error of a refit of some 1e-4 standard errors,
// which no percentile shows.
const refitTolerance = 1e-8

// with is the sample with other observations and weights.
func (e *estimator) with(v variant) model.Sample {
	out := model.Sample{Columns: append([]ad.Value{}, e.sample.Columns...), Weights: v.Weights}
	names := e.b.Names()
	for i, observed := range e.b.Model.Outputs() {
		for k, name := range names {
			if name == observed {
				out.Columns[k] = v.Observed[i]
			}
		}
	}
	return out
}

// run refits each sample: its parameters, all of the model's, or nil where the search failed.
func (r refits) run(v variant) [][]float64 {
	ends := r.solve(v)
	codes, z := ends.Status.Floats(), ends.Z.Floats()
	n := len(z) / len(codes)
	out := make([][]float64, len(codes))
	for i, code := range codes {
		if status.Code(code).OK() {
			out[i] = r.c.values(z[i*n : (i+1)*n])
		}
	}
	return out
}

// standardErrors of the optimum in the optimiser's coordinates, zero where there is none.
func (e *estimator) standardErrors(best estimate.Optimum) []float64 {
	out := make([]float64, len(best.X))
	slopes := e.c.slopes(best.X)
	for k, i := range e.c.free {
		if se := e.fit.Parameters[i].StdErr; se != nil {
			out[k] = *se / math.Abs(slopes[k])
		}
	}
	return out
}
