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

// BestOf searches from each start, as one batch, and keeps the best.
func (s *Search) BestOf(starts [][]float64, lower, upper []float64) MultiStart {
	ends := s.FromAll(starts, lower, upper)
	m := MultiStart{Best: ends[0], Starts: len(ends)}
	for i, e := range ends {
		confirmed, has := e.Status.OK(), m.Best.Status.OK()
		better := e.LogLik > m.Best.LogLik || math.IsNaN(m.Best.LogLik)
		if confirmed && !has || confirmed == has && better && numberOf(e.LogLik).Known {
			m.Best, m.Start = e, i
		}
		if !confirmed {
			m.Failed++
		}
	}
	for _, e := range ends {
		same := sameLogLik(m.Best.LogLik, e.LogLik)
		if e.Status.OK() && same {
			m.Reached++
		}
		higher := e.LogLik > m.Best.LogLik && !same && numberOf(e.LogLik).Known
		if higher && !(m.Higher.Known && m.Higher.Value >= e.LogLik) {
			m.Higher = numberOf(e.LogLik)
		}
	}
	return m
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
		out += fmt.Sprintf("; of those one passed a log likelihood of %v, which is higher: the "+
			"likelihood may have no maximum", m.Higher.Value)
	}
	return out + "."
}
