package fit

import (
	"math"
	"slices"

	"pullback/ad"
	"pullback/estimate"
	"pullback/model"
)

// infer fills in the standard errors, intervals and the covariance.
func (e *estimator) infer(best estimate.Optimum, held []bool, noise model.Noise) {
	f, kind := e.fit, e.kind()
	f.Errors = ErrorKind{Kind: kind.String(), Divisor: kind.Divisor(), Cluster: e.o.Cluster}
	z, split := join(ad.Vector(best.X...), noise)
	names := append(e.c.names(), noiseNames(e.b.Model)...)
	o := estimate.InferenceOptions{Kind: kind, Names: names,
		Held: append(slices.Clone(held), make([]bool, len(names)-len(held))...)}

	var inference estimate.Inference
	switch {
	case !f.Converged:
		inference = estimate.Inference{Problem: "The search has not converged, so there are no " +
			"standard errors."}
	case f.Identification.Verdict == "flat":
		inference = estimate.Inference{Problem: "The parameters are not identified, so there are " +
			"no standard errors."}
	case kind == estimate.GaussNewton:
		o.Names, o.Held = e.c.names(), held
		inference = estimate.InferFromResiduals(func(z ad.Value) ad.Value {
			return e.b.Residuals(e.c.theta(z), e.sample)
		}, best.X, o)
		degrees := float64(inference.DegreesOfFreedom)
		f.Errors.DegreesOfFreedom = &degrees
	default:
		e.weigh(&o)
		inference = estimate.Infer(func(v ad.Value) ad.Value {
			z, noise := split(v)
			return e.b.Contributions(e.c.theta(z), noise, e.unweighted())
		}, z.Floats(), o)
	}
	if inference.Problem != "" {
		f.Notes = append(f.Notes, inference.Problem)
	}
	if inference.Condition.Known {
		f.Condition = &inference.Condition.Value
	}
	e.table(best, held, inference)
	e.noiseTable(noise, inference)
	e.covariance(best, inference)
}

// kind of standard errors.
func (e *estimator) kind() estimate.Kind {
	switch e.o.Errors {
	case "opg":
		return estimate.OPG
	case "sandwich":
		return estimate.Sandwich
	case "cluster":
		return estimate.Cluster
	case "gauss-newton":
		return estimate.GaussNewton
	}
	if w := e.b.Model.Weights; w != nil && w.Sampling {
		return estimate.Sandwich
	}
	return estimate.Hessian
}

// weigh tells of weights and clusters.
func (e *estimator) weigh(o *estimate.InferenceOptions) {
	if w := e.b.Model.Weights; w != nil {
		o.Weights = e.b.Weights()
		if w.Sampling {
			o.WeightKind = estimate.Sampling
		}
	}
	for _, g := range e.groups {
		o.Groups = append(o.Groups, int(g))
	}
}

// unweighted is the sample with weights of one, where the weights are applied by others.
func (e *estimator) unweighted() model.Sample {
	s := e.sample
	s.Weights = ad.OnesLike(s.Weights)
	return s
}

// table fills in the rows of the model's parameters.
func (e *estimator) table(best estimate.Optimum, held []bool, inference estimate.Inference) {
	x, slopes := e.c.values(best.X), e.c.slopes(best.X)
	e.fit.Parameters = nil
	for i, p := range e.b.Model.Parameters {
		row := Parameter{Name: p.Name, Estimate: x[i], State: Fixed}
		if k := slices.Index(e.c.free, i); k >= 0 {
			row.State = Free
			switch {
			case held[k]:
				row.State = AtBound
			case inference.Covariance != nil && inference.StdErr[k].Known:
				se := inference.StdErr[k].Value
				e.fill(&row, se*math.Abs(slopes[k]), func(by float64) float64 {
					return fromOptimiserNumber(p, best.X[k]+by*se*math.Copysign(1, slopes[k]))
				})
			case e.unidentified(p.Name):
				row.State = Unidentified
			default:
				row.State = Unknown
			}
		}
		e.fit.Parameters = append(e.fit.Parameters, row)
	}
}

// unidentified says whether a parameter has a part in a flat direction.
func (e *estimator) unidentified(name string) bool {
	id := e.fit.Identification
	k := slices.Index(id.Names, name)
	return k >= 0 && slices.ContainsFunc(id.Flat, func(d []float64) bool {
		return math.Abs(d[k]) > id.Tolerance
	})
}

// fill gives a row its standard error, statistic and interval, whose ends are mapped from the
// optimiser's coordinate so many standard errors away.
func (e *estimator) fill(row *Parameter, se float64, end func(by float64) float64) {
	degrees := e.fit.Errors.DegreesOfFreedom
	z, quantile := row.Estimate/se, quantile(degrees)
	p, lower, upper := beyond(z, degrees), end(-quantile), end(quantile)
	row.StdErr = known(se)
	if row.StdErr != nil && se > 0 {
		row.Z, row.P = known(z), known(p)
	}
	row.Lower, row.Upper = known(lower), known(upper)
}

// known is a number, or nil for none.
func known(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// noiseTable fills in the rows of the free covariances.
func (e *estimator) noiseTable(noise model.Noise, inference estimate.Inference) {
	e.fit.Noise = []Parameter{}
	var values []float64
	for _, v := range noise {
		values = append(values, v.Floats()...)
	}
	for i, name := range noiseNames(e.b.Model) {
		row := Parameter{Name: name, Estimate: values[i], State: Unknown}
		k := len(e.c.free) + i
		if inference.Covariance != nil && k < len(inference.StdErr) && inference.StdErr[k].Known {
			se := inference.StdErr[k].Value
			row.State = Free
			e.fill(&row, se, func(by float64) float64 { return row.Estimate + by*se })
		}
		e.fit.Noise = append(e.fit.Noise, row)
	}
}

// covariance puts that of z and the noise into the model's parameters, by the delta method.
func (e *estimator) covariance(best estimate.Optimum, inference estimate.Inference) {
	e.fit.Covariance = nil
	if inference.Covariance == nil {
		return
	}
	n := len(e.fit.Parameters)
	place := slices.Clone(e.c.free) // of each row of the inference's covariance
	slopes := e.c.slopes(best.X)
	for i := range e.fit.Noise {
		place, slopes = append(place, n+i), append(slopes, 1)
	}
	out := make([][]float64, n+len(e.fit.Noise))
	for i := range out {
		out[i] = make([]float64, len(out))
	}
	for i, row := range inference.Covariance {
		for j, c := range row {
			out[place[i]][place[j]] = c * slopes[i] * slopes[j]
		}
	}
	e.fit.Covariance = out
}
