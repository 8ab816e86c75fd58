package programs_test

import (
	"bytes"
	"math"
	"os"
	"strings"
	"testing"

	answers "pullback/internal/problemset"
	"pullback/internal/problemset/programs"
	"pullback/status"
)

// computed are the real programs' answers to the given questions.
func computed(t *testing.T, questions ...answers.Question) answers.Answers {
	t.Helper()
	a, err := answers.Answer(questions, programs.All())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// expected is a figure and how near both precisions must come to it.
type expected struct {
	id               string
	value            float64
	single, double   float64 // the greatest distance; infinite where a precision is not held to it
	relative, atMost bool    // distances are relative; or value is an upper bound, the rest aside
}

// TestFigures holds the real programs to the published figures, and to the minimum and the repaired
// estimates that the published programs missed.
func TestFigures(t *testing.T) {
	figures := map[string]answers.Figure{}
	for _, s := range computed(t, answers.Questions()...).Sections {
		for _, f := range s.Figures {
			figures[f.ID] = f
		}
	}
	const half = 0.5e-4 * (1 + 1e-9) // of the last of four printed decimals
	free := math.Inf(1)
	for _, want := range []expected{
		{id: "q1.1.trace_hessian", value: 10240.816, single: 1e-6, double: 1e-6, relative: true},
		{id: "q1.1.trace_diagonal", value: 10240.817, single: 1e-6, double: 1e-6, relative: true},
		{id: "q1.1.hutchinson.M1", value: 10229.5576, single: 1e-6, double: 1e-6, relative: true},
		{id: "q1.1.hutchinson.M10", value: 10182.5596, single: 1e-6, double: 1e-6, relative: true},
		{id: "q1.1.hutchinson.M100", value: 10503.5107, single: 1e-6, double: 1e-6, relative: true},
		{id: "q1.1.hutchinson.M1000", value: 10209.1455, single: 1e-6, double: 1e-6,
			relative: true},
		{id: "q1.2.trace", value: 1002486.69, single: 1e-6, double: 1e-6, relative: true},
		{id: "q2.1.brent.price", value: 17.65, single: 5e-3, double: 5e-3},
		{id: "q2.1.brent.quantity", value: 91.60, single: 5e-3, double: 5e-3},
		{id: "q2.1.price", value: 17.65, single: 5e-3, double: 5e-3},
		{id: "q2.1.quantity", value: 91.60, single: 5e-3, double: 5e-3},
		// One rounding of the price in float32 moves these by 4e-5 of themselves.
		{id: "q2.2.loglik", value: 2.3698, single: half, double: 2e-4},
		{id: "q2.3.grad_c_d", value: -255.215134, single: 2e-6, double: 1e-4, relative: true},
		{id: "q2.3.grad_c_s", value: -18792.078125, single: 2e-6, double: 1e-4, relative: true},
		{id: "q2.4.adam.c_d", value: 0.5615, single: half, double: half},
		{id: "q2.4.adam.c_s", value: 0.1491, single: half, double: half},
		{id: "q2.4.bfgs.nll", value: -165.80, single: 0, double: 0, atMost: true},
		{id: "q2.4.bfgs.nll", value: -165.81489, single: free, double: 5e-6},
		{id: "q2.4.identified", value: 0},
		{id: "q2.4.both.c_d", value: 0.49997549, single: 6e-6, double: 5e-9},
		{id: "q2.4.both.c_s", value: 0.15001634, single: 1e-6, double: 5e-9},
		{id: "q2.4.both.se_c_d", value: 6.0288e-5, single: 1e-3, double: 1e-5, relative: true},
		{id: "q2.4.both.se_c_s", value: 1.20502e-5, single: 1e-3, double: 1e-5, relative: true},
	} {
		f, there := figures[want.id]
		if !there {
			t.Errorf("there is no figure %s", want.id)
			continue
		}
		want.hold(t, "float32", f.Float32, want.single)
		want.hold(t, "float64", f.Float64, want.double)
	}
}

func (e expected) hold(t *testing.T, precision string, got, distance float64) {
	t.Helper()
	if e.relative {
		distance *= math.Abs(e.value)
	}
	if off := got - e.value; !(off <= distance) || !e.atMost && !(-off <= distance) {
		t.Errorf("%s is %v in %s, want %v", e.id, got, precision, e.value)
	}
}

// TestReadme holds what the README quotes to what is computed.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n## What an answer looks like\n")
	section, _, _ = strings.Cut(section, "\n## ")
	if !found {
		t.Fatal("the README has no section on answers")
	}
	questions, err := answers.Find("2.4")
	if err != nil {
		t.Fatal(err)
	}
	var printed bytes.Buffer
	if err := computed(t, questions...).WriteText(&printed); err != nil {
		t.Fatal(err)
	}
	real := unwrapped(printed.String() + " " + status.AtPrecision.String())
	var quoted strings.Builder
	for _, line := range strings.Split(section, "\n") {
		if code, is := strings.CutPrefix(line, "    "); is {
			quoted.WriteString(code + "\n")
		} else if line != "" {
			quoted.WriteString("[...]\n") // prose between quotations
		}
	}
	parts := strings.Split(quoted.String(), "[...]")
	if len(unwrapped(quoted.String())) < 500 {
		t.Errorf("the README quotes only %q", parts)
	}
	for _, part := range parts {
		if !strings.Contains(real, unwrapped(part)) {
			t.Errorf("the README quotes %q, which is not in\n%s", unwrapped(part), real)
		}
	}
}

// unwrapped is text on one line.
func unwrapped(text string) string { return strings.Join(strings.Fields(text), " ") }
