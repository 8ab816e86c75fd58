package fit

import (
	"fmt"
	"math"

	"pullback/ad"
	"pullback/estimate"
	"pullback/model"
	"pullback/status"
)

// finish says all that is to be said of an optimum.
func (e *estimator) finish(best estimate.Optimum) estimate.Optimum {
	f, x := e.fit, e.c.values(best.X)
	held := e.held(best)
	noise := e.noise(best.X)
	f.Converged, f.Verdict = best.Status.OK(), verdict(best.Status)
	f.Failures = failures(e.b, x)
	f.LogLik, f.Gradient = number(best.LogLik), number(best.RelativeGradient)
	f.Steps = best.Steps + e.squaresSteps
	f.Evaluations = best.Evaluations + e.squaresEvaluations
	f.K = len(e.c.free) + len(noiseNames(e.b.Model))
	f.N = e.b.N
	if w := e.b.Model.Weights; w != nil && !w.Sampling {
		total := 0.0
		for _, weight := range e.b.Weights() {
			total += weight
		}
		f.N = int(math.Round(total))
	}
	f.AIC = 2*float64(f.K) - 2*f.LogLik
	f.BIC = float64(f.K)*math.Log(float64(f.N)) - 2*f.LogLik
	if e.b.Model.LeastSquares(e.c.names()) {
		rss := 0.0
		for _, r := range ad.Jit(func(z ad.Value) ad.Value {
			return e.b.Residuals(e.c.theta(z), e.sample)
		})(ad.Vector(best.X...)).Floats() {
			rss += r * r
		}
		f.Squares = &rss
	}
	f.NoiseNote = noiseNote(e.b.Model)
	if w := e.b.Model.Weights; w != nil && w.Sampling && e.restarted == 0 {
		e.note("With sampling weights this is a pseudo-likelihood: it grows with the weights' " +
			"size, and neither it nor AIC and BIC compare models.")
	}
	s := subject{b: e.b, free: e.moving(held), at: x, noise: noise, sample: e.sample}
	f.Identification = s.identification()
	if !f.Converged {
		f.Identification = Identification{Verdict: "unknown", From: "nothing", Names: s.names(),
			Sentences: []string{"What is identified is not known: the search has not converged."}}
	}
	e.infer(best, held, noise)
	if f.Converged && !e.unprofiled {
		best = e.profiles(best, held)
	}
	return best
}

// verdict is how the search ended, in words. All of it is in float64 here.
func verdict(code status.Code) string {
	if code == status.AtPrecision {
		return "Converged to the last digits: what is left to gain is below the rounding errors " +
			"of the log likelihood."
	}
	return code.String()
}

// held says which free parameters are at a bound that the likelihood pushes them against. Where it
// does not, as along a flat direction that happens to end there, they are not held by it.
func (e *estimator) held(best estimate.Optimum) []bool {
	out := estimate.Held(best.X, e.lower, e.upper)
	for k := range out {
		push := math.Abs(best.Gradient[k]) * math.Max(math.Abs(best.X[k]), 1)
		out[k] = out[k] && push > leastPush || e.nearEnd(k, best.X[k])
	}
	return out
}

// leastPush is in units of the log likelihood: what it would gain beyond the bound if the parameter
// moved by its own size, or by one.
const leastPush = 1e-5

// moving are the model's parameters that are neither fixed nor at a bound.
func (e *estimator) moving(held []bool) []int {
	var out []int
	for k, i := range e.c.free {
		if !held[k] {
			out = append(out, i)
		}
	}
	return out
}

// noise is the free covariances at z, as known numbers.
func (e *estimator) noise(z []float64) model.Noise {
	if len(noiseNames(e.b.Model)) == 0 {
		return model.Noise{}
	}
	if e.noiseAt == nil {
		e.noiseAt = ad.Jit(func(z ad.Value) model.Noise {
			return e.b.Noise(e.c.theta(z), e.sample)
		})
	}
	return e.noiseAt(ad.Vector(z...))
}

// number is x, or zero where there is none: such a fit has not converged, and its verdict says why.
func number(x float64) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return 0
	}
	return x
}

// noiseNote says what a free covariance is.
func noiseNote(m *model.Model) string {
	switch free := len(noiseNames(m)); {
	case free == 0:
		return ""
	case len(m.Shocks) > 0:
		return "The free covariance is that of the structural shocks (full information maximum " +
			"likelihood)."
	case len(m.Unknowns) == 0:
		return "The free covariance is that of the regression errors."
	case m.LinearSystem():
		return "The free covariance is that of the reduced form. The equations are linear in the " +
			"unknowns and all unknowns are observed jointly, so that this is full information " +
			"maximum likelihood."
	}
	return "The free covariance is a reduced-form noise model: what is observed differs from the " +
		"equilibrium by noise, which is not the same as shocks to the equations here."
}

// checkErrors says whether the kind of standard errors suits the model.
func (e *estimator) checkErrors() error {
	m := e.b.Model
	if e.o.Errors == "gauss-newton" && !m.LeastSquares(e.c.names()) {
		return fmt.Errorf("%s: gauss-newton standard errors are for least squares: independent "+
			"normal observations whose standard deviations are given, or a single one whose is "+
			"free; use hessian", m.Source.Path)
	}
	if m.Weights != nil && m.Weights.Sampling && (e.o.Errors == "hessian" || e.o.Errors == "opg" ||
		e.o.Errors == "gauss-newton") {
		return fmt.Errorf("%s: with sampling weights the inverse of the information is no "+
			"covariance; use sandwich or cluster=COLUMN", m.Source.Path)
	}
	return nil
}
