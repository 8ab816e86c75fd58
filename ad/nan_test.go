package ad_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"pullback/ad"
)

// nans are programs with a NaN, each with the operation that makes it first. The line is marked
// like those of mistakes.
func nans() map[string]struct {
	do func()
	op string
} {
	type made = struct {
		do func()
		op string
	}
	zero := ad.Scalar(0.)
	return map[string]made{
		"eager": {func() {
			ad.Add(ad.Div(zero, zero), 1) // <- eager
		}, "div"},
		"compiled": {func() {
			ad.Jit(ad.Vmap(func(x ad.Value) ad.Value {
				y := ad.Exp(x)
				return ad.Mul(ad.Log(x), y) // <- compiled
			}))(ad.Vector(1., -1.))
		}, "log"},
		"in a rule": {func() {
			ad.Grad(func(x ad.Value) ad.Value {
				return ad.Sqrt(ad.Mul(x, 0)) // <- in a rule
			})(zero)
		}, ""},
		"in a loop": {func() {
			ad.Jit(func(x ad.Value) ad.Value {
				return ad.ForI(4, x, func(_, s ad.Value) ad.Value {
					s = ad.Sub(s, 1)
					return ad.Sqrt(s) // <- in a loop
				})
			})(ad.Scalar(2.))
		}, "sqrt"},
	}
}

// TestDebugNaN runs itself with PULLBACK_DEBUG=nan, which is read once a process.
func TestDebugNaN(t *testing.T) {
	if os.Getenv("PULLBACK_DEBUG") == "nan" {
		for name, c := range nans() {
			t.Run(name, func(t *testing.T) {
				defer func() {
					e, ok := recover().(*ad.NaNError)
					if !ok {
						t.Fatalf("no NaN was found: %v", e)
					}
					place := lineOf(t, "nan_test.go", name)
					if got := e.Error(); !strings.HasPrefix(got, place+": "+c.op) ||
						!strings.Contains(got, " made a NaN from ") {
						t.Errorf("%s\nwant %s: %s", got, place, c.op)
					}
				}()
				c.do()
			})
		}
		return
	}
	command := exec.Command(os.Args[0], "-test.run=^TestDebugNaN$", "-test.v")
	command.Env = append(os.Environ(), "PULLBACK_DEBUG=nan")
	out, err := command.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "PASS: TestDebugNaN/in_a_rule") {
		t.Errorf("%v\n%s", err, out)
	}
}
