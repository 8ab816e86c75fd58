package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"pullback/benchmarks"
)

func TestServe(t *testing.T) {
	var out strings.Builder
	questions := "about\nopen newton_one_f64 16\ntime 3 2\n"
	if err := serve(strings.NewReader(questions), &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	if len(lines) != 4 || !strings.HasPrefix(lines[0], "Pullback: Go ") ||
		!strings.HasPrefix(lines[1], "17.6463638") || len(strings.Fields(lines[2])) != 3 {
		t.Errorf("the answers are %q", lines)
	}
}

func example(title string, target benchmarks.Target, ours, jax, c float64) row {
	r := row{workload: benchmarks.Workload{Title: title, Target: target}}
	for _, f := range []float64{1, 2} {
		r.ours = append(r.ours, &times{ours * f, ours * f * 1.1})
	}
	r.jax = &times{jax, jax * 1.1}
	if c > 0 {
		r.c = &times{c, c * 1.1}
	}
	return r
}

func TestTables(t *testing.T) {
	got := tables([]string{auto, "avx2"}, []row{
		example("a price", benchmarks.Target{JAX: 10, C: 1.2}, 0.5e-6, 6e-6, 0.4e-6),
		example("a batch", benchmarks.Target{JAX: 20}, 1e-3, 25e-3, 40e-3),
		example("a command", benchmarks.Target{Seconds: 0.15}, 0.7, 6, 0),
	})
	for _, want := range []string{
		"| a price | 12.0 | 12.0 | 1.25 | 1.25 | ≤ 1.2 C, ≥ 10 × JAX | missed |\n",
		"| a batch | 25.0 | 25.0 | 0.025 | 0.025 | ≥ 20 × JAX | met |\n",
		"| a command | 8.57 | 8.57 |  |  | ≤ 150 ms | missed |\n",
		"| a price | 500 / 550 ns | 6.00 / 6.60 µs | 400 / 440 ns |\n",
		"| a command | 700 / 770 ms | 6.00 / 6.60 s |  |\n",
		"| a batch | 1.00 / 1.10 ms | 2.00 / 2.20 ms | 2.00 | 2.00 |\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no line %q in\n%s", want, got)
		}
	}
}

// TestWidth holds that no workload's title makes a line of the README too long.
func TestWidth(t *testing.T) {
	var rows []row
	for _, w := range benchmarks.All() {
		rows = append(rows, example(w.Title, w.Target, 99.9e-3, 99.9e-3, 99.9e-3))
	}
	for line := range strings.Lines(tables([]string{auto, "avx512"}, rows)) {
		if utf8.RuneCountInString(line) > 101 {
			t.Errorf("longer than 100 columns: %s", line)
		}
	}
}

func TestInsert(t *testing.T) {
	path := filepath.Join(t.TempDir(), "README.md")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("before\n" + begin + "old\n" + end + "why\n")
	if err := insert(path, "new\n"); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	want := "before\n" + begin + "\nnew\n\n" + end + "why\n"
	if err != nil || string(text) != want {
		t.Errorf("the file is %q, want %q", text, want)
	}
	write("before\n" + begin + "no end\n")
	if err := insert(path, "new\n"); err == nil {
		t.Error("a file without a place for the tables is written to")
	}
}
