package fit

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"pullback/ad"
	"pullback/estimate"
	"pullback/model"
	"pullback/status"
)

// subject is a model at a point: what is said about it is to first order there.
type subject struct {
	b      *model.Bound
	free   []int     // the parameters that may move: neither fixed nor at a bound
	at     []float64 // all of the model's parameters
	noise  model.Noise
	sample model.Sample
}

// names of the parameters that may move.
func (s subject) names() []string {
	out := make([]string, len(s.free))
	for k, i := range s.free {
		out[k] = s.b.Model.Parameters[i].Name
	}
	return out
}

// theta is all of the parameters where those that may move are x.
func (s subject) theta(x ad.Value) ad.Value {
	all := make([]ad.Value, len(s.at))
	for i, v := range s.at {
		all[i] = ad.Scalar(v)
	}
	for k, i := range s.free {
		all[i] = ad.At(x, k)
	}
	return ad.Stack(0, all...)
}

func (s subject) x() ad.Value {
	x := make([]float64, len(s.free))
	for k, i := range s.free {
		x[k] = s.at[i]
	}
	return ad.Vector(x...)
}

// information is what the data say about the parameters that may move, and what that is from:
// predictions, or the scores of parameters and free covariances together. names are the
// coordinates'.
func (s subject) information() (info estimate.Information, from string, names []string) {
	if s.b.Model.Gaussian(s.names()) {
		return estimate.Of(s.predictions, s.x(), ad.Scalar(1.)), "predictions", s.names()
	}
	x, split := join(s.x(), s.noise)
	contributions := func(v ad.Value) ad.Value {
		x, noise := split(v)
		return s.b.Contributions(s.theta(x), noise, s.sample)
	}
	names = append(s.names(), noiseNames(s.b.Model)...)
	return estimate.OfScores(contributions, x), "scores", names
}

// predictions in units of the noise. A row counts as the root of its weight.
func (s subject) predictions(x ad.Value) ad.Value {
	white := s.b.Whitened(s.theta(x), ad.Vector(s.at...), s.noise, s.sample)
	roots := ad.Sqrt(s.sample.Weights)
	return ad.Mul(white, ad.Concatenate(0, slices.Repeat([]ad.Value{roots},
		white.Size()/s.b.N)...))
}

// join lays parameters and free covariances end to end, and takes them apart again.
func join(x ad.Value, noise model.Noise) (all ad.Value, split func(ad.Value) (ad.Value,
	model.Noise)) {
	parts := append([]ad.Value{x}, noise...)
	return ad.Concatenate(0, parts...), func(v ad.Value) (ad.Value, model.Noise) {
		n := x.Size()
		noise, from := make(model.Noise, len(noise)), n
		for i := range noise {
			to := from + parts[i+1].Size()
			noise[i] = ad.Slice(v, []int{from}, []int{to})
			from = to
		}
		return ad.Slice(v, []int{0}, []int{n}), noise
	}
}

// noiseNames are the free covariances' elements, as var(q) and cov(q, p), in Noise's order.
func noiseNames(m *model.Model) []string {
	var out []string
	for _, o := range m.Densities() {
		if !o.Free() {
			continue
		}
		for i, t := range o.Targets {
			for _, u := range o.Targets[:i] {
				out = append(out, fmt.Sprintf("cov(%s, %s)", u.Formula.Text, t.Formula.Text))
			}
			out = append(out, fmt.Sprintf("var(%s)", t.Formula.Text))
		}
	}
	return out
}

// identification is the finding about what the data identify, without the profiles that tell
// whether it is weak.
func (s subject) identification() Identification {
	info, from, names := s.information()
	out := Identification{From: from, Names: names, Rank: info.Rank,
		Tolerance: estimate.RankTolerance, Verdict: "identified"}
	if info.Status != status.Converged {
		out.Verdict = "unknown"
		out.Sentences = []string{"Identification is not known: the model has no finite value or " +
			"derivative in some row here."}
		return out
	}
	out.Singular = info.Singular
	if info.Identified() {
		who := fmt.Sprintf("All %d free parameters are", len(names))
		if len(names) == 1 {
			who = "The one free parameter is"
		}
		out.Sentences = []string{fmt.Sprintf("%s identified, locally, for these rows at this "+
			"estimate: the %s have rank %d (relative tolerance %.2g; least singular value %.3g of "+
			"the greatest).", who, from, info.Rank, out.Tolerance, least(info.Singular))}
		return out
	}
	out.Verdict = "flat"
	out.Flat = info.Unidentified()
	out.Sentences = s.flat(info, from, names)
	return out
}

func least(singular []float64) float64 {
	if len(singular) == 0 {
		return 1
	}
	return singular[len(singular)-1] / singular[0]
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// flat says along which directions nothing changes, what is estimable all the same, and what
// would have to be observed.
func (s subject) flat(info estimate.Information, from string, names []string) []string {
	var out []string
	nothing := "every prediction unchanged"
	if from == "scores" {
		nothing = "the likelihood of every row unchanged"
	}
	out = append(out, fmt.Sprintf("Not identified: the %s have rank %d in %s (relative tolerance "+
		"%.2g).", from, info.Rank, counted(len(names), "free parameter"), estimate.RankTolerance))
	for _, d := range info.Unidentified() {
		var moved, parts []string
		for i, part := range d {
			if math.Abs(part) >= 5e-6 {
				moved = append(moved, names[i])
				parts = append(parts, fmt.Sprintf("%+.5f", part))
			}
		}
		out = append(out, fmt.Sprintf("At this estimate, moving (%s) along (%s) leaves %s to "+
			"first order.", strings.Join(moved, ", "), strings.Join(parts, ", "), nothing))
	}
	var estimable []string
	for _, c := range info.Estimable() {
		estimable = append(estimable, estimate.Combination(c, names)+" locally")
	}
	estimable = append(estimable, s.estimableUnknowns(info, len(names))...)
	if len(estimable) > 0 {
		out = append(out, "Estimable: "+strings.Join(estimable, ", and ")+".")
	}
	if more := s.wouldIdentify(info.Rank, len(names)); more != "" {
		out = append(out, more)
	}
	return out
}

// estimableUnknowns lists the unknowns and definitions that the data tell although the
// parameters are not, with their standard errors where they are the same in all rows.
func (s subject) estimableUnknowns(info estimate.Information, n int) []string {
	var out []string
	for _, q := range s.b.Solved() {
		gradients := s.gradients(q, n)
		known := len(gradients) > 0
		var se estimate.Number
		moves := false
		for _, g := range gradients {
			se = info.StdErrOf(g)
			known = known && se.Known
			moves = moves || slices.ContainsFunc(g, func(x float64) bool { return x != 0 })
		}
		switch {
		case !known || !moves:
		case len(gradients) == 1:
			out = append(out, fmt.Sprintf("%s itself (± %.4g)", q.Name, se.Value))
		default:
			out = append(out, q.Name+" itself in every row")
		}
	}
	return out
}

// gradients of a quantity in the coordinates of the information, of which there are n: one, or
// one for each row.
func (s subject) gradients(q model.Quantity, n int) [][]float64 {
	of := func(x ad.Value) ad.Value {
		return ad.Reshape(s.b.Evaluate([]model.Quantity{q}, s.theta(x), s.sample)[0], -1)
	}
	flat := ad.Jit(ad.Jacobian(of))(s.x())
	k := len(s.free)
	var out [][]float64
	for row := range slices.Chunk(flat.Floats(), k) {
		out = append(out, append(slices.Clone(row), make([]float64, n-k)...))
	}
	return out
}

// wouldIdentify names what else, if it were observed, would identify all parameters.
func (s subject) wouldIdentify(rank, n int) string {
	if !s.b.Model.Gaussian(s.names()) {
		return ""
	}
	var names []string
	for _, q := range s.b.Solved() {
		both := func(x ad.Value) ad.Value {
			more := s.b.Evaluate([]model.Quantity{q}, s.theta(x), s.sample)[0]
			return ad.Concatenate(0, s.predictions(x), ad.BroadcastTo(more, s.b.N))
		}
		info := estimate.Of(both, s.x(), ad.Scalar(1.))
		if info.Status == status.Converged && info.Rank == n && rank < n {
			names = append(names, q.Name)
		}
	}
	if len(names) == 0 {
		return "No single unknown or definition of the model would identify all of them if it " +
			"were observed too: fix a parameter, or find data that vary in another way."
	}
	return fmt.Sprintf("Observing %s too would identify all of them.", strings.Join(names, " or "))
}
