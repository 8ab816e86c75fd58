package optim_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/optim"
)

// TestDebugNaN runs itself with PULLBACK_DEBUG=nan, which is read once a process: no step makes a
// NaN, not even one that it leaves unused, also where an element has no gradient.
func TestDebugNaN(t *testing.T) {
	if os.Getenv("PULLBACK_DEBUG") != "nan" {
		command := exec.Command(os.Args[0], "-test.run=^TestDebugNaN$", "-test.v")
		command.Env = append(os.Environ(), "PULLBACK_DEBUG=nan")
		out, err := command.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "stepped") {
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	end := func(c ad.Value) ad.Value {
		f := func(p point) ad.Value { return ad.Square(ad.Sub(p.A, c)) } // not of B
		still := point{c, start().B}
		cosine := optim.SGD{Momentum: 0.9, Nesterov: true, Schedule: optim.CosineDecay(3, 0.1)}
		clipped := optim.Chain(optim.ClipByGlobalNorm{Limit: 0.1}, cosine)
		return ad.Add(optim.Run(f, still, optim.Adam{}, 5).F, ad.Add(
			optim.Run(f, still, clipped, 5).F, optim.Run(f, start(), clipped, 5).F))
	}
	ad.Grad(end)(ad.Scalar(5.0))
	t.Log("stepped")
}
