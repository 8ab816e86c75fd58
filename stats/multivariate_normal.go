package stats

import (
	"slices"

	"pullback/ad"
	"pullback/random"
)

// MultivariateNormal is the normal distribution of vectors of d numbers, the last axis: Mean is
// (..., d) and broadcasts with the argument, Covariance is (d, d), positive definite, of which the
// symmetric part counts. Where it is not positive definite, the results are NaN.
type MultivariateNormal struct {
	Mean, Covariance Value
}

// LogPDF is the logarithm of the density at x of shape (..., d), a number for each vector:
// -(d·log 2π + log|Σ| + rᵀΣ⁻¹r)/2 with Σ = L·Lᵀ by Cholesky, r = x - Mean, and rᵀΣ⁻¹r = |L⁻¹r|².
func (m MultivariateNormal) LogPDF(x Value) Value {
	d := m.check(x)
	l := m.root()
	r := ad.Sub(x, m.Mean)
	r = ad.MoveAxis(r, r.Type().Rank()-1, 0)
	constant := ad.Add(ad.Sum(ad.Log(ad.Diagonal(l))), float64(logRoot2Pi*float64(d)))
	return ad.Sub(ad.Mul(squares(l, r), -0.5), constant)
}

// squares is |L⁻¹r|² for each of the vectors along the first axis of r. For few variables it is
// written out in elements, which makes one loop over the vectors.
func squares(l, r Value) Value {
	t := r.Type()
	if d := t.Shape[0]; d > 8 {
		columns := ad.Reshape(r, d, size(t.Shape[1:]))
		y := ad.TriangularSolve(l, columns, ad.Triangle{})
		return ad.Reshape(ad.Sum(ad.Square(y), 0), t.Shape[1:]...)
	}
	sum := ad.Zeros(t.DType, t.Shape[1:]...)
	var ys []Value
	for i := range t.Shape[0] {
		row := ad.At(l, i)
		y := ad.At(r, i)
		for j, before := range ys {
			y = ad.Sub(y, ad.Mul(ad.At(row, j), before))
		}
		y = ad.Div(y, ad.At(row, i))
		ys = append(ys, y)
		sum = ad.Add(sum, ad.Square(y))
	}
	return sum
}

// Draw is vectors Mean + L·z with z of random.Normal: numbers of jax.random.multivariate_normal.
// The result has the shape, and then d; without a shape it has Mean's.
func (m MultivariateNormal) Draw(key random.Key, shape ...int) Value {
	d := m.check(m.Mean)
	l := m.root()
	shape = append(slices.Clone(shape), d)
	if len(shape) == 1 {
		shape = m.Mean.Shape()
	}
	z := ad.Reshape(random.Normal(key, l.DType(), shape...), size(shape)/max(d, 1), d)
	return ad.Add(m.Mean, ad.Reshape(ad.MatMul(z, ad.Transpose(l)), shape...))
}

// root is Cholesky's factor of the covariance. The mean of the two triangles makes derivatives
// those of a function of every element.
func (m MultivariateNormal) root() Value {
	return ad.Cholesky(ad.Mul(ad.Add(m.Covariance, ad.Transpose(m.Covariance)), 0.5))
}

// check gives the number of variables d.
func (m MultivariateNormal) check(x Value) (d int) {
	check("multivariate_normal", "Mean", m.Mean, x)
	check("multivariate_normal", "Covariance", m.Covariance, x)
	c := m.Covariance.Shape()
	if len(c) != 2 || c[0] != c[1] {
		panic(ad.Mistake("multivariate_normal", []Value{m.Covariance},
			"the covariance must be a square matrix"))
	}
	for _, v := range []Value{m.Mean, x} {
		if s := v.Shape(); len(s) == 0 || s[len(s)-1] != c[0] {
			panic(ad.Mistake("multivariate_normal", []Value{v, m.Covariance},
				"the last axis must have the covariance's extent, %d", c[0]))
		}
	}
	return c[0]
}
