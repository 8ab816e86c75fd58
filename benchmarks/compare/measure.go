package main

import (
	"fmt"
	"math"
	"slices"

	"pullback/benchmarks"
)

const (
	shortest = 100e-6 // seconds that a sample takes, in several calls if need be
	perTurn  = 0.1    // seconds of samples in a turn
	enough   = 20.0   // seconds of a program, after which it gets no more turns
	fewest   = 3      // turns, even so
)

// row is what was measured of a workload. What a program does not have is nil.
type row struct {
	workload benchmarks.Workload
	ours     []*times // by executor
	jax, c   *times
}

// times are seconds that a run takes.
type times struct{ least, median float64 }

// turn is a program's part in a workload.
type turn struct {
	program        *program
	samples, calls int
	seconds        []float64
}

// measure runs a workload in all programs, so many turns each, after checking that their answers
// agree.
func (all programs) measure(w benchmarks.Workload, rounds int) (row, error) {
	contenders := append(slices.Clone(all.ours), all.jax.of(w), all.c.of(w))
	turns := make([]*turn, len(contenders))
	var ours []float64
	for i, p := range contenders {
		answer, err := p.open(w, 1)
		switch {
		case err != nil:
			return row{}, err
		case answer == nil:
			continue
		case ours == nil:
			ours = answer
		case !w.Agree(ours, answer):
			return row{}, fmt.Errorf("the answer here is %v, and that of %s is %v: they differ by "+
				"more than %g", ours, p.name, answer, w.Tolerance)
		}
		one, err := p.time(3, 1) // to warm up, and to see how long it takes
		if err != nil {
			return row{}, err
		}
		t := slices.Min(one)
		calls := max(1, int(math.Ceil(shortest/t)))
		samples := max(1, int(perTurn/(t*float64(calls))))
		turns[i] = &turn{program: p, samples: samples, calls: calls}
		rounds = min(rounds, max(fewest, int(enough/t)))
	}
	for range rounds {
		for _, t := range turns {
			if t == nil {
				continue
			}
			seconds, err := t.program.time(t.samples, t.calls)
			if err != nil {
				return row{}, err
			}
			t.seconds = append(t.seconds, seconds...)
		}
	}
	r := row{workload: w}
	for _, t := range turns[:len(all.ours)] {
		r.ours = append(r.ours, t.times())
	}
	r.jax, r.c = turns[len(all.ours)].times(), turns[len(all.ours)+1].times()
	return r, nil
}

func (t *turn) times() *times {
	if t == nil {
		return nil
	}
	slices.Sort(t.seconds)
	n := len(t.seconds)
	return &times{t.seconds[0], (t.seconds[(n-1)/2] + t.seconds[n/2]) / 2}
}
