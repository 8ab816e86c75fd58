package root_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/internal/record"
	"pullback/root"
)

// TestDebugNaN runs itself with PULLBACK_DEBUG=nan, which is read once a process: a solve that
// succeeds makes no NaN of its own, not even one that it leaves unused.
func TestDebugNaN(t *testing.T) {
	if os.Getenv("PULLBACK_DEBUG") != "nan" {
		command := exec.Command(os.Args[0], "-test.run=^TestDebugNaN$", "-test.v")
		command.Env = append(os.Environ(), "PULLBACK_DEBUG=nan")
		out, err := command.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "PASS: TestDebugNaN/cubic/brent/float32") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	madeNone := func(t *testing.T, solve func()) {
		defer func() {
			switch e := recover().(type) {
			case nil:
			case *record.NaNError:
				t.Error(e)
			default:
				panic(e)
			}
		}()
		solve()
	}
	forAll(t, func(t *testing.T, p problem, d ad.DType, s solver) {
		solve := func(theta ad.Value) root.Result[ad.Value] {
			return s(func(y ad.Value) ad.Value { return p.f(y, theta) })
		}
		theta := ad.Full(d, p.theta)
		madeNone(t, func() { solve(theta) })
		madeNone(t, func() { ad.Vmap(solve)(ad.Stack(0, theta, ad.Mul(theta, 1.01))) })
	})
	for _, p := range systems() {
		madeNone(t, func() {
			f := func(y ad.Value) ad.Value { return p.f(y, ad.Scalar(p.theta)) }
			root.Find(f, ad.Vector(p.start...), root.Newton{})
		})
	}
}
