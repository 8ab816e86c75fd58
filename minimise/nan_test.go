package minimise_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/internal/record"
	"pullback/minimise"
)

// TestDebugNaN runs itself with PULLBACK_DEBUG=nan, which is read once a process: a search that
// succeeds makes no NaN of its own, not even one that it leaves unused. A function may, where a
// trial is outside its domain.
func TestDebugNaN(t *testing.T) {
	if os.Getenv("PULLBACK_DEBUG") != "nan" {
		command := exec.Command(os.Args[0], "-test.run=^TestDebugNaN$", "-test.v")
		command.Env = append(os.Environ(), "PULLBACK_DEBUG=nan")
		out, err := command.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "PASS: TestDebugNaN/Beale/float32") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	noNaN := func(t *testing.T) {
		switch e := recover().(type) {
		case nil:
		case *record.NaNError:
			t.Error(e)
		default:
			panic(e)
		}
	}
	for _, p := range inBoxes() {
		if p.name == "HS25" || p.name == "entropy" || p.name == "a logarithm's domain" {
			continue // derivatives are NaN or infinite on the edge of the box
		}
		t.Run(p.name+" in a box", func(t *testing.T) {
			defer noNaN(t)
			start, box := vector(ad.Float64, p.start), p.box(ad.Float64)
			minimise.FindIn(p.f, start, box, minimise.BFGS{})
			minimise.FindIn(p.f, start, box, minimise.TrustRegion{})
			minimise.FindIn(p.f, start, box, minimise.NelderMead{MaxSteps: 20})
		})
	}
	for _, p := range solvable() {
		if p.name == "a logarithm's domain" {
			continue
		}
		forBoth(t, p.name, func(t *testing.T, d ad.DType) {
			defer noNaN(t)
			start := vector(d, p.start)
			bfgs(p.f, start)
			minimise.Find(p.f, start, minimise.LBFGS{MaxSteps: 50})
			minimise.Find(p.f, start, minimise.TrustRegion{MaxSteps: 50})
			minimise.Find(p.f, start, minimise.NelderMead{MaxSteps: 20})
			solve := func(x ad.Value) minimise.Result[ad.Value] { return bfgs(p.f, x) }
			ad.Vmap(solve)(ad.Stack(0, start, ad.Mul(start, 1.1)))
		})
	}
}
