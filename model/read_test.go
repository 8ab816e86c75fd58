package model

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pullback/model/expression"
)

func parse(t *testing.T, text string) *Model {
	t.Helper()
	m, err := Parse("test.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// system is a model of shocks: supply and demand as simultaneous equations.
const system = `name: food
parameters:
  d0: {start: 90}
  dP: {start: -.2, upper: 0}
  s0: {start: 50, lower: -1e3, upper: 1e3, transform: logit}
  sP: {start: 2*pi/10, transform: log}
unknowns:
  Q: {observed: consump}
  P: {observed: price, start: 100}
residual:
  "(d0 + dP*P - Q, s0 + sP*P - Q)": mvnormal((0, 0))
weights: {column: w, kind: sampling}
panel: market
time: year
missing: drop
`

func TestParameters(t *testing.T) {
	want := []Parameter{
		{"d0", 90, false, math.Inf(-1), math.Inf(1), Identity, Position{3, 3}},
		{"dP", -0.2, false, math.Inf(-1), 0, Identity, Position{4, 3}},
		{"s0", 50, false, -1000, 1000, Logit, Position{5, 3}},
		{"sP", 2 * math.Pi / 10, false, 0, math.Inf(1), Log, Position{6, 3}},
	}
	if got := parse(t, system).Parameters; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the parameters are\n%v, want\n%v", got, want)
	}
}

func TestShocks(t *testing.T) {
	m := parse(t, system)
	if len(m.Shocks) != 1 || len(m.Shocks[0].Targets) != 2 || len(m.Shocks[0].Args) != 2 ||
		!m.Shocks[0].Free() {
		t.Fatalf("the shocks are %v", m.Shocks)
	}
	second := m.Shocks[0].Targets[1].Formula
	if second.Text != "s0 + sP*P - Q" || second.At != (Position{11, 20}) {
		t.Errorf("the second residual is %q at %v", second.Text, second.At)
	}
	if got := m.Unknowns[0]; got.Start.Text != "consump" || got.Observed.Name != "consump" ||
		got.Select != Nearest {
		t.Errorf("the first unknown is %v", got)
	}
	if !m.Weights.Sampling || m.Weights.Column.Name != "w" || m.Panel.Name != "market" ||
		m.Time.Name != "year" || !m.DropMissing {
		t.Errorf("the rows are %v, %v, %v, %v", m.Weights, m.Panel, m.Time, m.DropMissing)
	}
	want := "[{consump {8 17}} {price {9 17}} {w {12 19}} {market {13 8}} {year {14 7}}]"
	if got := fmt.Sprint(m.Columns()); got != want {
		t.Errorf("the columns are %s, want %s", got, want)
	}
}

func TestDistributions(t *testing.T) {
	for text, want := range map[string]string{
		"normal(m, s)":               "0 [m s]",
		"normal(m)":                  "0 [m]",
		"student_t(3, m, s)":         "2 [3 m s]",
		"lognormal(m, s)":            "3 [m s]",
		"poisson(exp(m))":            "4 [exp(m)]",
		"bernoulli(p)":               "5 [p]",
		"bernoulli( logit(a + b*x))": "6 [a + b*x]",
		"logit((a + b)*x)":           "6 [(a + b)*x]",
		"exponential(1/m)":           "7 [1/m]",
		"gamma(2, (m))":              "8 [2 m]",
	} {
		o := parse(t, "observe:\n  y: "+text+"\n").Observations[0]
		var args []string
		for _, a := range o.Args {
			args = append(args, a.Text)
			if text := a.Text[a.Expr.Where().Start:a.Expr.Where().End]; text != a.Text {
				t.Errorf("%s: the argument %q spans %q", text, a.Text, text)
			}
		}
		if got := fmt.Sprintf("%d [%s]", o.Family, strings.Join(args, " ")); got != want {
			t.Errorf("%s is read as %s, want %s", text, got, want)
		}
	}
}

func TestTargets(t *testing.T) {
	yes := []string{"y", "log(y)", "exp(-y/2)", "100*y - 5", "y^0.5", "y^3", "y^-1", "1/y",
		"sqrt(log(y) + 1)", "logit(y)", "(y)", "2 - log10(3*y)"}
	no := []string{"y^2", "y^0", "y^-2", "0*y", "abs(y)", "sin(y)", "y + y", "y - log(y)", "2^y",
		"y[-1]", "sum(y)", "if y > 1 then y else 1", "max(y, 1)", "round(y)", "y/0", "y^y"}
	for i, text := range append(yes, no...) {
		_, err := Parse("test.yaml", []byte("observe:\n  "+text+": normal(0)\n"))
		if (err == nil) != (i < len(yes)) {
			t.Errorf("%s: the error is %v", text, err)
		}
	}
}

// TestANameOfTwo has an unknown and a column with one name: before a colon it is the column.
func TestANameOfTwo(t *testing.T) {
	m := parse(t, "unknowns:\n  P: {start: 5}\nequilibrium:\n  - P = x\n"+
		"observe:\n  log(P): normal(log(P))\nloglik: -P^2\n")
	if o := m.Observations[0]; o.Targets[0].Column != "P" || o.Targets[0].Formula.Text != "log(P)" {
		t.Errorf("the observation is %v", o)
	}
	if got := fmt.Sprint(m.Columns()); got != "[{x {4 9}} {P {6 7}}]" {
		t.Errorf("the columns are %s", got)
	}
	if m.LogLik == nil || m.LogLik.Text != "-P^2" {
		t.Errorf("the log likelihood is %v", m.LogLik)
	}
}

func TestDefinitionsAreSorted(t *testing.T) {
	m := parse(t, "define:\n  a: b + c\n  b: 2*d\n  c: d + b\n  d: x\n")
	var names []string
	for _, d := range m.Definitions {
		names = append(names, d.Name)
	}
	if got := strings.Join(names, " "); got != "d b c a" {
		t.Errorf("the order is %s", got)
	}
}

func TestSelections(t *testing.T) {
	for keys, want := range map[string]Selection{
		"start: 5": Nearest, "start: 5, bracket: [0, 9]": Unique,
		"start: 5, bracket: [0, 9], select: highest": Highest,
		"start: 5, bracket: [0, 9], select: nearest": Nearest,
		"start: 5, bracket: [x, 2*x]":                Unique,
	} {
		m := parse(t, "unknowns:\n  P: {"+keys+"}\nequilibrium:\n  - P = x\n")
		if got := m.Unknowns[0].Select; got != want {
			t.Errorf("{%s} selects %v, want %v", keys, got, want)
		}
	}
	m := parse(t, "unknowns:\n  P: {start: 1, bracket: [0, 9]}\n  Q: {start: 1}\n"+
		"equilibrium:\n  - P = Q\n  - Q = x\n")
	if m.Unknowns[0].Select != Nearest || m.Unknowns[0].Lower == nil {
		t.Errorf("in a system an unknown is %v", m.Unknowns[0])
	}
}

// TestPlaces follows formulas through what YAML does to lines.
func TestPlaces(t *testing.T) {
	const text = "define:\n" +
		"  plain: a + target\n" +
		"  folded: a +\n     b +\n\n     target\n" +
		"  block: |\n\n     a +\n       target\n" +
		"  joined: >-\n     a\n     + target\n" +
		"  'quoted':   'a + target'\n" +
		"  δ: \"β + target\"\n"
	m := parse(t, text)
	lines := strings.Split(text, "\n")
	for _, d := range m.Definitions {
		for _, n := range expression.Names(d.Formula.Expr) {
			at := m.Place(d.Formula, n.Where())
			line := []rune(lines[at.Line-1])
			if !strings.HasPrefix(string(line[at.Column-1:]), n.Name) {
				t.Errorf("%s: %s is said to be at %v, %q", d.Name, n.Name, at,
					string(line[at.Column-1:]))
			}
		}
	}
	if len(m.Definitions) != 6 {
		t.Errorf("there are %d definitions", len(m.Definitions))
	}
}

func TestOtherSystemsFiles(t *testing.T) {
	m := parse(t, "\ufeff"+strings.ReplaceAll(system, "\n", "\r\n"))
	if len(m.Parameters) != 4 || m.Weights.Column.At != (Position{12, 19}) {
		t.Errorf("with carriage returns the model is %v", m)
	}
	if m := parse(t, "--- # a model\n"+system); m.Name != "food" {
		t.Errorf("the name is %q", m.Name)
	}
}

func TestRead(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "supply.yaml")
	if err := os.WriteFile(path, []byte("define:\n  d: 3\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if m, err := Read(path); err != nil || m.Name != "supply" || m.Source.Path != path {
		t.Errorf("the model is %v (%v)", m, err)
	}
	if _, err := Read(filepath.Join(dir, "none.yaml")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file is %v", err)
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(1<<30), f.Close()); err != nil {
		t.Fatal(err)
	}
	var e *Error
	if _, err := Read(path); !errors.As(err, &e) || !strings.Contains(e.Message, "more than") {
		t.Errorf("a file of a gigabyte is %v", err)
	}
}

// hostile are files that are short to write and might be long to read.
func hostile() map[string]string {
	fill := func(s string) string { return strings.Repeat(s, largestFile/len(s)) }
	numbered := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i, i+1)
		}
		return b.String()
	}
	out := map[string]string{
		"parameters":  "parameters:\n" + numbered(2500, "  p%d: {start: %d}\n"),
		"definitions": "define:\n" + numbered(3000, "  d%d: x\n  e%d: y\n"),
		"a chain":     "define:\n" + numbered(6000, "  d%d: d%d\n"),
		"equations": "unknowns:\n  P: {start: 1}\nequilibrium:\n" +
			numbered(9000, "  - P = x%d + y%d\n"),
		"names":    "define:\n  d: " + numbered(4000, "x%d + y%d + ") + "x\n",
		"minima":   "define:\n  d: " + strings.Repeat("min(", 190) + "x\n",
		"observed": "observe:\n" + numbered(6000, "  x%d: normal(y%d)\n"),
		"comments": "define:\n  d: x\n" + fill("#\n"),
		"lines":    "define:\n  d: x" + strings.Repeat("\n", largestFile/2),
		"one word": fill("a"),
		"quoted":   "name: \"" + fill("\\x41"),
	}
	for _, s := range []string{"[", "{", "- ", "? ", "a: ", "a:\n ", "- \n ", "'", "\"", "\t",
		"|\n", ": ", "&a ", "*a ", "!a ", "---\n", "%a\n", "]", "}", ", ", "[a, ", "{a: ", "\n\n ",
		"a:\n", "\ufeff", "- a: ", "a: b\n", ">\n ", "((", "- - "} {
		out[fmt.Sprintf("%q", s)] = fill(s)
	}
	return out
}

// TestHostileFiles reads them all; one that takes too long makes the test time out.
func TestHostileFiles(t *testing.T) {
	for name, text := range hostile() {
		start := time.Now()
		m, err := Parse("hostile.yaml", []byte(text[:min(len(text), largestFile)]))
		if err == nil {
			m.Columns()
		}
		if d := time.Since(start); d > 500*time.Millisecond {
			t.Logf("%s takes %v", name, d)
		}
		if err != nil && len(err.Error()) > 2000 {
			t.Errorf("%s: the error has %d bytes", name, len(err.Error()))
		}
	}
}

// FuzzParse holds that any file gives a model or an *Error with a place in the file, and that what
// a model says of itself holds together.
func FuzzParse(f *testing.F) {
	f.Add([]byte(system))
	paths, err := filepath.Glob("testdata/errors/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		if len(text) < 1000 {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := Parse("fuzz.yaml", text)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("the error is a %T: %v", err, err)
			}
			n := 2 + strings.Count(strings.ReplaceAll(string(text), "\r", "\n"), "\n")
			if e.At.Line > n || e.At.Line < 0 {
				t.Fatalf("the error is in line %d of %d: %v", e.At.Line, n, err)
			}
			return
		}
		for _, c := range m.Columns() {
			if !expression.IsName(c.Name) || c.At.Line < 1 || c.At.Column < 1 {
				t.Fatalf("a column is %v", c)
			}
			_ = m.NotAColumn(c, nil).Error()
		}
		before := map[string]bool{}
		for _, d := range m.Definitions {
			for _, n := range expression.Names(d.Formula.Expr) {
				if m.declared()[n.Name] && !before[n.Name] && isDefinition(m, n.Name) {
					t.Fatalf("%s comes before %s, which it uses", d.Name, n.Name)
				}
			}
			before[d.Name] = true
		}
	})
}

func isDefinition(m *Model, name string) bool {
	for _, d := range m.Definitions {
		if d.Name == name {
			return true
		}
	}
	return false
}
