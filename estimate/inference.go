package estimate

import (
	"fmt"
	"math"

	"pullback/ad"
)

// Kind is how the covariance of estimates is computed.
type Kind int

// The kinds. H is the Hessian of the log likelihood Σ wᵢℓᵢ, sᵢ the gradient of ℓᵢ, all exact.
const (
	// Hessian is (-H)⁻¹, the inverse of the observed information.
	Hessian Kind = iota
	// OPG is (Σ wᵢsᵢsᵢᵀ)⁻¹, of outer products of gradients (E. K. Berndt, B. H. Hall, R. E. Hall
	// and J. A. Hausman, Annals of Economic and Social Measurement 3, 1974).
	OPG
	// Sandwich is H⁻¹ (Σ wᵢsᵢsᵢᵀ) H⁻¹, and with sampling weights H⁻¹ (Σ wᵢ²sᵢsᵢᵀ) H⁻¹ (P. J.
	// Huber, Proc. Fifth Berkeley Symposium, 1967; H. White, Econometrica 50, 1982). There is no
	// factor for small samples.
	Sandwich
	// Cluster is G/(G-1) · H⁻¹ (Σ sₘsₘᵀ) H⁻¹ with sₘ the sum of wᵢsᵢ over group m of G (K.-Y.
	// Liang and S. L. Zeger, Biometrika 73, 1986). There is no other factor.
	Cluster
	// GaussNewton is s²(JᵀJ)⁻¹ with J the Jacobian of the residuals and s² = RSS/(n-k).
	GaussNewton
)

// String is the name.
func (k Kind) String() string {
	names := []string{"hessian", "opg", "sandwich", "cluster", "gauss-newton"}
	if k < 0 || int(k) >= len(names) {
		return fmt.Sprintf("estimate.Kind(%d)", int(k))
	}
	return names[k]
}

// Divisor says what the kind divides by, in words.
func (k Kind) Divisor() string {
	switch k {
	case Cluster:
		return "none; the covariance is multiplied by G/(G-1), where G is the number of groups"
	case GaussNewton:
		return "n-k, the observations less the free parameters"
	}
	return "none; no small-sample factor"
}

// WeightKind is what weights mean.
type WeightKind int

// The kinds of weights.
const (
	// Frequency: a row of weight w stands for w rows alike.
	Frequency WeightKind = iota
	// Sampling: a row was drawn with a probability that is proportional to 1/w. The inverse of
	// the information is then no covariance: only Sandwich and Cluster are.
	Sampling
)

// InferenceOptions say how standard errors are computed. The zero value is the Hessian's, of all
// parameters.
type InferenceOptions struct {
	Kind Kind
	// Held are parameters that are fixed or at a bound, n of them, or nil for none. They have no
	// standard error and those of the others are conditional on them.
	Held []bool
	// Groups are the groups of the rows for Cluster: equal numbers are one group.
	Groups []int
	// Weights are those of the rows, nil for ones.
	Weights    []float64
	WeightKind WeightKind
	// Names are the parameters' names in sentences, or nil.
	Names []string
}

// Inference is how precisely parameters are estimated, at a maximum of the likelihood.
type Inference struct {
	Kind Kind
	// Problem is empty, or a sentence that says why there are no standard errors.
	Problem string
	// StdErr are the standard errors. Held parameters have none.
	StdErr []Number
	// Covariance is that of all n parameters, with zeros in the rows and columns of those that are
	// held; nil where there are no standard errors.
	Covariance [][]float64
	// Condition is the condition number of the matrix that is inverted (the information, or JᵀJ),
	// scaled to a diagonal of ones.
	Condition Number
	// Rows is N, Groups G for Cluster and otherwise 0, Free the number of parameters not held.
	Rows, Groups, Free int
	// Factor is what the covariance was multiplied by: G/(G-1) for Cluster, otherwise 1.
	Factor float64
	// Variance is s² of GaussNewton, and DegreesOfFreedom its n-k: intervals are then those of
	// Student's t, and of the normal distribution where DegreesOfFreedom is 0.
	Variance         Number
	DegreesOfFreedom int
}

// Infer is the precision of estimates x, a vector of n, that maximise a log likelihood. The
// contributions are those of the N rows, an array of N; weights are not in them.
func Infer(contributions func(x ad.Value) ad.Value, at []float64, o InferenceOptions) Inference {
	x := ad.Vector(at...)
	out := begin(o, len(at), x)
	if o.WeightKind == Sampling && o.Weights != nil && (o.Kind == Hessian || o.Kind == OPG) {
		out.Problem = "With sampling weights the inverse of the information is no covariance; " +
			"ask for sandwich or cluster standard errors."
		return out
	}
	if o.Kind == GaussNewton {
		panic(ad.Mistake("estimate", nil, "Gauss-Newton standard errors need residuals; call "+
			"InferFromResiduals"))
	}
	d := differentiate(contributions, x, o)
	out.Rows = d.rows
	if out.Problem = d.problem(); out.Problem != "" || out.Free == 0 {
		return out.with(nil, o)
	}
	free := free(o.Held, len(at))
	var s spectrum
	if o.Kind == OPG {
		s = spectrumOf(d.weightedScores(free, o))
		if s.rank() < len(free) {
			out.Problem = "The scores are collinear, so there are no standard errors: some " +
				"parameters are not identified, or there are too few rows; look at the " +
				"identification."
			return out
		}
	} else {
		information := d.information(free)
		var ok bool
		var row int
		if s, ok, row = spectrumOfSymmetric(information); !ok {
			out.Problem = fmt.Sprintf("The log likelihood does not curve downwards in every "+
				"direction here (seen at %s), so there are no standard errors: this is no strict "+
				"maximum; start elsewhere, or look at the identification.", o.name(free[row]))
			return out
		}
	}
	out.Condition = numberOf(s.condition())
	covariance := s.inverse()
	if o.Kind == Sandwich || o.Kind == Cluster {
		scores := d.weightedScores(free, o)
		if o.Kind == Cluster {
			scores, out.Groups = sumByGroup(scores, o.Groups)
			if out.Groups < 2 {
				out.Problem = "There is one cluster only, so there are no cluster standard " +
					"errors; two are the least, and many are needed."
				return out
			}
			out.Factor = float64(out.Groups) / float64(out.Groups-1)
		}
		covariance = between(covariance, scores, out.Factor)
	}
	return out.with(covariance, o)
}

// begin is what is known before anything is computed.
func begin(o InferenceOptions, n int, x ad.Value) Inference {
	if o.Held != nil && len(o.Held) != n || o.Names != nil && len(o.Names) != n {
		panic(ad.Mistake("estimate", []ad.Value{x},
			"there are %d parameters, %d of Held and %d Names; give as many or nil", n,
			len(o.Held), len(o.Names)))
	}
	return Inference{Kind: o.Kind, StdErr: make([]Number, n), Free: len(free(o.Held, n)), Factor: 1}
}

// free are the indices of the parameters that are not held.
func free(held []bool, n int) (indices []int) {
	for i := range n {
		if held == nil || !held[i] {
			indices = append(indices, i)
		}
	}
	return indices
}

func (o InferenceOptions) name(i int) string {
	if o.Names == nil {
		return fmt.Sprintf("parameter %d", i)
	}
	return o.Names[i]
}

// with is the inference with a covariance of the free parameters.
func (i Inference) with(covariance [][]float64, o InferenceOptions) Inference {
	if i.Problem != "" {
		return i
	}
	n := len(i.StdErr)
	indices := free(o.Held, n)
	for r := range indices {
		for c := range indices {
			if !numberOf(covariance[r][c]).Known || r == c && !(covariance[r][c] >= 0) {
				i.Problem = "The covariance is beyond the range of float64, so there are no " +
					"standard errors; choose other units for " + o.name(indices[r]) + "."
				return i
			}
		}
	}
	i.Covariance = square(n)
	for r, p := range indices {
		for c, q := range indices {
			i.Covariance[p][q] = covariance[r][c]
		}
		i.StdErr[p] = numberOf(math.Sqrt(covariance[r][r]))
	}
	return i
}
