package fit_test

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"pullback/fit"
	"pullback/model"
)

// nist is a data set with its certified answer.
type nist struct {
	Parameters         []float64 `json:"parameters"`
	StandardDeviations []float64 `json:"standard_deviations"`
	Squares            float64   `json:"residual_sum_of_squares"`
}

// NIST's nonlinear regressions, from both starts: nine digits of the parameters and seven of their
// standard deviations.
func TestNIST(t *testing.T) {
	slow(t)
	text, err := os.ReadFile("../examples/nist/certified.json")
	if err != nil {
		t.Fatal(err)
	}
	var sets map[string]nist
	if err := json.Unmarshal(text, &sets); err != nil {
		t.Fatal(err)
	}
	if len(sets) != 14 {
		t.Errorf("there are %d data sets", len(sets))
	}
	for name, want := range sets {
		for _, start := range []string{"", "_2"} {
			t.Run(name+start, func(t *testing.T) {
				t.Parallel()
				m, err := model.Read("../examples/nist/" + name + start + ".yaml")
				if err != nil {
					t.Fatal(err)
				}
				b, err := model.Bind(m, read(t, "../examples/nist/"+name+".csv"))
				if err != nil {
					t.Fatal(err)
				}
				f, err := fit.Estimate(b, fit.Options{Errors: "gauss-newton"})
				if err != nil {
					t.Fatal(err)
				}
				if !f.Converged || f.Identification.Verdict == "flat" {
					t.Fatalf("%s\n%v\n%v", f.Verdict, f.Identification, f.Notes)
				}
				agree(t, "the residual sum of squares", *f.Squares, want.Squares, 9)
				n := float64(f.N)
				agree(t, "the log likelihood", f.LogLik,
					-n/2*(math.Log(2*math.Pi*want.Squares/n)+1), 9)
				for i, p := range f.Parameters {
					agree(t, p.Name, p.Estimate, want.Parameters[i], 9)
					if p.StdErr == nil {
						t.Errorf("%s has no standard error: %v", p.Name, f.Notes)
						continue
					}
					agree(t, "the standard error of "+p.Name, *p.StdErr,
						want.StandardDeviations[i], 7)
				}
			})
		}
	}
}
