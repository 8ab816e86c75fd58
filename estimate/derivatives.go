package estimate

import (
	"math"

	"pullback/ad"
)

// derivatives are those of the contributions to a log likelihood, at a point.
type derivatives struct {
	rows, n       int
	contributions []float64 // N
	scores        []float64 // N·n by rows, without weights; nil if not needed
	hessian       []float64 // n·n, of the weighted sum; nil if not needed
}

// differentiate computes what the kind of standard errors needs.
func differentiate(contributions func(ad.Value) ad.Value, x ad.Value,
	o InferenceOptions) derivatives {
	type known struct{ Contributions, Scores, Hessian ad.Value }
	sum := func(x ad.Value) ad.Value {
		each := contributions(x)
		if o.Weights != nil {
			each = ad.Mul(each, ad.Vector(o.Weights...))
		}
		return ad.Sum(each)
	}
	out := ad.Jit(func(x ad.Value) known {
		k := known{contributions(x), ad.Zeros(ad.Float64, 0), ad.Zeros(ad.Float64, 0)}
		o.check(k.Contributions)
		if o.Kind != Hessian {
			k.Scores = ad.Jacobian(contributions)(x)
		}
		if o.Kind != OPG {
			k.Hessian = ad.Hessian(sum)(x)
		}
		return k
	})(x)
	return derivatives{out.Contributions.Size(), x.Size(), out.Contributions.Floats(),
		out.Scores.Floats(), out.Hessian.Floats()}
}

// check refuses contributions that the options do not fit.
func (o InferenceOptions) check(contributions ad.Value) {
	if contributions.Type().Rank() != 1 {
		panic(ad.Mistake("estimate", []ad.Value{contributions},
			"the contributions must be a vector, one for each row"))
	}
	n := contributions.Size()
	if o.Weights != nil && len(o.Weights) != n {
		panic(ad.Mistake("estimate", []ad.Value{contributions},
			"there are %d weights for %d rows", len(o.Weights), n))
	}
	for i, w := range o.Weights {
		if !(w >= 0) || math.IsInf(w, 1) {
			panic(ad.Mistake("estimate", nil, "the weight of row %d is %v; weights must be "+
				"finite and not negative", i, w))
		}
	}
	if o.Kind == Cluster && len(o.Groups) != n {
		panic(ad.Mistake("estimate", []ad.Value{contributions},
			"there are %d Groups for %d rows; cluster standard errors need one each",
			len(o.Groups), n))
	}
}

// problem says why nothing can be inferred, or nothing.
func (d derivatives) problem() string {
	switch {
	case !allFinite(d.contributions):
		return "The log likelihood is a NaN or an infinity here, so there are no standard " +
			"errors; start elsewhere, or bound the parameters to where it is defined."
	case !allFinite(d.scores) || !allFinite(d.hessian):
		return "A derivative of the log likelihood is a NaN or an infinity here, so there are " +
			"no standard errors; look for a kink or an edge of where it is defined."
	}
	return ""
}

// information is -H of the free parameters.
func (d derivatives) information(free []int) [][]float64 {
	out := square(len(free))
	for r, p := range free {
		for c, q := range free {
			// The two halves differ in rounding errors.
			out[r][c] = -(d.hessian[p*d.n+q] + d.hessian[q*d.n+p]) / 2
		}
	}
	return out
}

// weightedScores are the columns of the scores of the free parameters, times the root of a
// frequency weight, since its rows are independent, but for the sums of Cluster, and times a
// sampling weight.
func (d derivatives) weightedScores(free []int, o InferenceOptions) [][]float64 {
	columns := zeros(len(free), d.rows)
	for c, p := range free {
		for r := range d.rows {
			columns[c][r] = float64(d.scores[r*d.n+p] * o.scoreWeight(r))
		}
	}
	return columns
}

func (o InferenceOptions) scoreWeight(row int) float64 {
	switch {
	case o.Weights == nil:
		return 1
	case o.Kind == Cluster || o.WeightKind == Sampling:
		return o.Weights[row]
	}
	return math.Sqrt(o.Weights[row])
}

// sumByGroup sums the rows of a matrix, given by columns, in groups, which it counts.
func sumByGroup(columns [][]float64, groups []int) ([][]float64, int) {
	place := map[int]int{}
	for _, g := range groups {
		if _, seen := place[g]; !seen {
			place[g] = len(place)
		}
	}
	out := zeros(len(columns), len(place))
	for c, column := range columns {
		for r, x := range column {
			out[c][place[groups[r]]] += x
		}
	}
	return out, len(place)
}

// between is factor · A SᵀS A for a symmetric A and the columns of S.
func between(a, columns [][]float64, factor float64) [][]float64 {
	n := len(a)
	product := zeros(n, len(columns[0])) // the columns of SA
	for j := range n {
		for i, column := range columns {
			for r, x := range column {
				product[j][r] = math.FMA(x, a[i][j], product[j][r])
			}
		}
	}
	out := square(n)
	for i := range n {
		for j := range i + 1 {
			x := float64(factor * dot(product[i], product[j]))
			out[i][j], out[j][i] = x, x
		}
	}
	return out
}
