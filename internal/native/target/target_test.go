package target

import (
	"slices"
	"strings"
	"testing"
)

func TestChoose(t *testing.T) {
	all, older, bare := machine{}, machine{AVX512: "AVX-512 DQ"}, machine{AVX2: "X", AVX512: "X"}
	for _, c := range []struct {
		asked  string
		m      machine
		want   Target
		reason string
		wrong  bool
	}{
		{"", all, AVX512, "This machine's best is avx512.", false},
		{"", older, AVX2, "This machine's best is avx2: avx512 needs AVX-512 DQ.", false},
		{"", bare, None, "This machine's best is interp: avx2 needs X.", false},
		{"interp", all, None, "PULLBACK_EXEC=interp asks for it.", false},
		{"avx2", all, AVX2, "PULLBACK_EXEC=avx2 asks for it.", false},
		{"avx512", all, AVX512, "PULLBACK_EXEC=avx512 asks for it.", false},
		{"avx512", older, None, "PULLBACK_EXEC=avx512 asks for what this machine cannot run, " +
			"without AVX-512 DQ: set it to one of interp, avx2, or leave it unset for avx2.", true},
		{"sse", all, None, "PULLBACK_EXEC=sse asks for an executor that does not exist: set it " +
			"to one of interp, avx2, avx512, or leave it unset for avx512.", true},
	} {
		got, err := choose(c.asked, c.m)
		if got != (Choice{c.want, c.reason}) || (err != nil) != c.wrong {
			t.Errorf("%q on %q: got %v, %v", c.asked, c.m, got, err)
		}
		if err != nil && err.Error()+"." != got.Reason {
			t.Errorf("error %q and reason %q differ", err, got.Reason)
		}
	}
}

func TestHere(t *testing.T) {
	supported := Supported()
	if len(supported) == 0 || supported[0] != None || !slices.IsSorted(supported) {
		t.Errorf("supported: %v", supported)
	}
	c, err := Chosen()
	if err == nil && !slices.Contains(supported, c.Target) || !strings.HasSuffix(c.Reason, ".") {
		t.Errorf("chosen: %v, %v", c, err)
	}
	t.Log(supported, c, err)
}
