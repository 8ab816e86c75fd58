package model

import (
	"slices"

	"pullback/ad"
)

// Gaussian says whether the model is one of predictions with Gaussian noise whose size does not
// depend on the named parameters: then the Jacobian of the predictions says all that the
// data do about those. Otherwise, in a model of shocks too, the scores must.
func (m *Model) Gaussian(free []string) bool {
	if len(m.Shocks) > 0 || m.LogLik != nil || len(m.Observations) == 0 {
		return false
	}
	for _, o := range m.Observations {
		if o.Family != Normal && o.Family != MultivariateNormal {
			return false
		}
		if o.Family == Normal && !o.Free() {
			for _, name := range m.uses(o.Args[1].Expr).parameters {
				if slices.Contains(free, name) {
					return false
				}
			}
		}
	}
	return true
}

// LeastSquares says whether the likelihood is maximal where a sum of squares is least, in the named
// free parameters: independent Gaussian noise of given sizes, or of one free size.
func (m *Model) LeastSquares(free []string) bool {
	if !m.Gaussian(free) {
		return false
	}
	unknown := 0
	for _, o := range m.Observations {
		if o.Family == MultivariateNormal {
			return false
		}
		if o.Free() {
			unknown++
		}
	}
	return unknown == 0 || unknown == 1 && len(m.Observations) == 1
}

// Whitened is the predictions of a Gaussian model in units of the noise, one after another in a
// vector, so that independent errors of size one are added to them. The noise is taken at the
// parameters given, of which the predictions are no functions here.
func (b *Bound) Whitened(theta, at ad.Value, noise Noise, s Sample) ad.Value {
	e, fixed := b.solved(theta, s), b.solved(ad.StopGradient(at), s)
	var out []ad.Value
	for _, o := range b.Model.Observations {
		means := e.arguments(o)[:len(o.Targets)]
		switch {
		case o.Family == MultivariateNormal:
			factor := ad.Cholesky(symmetric(triangle(noise[0], len(means))))
			white := ad.TriangularSolve(factor, ad.Stack(0, means...), ad.Triangle{})
			out = append(out, ad.Reshape(white, -1))
		case o.Free():
			out = append(out, ad.Div(means[0], ad.Sqrt(ad.At(noise[0], 0))))
		default:
			out = append(out, ad.Div(means[0], fixed.arguments(o)[1]))
		}
		if o.Free() {
			noise = noise[1:]
		}
	}
	return ad.Concatenate(0, out...)
}

// Residuals of a least squares model: (target - prediction) in units of the given noise, or in
// their own where its one size is free, times the root of the weight.
func (b *Bound) Residuals(theta ad.Value, s Sample) ad.Value {
	e := b.solved(theta, s)
	all, _ := e.joints()
	var out []ad.Value
	for _, j := range all {
		r := j.residuals()[0]
		if !j.o.Free() {
			r = ad.Div(r, j.args[1])
		}
		out = append(out, ad.Mul(r, ad.Sqrt(s.Weights)))
	}
	return ad.Concatenate(0, out...)
}
