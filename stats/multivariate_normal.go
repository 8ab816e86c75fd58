package stats

import "pullback/ad"

// MultivariateNormal is the joint normal distribution of d numbers. Mean is (d) or (n, d), the
// covariance (d, d), symmetric and positive definite; of it the lower triangle is read.
type MultivariateNormal struct {
	Mean, Covariance Value
}

// LogPDF is the logarithm of the density at x, (d) or (n, d): a scalar, or one for each of n. It is
// NaN where the covariance is not positive definite.
func (m MultivariateNormal) LogPDF(x Value) Value {
	const logTwoPi = 1.83787706640934548356065947281
	check("multivariate_normal", "Mean", m.Mean, x)
	check("multivariate_normal", "Covariance", m.Covariance, x)
	d := m.Covariance.Shape()[0]
	factor := ad.Cholesky(m.Covariance)
	residual := ad.Sub(x, m.Mean)
	single := residual.Type().Rank() == 1
	if single {
		residual = ad.ExpandDims(residual, 0)
	}
	white := ad.TriangularSolve(factor, ad.Transpose(residual), ad.Triangle{})
	logDet := ad.Sum(ad.Log(ad.Diagonal(factor)))
	constant := ad.Add(logDet, float64(0.5*logTwoPi*float64(d)))
	out := ad.Sub(ad.Mul(ad.Sum(ad.Square(white), 0), -0.5), constant)
	if single {
		return ad.At(out, 0)
	}
	return out
}
