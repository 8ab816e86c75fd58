package fit

import (
	"fmt"
	"slices"
	"strings"

	"pullback/estimate"
)

const (
	// profilePoints is the number of points of a profile that was asked for.
	profilePoints = 41
	// profiledUnasked is the number of free parameters up to which all are profiled, to tell a
	// weak identification, without being asked.
	profiledUnasked = 12
	// profiledRows is the number of rows up to which that is so: a refit takes longer with each.
	profiledRows = 10_000
	// restarts is how often a fit goes on from a better optimum that a profile came upon.
	restarts = 3
)

// profiles computes those that were asked for and tells whether the identification is weak. If one
// comes upon a better optimum the fit goes on from there.
func (e *estimator) profiles(best estimate.Optimum, held []bool) estimate.Optimum {
	names := e.c.names()
	all := len(names) <= profiledUnasked && e.b.N <= profiledRows
	var weak []string
	for k, name := range names {
		asked := slices.Contains(e.o.Profiles, name)
		if held[k] && !asked || !all && !asked {
			continue
		}
		e.o.progress("profiles", k, len(names))
		o := estimate.ProfileOptions{Level: Level, Lower: e.lower, Upper: e.upper,
			Step: 2 * e.standardErrors(best)[k]}
		if asked {
			o.Points = profilePoints
		}
		p := estimate.ProfileOf(e.search, k, best, o)
		if p.Better != nil {
			return e.again(best, *p.Better, name)
		}
		out := e.profile(name, k, p)
		if asked {
			e.fit.Profiles = append(e.fit.Profiles, out)
		}
		if p.Weak() {
			weak = append(weak, out.Sentence)
		}
	}
	e.o.progress("profiles", len(names), len(names))
	id := &e.fit.Identification
	switch {
	case !all:
		id.Sentences = append(id.Sentences, fmt.Sprintf("With %s and %s the profiles, which "+
			"tell a weak identification, are computed only if asked for, by --profile.",
			counted(len(names), "free parameter"), counted(e.b.N, "row")))
	case id.Verdict == "identified" && len(weak) > 0:
		id.Verdict = "weak"
		id.Sentences = append(id.Sentences, "Weakly identified: the rank is full, but the data do "+
			"not bound every parameter. "+strings.Join(weak, " "))
	case id.Verdict == "flat":
		id.Sentences = append(id.Sentences, weak...)
	}
	return best
}

// again finishes the fit anew from a better optimum.
func (e *estimator) again(best, better estimate.Optimum, name string) estimate.Optimum {
	e.note("The profile of %s came upon a higher log likelihood, %.10g against %.10g, so the fit "+
		"went on from there.", name, better.LogLik, best.LogLik)
	e.fit.Profiles = nil
	next := e.search.From(better.X, e.lower, e.upper)
	if e.restarted++; e.restarted > restarts {
		e.note("That happened %d times; the last optimum is reported, and its profiles are not.",
			e.restarted)
		e.o.Profiles = nil
		e.unprofiled = true
	}
	return e.finish(next)
}

// profile is one in the model's units.
func (e *estimator) profile(name string, k int, p estimate.Profile) Profile {
	parameter := e.c.parameters[e.c.free[k]]
	external := func(z float64) float64 { return fromOptimiserNumber(parameter, z) }
	out := Profile{Name: name, Level: Level, Flat: p.Flat,
		Lower: edge(p.Lower, external), Upper: edge(p.Upper, external)}
	for _, point := range p.Curve {
		out.At = append(out.At, external(point.At))
		out.LogLik = append(out.LogLik, point.LogLik)
	}
	from, to := external(p.FlatLower), external(p.FlatUpper)
	sentence := fmt.Sprintf("The 95 %% profile interval of %s is [%s, %s]", name,
		edgeText(out.Lower), edgeText(out.Upper))
	if p.Flat {
		sentence += fmt.Sprintf("; the profile is flat on [%.5g, %.5g]", from, to)
	}
	out.Sentence = sentence + "."
	return out
}

func edge(end estimate.End, external func(float64) float64) Edge {
	return Edge{Value: external(end.Value), Bound: end.Kind == estimate.ReachesBound,
		Unbounded: end.Kind == estimate.Unbounded || end.Kind == estimate.Lost}
}

func edgeText(e Edge) string {
	switch {
	case e.Bound:
		return fmt.Sprintf("%.5g, its bound", e.Value)
	case e.Unbounded:
		return fmt.Sprintf("unbounded: no crossing as far as %.5g", e.Value)
	}
	return fmt.Sprintf("%.6g", e.Value)
}
