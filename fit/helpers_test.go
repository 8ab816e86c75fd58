package fit_test

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"pullback/data"
	"pullback/fit"
	"pullback/model"
)

// slow skips a test of numbers under the race detector, which makes compiling ten times slower:
// other tests go the same ways.
func slow(t *testing.T) {
	t.Helper()
	if raceEnabled {
		t.Skip("too slow under the race detector")
	}
}

// bound reads a model and binds it to a table.
func bound(t *testing.T, text string, table *data.Table) *model.Bound {
	t.Helper()
	m, err := model.Parse("model.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	b, err := model.Bind(m, table)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// fitted estimates a model from a table.
func fitted(t *testing.T, text string, table *data.Table, o fit.Options) *fit.Fit {
	t.Helper()
	f, err := fit.Estimate(bound(t, text, table), o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// read is a table in a file.
func read(t *testing.T, path string) *data.Table {
	t.Helper()
	table, err := data.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// simulated is a table drawn from a model.
func simulated(t *testing.T, text string, rows int, seed uint64) *data.Table {
	t.Helper()
	m, err := model.Parse("model.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	names, columns, err := fit.Simulate(m, nil, rows, seed, nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := data.WriteCSV(&out, names, columns); err != nil {
		t.Fatal(err)
	}
	table, err := data.ReadCSV("simulated.csv", &out)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// digits is to how many significant ones two numbers agree.
func digits(got, want float64) float64 {
	if got == want {
		return 17
	}
	return -math.Log10(math.Abs(got-want) / math.Abs(want))
}

// agree complains about numbers with fewer than so many digits in common.
func agree(t *testing.T, what string, got, want, least float64) {
	t.Helper()
	if d := digits(got, want); !(d >= least) {
		t.Errorf("%s is %.15g and should be %.15g: %.1f digits, not %v", what, got, want, d, least)
	}
}

// parameter of a fit by name.
func parameter(t *testing.T, f *fit.Fit, name string) fit.Parameter {
	t.Helper()
	for _, p := range f.Parameters {
		if p.Name == name {
			return p
		}
	}
	t.Fatalf("there is no parameter %s", name)
	return fit.Parameter{}
}

// says complains unless a sentence holds each of these.
func says(t *testing.T, sentence string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(sentence, p) {
			t.Errorf("%q is not in\n%s", p, sentence)
		}
	}
}
