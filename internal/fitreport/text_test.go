package fitreport

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pullback/fit"
)

var update = flag.Bool("update", false, "write what is printed to testdata")

// golden compares what was printed with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: printed is\n%s\nand not\n%s", name, got, want)
	}
}

func text(t *testing.T, f *fit.Fit) string {
	t.Helper()
	var printed bytes.Buffer
	if err := Text(&printed, f); err != nil {
		t.Fatal(err)
	}
	return printed.String()
}

func TestText(t *testing.T) {
	for name, f := range fits() {
		golden(t, name+".txt", text(t, f))
	}
}

func TestFailureComesFirst(t *testing.T) {
	printed := text(t, failed())
	first := strings.Index(printed, "NOT CONVERGED")
	if first < 0 || first > strings.Index(printed, "log likelihood") {
		t.Errorf("a failed fit is printed as\n%s", printed)
	}
	if strings.Contains(text(t, identified()), "NOT CONVERGED") {
		t.Error("a fit that converged is said not to have")
	}
}

func TestNumbersOfAParameter(t *testing.T) {
	for _, test := range []struct {
		estimate, stdErr float64
		want             string
	}{
		{93.6192202801037, 7.40444030177, "93.6192 7.4044"},
		{-0.6, 1234567, "-1 1234567"},
		{-0.4, 1234567, "0 1234567"},
		{0.5953, 6.028e-5, "0.595300000 0.000060280"},
		{0, 2, "0.0000 2.0000"},
		{1e-20, 3e-21, "1e-20 3e-21"},
		{1.23456789e12, 1.5e3, "1234567890000 1500"},
		{7, 0, "7 0"},
	} {
		form := precisionOf(test.estimate, test.stdErr)
		if got := form.print(test.estimate) + " " + form.print(test.stdErr); got != test.want {
			t.Errorf("%g and %g print as %s, not %s", test.estimate, test.stdErr, got, test.want)
		}
	}
}

func TestProbabilityIsNeverZero(t *testing.T) {
	for p, want := range map[float64]string{0: "<1e-300", 5e-324: "<1e-300", 1e-36: "1.0e-36",
		0.00094: "9.4e-04", 0.00096: "0.0010", 0.05: "0.0500", 1: "1.0000"} {
		if got := probability(p); got != want {
			t.Errorf("P = %g prints as %s, not %s", p, got, want)
		}
	}
}
