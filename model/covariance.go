package model

import (
	"pullback/ad"
	"pullback/stats"
)

// residuals are targets less means, one vector of N for each target.
func (j joint) residuals() []ad.Value {
	out := make([]ad.Value, len(j.targets))
	for i, t := range j.targets {
		out[i] = ad.Sub(t, j.args[i])
	}
	return out
}

// covariance is the residuals' own, about zero and weighted, with divisor the sum of the weights:
// (d, d).
func (j joint) covariance(weights ad.Value) [][]ad.Value {
	r := j.residuals()
	count := ad.Sum(weights)
	c := make([][]ad.Value, len(r))
	for i := range r {
		for k := range i + 1 {
			product := ad.Mul(ad.Mul(r[i], r[k]), weights)
			c[i] = append(c[i], ad.Div(ad.Sum(product), count))
		}
	}
	return c
}

// lowerTriangle lays a symmetric matrix, given by the rows of its lower triangle, out as a vector.
func lowerTriangle(c [][]ad.Value) ad.Value {
	var all []ad.Value
	for _, row := range c {
		all = append(all, row...)
	}
	return ad.Stack(0, all...)
}

// symmetric is the matrix (d, d) of a lower triangle.
func symmetric(c [][]ad.Value) ad.Value {
	d := len(c)
	var all []ad.Value
	for i := range d {
		for k := range d {
			all = append(all, c[max(i, k)][min(i, k)])
		}
	}
	return ad.Reshape(ad.Stack(0, all...), d, d)
}

// logDeterminant of a covariance, given by the rows of its lower triangle.
func logDeterminant(c [][]ad.Value) ad.Value {
	if len(c) == 1 {
		return ad.Log(c[0][0])
	}
	return ad.Mul(ad.Sum(ad.Log(ad.Diagonal(ad.Cholesky(symmetric(c))))), 2)
}

// triangle is the rows of the lower triangle of a matrix of d rows that a vector lays out.
func triangle(v ad.Value, d int) [][]ad.Value {
	c := make([][]ad.Value, d)
	next := 0
	for i := range d {
		for range i + 1 {
			c[i] = append(c[i], ad.At(v, next))
			next++
		}
	}
	return c
}

// free is the log density at the covariance in j.noise.
func (j joint) free() ad.Value {
	d := len(j.targets)
	if d == 1 {
		return stats.Normal{Mean: j.args[0], SD: j.sd()}.LogPDF(j.targets[0])
	}
	normal := stats.MultivariateNormal{Mean: ad.Stack(1, j.args...),
		Covariance: symmetric(triangle(j.noise, d))}
	return normal.LogPDF(ad.Stack(1, j.targets...))
}

// logDeterminant is log|det ∂F/∂y| of the shocks F by the unknowns y in every row, of N.
func (e *evaluation) logDeterminant() ad.Value {
	n := len(e.unknowns)
	columns := make([][]ad.Value, n) // columns[j][i] is ∂Fᵢ/∂yⱼ
	shocks := func(y []ad.Value) []ad.Value {
		out := e.with(y, e.columns, e.groups).excess()
		for i := range out {
			out[i] = rows(out[i], e.b.N)
		}
		return out
	}
	for j := range n {
		dy := make([]ad.Value, n)
		for i := range dy {
			dy[i] = ad.ZerosLike(e.unknowns[i])
		}
		dy[j] = ad.OnesLike(e.unknowns[j])
		_, columns[j] = ad.JVP(shocks, e.unknowns, dy)
	}
	return ad.Log(ad.Abs(determinant(columns)))
}

// determinant by expansion along the first column, elementwise. Systems of shocks are small.
func determinant(columns [][]ad.Value) ad.Value {
	if len(columns) == 1 {
		return columns[0][0]
	}
	var total ad.Value
	for i := range columns {
		minor := make([][]ad.Value, 0, len(columns)-1)
		for _, c := range columns[1:] {
			rest := append(append([]ad.Value{}, c[:i]...), c[i+1:]...)
			minor = append(minor, rest)
		}
		term := ad.Mul(columns[0][i], determinant(minor))
		switch {
		case i == 0:
			total = term
		case i%2 == 1:
			total = ad.Sub(total, term)
		default:
			total = ad.Add(total, term)
		}
	}
	return total
}
