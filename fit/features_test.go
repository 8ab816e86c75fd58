package fit_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pullback/data"
	"pullback/fit"
)

// table is one of a few columns, by name.
func table(t *testing.T, names string, columns ...[]float64) *data.Table {
	t.Helper()
	out, err := data.New("table", strings.Fields(names), columns)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var (
	xs     = []float64{0.2, 1.1, 1.9, 3.2, 4.1, 4.8, 6.3, 7.0, 8.1, 9.4}
	ys     = []float64{1.3, 2.2, 2.1, 4.4, 3.9, 6.1, 5.8, 8.3, 7.9, 9.6}
	counts = []float64{1, 0, 2, 1, 3, 2, 5, 4, 9, 12}
	binary = []float64{0, 0, 1, 0, 0, 1, 1, 0, 1, 1}
)

const lineModel = `name: line
parameters:
  a: {start: 0}
  b: {start: 0}
observe:
  y: normal(a + b*x)
`

// A straight line has a closed form, its standard errors too: the divisor of maximum likelihood is
// n, that of gauss-newton n - k.
func TestLine(t *testing.T) {
	n := float64(len(xs))
	sx, sy, sxx, sxy := 0.0, 0.0, 0.0, 0.0
	for i, x := range xs {
		sx, sy, sxx, sxy = sx+x, sy+ys[i], sxx+x*x, sxy+x*ys[i]
	}
	b := (n*sxy - sx*sy) / (n*sxx - sx*sx)
	a := (sy - b*sx) / n
	rss := 0.0
	for i, x := range xs {
		rss += (ys[i] - a - b*x) * (ys[i] - a - b*x)
	}
	slope := math.Sqrt(rss / (sxx - sx*sx/n))
	for kind, divisor := range map[string]float64{"hessian": n, "gauss-newton": n - 2} {
		f := fitted(t, lineModel, table(t, "x y", xs, ys), fit.Options{Errors: kind})
		agree(t, "a", parameter(t, f, "a").Estimate, a, 11)
		agree(t, "b", parameter(t, f, "b").Estimate, b, 11)
		agree(t, kind, *parameter(t, f, "b").StdErr, slope/math.Sqrt(divisor), 9)
		agree(t, "the log likelihood", f.LogLik, -n/2*(math.Log(2*math.Pi*rss/n)+1), 12)
		if f.K != 3 {
			t.Errorf("k = %d; the variance counts", f.K)
		}
		agree(t, "the variance", f.Noise[0].Estimate, rss/n, 10)
	}
}

// The likelihood is a density of the column that was observed: whether its logarithm is normal or
// it is lognormal itself is the same.
func TestLikelihoodsCompareInTheColumnsUnits(t *testing.T) {
	data := table(t, "x y", xs, ys)
	head := "parameters:\n  a: {start: 0}\n  b: {start: 0}\n  s: {start: 1, lower: 0}\nobserve:\n"
	log := fitted(t, head+"  log(y): normal(a + b*x, s)\n", data, fit.Options{})
	direct := fitted(t, head+"  y: lognormal(a + b*x, s)\n", data, fit.Options{})
	scaled := fitted(t, head+"  2*log(y) + 1: normal(2*(a + b*x) + 1, 2*s)\n", data, fit.Options{})
	for _, f := range []*fit.Fit{direct, scaled} {
		agree(t, "the log likelihood", f.LogLik, log.LogLik, 11)
		for i, p := range f.Parameters {
			agree(t, p.Name, p.Estimate, log.Parameters[i].Estimate, 8)
		}
	}
}

// At the maximum of a Poisson or a logit likelihood with a constant the sum of what is predicted is
// that of what was observed, and the scores in x are orthogonal.
func TestCounts(t *testing.T) {
	head := "parameters:\n  a: {start: 0}\n  b: {start: 0}\nobserve:\n"
	mean := func(f *fit.Fit, g func(float64) float64) (total, cross float64) {
		for _, x := range xs {
			m := g(parameter(t, f, "a").Estimate + parameter(t, f, "b").Estimate*x)
			total, cross = total+m, cross+m*x
		}
		return total, cross
	}
	sums := func(y []float64) (total, cross float64) {
		for i, x := range xs {
			total, cross = total+y[i], cross+y[i]*x
		}
		return total, cross
	}
	poisson := fitted(t, head+"  y: poisson(exp(a + b*x))\n", table(t, "x y", xs, counts),
		fit.Options{})
	total, cross := mean(poisson, math.Exp)
	wantTotal, wantCross := sums(counts)
	agree(t, "the Poisson counts", total, wantTotal, 10)
	agree(t, "the Poisson scores", cross, wantCross, 10)

	logistic := func(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
	for _, density := range []string{"logit(a + b*x)", "bernoulli(logistic(a + b*x))",
		"bernoulli(1/(1 + exp(-a - b*x)))"} {
		f := fitted(t, head+"  y: "+density+"\n", table(t, "x y", xs, binary), fit.Options{})
		total, cross := mean(f, logistic)
		wantTotal, wantCross := sums(binary)
		agree(t, density, total, wantTotal, 9)
		agree(t, density, cross, wantCross, 9)
	}
}

// The gamma distribution of shape 1 is the exponential, and Student's t with many degrees of
// freedom the normal.
func TestFamiliesMeet(t *testing.T) {
	data := table(t, "x y", xs, ys)
	head := "parameters:\n  a: {start: 1}\n  b: {start: 0}\nobserve:\n"
	for _, pair := range [][2]string{
		{"gamma(1, exp(-a - b*x))", "exponential(exp(-a - b*x))"},
		{"student_t(1e9, a + b*x, 1.5)", "normal(a + b*x, 1.5)"},
	} {
		one := fitted(t, head+"  y: "+pair[0]+"\n", data, fit.Options{})
		two := fitted(t, head+"  y: "+pair[1]+"\n", data, fit.Options{})
		agree(t, pair[0], one.LogLik, two.LogLik, 8)
		agree(t, pair[0], one.Parameters[1].Estimate, two.Parameters[1].Estimate, 6)
	}
	own := "loglik: -0.5*((y - a - b*x)/1.5)^2 - log(1.5) - 0.5*log(2*pi)\n"
	mine := fitted(t, "parameters:\n  a: {start: 1}\n  b: {start: 0}\n"+own, data, fit.Options{})
	normal := fitted(t, head+"  y: normal(a + b*x, 1.5)\n", data, fit.Options{})
	agree(t, "a log likelihood of one's own", mine.LogLik, normal.LogLik, 12)
}

// A row of frequency 3 is three rows alike.
func TestFrequencies(t *testing.T) {
	weights := []float64{1, 3, 2, 1, 1, 4, 1, 2, 1, 1}
	var longX, longY []float64
	for i, w := range weights {
		longX = append(longX, slices.Repeat([]float64{xs[i]}, int(w))...)
		longY = append(longY, slices.Repeat([]float64{ys[i]}, int(w))...)
	}
	text := lineModel + "weights: {column: w, kind: frequency}\n"
	for _, kind := range []string{"hessian", "opg", "sandwich"} {
		weighted := fitted(t, text, table(t, "x y w", xs, ys, weights), fit.Options{Errors: kind})
		repeated := fitted(t, lineModel, table(t, "x y", longX, longY), fit.Options{Errors: kind})
		agree(t, "the log likelihood", weighted.LogLik, repeated.LogLik, 11)
		if weighted.N != 17 || repeated.N != 17 {
			t.Errorf("N = %d and %d", weighted.N, repeated.N)
		}
		for i, p := range weighted.Parameters {
			agree(t, p.Name, p.Estimate, repeated.Parameters[i].Estimate, 9)
			agree(t, kind+" of "+p.Name, *p.StdErr, *repeated.Parameters[i].StdErr, 8)
		}
	}
	sampling := strings.Replace(text, "frequency", "sampling", 1)
	f := fitted(t, sampling, table(t, "x y w", xs, ys, weights), fit.Options{})
	if f.Errors.Kind != "sandwich" {
		t.Errorf("sampling weights have %s standard errors", f.Errors.Kind)
	}
}

// A lag is the period before within a panel, in time's order and not the file's; rows without one
// are dropped and counted, before those with missing values.
func TestLags(t *testing.T) {
	firm := []float64{1, 1, 1, 2, 2, 2, 2}
	year := []float64{2, 1, 3, 1, 2, 4, 3}
	y := []float64{2, 1, 4, 3, math.NaN(), 9, 5}
	text := `parameters:
  a: {start: 0}
observe:
  y: normal(a + y[-1], 1)
panel: firm
time: year
missing: drop
`
	b := bound(t, text, table(t, "firm year y", firm, year, y))
	if b.Lagging != 2 || b.Missing != 2 || b.N != 3 {
		t.Fatalf("%d without a lag, %d missing, %d used", b.Lagging, b.Missing, b.N)
	}
	lagged := b.Column("y[-1]")
	slices.Sort(lagged)
	if !slices.Equal(lagged, []float64{1, 2, 5}) {
		t.Errorf("the lags are %v", lagged)
	}
	f, err := fit.Estimate(b, fit.Options{})
	if err != nil {
		t.Fatal(err)
	}
	agree(t, "the mean difference", f.Parameters[0].Estimate, (1+2+4)/3., 12)
}

// What is taken within a group by its mean has no effect of its own.
func TestGroups(t *testing.T) {
	g := []float64{1, 1, 1, 2, 2, 3, 3, 3, 3, 3}
	text := "parameters:\n  b: {start: 0}\nobserve:\n" +
		"  y: normal(mean(y by g) + b*(x - mean(x by g)), 1)\n"
	f := fitted(t, text, table(t, "x y g", xs, ys, g), fit.Options{})
	means := func(v []float64) []float64 {
		sum, n := map[float64]float64{}, map[float64]float64{}
		for i, x := range v {
			sum[g[i]] += x
			n[g[i]]++
		}
		out := make([]float64, len(v))
		for i := range v {
			out[i] = sum[g[i]] / n[g[i]]
		}
		return out
	}
	mx, my, top, bottom := means(xs), means(ys), 0.0, 0.0
	for i, x := range xs {
		top += (x - mx[i]) * (ys[i] - my[i])
		bottom += (x - mx[i]) * (x - mx[i])
	}
	agree(t, "the slope within groups", f.Parameters[0].Estimate, top/bottom, 11)
}

// A parameter that the likelihood pushes against its bound stays there without a standard error,
// and the others are as if it were fixed there.
func TestAtBound(t *testing.T) {
	bounded := strings.Replace(lineModel, "b: {start: 0}", "b: {start: 0.2, upper: 0.5}", 1)
	f := fitted(t, bounded, table(t, "x y", xs, ys), fit.Options{})
	fixed := strings.Replace(lineModel, "b: {start: 0}", "b: {value: 0.5}", 1)
	want := fitted(t, fixed, table(t, "x y", xs, ys), fit.Options{})
	b := parameter(t, f, "b")
	if !f.Converged || b.State != fit.AtBound || b.StdErr != nil || b.Estimate != 0.5 {
		t.Errorf("%s: %+v", f.Verdict, b)
	}
	agree(t, "a", parameter(t, f, "a").Estimate, parameter(t, want, "a").Estimate, 10)
	agree(t, "its standard error", *parameter(t, f, "a").StdErr, *parameter(t, want, "a").StdErr, 8)
}

// A transform changes how the optimiser sees a parameter and where its interval ends, but not the
// estimate nor, to first order, the standard error.
func TestTransforms(t *testing.T) {
	head := "parameters:\n  a: {start: 1}\n  b: {start: 0.5}\n  s: {start: 2, %s}\nobserve:\n" +
		"  y: normal(a + b*x, s)\n"
	plain := fitted(t, fmt.Sprintf(head, "lower: 0"), table(t, "x y", xs, ys), fit.Options{})
	logged := fitted(t, fmt.Sprintf(head, "transform: log"), table(t, "x y", xs, ys), fit.Options{})
	one, two := parameter(t, plain, "s"), parameter(t, logged, "s")
	agree(t, "s", two.Estimate, one.Estimate, 9)
	agree(t, "its standard error", *two.StdErr, *one.StdErr, 7)
	z := 1.959963984540054
	end := two.Estimate * math.Exp(-z**two.StdErr/two.Estimate)
	agree(t, "the interval's end", *two.Lower, end, 9)
}
