package estimate_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/estimate"
	"pullback/examples/problemset"
)

// TestDebugNaN runs itself with PULLBACK_DEBUG=nan, which is read once a process: of all solves
// of the problem set's estimation none makes a NaN, not even one that it leaves unused.
func TestDebugNaN(t *testing.T) {
	if os.Getenv("PULLBACK_DEBUG") != "nan" {
		command := exec.Command(os.Args[0], "-test.run=^TestDebugNaN$", "-test.v")
		command.Env = append(os.Environ(), "PULLBACK_DEBUG=nan")
		out, err := command.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "estimated") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	for _, d := range []ad.DType{ad.Float64, ad.Float32} {
		if info := problemset.Estimation(d).BothInfo; !info.Identified() {
			t.Errorf("in %v both parameters have rank %d", d, info.Rank)
		}
	}
	for m := estimate.Auto; m <= estimate.BFGS; m++ {
		zero := ad.Scalar(0.)
		e := estimate.MaximumLikelihood(pricesOnly(t), market{ad.Scalar(.6), ad.Scalar(.18)},
			estimate.Options[market]{Method: m, Lower: &market{zero, zero}})
		if e.Identification.Rank != 1 {
			t.Errorf("%v: %s", m, e.Verdict)
		}
		line := estimate.MaximumLikelihood(regression, ad.Vector(0., 0, 0),
			estimate.Options[ad.Value]{Method: m, StdErr: estimate.Sandwich})
		if !line.Status.OK() {
			t.Errorf("%v: %s", m, line.Verdict)
		}
	}
	t.Log("estimated")
}
