package status

import (
	"strings"
	"testing"
)

func TestSentences(t *testing.T) {
	seen := map[string]Code{}
	for c := Running; c < codes; c++ {
		s := c.String()
		if other, ok := seen[s]; ok {
			t.Errorf("%d and %d are both %q", c, other, s)
		}
		seen[s] = c
		name, rest, ok := strings.Cut(s, ": ")
		if !ok || name == "" || !strings.HasSuffix(rest, ".") || strings.Contains(rest, ": ") {
			t.Errorf("%q is not a name and one sentence", s)
		}
		// Whoever reads of a failure is told what to try next, after a semicolon.
		if !c.OK() && c != Running && !strings.Contains(rest, "; ") {
			t.Errorf("%q does not say what to try next", s)
		}
		if c.OK() != (c == Converged || c == AtPrecision) {
			t.Errorf("%v: OK is %v", c, c.OK())
		}
	}
	if s := codes.String(); s != "status.Code(12)" {
		t.Errorf("an unknown code is %q", s)
	}
	if strings.HasPrefix(AtPrecision.String(), "Converged") {
		t.Error("at precision is worded like converged")
	}
}
