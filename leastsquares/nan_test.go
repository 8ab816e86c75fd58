package leastsquares_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/internal/record"
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
	for _, p := range solvable() {
		if p.name == "a logarithm's domain" {
			continue
		}
		forBoth(t, p.name, func(t *testing.T, d ad.DType) {
			defer func() {
				switch e := recover().(type) {
				case nil:
				case *record.NaNError:
					t.Error(e)
				default:
					panic(e)
				}
			}()
			fit(p.r, vector(d, p.start))
		})
	}
}
