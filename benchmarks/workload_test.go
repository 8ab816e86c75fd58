package benchmarks

import (
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkWorkload runs each workload; -bench Workload/newton_batch chooses some.
func BenchmarkWorkload(b *testing.B) {
	for _, w := range All() {
		b.Run(w.Name, func(b *testing.B) {
			t := w.Open(Setting{Shrink: 1, Dir: b.TempDir()})
			t.Run()
			b.ReportAllocs()
			for b.Loop() {
				t.Run()
			}
		})
	}
}

// TestAnswers compares the small workloads' answers with JAX's, which `make answers` writes.
func TestAnswers(t *testing.T) {
	text, err := os.ReadFile("testdata/answers.txt")
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string][]float64{}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		for _, word := range words[1:] {
			x, err := strconv.ParseFloat(word, 64)
			if err != nil {
				t.Fatal(err)
			}
			answers[words[0]] = append(answers[words[0]], x)
		}
	}
	for _, w := range All() {
		t.Run(w.Name, func(t *testing.T) {
			task := w.Open(Setting{Shrink: Small, Dir: t.TempDir()})
			task.Run()
			got, want := task.Answer(), answers[w.Name]
			if len(got) == 0 || !w.Agree(got, want) {
				t.Errorf("the answer is %v, want %v within %g", got, want, w.Tolerance)
			}
		})
	}
}

// What the comparison must not let pass.
func TestDisagreements(t *testing.T) {
	w := Workload{Tolerance: 1e-3}
	want := []float64{1, 1000}
	if !w.Agree([]float64{1.0005, 1000.5}, want) {
		t.Error("answers within the tolerance do not agree")
	}
	for _, got := range [][]float64{{1.002, 1000}, {1, 1002}, {1}, {1, math.NaN()}} {
		if w.Agree(got, want) || w.Agree(want, got) {
			t.Errorf("%v and %v agree", got, want)
		}
	}
	names := map[string]bool{}
	for _, w := range All() {
		if names[w.Name] || w.Wide != strings.HasSuffix(w.Name, "_f64") {
			t.Errorf("%s is there twice or has the wrong width", w.Name)
		}
		names[w.Name] = true
	}
}
