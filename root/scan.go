package root

import (
	"math"

	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/status"
)

// Scan looks at f at equally spaced points of a bracket, to tell how many roots there are, and
// refines one by Brent's method. One unknown.
//
// A root is where f changes sign from one point to the next, or is zero at a point; a NaN at a
// point is neither. The scan proves nothing: two roots between two points are not seen. A sign
// change at a pole counts, and ends as status.Jump if it is the one that is refined.
type Scan struct {
	Lower, Upper Value     // scalars: the bracket, Lower below Upper
	Points       int       // parts of the bracket, 256 if zero
	Select       Selection // which of several roots
	RTol, ATol   float64   // 1e-8 in float64 and 1e-4 in float32 if both are zero
	MaxSteps     int       // of Brent's method, 100 if zero
}

// Selection is which of several roots is meant.
type Selection int

// The selections.
const (
	Unique  Selection = iota // the only one; several are status.Several
	Lowest                   // the first from Lower
	Highest                  // the last
	Nearest                  // to the guess
)

var _ Method[ScanState] = Scan{}

// ScanState is Brent's on the interval that was chosen, and how many there were.
type ScanState struct {
	Brent BrentState
	Found Value // int32 scalar
}

// defaultPoints is the number of parts of a bracket.
const defaultPoints = 256

// interval is one from a point to the next where f changes sign, as vectors of one element.
type interval struct{ Lower, Upper, FLower, FUpper Value }

// scanning is the state of the scan.
type scanning struct {
	Last, FLast Value
	Chosen      interval
	Away        Value // from the guess
	Found       Value // int32
}

// Limits are the fields.
func (m Scan) Limits() Limits { return Limits{RTol: m.RTol, ATol: m.ATol, MaxSteps: m.MaxSteps} }

// Init scans the bracket, one point after another.
func (m Scan) Init(p Problem, start Value) ScanState {
	lower, upper := bracket("scan", m.Lower, m.Upper, start)
	points := m.Points
	if points == 0 {
		points = defaultPoints
	}
	width := ad.Sub(upper, lower)
	first := p.F(lower)
	begin := scanning{Last: lower, FLast: first, Chosen: interval{lower, lower, first, first},
		Away: ad.Like(first, math.Inf(1)), Found: ad.Scalar(int32(0))}
	begin = m.note(begin, interval{lower, lower, first, first}, ad.Equal(first, 0), start)
	end := ad.ForI(points, begin, func(i Value, s scanning) scanning {
		part := ad.Div(ad.Convert(ad.Add(i, 1), start.DType()), points)
		y := ad.Where(ad.Equal(i, points-1), upper, ad.Add(lower, ad.Mul(width, part)))
		f := p.F(y)
		passed := interval{s.Last, y, s.FLast, f}
		zero := ad.Equal(f, 0)
		passed.Lower = ad.Where(zero, y, passed.Lower)
		passed.FLower = ad.Where(zero, f, passed.FLower)
		next := m.note(s, passed, ad.Or(zero, oppositeSigns(s.FLast, f)), start)
		next.Last, next.FLast = y, f
		return next
	})
	c := end.Chosen
	step := ad.Sub(c.Upper, c.Lower)
	return ScanState{ordered(BrentState{A: c.Lower, FA: c.FLower, B: c.Upper, FB: c.FUpper,
		C: c.Lower, FC: c.FLower, D: step, E: step}), end.Found}
}

// note takes an interval that has a root, if it has, and if it is the one.
func (m Scan) note(s scanning, at interval, has, start Value) scanning {
	middle := ad.Add(ad.Mul(at.Lower, 0.5), ad.Mul(at.Upper, 0.5))
	away := ad.Abs(ad.Sub(middle, start))
	has = ad.All(has)
	better := ad.And(has, ad.Equal(s.Found, 0))
	switch m.Select {
	case Highest:
		better = has
	case Nearest:
		better = ad.And(has, ad.All(ad.Less(away, s.Away)))
	}
	pick := func(a, b Value) Value { return ad.Where(better, a, b) }
	return scanning{
		Last: s.Last, FLast: s.FLast, Away: pick(away, s.Away),
		Chosen: interval{pick(at.Lower, s.Chosen.Lower), pick(at.Upper, s.Chosen.Upper),
			pick(at.FLower, s.Chosen.FLower), pick(at.FUpper, s.Chosen.FUpper)},
		Found: ad.Add(s.Found, ad.Convert(has, ad.Int32)),
	}
}

// Step is Brent's.
func (m Scan) Step(p Problem, s ScanState) ScanState {
	return ScanState{Brent{}.Step(p, s.Brent), s.Found}
}

// At is the best iterate.
func (Scan) At(s ScanState) Value { return s.Brent.B }

// Status is Brent's, where there is a root to refine and it is the one.
func (m Scan) Status(p Problem, s ScanState) Value {
	code := ad.Where(ad.Equal(s.Found, 0), implicit.Code(status.NoBracket),
		Brent{}.Status(p, s.Brent))
	if m.Select != Unique {
		return code
	}
	return ad.Where(ad.Greater(s.Found, 1), implicit.Code(status.Several), code)
}

// Roots lists the roots of f, a scalar function of a scalar, that a scan of so many parts of a
// bracket sees, ascending and refined to the last digits. Sign changes at poles are left out. It is
// for known numbers.
func Roots(f func(y Value) Value, lower, upper float64, points int) []float64 {
	ys := make([]float64, points+1)
	for i := range ys {
		ys[i] = lower + float64((upper-lower)*(float64(i)/float64(points)))
	}
	ys[points] = upper
	at := ad.Jit(ad.Vmap(f))(ad.Vector(ys...)).Floats()
	refine := ad.Jit(func(ends Value) Result[Value] {
		one := Scan{Lower: ad.At(ends, 0), Upper: ad.At(ends, 1), Points: 1, Select: Lowest,
			RTol: rootsRTol}
		return Find(f, ad.At(ends, 0), one)
	})
	var out []float64
	for i, y := range ys {
		if at[i] == 0 {
			out = append(out, y)
			continue
		}
		if i == 0 || !(at[i-1] < 0 && at[i] > 0 || at[i-1] > 0 && at[i] < 0) {
			continue
		}
		if r := refine(ad.Vector(ys[i-1], y)); r.Outcome().OK() {
			out = append(out, r.Last.Float())
		}
	}
	return out
}

// rootsRTol is near float64's precision.
const rootsRTol = 1e-14
