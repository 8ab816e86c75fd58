package estimate

import (
	"fmt"

	"pullback/ad"
)

// Test is a statistic that has a chi-square distribution with so many degrees of freedom if the
// restrictions hold: its p-value is tail.ChiSquare(Statistic, Degrees).
type Test struct {
	Statistic float64
	Degrees   int
	// Problem is empty, or a sentence that says why there is no statistic.
	Problem string
	// Dependent are the restrictions of Wald that depend on each other at the estimate, to first
	// order, or on nothing but held parameters.
	Dependent []int
}

// Wald tests restrictions g(x) = 0, an array of q, on estimates with a covariance, as in
// Inference: gᵀ(GVGᵀ)⁻¹g, with the exact Jacobian G (A. Wald, Trans. AMS 54, 1943). Their rank is
// decided from the singular values of GV^½ with rows of unit length. It does not stay the same
// if restrictions that are not linear are written in another form.
func Wald(restrictions func(x ad.Value) ad.Value, at []float64, covariance [][]float64) Test {
	if covariance == nil {
		return Test{Problem: "There is no covariance, so there is no Wald test."}
	}
	g, rows, finite := spread(restrictions, at, covariance)
	if !finite {
		return Test{Problem: "A restriction or its derivative is a NaN or an infinity at the " +
			"estimate, so there is no Wald test."}
	}
	s := spectrumOf(rows)
	if rank := s.rank(); rank < len(g) {
		out := Test{Degrees: rank, Dependent: s.dependent()}
		if len(g) == 1 {
			out.Problem = "The restriction does not change with the parameters, to first order " +
				"at the estimate, so there is no Wald test."
			return out
		}
		out.Problem = fmt.Sprintf("The %d restrictions have rank %d at the estimate, so there is "+
			"no Wald test: of those that depend on each other, or on held parameters alone, "+
			"leave out %d.", len(g), rank, len(g)-rank)
		return out
	}
	out := Test{Degrees: len(g)}
	for r := range g {
		g[r] /= s.scale[r]
	}
	for k, v := range s.vectors {
		part := dot(v, g) / s.singular[k]
		out.Statistic += float64(part * part)
	}
	return out
}

// dependent are the columns that have a part in a combination that is zero.
func (s spectrum) dependent() (columns []int) {
	for c := range s.scale {
		part := 0.0
		for _, v := range s.vectors[s.rank():] {
			part = max(part, v[c], -v[c])
		}
		if part > RankTolerance {
			columns = append(columns, c)
		}
	}
	return columns
}

// LikelihoodRatio tests restrictions by the maxima of two log likelihoods, of which the restricted
// model is the other with so many restrictions: 2(L̂ - L̂₀).
func LikelihoodRatio(restricted, unrestricted float64, restrictions int) Test {
	statistic := float64(2 * (unrestricted - restricted))
	out := Test{Statistic: max(statistic, 0), Degrees: restrictions}
	// What a maximum that is found to float64's precision leaves.
	noise := float64(1e-9 * max(1, unrestricted, -unrestricted))
	switch {
	case !numberOf(statistic).Known:
		return Test{Problem: "A log likelihood is a NaN or an infinity, so there is no " +
			"likelihood ratio."}
	case restrictions <= 0:
		return Test{Problem: fmt.Sprintf("There are %d restrictions, so there is no likelihood "+
			"ratio test; one is the least.", restrictions)}
	case statistic < -noise:
		return Test{Problem: fmt.Sprintf("The restricted model has the greater log likelihood, "+
			"%v against %v, so there is no likelihood ratio: they are not nested, or the other "+
			"fit has not found its maximum; start it from the restricted estimate.", restricted,
			unrestricted)}
	}
	return out
}

// Delta is the values of f, an array of m, at estimates with a covariance, as in Inference, and
// their standard errors by the delta method: the roots of the diagonal of FVFᵀ, with the exact
// Jacobian F. There is none where the covariance is nil or a value or derivative is not finite.
func Delta(f func(x ad.Value) ad.Value, at []float64, covariance [][]float64) (values []float64,
	stdErr []Number) {
	values, rows, _ := spread(f, at, covariance)
	stdErr = make([]Number, len(values))
	if covariance == nil {
		return values, stdErr
	}
	for i, row := range rows {
		if allFinite(values[i : i+1]) {
			stdErr[i] = numberOf(length(row))
		}
	}
	return values, stdErr
}

// spread is f at a point, and how it spreads: the rows of its Jacobian times a root of the
// covariance, whose lengths are the standard errors. And whether all of it is finite.
func spread(f func(ad.Value) ad.Value, at []float64, covariance [][]float64) (values []float64,
	rows [][]float64, finite bool) {
	type known struct{ Values, Jacobian ad.Value }
	flat := func(x ad.Value) ad.Value { return ad.Reshape(f(x), -1) }
	k := ad.Jit(func(x ad.Value) known { return known{flat(x), ad.Jacobian(flat)(x)} })(
		ad.Vector(at...))
	values, jacobian := k.Values.Floats(), k.Jacobian.Floats()
	root := rootOf(covariance)
	rows = zeros(len(values), len(root))
	for r := range rows {
		for p := range root {
			d := jacobian[r*len(at)+p]
			for c := range p + 1 {
				rows[r][c] += float64(d * root[p][c])
			}
		}
	}
	return values, rows, allFinite(values) && allFinite(jacobian)
}
