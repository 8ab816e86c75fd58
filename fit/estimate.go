package fit

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"pullback/ad"
	"pullback/estimate"
	"pullback/leastsquares"
	"pullback/model"
	"pullback/random"
)

// estimator is a fit on its way: the likelihood in the optimiser's coordinates.
type estimator struct {
	b            *model.Bound
	o            Options
	c            coordinates
	sample       model.Sample
	search       *estimate.Search
	lower, upper []float64
	groups       []int64 // of the rows, for clusters; or nil
	restarted    int     // times that a profile led to a better optimum
	unprofiled   bool    // that happened too often
	fitSquares   func(start ad.Value) leastsquares.Result[ad.Value]
	atStart      []Failure // rows without an equilibrium at the file's start
	noiseAt      func(z ad.Value) model.Noise
	fit          *Fit

	// What the search by Levenberg and Marquardt's method took.
	squaresSteps, squaresEvaluations int
}

// Estimate fits a model to the rows that it is bound to, by maximum likelihood. An error is a
// mistake in the question; a fit that did not converge is a Fit that says so.
func Estimate(b *model.Bound, o Options) (*Fit, error) {
	e, err := begin(b, o)
	if err != nil {
		return nil, err
	}
	best := e.maximise()
	if err := e.nothing(best); err != nil {
		return nil, err
	}
	best = e.finish(best)
	if o.Bootstrap != nil {
		if err := e.bootstrap(best); err != nil {
			return nil, err
		}
	}
	if o.Pictures {
		e.pictures(best)
	}
	return e.fit, nil
}

// begin checks the question and makes the search ready.
func begin(b *model.Bound, o Options) (*estimator, error) {
	m := b.Model
	if err := o.Check(); err != nil {
		return nil, err
	}
	if len(m.Observations)+len(m.Shocks) == 0 && m.LogLik == nil {
		return nil, fmt.Errorf("%s: nothing is observed, so there is nothing to fit; add observe, "+
			"residual or loglik", m.Source.Path)
	}
	e := &estimator{b: b, o: o, c: coordinatesOf(m), sample: b.Sample()}
	if len(e.c.free) == 0 {
		return nil, fmt.Errorf("%s: every parameter is fixed, so there is nothing to fit; give "+
			"one a start in place of its value", m.Source.Path)
	}
	e.lower, e.upper = e.c.bounds()
	e.atStart = failures(b, e.c.values(e.c.start()))
	if err := errors.Join(e.checkErrors(), e.enoughRows(), e.ambiguous()); err != nil {
		return nil, err
	}
	if o.Cluster != "" {
		var err error
		if e.groups, _, err = b.Groups(o.Cluster); err != nil {
			return nil, err
		}
	}
	for _, name := range o.Profiles {
		if e.place(name) < 0 {
			return nil, fmt.Errorf("there is no profile of %q: the free parameters are %s", name,
				strings.Join(e.c.names(), ", "))
		}
	}
	method, err := e.method()
	if err != nil {
		return nil, err
	}
	e.search = estimate.NewSearch(e.logLik, estimate.SearchOptions{Method: method})
	e.fit = &Fit{Format: FormatNow,
		Model: Origin{Name: m.Name, Path: m.Source.Path, Text: m.Source.Text},
		Data: Sample{Path: b.Table.Name(), Digest: b.Table.Digest(), Rows: b.Rows,
			Lagging: b.Lagging, Missing: b.Missing, Used: b.N, Observed: m.Outputs()},
		Method: inWords(e.search.Method(len(e.c.free))),
	}
	if m.Weights != nil {
		e.fit.Data.Weights = m.Weights.Column.Name
	}
	return e, nil
}

// logLik is the log likelihood at z, free covariances at their best.
func (e *estimator) logLik(z ad.Value) ad.Value {
	return e.b.LogLik(e.c.theta(z), e.sample)
}

// place of a free parameter, or -1.
func (e *estimator) place(name string) int {
	for k, n := range e.c.names() {
		if n == name {
			return k
		}
	}
	return -1
}

// method of the search; least squares begin with Levenberg and Marquardt's where it is auto.
func (e *estimator) method() (estimate.Method, error) {
	switch e.o.Method {
	case "", "auto":
		return estimate.Auto, nil
	case "levenberg-marquardt":
		if !e.b.Model.LeastSquares(e.c.names()) {
			return 0, fmt.Errorf("%s: Levenberg and Marquardt's method is for least squares: "+
				"independent normal observations whose standard deviations are given, or a single "+
				"one whose is free; use another method", e.b.Model.Source.Path)
		}
		return estimate.Newton, nil
	}
	return estimate.ParseMethod(e.o.Method)
}

// leastSquares says whether the search begins with Levenberg and Marquardt's method.
func (e *estimator) leastSquares() bool {
	asked := e.o.Method == "" || e.o.Method == "auto" || e.o.Method == "levenberg-marquardt"
	return asked && e.b.Model.LeastSquares(e.c.names())
}

// rescue is how many random starts are tried where the file's own leads nowhere. Least squares are
// quicker, and lead astray more often.
const (
	rescue        = 5
	rescueSquares = 100
)

// maximise searches from the file's start, and from random ones where asked for or needed.
func (e *estimator) maximise() estimate.Optimum {
	start := e.c.start()
	if math.IsNaN(e.search.LogLik(start)) || math.IsInf(e.search.LogLik(start), 0) {
		e.note("At the start the log likelihood is not finite%s.", because(e.atStart))
	}
	best := e.from(start)
	starts := e.o.Starts
	if !best.Status.OK() && starts == 0 {
		starts = rescue
		if e.leastSquares() {
			starts = rescueSquares
		}
		e.note("The search from the start ended without a maximum (%s); %d random starts were "+
			"tried.", firstWord(best.Status.String()), starts)
	}
	if starts == 0 && e.leastSquares() && e.flatAt(best) {
		// Of points of a ridge that are as good, the one that Newton's method finds is nearer.
		if near := e.search.From(start, e.lower, e.upper); near.Status.OK() &&
			near.LogLik >= best.LogLik-estimate.SameLogLik*math.Max(1, math.Abs(best.LogLik)) {
			best = near
		}
		// A bad start may lead out to where parameters have no effect, and the squares fall for
		// ever.
		starts = rescueSquares
		e.note("The search from the start ended where the parameters are not identified; %d "+
			"random starts were tried.", starts)
	}
	if starts == 0 {
		return best
	}
	e.o.progress("starts", 0, starts)
	defer e.o.progress("starts", starts, starts)
	if e.leastSquares() {
		all := estimate.Starts(random.NewKey(e.o.Seed), starts+1, start, e.lower, e.upper, 0)
		found := e.search.From(e.squares(all[1:]), e.lower, e.upper)
		return e.better(best, found)
	}
	return e.fromBest(best, starts)
}

// flatAt says whether the parameters are not identified at an optimum.
func (e *estimator) flatAt(best estimate.Optimum) bool {
	s := subject{b: e.b, free: e.moving(e.held(best)), at: e.c.values(best.X),
		noise: e.noise(best.X), sample: e.sample}
	info, _, _ := s.information()
	return !info.Identified()
}

// from searches from one start. Least squares are brought near by Levenberg and Marquardt's method.
func (e *estimator) from(start []float64) estimate.Optimum {
	if e.leastSquares() {
		start = e.squares([][]float64{start})
	}
	best := e.search.From(start, e.lower, e.upper)
	if e.leastSquares() {
		e.fit.Method = "Levenberg-Marquardt, then " + e.fit.Method
	}
	return best
}

// better is the higher of two maxima; the fit says so if the second is.
func (e *estimator) better(a, b estimate.Optimum) estimate.Optimum {
	higher := b.LogLik > a.LogLik+estimate.SameLogLik*math.Max(1, math.Abs(a.LogLik))
	switch {
	case b.Status.OK() && !a.Status.OK():
		return b
	case b.Status.OK() && higher:
		e.note("A random start found a higher maximum than the file's: %.10g against %.10g.",
			b.LogLik, a.LogLik)
		return b
	}
	return a
}

// note adds a sentence to the fit.
func (e *estimator) note(format string, args ...any) {
	e.fit.Notes = append(e.fit.Notes, fmt.Sprintf(format, args...))
}

// because names rows without an equilibrium.
func because(bad []Failure) string {
	if len(bad) == 0 {
		return ""
	}
	rows := fmt.Sprintf("in %d rows there is no equilibrium, as in %s", len(bad), bad[0].Place)
	if bad[0].Place == "every row" || len(bad) == 1 {
		rows = "there is no equilibrium in " + bad[0].Place
	}
	return fmt.Sprintf(": %s (%s)", rows, strings.TrimSuffix(bad[0].Sentence, "."))
}

// firstWord of a status, as Converged or Out of steps.
func firstWord(sentence string) string {
	word, _, _ := strings.Cut(sentence, ":")
	return strings.ToLower(word[:1]) + word[1:]
}

// inWords is a method's name.
func inWords(m estimate.Method) string {
	switch m {
	case estimate.BFGS:
		return "BFGS"
	case estimate.LBFGS:
		return "L-BFGS"
	case estimate.NelderMead:
		return "Nelder-Mead"
	}
	return "trust-region Newton with the exact Hessian"
}
