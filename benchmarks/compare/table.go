package main

import (
	"fmt"
	"os"
	"strings"

	"pullback/benchmarks"
)

// What stands between these lines in the README is written anew each time; the rest stays.
const (
	begin = "<!-- written by make anchors -->\n"
	end   = "<!-- end -->\n"
)

func insert(path, text string) error {
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	before, rest, found := strings.Cut(string(old), begin)
	_, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		return fmt.Errorf("%s lacks the lines %q and %q that the tables stand between", path, begin,
			end)
	}
	return os.WriteFile(path, []byte(before+begin+"\n"+text+"\n"+end+after), 0o644)
}

func tables(executors []string, rows []row) string {
	out := "\n### Ratios\n\n" + head("work", "× JAX", "median", "of C's", "median", "target", "")
	for _, r := range rows {
		ours := r.ours[0]
		out += line(r.workload.Title, r.jax.min().over(ours.min()),
			r.jax.middle().over(ours.middle()), ours.min().over(r.c.min()),
			ours.middle().over(r.c.middle()), aim(r.workload.Target), verdict(r))
	}
	out += "\n### Times, least / median\n\n" + head("work", "Pullback", "JAX", "C")
	for _, r := range rows {
		out += line(r.workload.Title, r.ours[0].String(), r.jax.String(), r.c.String())
	}
	for i, executor := range executors[1:] {
		out += fmt.Sprintf("\n### PULLBACK_EXEC=%s\n\n", executor) +
			head("work", executors[0], executor, "ratio", "median")
		for _, r := range rows {
			first, other := r.ours[0], r.ours[i+1]
			out += line(r.workload.Title, first.String(), other.String(),
				other.min().over(first.min()), other.middle().over(first.middle()))
		}
	}
	return out
}

// head is a table's first two lines: the first column is words, the others are numbers.
func head(names ...string) string {
	return line(names...) + "| --- |" + strings.Repeat(" ---: |", len(names)-1) + "\n"
}

func line(cells ...string) string { return "| " + strings.Join(cells, " | ") + " |\n" }

// quantity is a number of seconds, or 0 where there is none.
type quantity float64

func (t *times) min() quantity {
	if t == nil {
		return 0
	}
	return quantity(t.least)
}

func (t *times) middle() quantity {
	if t == nil {
		return 0
	}
	return quantity(t.median)
}

func (q quantity) over(p quantity) string {
	if p == 0 || q == 0 {
		return ""
	}
	return digits(float64(q / p))
}

func (t *times) String() string {
	if t == nil {
		return ""
	}
	for _, unit := range []struct {
		name    string
		seconds float64
	}{{"s", 1}, {"ms", 1e-3}, {"µs", 1e-6}, {"ns", 1e-9}} {
		if t.least >= unit.seconds {
			return digits(t.least/unit.seconds) + " / " + digits(t.median/unit.seconds) + " " +
				unit.name
		}
	}
	return "0"
}

// digits is x with three digits, or more where it is above 1000.
func digits(x float64) string {
	switch {
	case x < 0.995:
		return fmt.Sprintf("%.3f", x)
	case x < 9.995:
		return fmt.Sprintf("%.2f", x)
	case x < 99.95:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}

func aim(t benchmarks.Target) string {
	var parts []string
	if t.C > 0 {
		parts = append(parts, fmt.Sprintf("≤ %g C", t.C))
	}
	if t.JAX > 0 {
		parts = append(parts, fmt.Sprintf("≥ %g × JAX", t.JAX))
	}
	if t.Seconds > 0 {
		parts = append(parts, fmt.Sprintf("≤ %g ms", t.Seconds*1e3))
	}
	return strings.Join(parts, ", ")
}

// verdict compares least with least.
func verdict(r row) string {
	t, ours := r.workload.Target, r.ours[0].least
	missed := t.C > 0 && ours > t.C*r.c.least || t.JAX > 0 && ours*t.JAX > r.jax.least ||
		t.Seconds > 0 && ours > t.Seconds
	if missed {
		return "missed"
	}
	return "met"
}
