package fit_test

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pullback/data"
	"pullback/fit"
)

// questioned is a fit of the market, after the way through fit.json, and its data in a file.
func questioned(t *testing.T) *fit.Fit {
	t.Helper()
	path := filepath.Join(t.TempDir(), "prices.csv")
	source := simulated(t, market("1"), 50, 42)
	var columns [][]float64
	for _, name := range source.Names() {
		column, err := source.Numbers(name)
		if err != nil {
			t.Fatal(err)
		}
		columns = append(columns, column)
	}
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := data.WriteCSV(file, source.Names(), columns); err != nil {
		t.Fatal(err)
	}
	f := fitted(t, market("1"), read(t, path), fit.Options{})
	text, err := fit.Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	back, err := fit.Decode("fit.json", text)
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// A prediction's standard error is the root of g'Vg, with the exact gradient of the equilibrium.
func TestPredict(t *testing.T) {
	f := questioned(t)
	table, err := f.Rows()
	if err != nil {
		t.Fatal(err)
	}
	cd, cs := f.Parameters[0].Estimate, f.Parameters[1].Estimate
	price := func(cd, cs float64) float64 {
		low, high := 0.0, 100.0
		for range 200 {
			p := (low + high) / 2
			if 100-2*math.Pow(p, cd) > 5*math.Pow(3, cs*p) {
				low = p
			} else {
				high = p
			}
		}
		return low
	}
	slope := func(cs float64) (d, s float64) {
		const h = 1e-6
		return (price(cd+h, cs) - price(cd-h, cs)) / (2 * h),
			(price(cd, cs+h) - price(cd, cs-h)) / (2 * h)
	}
	variance := func(d, s float64) float64 {
		v := f.Covariance
		return d*d*v[0][0] + 2*d*s*v[0][1] + s*s*v[1][1]
	}
	got, _, err := fit.Predict(f, table, fit.Question{Set: []fit.Setting{{Name: "c_s", Value: .2}},
		Expressions: []string{"P", "2*P + c_d"}})
	if err != nil {
		t.Fatal(err)
	}
	p := got[0]
	d, s := slope(cs)
	agree(t, "P", p.Value[0].Value, price(cd, cs), 12)
	agree(t, "its standard error", p.Value[0].StdErr.Value, math.Sqrt(variance(d, s)), 7)
	then, _ := slope(0.2)
	agree(t, "the counterfactual", p.Counterfactual[0].Value, price(cd, .2), 12)
	agree(t, "its standard error", p.Counterfactual[0].StdErr.Value,
		math.Sqrt(variance(then, 0)), 7)
	agree(t, "the difference", p.Difference[0].Value, price(cd, .2)-price(cd, cs), 11)
	agree(t, "its standard error", p.Difference[0].StdErr.Value, math.Sqrt(variance(then-d, -s)), 7)
	agree(t, "an expression", got[1].Value[0].Value, 2*price(cd, cs)+cd, 12)
	agree(t, "its standard error", got[1].Value[0].StdErr.Value,
		math.Sqrt(variance(2*d+1, 2*s)), 7)

	for question, want := range map[string]string{"P + q": "q is no parameter",
		"P +": "ends too early"} {
		_, _, err := fit.Predict(f, table, fit.Question{Expressions: []string{question}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", question, err)
		}
	}
}

// Data that have changed are not those of the fit.
func TestPredictKnowsItsData(t *testing.T) {
	f := questioned(t)
	if err := os.WriteFile(f.Data.Path, []byte("price,quantity\n1,2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Rows(); err == nil || !strings.Contains(err.Error(), "has changed") {
		t.Errorf("%v", err)
	}
}

// The statistic of one linear restriction is the square of its z.
func TestWald(t *testing.T) {
	f := questioned(t)
	v := f.Covariance
	for restriction, want := range map[string]float64{
		"c_d = .5": math.Pow(f.Parameters[0].Estimate-.5, 2) / v[0][0],
		"c_d - c_s - .35": math.Pow(f.Parameters[0].Estimate-f.Parameters[1].Estimate-.35, 2) /
			(v[0][0] - 2*v[0][1] + v[1][1]),
	} {
		w, err := fit.Test(f, restriction)
		if err != nil {
			t.Fatal(err)
		}
		agree(t, restriction, w.Statistic, want, 9)
		agree(t, "p", w.P, math.Erfc(math.Sqrt(want/2)), 9)
	}
	joint, err := fit.Test(f, "c_d = .5", "c_s = .15")
	if err != nil || joint.DegreesOfFreedom != 2 {
		t.Errorf("%+v, %v", joint, err)
	}
	for want, restrictions := range map[string][]string{
		"have rank 1":             {"c_d = .5", "2*c_d = 1"},
		"is no parameter":         {"cd = .5"},
		"restrictions are on par": {"sum(c_d) = 1"},
	} {
		if _, err := fit.Test(f, restrictions...); err == nil ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v", restrictions, err)
		}
	}
}

// The likelihood ratio of Kmenta's over-identified system against one with a restriction more.
func TestCompare(t *testing.T) {
	slow(t)
	table := read(t, "../examples/kmenta/kmenta.csv")
	full := fitted(t, kmenta("joint"), table, fit.Options{})
	small := fitted(t, strings.Replace(kmenta("joint"), "sA: {start: 0.3}", "sA: {value: 0.3}", 1),
		table, fit.Options{})
	for _, pair := range [][2]*fit.Fit{{full, small}, {small, full}} {
		c, err := fit.Compare(pair[0], pair[1])
		if err != nil {
			t.Fatal(err)
		}
		if !c.Nested || c.DegreesOfFreedom != 1 || c.Restrictions[0] != "sA = 0.3" {
			t.Errorf("%+v", c)
		}
		agree(t, "the ratio", c.Statistic, 2*(full.LogLik-small.LogLik), 12)
		agree(t, "p", c.P, math.Erfc(math.Sqrt(c.Statistic/2)), 10)
	}
	other := fitted(t, kmenta("independent"), table, fit.Options{})
	c, err := fit.Compare(full, other)
	if err != nil || c.Nested || !strings.Contains(c.Reason, "differ in more") {
		t.Errorf("%+v, %v", c, err)
	}
	sandwich := fitted(t, kmenta("joint"), table, fit.Options{Errors: "sandwich"})
	if _, err := fit.Compare(full, sandwich); err == nil {
		t.Error("a sandwich is compared by its likelihood")
	}
	if _, err := fit.Compare(full, questioned(t)); err == nil ||
		!strings.Contains(err.Error(), "different data") {
		t.Errorf("%v", err)
	}
}

// Against the free reduced form, two regressions on all exogenous variables, Kmenta's system has
// one restriction; the demand equation is limited information maximum likelihood there, whose
// smallest root gives the same ratio.
func TestKmentaAgainstTheReducedForm(t *testing.T) {
	table := read(t, "../examples/kmenta/kmenta.csv")
	reduced := `parameters:
  q0: {start: 50}
  q1: {start: 0.1}
  q2: {start: 0.1}
  q3: {start: 0.1}
  p0: {start: 50}
  p1: {start: 0.1}
  p2: {start: 0.1}
  p3: {start: 0.1}
define:
  Q: q0 + q1*income + q2*farmPrice + q3*trend
  P: p0 + p1*income + p2*farmPrice + p3*trend
observe:
  "(consump, price)": mvnormal((Q, P))
`
	free := fitted(t, reduced, table, fit.Options{})
	system := fitted(t, kmenta("joint"), table, fit.Options{})
	ratio := 2 * (free.LogLik - system.LogLik)
	agree(t, "the likelihood ratio", ratio, 3.20607095, 8)
	agree(t, "the smallest root", math.Exp(ratio/20), 1.17386714, 8)
}

// Refits depend on the seed and the replicate alone: in one go, or broken off and gone on with.
func TestBootstrapGoesOn(t *testing.T) {
	table := simulated(t, market("1"), 50, 3)
	whole := fitted(t, market("1"), table, fit.Options{Seed: 5,
		Bootstrap: &fit.Resampling{Replicates: 600, Resample: "rows"}}).Bootstrap
	if whole.Failed != 0 || len(whole.Draws) != 600 {
		t.Fatalf("%d failed, %d draws", whole.Failed, len(whole.Draws))
	}
	file := filepath.Join(t.TempDir(), "checkpoint")
	type broken struct{}
	func() {
		defer func() {
			if _, ok := recover().(broken); !ok {
				t.Fatal("it was not broken off")
			}
		}()
		_, _ = fit.Estimate(bound(t, market("1"), table), fit.Options{Seed: 5,
			Bootstrap: &fit.Resampling{Replicates: 600, Resample: "rows", Checkpoint: file},
			Progress: func(part string, done, total int) {
				if part == "bootstrap" && done > 256 {
					panic(broken{})
				}
			}})
	}()
	kept, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// A crash in the middle of writing leaves half a replicate.
	if err := os.WriteFile(file, kept[:len(kept)-5], 0o644); err != nil {
		t.Fatal(err)
	}
	var from []int
	again := fitted(t, market("1"), table, fit.Options{Seed: 5,
		Bootstrap: &fit.Resampling{Replicates: 600, Resample: "rows", Checkpoint: file},
		Progress: func(part string, done, total int) {
			if part == "bootstrap" {
				from = append(from, done)
			}
		}}).Bootstrap
	if from[0] != 511 {
		t.Errorf("it went on from replicate %d", from[0])
	}
	for i, draw := range whole.Draws {
		if !slices.Equal(draw, again.Draws[i]) {
			t.Fatalf("replicate %d is %v, and %v when gone on with", i, draw, again.Draws[i])
		}
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("the checkpoint is left behind")
	}
	// That of another computation is refused.
	if err := os.WriteFile(file, kept, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = fit.Estimate(bound(t, market("1"), table), fit.Options{Seed: 6,
		Bootstrap: &fit.Resampling{Replicates: 600, Resample: "rows", Checkpoint: file}})
	if err == nil || !strings.Contains(err.Error(), "is not the checkpoint of this bootstrap") {
		t.Errorf("%v", err)
	}
}

// The bootstrap's spread is that of the asymptotic standard errors, whichever way it resamples.
func TestBootstrapSpread(t *testing.T) {
	slow(t)
	table := simulated(t, market("1"), 200, 3)
	for _, how := range []string{"parametric", "rows"} {
		f := fitted(t, market("1"), table, fit.Options{
			Bootstrap: &fit.Resampling{Replicates: 2000, Resample: how}})
		for i, b := range f.Bootstrap.Intervals {
			if r := b.StdErr / *f.Parameters[i].StdErr; r < .85 || r > 1.15 {
				t.Errorf("%s: the spread of %s is %v times its standard error", how, b.Name, r)
			}
		}
	}
	f := pricesOnly()
	_, err := fit.Estimate(bound(t, f, simulated(t, f, 50, 1)), fit.Options{
		Bootstrap: &fit.Resampling{Replicates: 10, Resample: "rows"}})
	if err == nil || !strings.Contains(err.Error(), "not identified") {
		t.Errorf("a flat model is bootstrapped: %v", err)
	}
}
