package fit_test

import (
	"math"
	"strings"
	"testing"

	"pullback/fit"
	"pullback/status"
)

const marketParameters = `name: market
parameters:
  c_d: {start: 0.5, lower: 0}
  c_s: {start: 0.15, lower: 0}
  sigma_p: {value: 0.01}
  sigma_q: {value: SIGMA}
unknowns:
  P: {start: 5, bracket: [0, 100]}
define:
  demand: 100 - 2*P^c_d
  supply: 5*3^(c_s*P)
equilibrium:
  - demand = supply
observe:
  price: normal(P, sigma_p)
`

// market is the problem set's, with the quantity's noise.
func market(sigma string) string {
	return strings.Replace(marketParameters, "SIGMA", sigma, 1) +
		"  quantity: normal(demand, sigma_q)\n"
}

// pricesOnly is the market whose quantity nobody wrote down.
func pricesOnly() string {
	return strings.Replace(marketParameters, "  sigma_q: {value: SIGMA}\n", "", 1)
}

// With both observed and as many parameters as means, the estimate has a closed form: it takes the
// equilibrium through the mean price and the mean quantity.
func TestMarketHasAClosedForm(t *testing.T) {
	table := simulated(t, market("0.01"), 50, 42)
	start := strings.NewReplacer("start: 0.5", "start: 0.6", "start: 0.15", "start: 0.18")
	f := fitted(t, start.Replace(market("0.01")), table, fit.Options{})
	if !f.Converged || f.Identification.Verdict != "identified" {
		t.Fatalf("%s; %s %q", f.Verdict, f.Identification.Verdict, f.Identification.Sentences)
	}
	p, q := mean(t, f, "price"), mean(t, f, "quantity")
	agree(t, "c_d", parameter(t, f, "c_d").Estimate, math.Log((100-q)/2)/math.Log(p), 10)
	agree(t, "c_s", parameter(t, f, "c_s").Estimate, math.Log(q/5)/(p*math.Log(3)), 10)
	if s := parameter(t, f, "sigma_p"); s.State != fit.Fixed || s.StdErr != nil {
		t.Errorf("sigma_p is %+v", s)
	}
}

// mean of a column of the simulated table that a fit is from.
func mean(t *testing.T, f *fit.Fit, column string) float64 {
	t.Helper()
	table := simulated(t, market("0.01"), 50, 42)
	xs, err := table.Numbers(column)
	if err != nil {
		t.Fatal(err)
	}
	total := 0.0
	for _, x := range xs {
		total += x
	}
	return total / float64(len(xs))
}

// The standard errors at the truth, from the information's closed form.
func TestMarketStandardErrors(t *testing.T) {
	for sigma, want := range map[string][2]float64{"0.01": {6.028e-5, 1.2048e-5},
		"1": {5.86e-3, 8.05e-5}} {
		// Data that lie at the truth: the equilibrium itself, fifty times.
		m := market(sigma)
		s := strings.Replace(m, "value: 0.01", "value: 1e-9", 1)
		s = strings.Replace(s, "sigma_q: {value: "+sigma, "sigma_q: {value: 1e-9", 1)
		f := fitted(t, m, simulated(t, s, 50, 1), fit.Options{})
		for i, name := range []string{"c_d", "c_s"} {
			se := parameter(t, f, name).StdErr
			if se == nil || math.Abs(*se-want[i]) > 1e-3*want[i] {
				t.Errorf("sigma_q = %s: the standard error of %s is %v, not %v", sigma, name, se,
					want[i])
			}
		}
	}
}

// Prices alone cannot tell two parameters: the finding is the ridge, exactly.
func TestPricesOnlyAreFlat(t *testing.T) {
	// Prices at the equilibrium itself, so that the ridge is known.
	exact := strings.Replace(pricesOnly(), "value: 0.01", "value: 1e-12", 1)
	f := fitted(t, pricesOnly(), simulated(t, exact, 50, 7), fit.Options{
		Profiles: []string{"c_d", "c_s"}})
	if !f.Converged || f.Identification.Verdict != "flat" || f.Identification.Rank != 1 {
		t.Fatalf("%s; %+v", f.Verdict, f.Identification)
	}
	all := strings.Join(f.Identification.Sentences, "\n")
	says(t, all, "moving (c_d, c_s) along (+0.99", "leaves every prediction unchanged",
		"P itself", "Observing demand or supply too")
	for _, name := range []string{"c_d", "c_s"} {
		if p := parameter(t, f, name); p.StdErr != nil || p.State != fit.Unidentified {
			t.Errorf("%s has %+v", name, p)
		}
	}
	says(t, f.Profiles[0].Sentence, "flat on [0, 1.345")
	says(t, f.Profiles[1].Sentence, "flat on [0, 0.153")
}

func TestSolve(t *testing.T) {
	b := bound(t, market("1"), simulated(t, market("1"), 3, 1))
	s, err := fit.Solve(b.Model, nil, []fit.Setting{{Name: "c_d", Value: 0.4}})
	if err != nil {
		t.Fatal(err)
	}
	row := s.Rows[0]
	if !s.Alike || !row.Status.OK() || row.Residual > 1e-12 {
		t.Fatalf("%+v", s)
	}
	// The implicit function theorem by hand: dP/dc_d = -F_c/F_P of F = demand - supply.
	p := row.Values[0]
	fp := -2*0.4*math.Pow(p, 0.4-1) - 5*math.Pow(3, 0.15*p)*math.Log(3)*0.15
	fc := -2 * math.Pow(p, 0.4) * math.Log(p)
	agree(t, "dP/dc_d", row.Slopes[0][0], -fc/fp, 11)
	if status.Code(row.Status) != status.Converged {
		t.Errorf("%v", row.Status)
	}
}
