package estimate

import (
	"fmt"

	"pullback/ad"
)

// InferFromResiduals is the precision of estimates x, a vector of n, that minimise the sum of
// squares of residuals, an array of N: s²(JᵀJ)⁻¹ with the exact Jacobian J of the residuals in the
// k parameters that are free and s² = RSS/(N-k). The matrix JᵀJ is not formed: its inverse comes
// from the singular values of J with columns of unit length. Weighted residuals give weighted least
// squares.
func InferFromResiduals(residuals func(x ad.Value) ad.Value, at []float64,
	o InferenceOptions) Inference {
	o.Kind = GaussNewton
	if o.Weights != nil || o.Groups != nil {
		panic(ad.Mistake("estimate", nil,
			"residuals take no weights and no groups; multiply them by the root of the weights"))
	}
	x := ad.Vector(at...)
	out := begin(o, len(at), x)
	type known struct{ Residuals, Jacobian ad.Value }
	k := ad.Jit(func(x ad.Value) known {
		r := residuals(x)
		if r.Type().Rank() != 1 {
			panic(ad.Mistake("estimate", []ad.Value{r}, "the residuals must be a vector"))
		}
		return known{r, ad.Jacobian(residuals)(x)}
	})(x)
	r, jacobian := k.Residuals.Floats(), k.Jacobian.Floats()
	out.Rows, out.DegreesOfFreedom = len(r), len(r)-out.Free
	switch {
	case !allFinite(r) || !allFinite(jacobian):
		out.Problem = "A residual or its derivative is a NaN or an infinity here, so there are " +
			"no standard errors; start elsewhere, or bound the parameters to where it is defined."
	case out.DegreesOfFreedom <= 0:
		out.Problem = fmt.Sprintf("There are %d observations for %d free parameters, so there "+
			"are no standard errors: nothing is left to tell the noise by.", len(r), out.Free)
		out.DegreesOfFreedom = 0
	}
	if out.Problem != "" || out.Free == 0 {
		return out.with(nil, o)
	}
	free := free(o.Held, len(at))
	columns := zeros(len(free), len(r))
	for c, p := range free {
		for i := range r {
			columns[c][i] = jacobian[i*len(at)+p]
		}
	}
	s := spectrumOf(columns)
	if s.rank() < len(free) {
		out.Problem = fmt.Sprintf("The Jacobian of the residuals has rank %d in %d parameters, "+
			"so there are no standard errors: the parameters are not identified; look at the "+
			"identification.", s.rank(), len(free))
		return out
	}
	size := length(r) // its square may not be a float64 where the quotient's is
	variance := float64(size / float64(out.DegreesOfFreedom) * size)
	out.Variance, out.Condition = numberOf(variance), numberOf(s.condition())
	covariance := s.inverse()
	for i := range covariance {
		for j := range covariance {
			covariance[i][j] *= variance
		}
	}
	return out.with(covariance, o)
}
