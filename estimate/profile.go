package estimate

import (
	"fmt"
	"math"

	"pullback/ad"
	"pullback/stats"
)

// ProfileOptions say what profile likelihood to compute. The zero value is a 95 % interval.
type ProfileOptions struct {
	// Level is the probability, 0.95 if zero.
	Level float64
	// Lower and Upper are the bounds of the search, nil for none.
	Lower, Upper []float64
	// Step is a first guess of how far the interval reaches from the optimum, such as two standard
	// errors. If it is zero it follows from the curvature.
	Step float64
	// Points is the number of points of the curve, none if zero.
	Points int
}

// EndKind is what was found on one side of a profile.
type EndKind int

// The ends.
const (
	// Found: the likelihood ratio statistic crosses the critical value there.
	Found EndKind = iota
	// ReachesBound: it does not up to the bound of the parameter, which is the value.
	ReachesBound
	// Unbounded: it does not as far as was looked, which is the value.
	Unbounded
	// Lost: beyond the value no fit of the other parameters succeeded, and up to it it does not
	// cross.
	Lost
)

// End is where an interval ends.
type End struct {
	Kind  EndKind
	Value float64
}

// String is the number, or what there is in place of one.
func (e End) String() string {
	switch e.Kind {
	case Found:
		return fmt.Sprint(e.Value)
	case ReachesBound:
		return fmt.Sprintf("reaches the bound %v", e.Value)
	case Unbounded:
		return fmt.Sprintf("unbounded (looked as far as %.4g)", e.Value)
	}
	return fmt.Sprintf("unknown beyond %.4g, where no fit succeeds", e.Value)
}

// ProfilePoint is the maximum of the log likelihood with one parameter held.
type ProfilePoint struct {
	At, LogLik float64
	X          []float64 // where that is
}

// Profile is the interval of values of a parameter that a likelihood ratio test does not reject.
type Profile struct {
	Parameter    int
	Level        float64
	Lower, Upper End
	// FlatLower and FlatUpper are the ends of where the profile equals the maximum within
	// Tolerance: the same, unless it is Flat, which a maximum with an ordinary curvature is not.
	Flat                 bool
	FlatLower, FlatUpper float64
	Tolerance            float64
	// Better is nil, or a point with a higher log likelihood than the optimum, which was not the
	// maximum: fit again from there. Nothing else is then known.
	Better *Optimum
	// Curve has equally spaced points from end to end and a little beyond, as far as fits succeed.
	Curve []ProfilePoint
	// Refits is the number of fits made.
	Refits int
}

// Weak says whether the interval does not end on both sides.
func (p Profile) Weak() bool { return p.Lower.Kind != Found || p.Upper.Kind != Found }

// ProfileOf is the profile likelihood of parameter i around an optimum: the interval of c with
// 2(L̂ - Lₚ(c)) at most the critical value of a chi-square with one degree of freedom, where Lₚ(c)
// is the maximum with xᵢ = c (D. J. Venzon and S. H. Moolgavkar, Applied Statistics 37, 1988). Each
// fit starts from that which is nearest.
func ProfileOf(s *Search, i int, at Optimum, o ProfileOptions) Profile {
	if o.Level == 0 {
		o.Level = 0.95
	}
	if !(o.Level > 0 && o.Level < 1) || i < 0 || i >= len(at.X) {
		panic(ad.Mistake("estimate", nil, "there is no profile of parameter %d of %d at level %v",
			i, len(at.X), o.Level))
	}
	n := len(at.X)
	p := profiler{search: s, i: i, at: at, lower: bound(o.Lower, n, math.Inf(-1)),
		upper: bound(o.Upper, n, math.Inf(1)), points: []ProfilePoint{{at.X[i], at.LogLik, at.X}}}
	half := stats.Normal{Mean: ad.Scalar(0.), SD: ad.Scalar(1.)}.Quantile(
		ad.Scalar(float64((1 + o.Level) / 2))).Float()
	p.drop = float64(half*half) / 2
	p.tolerance = min(float64(SameLogLik*max(1, math.Abs(at.LogLik))), float64(1e-4*p.drop))
	step := o.Step
	if !(step > 0) || math.IsInf(step, 1) {
		step = p.guess()
	}

	out := Profile{Parameter: i, Level: o.Level, Tolerance: p.tolerance,
		FlatLower: at.X[i], FlatUpper: at.X[i]}
	out.Lower, out.FlatLower = p.side(-1, step)
	out.Upper, out.FlatUpper = p.side(1, step)
	out.Flat = out.FlatLower < out.FlatUpper
	if p.better == nil {
		out.Curve = p.curve(out.Lower.Value, out.Upper.Value, o.Points)
	}
	out.Better, out.Refits = p.better, p.refits
	return out
}

// profiler refits with one parameter held.
type profiler struct {
	search       *Search
	i            int
	at           Optimum
	lower, upper []float64
	drop         float64 // of the log likelihood at the interval's ends
	tolerance    float64 // below which two log likelihoods are the same
	points       []ProfilePoint
	better       *Optimum
	refits       int
}

// guess is where a parabola falls far enough, were the other parameters known; a tenth of the
// parameter or 0.1 where it does not fall.
func (p *profiler) guess() float64 {
	curvature := -p.search.curves(ad.Vector(p.at.X...)).Floats()[p.i]
	step := math.Sqrt(2 * p.drop / curvature)
	if !(step > 0) || math.IsInf(step, 1) {
		step = float64(0.1 * max(math.Abs(p.at.X[p.i]), 1))
	}
	return step
}

// fall is L̂ - Lₚ(c), and whether the fit succeeded. Nothing is fitted once a better optimum is
// known.
func (p *profiler) fall(c float64) (fall float64, ok bool) {
	if p.better != nil {
		return 0, false
	}
	near := p.points[0]
	for _, q := range p.points {
		if q.At == c {
			return p.at.LogLik - q.LogLik, true
		}
		if math.Abs(q.At-c) < math.Abs(near.At-c) {
			near = q
		}
	}
	end := p.refit(c, near.X)
	if !end.Status.OK() {
		end = p.refit(c, p.at.X)
	}
	if !end.Status.OK() {
		return 0, false
	}
	fall = p.at.LogLik - end.LogLik
	if fall < -p.tolerance {
		p.better = &end
		return 0, false
	}
	p.points = append(p.points, ProfilePoint{c, end.LogLik, end.X})
	return fall, true
}

// refit is the maximum with the parameter held at c.
func (p *profiler) refit(c float64, from []float64) Optimum {
	p.refits++
	hold := func(x []float64) []float64 {
		x = append([]float64(nil), x...)
		x[p.i] = c
		return x
	}
	return p.search.From(hold(from), hold(p.lower), hold(p.upper))
}

const (
	farAway  = 1e6 // how far is looked, in multiples of the parameter or of the first step
	widening = 40  // fits on the way there, at most
	narrow   = 60  // fits on the way back to a crossing, at most
)

// side finds the end of the interval on one side, and that of where the profile is flat.
func (p *profiler) side(sign, step float64) (end End, flat float64) {
	center := p.at.X[p.i]
	limit := p.upper[p.i]
	if sign < 0 {
		limit = p.lower[p.i]
	}
	room := float64(sign * (limit - center))
	if room <= 0 {
		return End{ReachesBound, limit}, center
	}
	reach := min(float64(farAway*max(math.Abs(center), step)), room)

	// Outwards, by as much as a parabola suggests.
	inside, width := 0.0, min(step, room)
	outside, failed := math.Inf(1), math.Inf(1)
	for range widening {
		fall, ok := p.fall(center + float64(sign*width))
		if p.better != nil {
			return End{Lost, center}, center
		}
		switch {
		case !ok:
			failed = width
		case fall > p.drop:
			outside = width
		default:
			inside = width
		}
		lost := !math.IsInf(failed, 1)
		if !math.IsInf(outside, 1) || inside >= reach ||
			lost && failed-inside <= float64(1e-3*failed) {
			break
		}
		if lost {
			width = float64(0.5 * (inside + failed))
			continue
		}
		growth := 4.0
		if fall > 0 {
			growth = min(max(float64(1.1*math.Sqrt(p.drop/fall)), 1.2), 10)
		}
		width = min(float64(width*growth), reach)
	}
	switch {
	case !math.IsInf(outside, 1):
		at, ok := p.crossing(sign, inside, outside, p.drop)
		end = End{Found, center + float64(sign*at)}
		if !ok {
			end.Kind = Lost
		}
	case inside >= room:
		end = End{ReachesBound, limit}
	case inside >= reach:
		end = End{Unbounded, center + float64(sign*inside)}
	default:
		end = End{Lost, center + float64(sign*inside)}
	}
	return end, p.flat(sign, math.Abs(end.Value-center))
}

// flat is how far the profile is level: where it has risen above the tolerance at a twentieth of
// the interval it is a maximum like others and not level at all.
func (p *profiler) flat(sign, width float64) float64 {
	center := p.at.X[p.i]
	level := func(w float64) bool {
		fall, ok := p.fall(center + float64(sign*w))
		return ok && fall <= p.tolerance
	}
	switch {
	case p.better != nil || width == 0 || !level(float64(0.05*width)):
		return center
	case level(width):
		return center + float64(sign*width)
	}
	at, _ := p.crossing(sign, float64(0.05*width), width, p.tolerance)
	return center + float64(sign*at)
}

// crossing is the distance, between inside and outside, where the fall is this much: by false
// position on the root of the fall, which is close to a line, in the Illinois form (M. Dowell and
// P. Jarratt, BIT 11, 1971), with halving where that is slow. If a fit fails it is how far inside
// was seen to be, and false.
func (p *profiler) crossing(sign, inside, outside, much float64) (at float64, ok bool) {
	target := math.Sqrt(much)
	value := func(w float64) (float64, bool) {
		fall, ok := p.fall(p.at.X[p.i] + float64(sign*w))
		return math.Sqrt(max(fall, 0)) - target, ok
	}
	low, high := -target, 0.0
	if inside > 0 {
		low, _ = value(inside)
	}
	high, _ = value(outside)
	last := 0 // the side that moved last
	for round := range narrow {
		width := outside - inside
		if p.better != nil || width <= float64(1e-10*outside) {
			break
		}
		w := inside + float64(width*(low/(low-high)))
		if round%4 == 3 || !(w > inside && w < outside) {
			w = inside + float64(0.5*width)
		}
		v, ok := value(w)
		switch {
		case !ok:
			return inside, false
		case math.Abs(v) <= float64(1e-9*target):
			return w, true
		}
		if v < 0 {
			inside, low = w, v
			if last < 0 {
				high /= 2
			}
			last = -1
		} else {
			outside, high = w, v
			if last > 0 {
				low /= 2
			}
			last = 1
		}
	}
	return inside + float64(0.5*(outside-inside)), true
}

// curve is points from an end to the other and a tenth beyond, within the bounds.
func (p *profiler) curve(from, to float64, points int) (out []ProfilePoint) {
	if points < 2 {
		return nil
	}
	margin := float64(0.1 * (to - from))
	from, to = max(from-margin, p.lower[p.i]), min(to+margin, p.upper[p.i])
	for k := range points {
		c := from + float64((to-from)*(float64(k)/float64(points-1)))
		if _, ok := p.fall(c); ok {
			out = append(out, p.points[len(p.points)-1])
		}
	}
	return out
}
