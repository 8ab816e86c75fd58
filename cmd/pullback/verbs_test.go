package main

import (
	"bytes"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pullback/internal/problemset/fake"
)

var update = flag.Bool("update", false, "write the golden files of what the commands print")

const marketFile = `name: market
parameters:
  c_d: {start: 0.5, lower: 0, upper: 2}
  c_s: {start: 0.15, lower: 0}
  sigma_p: {value: 0.01}
  sigma_q: {value: 1}
unknowns:
  P: {start: 5, bracket: [0, 100]}
define:
  demand: 100 - 2*P^c_d
  supply: 5*3^(c_s*P)
equilibrium:
  - demand = supply
observe:
  price: normal(P, sigma_p)
  quantity: normal(demand, sigma_q)
`

// verbFiles are the files that the commands are tried on, by name.
var verbFiles = map[string]string{
	"market.yaml":     marketFile,
	"restricted.yaml": strings.Replace(marketFile, "c_d: {start: 0.5,", "c_d: {value: 0.3,", 1),
	"line.yaml": "name: line\nparameters:\n  a: {start: 0}\n  b: {start: 0.1, lower: 0}\n" +
		"observe:\n  y: normal(a + b*x)\n",
	"constant.yaml": "name: constant\nparameters:\n  a: {start: 0}\nobserve:\n  y: normal(a)\n",
	"own.yaml":      "name: own\nparameters:\n  m: {start: 1}\nloglik: -0.5*(y - m)^2\n",
	"several.yaml": "name: several\nunknowns:\n  P: {start: 1, bracket: [0, 20]}\nparameters:\n" +
		"  s: {value: 1}\nequilibrium:\n  - (P - 1)*(P - 15) = 0\nobserve:\n  y: normal(P, s)\n",
	"poisson.yaml": "parameters:\n  a: {start: 0}\n  b: {start: -1}\nobserve:\n" +
		"  y: poisson(a + b*x)\n",
	"both.yaml": "parameters:\n  s: {value: 1}\nunknowns:\n  P: {start: y}\n" +
		"equilibrium:\n  - P = x\nobserve:\n  y: normal(P, s)\n",
	"panel.yaml": "parameters:\n  a: {start: 0}\ntime: t\nobserve:\n  y: normal(a*x[-1])\n",
	"groups.yaml": "parameters:\n  a: {start: 1}\n  s: {value: 1}\ndefine:\n" +
		"  m: mean(a*x by g)\nobserve:\n  y: normal(m, s)\n",
	"own_sums.yaml": "parameters:\n  s: {value: 1}\ndefine:\n  m: sum(s by g)\n",
	"panels.yaml": "parameters:\n  a: {start: 0}\npanel: m\ntime: t\nobserve:\n" +
		"  y: normal(a*x[-1])\n",
	"flat.yaml": "parameters:\n  c_d: {start: 0.5}\n  c_s: {start: 0.15}\nobserve:\n" +
		"  y: normal(c_d + c_s, 1)\n",
	"unsolved.yaml": "parameters:\n  a: {start: 1}\n  s: {value: 1}\nunknowns:\n" +
		"  P: {start: 1, bracket: [0, 20]}\nequilibrium:\n  - P^2 = a*x\nobserve:\n" +
		"  y: normal(P, s)\n",
	"endless.yaml": "parameters:\n  a: {start: 1}\nloglik: a*y\n",
	"xy.csv":       "x,y\n1,2\n2,3\n3,5\n4,4.5\n5,6.1\n",
	"falling.csv":  "x,y\n1,6\n2,5\n3,5\n4,4\n5,2\n",
	"squares.csv":  "x,y\n1,1.1\n4,1.9\n9,3.2\n",
	"z.csv":        "z\n1\n2\n",
	"twice.csv":    "t,x,y\n1,1,2\n2,2,3\n1,3,5\n",
	"untimed.csv":  "t,x,y\n1,1,2\nNA,2,3\n3,3,5\n",
	"markets.csv":  "m,t,x,y\na,1,1,2\nb,1,2,3\na,2,3,5\nb,1,4,5\n",
	"noending":     "x,y\n1,2\n",
}

// inFolder makes a folder with files of data and models the working directory, and runs commands.
func inFolder(t *testing.T, commands ...string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range verbFiles {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range commands {
		if _, stderr, status := run(strings.Fields(args)...); status != succeeded {
			t.Fatalf("%s: %s", args, stderr)
		}
	}
}

const simulated = "simulate market.yaml --rows 30 --seed 1 --out prices.csv"

// fits are those that the golden files ask questions of.
var fits = []string{simulated, "fit market.yaml prices.csv --out market",
	"fit own.yaml xy.csv --out own", "fit line.yaml xy.csv --out line",
	"fit line.yaml falling.csv --out bound", "fit unsolved.yaml squares.csv --out unsolved",
	"fit flat.yaml xy.csv --out flat", "fit restricted.yaml prices.csv --out restricted"}

// run is a command as typed.
func run(args ...string) (stdout, stderr string, status int) {
	var out, err bytes.Buffer
	status = execute(args, fake.Programs(), &out, &err)
	return out.String(), err.String(), status
}

// typed takes a command line apart at spaces outside quotes.
func typed(line string) (args []string) {
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			args = append(args, part)
			continue
		}
		args = append(args, strings.Fields(part)...)
	}
	return args
}

// TestVerbs runs the command lines of testdata/*.txt, those that begin with $, and compares all
// that each prints, and its status unless that is 0, with what follows there. To write that again:
//
//	go test ./cmd/pullback -run TestVerbs -update
func TestVerbs(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no golden files: %v", err)
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	inFolder(t, fits...)
	for _, path := range paths {
		path = filepath.Join(here, path)
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for line := range strings.Lines(string(text)) {
			command, isOne := strings.CutPrefix(line, "$ pullback ")
			if !isOne {
				continue
			}
			stdout, stderr, status := run(typed(strings.TrimSpace(command))...)
			got.WriteString(line + stdout + stderr)
			if status != succeeded {
				got.WriteString("status " + strconv.Itoa(status) + "\n")
			}
			got.WriteString("\n")
		}
		if *update {
			if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if got.String() != string(text) {
			t.Errorf("%s should be\n%s", filepath.Base(path), got.String())
		}
	}
}

// TestFitPrints prints several models one after the other, and a search that found no maximum all
// the same, which is no success.
func TestFitPrints(t *testing.T) {
	inFolder(t)
	stdout, stderr, status := run("fit", "line.yaml", "constant.yaml", "xy.csv")
	first, second := strings.Index(stdout, "line, fitted to"), strings.Index(stdout, "constant, fi")
	if status != succeeded || stderr != "" || first < 0 || second < first {
		t.Errorf("status %d, %q:\n%s", status, stderr, stdout)
	}
	stdout, stderr, status = run("fit", "endless.yaml", "xy.csv")
	if status != failed || !strings.Contains(stdout, "NOT CONVERGED") ||
		!strings.Contains(stdout, "Parameters") ||
		!strings.HasPrefix(stderr, "pullback: the fit of endless.yaml is no maximum: ") {
		t.Errorf("status %d, %q:\n%s", status, stderr, stdout)
	}
}

// TestFitWritesOverNothing keeps what is in a report's directory, unless --force is given.
func TestFitWritesOverNothing(t *testing.T) {
	inFolder(t, "fit line.yaml xy.csv --out line")
	before := contents(t, "line")
	args := []string{"fit", "constant.yaml", "xy.csv", "--out", "line"}
	stdout, stderr, status := run(args...)
	if status != failed || stdout != "" || !strings.Contains(stderr, "line is there already") {
		t.Errorf("status %d: %q, %q", status, stdout, stderr)
	}
	for name, text := range contents(t, "line") {
		if before[name] != text {
			t.Errorf("%s has changed", name)
		}
	}
	if len(contents(t, "line")) != len(before) {
		t.Error("there are other files")
	}
	_, stderr, status = run(append(args, "--force")...)
	if status != succeeded || stderr != "The report is in "+
		filepath.Join("line", "report.html")+".\n" {
		t.Errorf("status %d: %q", status, stderr)
	}
	for _, name := range []string{"fit.json", "table.csv", "table.tex", "report.html"} {
		if text := contents(t, "line")[name]; text == "" || text == before[name] {
			t.Errorf("%s is as before", name)
		}
	}
}

// contents are a directory's files.
func contents(t *testing.T, directory string) map[string]string {
	t.Helper()
	out := map[string]string{}
	entries, err := os.ReadDir(directory)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(directory, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		out[e.Name()] = string(text)
	}
	return out
}

// TestBarsStayOutOfPipes: a file or a pipe gets no progress.
func TestBarsStayOutOfPipes(t *testing.T) {
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []io.Writer{new(bytes.Buffer), write} {
		b := newBars(w)
		b.set("bootstrap", 1, 2)
		if b.progress != nil {
			t.Errorf("%T has bars", w)
		}
		b.end()
	}
	if err := write.Close(); err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(read); err != nil || len(text) > 0 {
		t.Errorf("the pipe has %q, %v", text, err)
	}
	inFolder(t, simulated)
	_, stderr, status := run("fit", "market.yaml", "prices.csv", "--bootstrap", "20")
	if status != succeeded || stderr != "" {
		t.Errorf("status %d: %q", status, stderr)
	}
}
