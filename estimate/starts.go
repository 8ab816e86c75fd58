package estimate

import (
	"fmt"
	"math"

	"pullback/ad"
	"pullback/random"
	"pullback/status"
)

// Starts are n points to search from, of which the first is the start. Others are uniform between
// the bounds of a parameter if both are finite, and otherwise within spread·(|start|+1) of the
// start and within its bounds. The spread is 1 if zero.
func Starts(key random.Key, n int, start, lower, upper []float64, spread float64) [][]float64 {
	lower, upper = bound(lower, len(start), math.Inf(-1)), bound(upper, len(start), math.Inf(1))
	if spread == 0 {
		spread = 1
	}
	out := [][]float64{within(start, lower, upper)}
	if n < 2 {
		return out
	}
	draws := random.Uniform(key, ad.Float64, n-1, len(start)).Floats()
	for len(draws) > 0 {
		x := make([]float64, len(start))
		for i, s := range start {
			low, high := lower[i], upper[i]
			if math.IsInf(low, 0) || math.IsInf(high, 0) {
				reach := float64(spread * (math.Abs(s) + 1))
				low, high = max(low, s-reach), min(high, s+reach)
			}
			x[i] = min(max(math.FMA(draws[i], high-low, low), low), high)
		}
		out, draws = append(out, x), draws[len(start):]
	}
	return out
}

// MultiStart is the best of several searches.
type MultiStart struct {
	// Best is the highest maximum that was confirmed; if none was, the point of the greatest log
	// likelihood, and if there is none of those, where the first search ended.
	Best Optimum
	// Starts is their number, Reached how many ended at the best log likelihood, and Failed how
	// many were not confirmed as a maximum.
	Starts, Reached, Failed int
	// Higher is the log likelihood of a search that failed, where that is above the best.
	Higher Number
	// Start is the index of the best's start.
	Start int
}

// SameLogLik is the difference, relative to the log likelihood or to 1, below which two maxima
// are taken for the same.
const SameLogLik = 1e-8

func sameLogLik(a, b float64) bool {
	return math.Abs(a-b) <= float64(SameLogLik*max(1, math.Abs(a)))
}

// BestOf searches from each start, as one batch, and keeps the best; of those that are the same,
// the first. Where there are several, one that ended unconfirmed above the best goes on from there.
func (s *Search) BestOf(starts [][]float64, lower, upper []float64) MultiStart {
	ends := s.FromAll(starts, lower, upper)
	for range continued {
		best, highest := first(ends, status.Code.OK), first(ends, nil)
		if len(ends) == 1 || best == highest || highest < 0 {
			break
		}
		next := s.From(ends[highest].X, lower, upper)
		next.Steps += ends[highest].Steps
		next.Evaluations += ends[highest].Evaluations
		stuck := sameLogLik(next.LogLik, ends[highest].LogLik) && !next.Status.OK()
		ends[highest] = next
		if stuck {
			break
		}
	}
	m := MultiStart{Starts: len(ends), Start: max(first(ends, status.Code.OK), 0)}
	highest := first(ends, nil)
	if !ends[m.Start].Status.OK() && highest >= 0 {
		m.Start = highest
	}
	m.Best = ends[m.Start]
	if highest >= 0 && !sameLogLik(m.Best.LogLik, ends[highest].LogLik) {
		m.Higher = numberOf(ends[highest].LogLik)
	}
	for _, e := range ends {
		switch {
		case !e.Status.OK():
			m.Failed++
		case sameLogLik(m.Best.LogLik, e.LogLik):
			m.Reached++
		}
	}
	return m
}

// continued is how often searches above the best go on, at most.
const continued = 5

// first is the first end of the greatest log likelihood, among those with a status that is wanted,
// or -1.
func first(ends []Optimum, wanted func(status.Code) bool) int {
	best := -1
	for i, e := range ends {
		if !numberOf(e.LogLik).Known || wanted != nil && !wanted(e.Status) {
			continue
		}
		higher := best < 0 || e.LogLik > ends[best].LogLik
		if higher && (best < 0 || !sameLogLik(e.LogLik, ends[best].LogLik)) {
			best = i
		}
	}
	return best
}

// String says how many starts led to the maximum.
func (m MultiStart) String() string {
	if m.Starts == 1 {
		return "One start."
	}
	if !m.Best.Status.OK() {
		return fmt.Sprintf("None of %d starts led to a maximum that could be confirmed. %s",
			m.Starts, status.Code(m.Best.Status))
	}
	out := fmt.Sprintf("%d of %d starts led to this maximum", m.Reached, m.Starts)
	if others := m.Starts - m.Reached - m.Failed; others > 0 {
		out += fmt.Sprintf(", %d to lower ones", others)
	}
	if m.Failed > 0 {
		out += fmt.Sprintf(", %d to none", m.Failed)
	}
	if m.Higher.Known {
		out += fmt.Sprintf("; of those one came to the higher log likelihood %v and found no "+
			"maximum there", m.Higher.Value)
	}
	return out + "."
}
