package fit

import (
	"fmt"
	"math"

	"pullback/ad"
	"pullback/estimate"
)

// These are likelihoods without a maximum that look to a search as if they had one. Each is found
// by what it is, and said.

// ambiguous is an error where an unknown must be unique and there are several equilibria at the
// start: to choose one is the model's affair.
func (e *estimator) ambiguous() error {
	for _, f := range e.atStart {
		if f.several {
			return fmt.Errorf("%s, at the start: %s", f.Place, f.Sentence)
		}
	}
	return nil
}

// enoughRows is an error if a free variance can be made as small as one likes.
func (e *estimator) enoughRows() error {
	m := e.b.Model
	if !m.LeastSquares(e.c.names()) || len(noiseNames(m)) == 0 || e.b.N > len(e.c.free) {
		return nil
	}
	return fmt.Errorf("%s: %s for %s and a free variance: the fit is perfect, so the likelihood "+
		"has no maximum; give the standard deviation, or more rows", m.Source.Path,
		counted(e.b.N, "row"), counted(len(e.c.free), "parameter"))
}

// nothing is an error if there is no likelihood at the best point that was found, so that there is
// nothing to report. It names what has no value.
func (e *estimator) nothing(best estimate.Optimum) error {
	if !math.IsNaN(best.LogLik) && !math.IsInf(best.LogLik, 0) {
		return e.perfect(best)
	}
	m := e.b.Model
	if math.IsInf(best.LogLik, 1) && len(noiseNames(m)) > 0 {
		return fmt.Errorf("%s: the fit is perfect, so a free variance is zero and the likelihood "+
			"has no maximum; give the standard deviation", m.Source.Path)
	}
	if len(e.atStart) > 0 {
		return fmt.Errorf("%s: there is no likelihood at the start%s; random starts found none "+
			"either: give other starts", m.Source.Path, because(e.atStart))
	}
	for _, x := range [][]float64{e.c.start(), best.X} {
		if what := e.b.Undefined(ad.Vector(e.c.values(x)...)); what != "" {
			return fmt.Errorf("%s: there is no likelihood: %s; give other starts, or bound the "+
				"parameters to where the formulas have values", m.Source.Path, what)
		}
	}
	return fmt.Errorf("%s: the log likelihood is %v at the best point found, so there is nothing "+
		"to report; give other starts, or look at the data's size", m.Source.Path, best.LogLik)
}

// perfect is an error if the fit is: a free variance is nothing but rounding errors beside what is
// observed, or every outcome is certain.
func (e *estimator) perfect(best estimate.Optimum) error {
	m := e.b.Model
	variances, size := e.variances(best), e.observedSize()
	for i, name := range noiseNames(m) {
		variance := variances[i]
		if variance >= 0 && variance <= 1e-28*size*size {
			return fmt.Errorf("%s: the fit is perfect, since %s is %.2g where what is observed "+
				"is of the size %.2g: the likelihood has no maximum; give the standard deviation",
				m.Source.Path, name, variance, size)
		}
	}
	if m.Certain() && best.LogLik > -1e-6*float64(e.b.N) {
		return fmt.Errorf("%s: every outcome is predicted with certainty, so the likelihood rises "+
			"for ever as parameters grow and has no maximum; leave out what separates the "+
			"outcomes, or bound the parameters", m.Source.Path)
	}
	return nil
}

// variances are the free covariances' elements; those off the diagonal are NaN.
func (e *estimator) variances(best estimate.Optimum) []float64 {
	var out []float64
	for _, v := range e.noise(best.X) {
		for i, row := 0, 0; i < v.Size(); row++ {
			for k := range row + 1 {
				x := math.NaN()
				if k == row {
					x = v.Floats()[i]
				}
				out = append(out, x)
				i++
			}
		}
	}
	return out
}

// observedSize is the greatest number that is observed.
func (e *estimator) observedSize() float64 {
	size := 0.0
	for _, name := range e.b.Model.Outputs() {
		for _, x := range e.b.Column(name) {
			size = math.Max(size, math.Abs(x))
		}
	}
	return size
}

// nearEnd says whether a parameter has come so near to the end of its transform that only the end
// can be meant.
func (e *estimator) nearEnd(k int, z float64) bool {
	p := e.c.parameters[e.c.free[k]]
	if p.Transform == 0 {
		return false
	}
	x, start := fromOptimiserNumber(p, z), p.Start
	lower, upper := logEnds(p)
	near := func(end float64) bool {
		return !math.IsInf(end, 0) && math.Abs(x-end) <= 1e-9*math.Abs(start-end)
	}
	return near(lower) || near(upper)
}
