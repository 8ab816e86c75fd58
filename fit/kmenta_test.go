package fit_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"pullback/fit"
)

// certified is a fit of Kmenta's data by others' means, to fifteen digits.
type certified struct {
	LogL      float64            `json:"logL"`
	Coef      map[string]float64 `json:"coef"`
	SEHessian map[string]float64 `json:"se_hessian"`
}

func kmentaCertified(t *testing.T) map[string]certified {
	t.Helper()
	text, err := os.ReadFile("../examples/kmenta/certified.json")
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]certified
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

const kmentaEquations = `name: kmenta
parameters:
  d0: {start: 90}
  dP: {start: -0.3}
  dD: {start: 0.3}
  s0: {start: 50}
  sP: {start: 0.2}
  sF: {start: 0.2}
  sA: {start: 0.3}
unknowns:
  Q: {start: 100UNKNOWN_Q}
  P: {start: 100UNKNOWN_P}
`

const kmentaEquilibrium = `equilibrium:
  - Q = d0 + dP*P + dD*income
  - Q = s0 + sP*P + sF*farmPrice + sA*trend
`

// kmenta is a model file; the starts are those of dP, sP, the other slopes and the intercepts.
func kmenta(noise string, starts ...string) string {
	text := strings.NewReplacer("UNKNOWN_Q", "", "UNKNOWN_P", "").Replace(kmentaEquations)
	switch noise {
	case "joint":
		text += kmentaEquilibrium + "observe:\n  \"(consump, price)\": mvnormal((Q, P))\n"
	case "independent":
		text += kmentaEquilibrium + "observe:\n  consump: normal(Q)\n  price: normal(P)\n"
	case "structural":
		text = strings.NewReplacer("UNKNOWN_Q", ", observed: consump", "UNKNOWN_P",
			", observed: price").Replace(kmentaEquations) + "residual:\n  " +
			"\"(d0 + dP*P + dD*income - Q, s0 + sP*P + sF*farmPrice + sA*trend - Q)\": " +
			"mvnormal((0, 0))\n"
	}
	if len(starts) > 0 {
		for name, start := range map[string]string{"dP: {start: -0.3}": starts[0],
			"sP: {start: 0.2}": starts[1], "dD: {start: 0.3}": starts[2],
			"sF: {start: 0.2}": starts[2], "sA: {start: 0.3}": starts[2],
			"d0: {start: 90}": starts[3], "s0: {start: 50}": starts[3]} {
			text = strings.Replace(text, name, name[:4]+"{start: "+start+"}", 1)
		}
	}
	return text
}

// Full information maximum likelihood, from the equations with a free covariance of the reduced
// form, or of the structural shocks, and independent noise: to nine digits of the certified
// estimates, from near and from bad starts.
func TestKmenta(t *testing.T) {
	slow(t)
	table := read(t, "../examples/kmenta/kmenta.csv")
	want := kmentaCertified(t)
	noise := want["kmenta_equilibrium_diagonal_noise"]
	bad := []string{"-1", "1", "1", "0"}
	ones := []string{"-1", "1", "1", "1"}
	for name, c := range map[string]struct {
		text string
		want certified
	}{
		"joint":                    {kmenta("joint"), want["kmenta_fiml"]},
		"joint, bad start":         {kmenta("joint", bad...), want["kmenta_fiml"]},
		"joint, another":           {kmenta("joint", ones...), want["kmenta_fiml"]},
		"structural":               {kmenta("structural"), want["kmenta_fiml"]},
		"structural, bad start":    {kmenta("structural", bad...), want["kmenta_fiml"]},
		"independent":              {kmenta("independent"), noise},
		"independent, bad start":   {kmenta("independent", bad...), noise},
		"independent, a bad other": {kmenta("independent", ones...), noise},
	} {
		t.Run(name, func(t *testing.T) {
			f := fitted(t, c.text, table, fit.Options{})
			if !f.Converged || f.Identification.Verdict == "flat" {
				t.Fatalf("%s\n%s\n%v", f.Verdict, f.Identification.Verdict, f.Notes)
			}
			agree(t, "the log likelihood", f.LogLik, c.want.LogL, 11)
			for _, p := range f.Parameters {
				agree(t, p.Name, p.Estimate, c.want.Coef[p.Name], 9)
				if p.StdErr == nil {
					t.Errorf("%s has no standard error", p.Name)
					continue
				}
				agree(t, "the standard error of "+p.Name, *p.StdErr, c.want.SEHessian[p.Name], 7)
			}
		})
	}
	f := fitted(t, kmenta("joint"), table, fit.Options{})
	if f.K != 10 || f.N != 20 {
		t.Errorf("k = %d, N = %d", f.K, f.N)
	}
	agree(t, "AIC", f.AIC, 155.536, 5.5)
	says(t, f.NoiseNote, "full information maximum likelihood")
}

// Where demand and supply are parallel there is no equilibrium: the fit says so and recovers.
func TestKmentaWithoutAnEquilibriumAtTheStart(t *testing.T) {
	slow(t)
	table := read(t, "../examples/kmenta/kmenta.csv")
	f := fitted(t, kmenta("joint", "1", "1", "1", "0"), table, fit.Options{})
	says(t, strings.Join(f.Notes, "\n"), "no equilibrium", "random starts")
	if f.Converged {
		agree(t, "the log likelihood", f.LogLik, kmentaCertified(t)["kmenta_fiml"].LogL, 10)
	}
}
