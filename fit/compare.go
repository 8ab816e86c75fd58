package fit

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"pullback/estimate"
	"pullback/estimate/tail"
)

// Comparison sets two fits of the same rows beside each other.
type Comparison struct {
	Restricted, Full *Fit
	// Nested says that the restricted model is the full one with parameters fixed, so that the
	// likelihood ratio is a test of it. Why not, otherwise, is in Reason.
	Nested           bool
	Reason           string
	Restrictions     []string // as "dP = -1"
	Statistic        float64  // twice the difference of the log likelihoods
	DegreesOfFreedom int
	P                float64
}

// Compare sets two fits beside each other: by the likelihood ratio if one is the other with
// parameters fixed, and otherwise by AIC and BIC alone. It is an error if the log likelihoods
// cannot be compared at all.
func Compare(a, b *Fit) (*Comparison, error) {
	if err := comparable(a, b); err != nil {
		return nil, err
	}
	c := &Comparison{Restricted: a, Full: b}
	if a.K > b.K {
		c.Restricted, c.Full = b, a
	}
	restrictions, err := nested(c.Restricted, c.Full)
	if err != nil {
		c.Reason = err.Error()
		return c, nil
	}
	c.Nested, c.Restrictions = true, restrictions
	c.DegreesOfFreedom = c.Full.K - c.Restricted.K
	test := estimate.LikelihoodRatio(c.Restricted.LogLik, c.Full.LogLik, c.DegreesOfFreedom)
	if test.Problem != "" {
		return nil, errors.New(test.Problem)
	}
	c.Statistic = test.Statistic
	c.P = tail.ChiSquare(test.Statistic, float64(test.Degrees))
	return c, nil
}

// comparable is an error if two log likelihoods are not of the same rows.
func comparable(a, b *Fit) error {
	if a.Data.Digest != b.Data.Digest {
		return fmt.Errorf("%s and %s are different data; log likelihoods of different rows cannot "+
			"be compared", a.Data.Path, b.Data.Path)
	}
	if a.Data.Used != b.Data.Used || a.N != b.N {
		return fmt.Errorf("the fits use %d and %d rows of %s; fit both models to the same rows, "+
			"as lags and missing values may leave out "+
			"others", a.Data.Used, b.Data.Used, a.Data.Path)
	}
	if !slices.Equal(a.Data.Observed, b.Data.Observed) {
		return fmt.Errorf("the fits describe different columns, %s and %s; their log likelihoods "+
			"are not of the same observations", strings.Join(a.Data.Observed, ", "),
			strings.Join(b.Data.Observed, ", "))
	}
	for _, f := range []*Fit{a, b} {
		switch {
		case !f.Converged:
			return fmt.Errorf("the fit of %s has not converged: %s", f.Model.Path, f.Verdict)
		case f.Data.Weights != "":
			return fmt.Errorf("the fit of %s is weighted by %s; the likelihood of weighted rows "+
				"is not a likelihood of the sample", f.Model.Path, f.Data.Weights)
		case f.Errors.Kind == "sandwich" || f.Errors.Kind == "cluster":
			return fmt.Errorf("the fit of %s has %s standard errors, which allow for a wrong "+
				"likelihood; ratios of such are not chi-square: use pullback test", f.Model.Path,
				f.Errors.Kind)
		}
	}
	return nil
}

// nested lists the restrictions by which one model is a special case of another, or says why it is
// not known to be: the same file but for parameters that are fixed.
func nested(restricted, full *Fit) ([]string, error) {
	small, err := restricted.Reopen()
	if err != nil {
		return nil, err
	}
	large, err := full.Reopen()
	if err != nil {
		return nil, err
	}
	if small.Structure() != large.Structure() {
		return nil, errors.New("the models differ in more than the values of fixed parameters, " +
			"so that neither is known to be a special case of the other")
	}
	var out []string
	for i, p := range small.Parameters {
		q := large.Parameters[i]
		at := restricted.Parameters[i].State == AtBound || full.Parameters[i].State == AtBound
		switch {
		case at:
			return nil, fmt.Errorf("%s is at its bound, where the likelihood ratio is not "+
				"chi-square", p.Name)
		case p.Fixed && q.Fixed && p.Start != q.Start:
			return nil, fmt.Errorf("%s is fixed at %v in one model and at %v in the other", p.Name,
				p.Start, q.Start)
		case !p.Fixed && q.Fixed:
			return nil, fmt.Errorf("%s is fixed in the model that has more free parameters", p.Name)
		case p.Fixed && !q.Fixed && !(q.Lower < p.Start && p.Start < q.Upper):
			return nil, fmt.Errorf("%s = %v is not inside the bounds of the full model, so the "+
				"likelihood ratio is not chi-square", p.Name, p.Start)
		case p.Fixed && !q.Fixed:
			out = append(out, fmt.Sprintf("%s = %v", p.Name, p.Start))
		}
	}
	if len(out) == 0 {
		return nil, errors.New("both models have the same free parameters")
	}
	return out, nil
}
