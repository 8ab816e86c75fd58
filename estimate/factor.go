package estimate

import "math"

// A symmetric matrix A is taken as DRD with a diagonal D and ones on R's diagonal, so that nothing
// depends on the parameters' units, and R as LLᵀ. The singular values of Lᵀ are the roots of R's
// eigenvalues, small ones accurate too (J. Demmel and K. Veselić, "Jacobi's method is more accurate
// than QR", SIAM J. Matrix Anal. Appl. 13, 1992).

// spectrum is AᵀA for a matrix with columns of lengths scale and otherwise of these singular values
// and right singular vectors.
type spectrum struct {
	scale, singular []float64
	vectors         [][]float64
}

// spectrumOf decomposes a matrix, given by its columns, which are overwritten.
func spectrumOf(columns [][]float64) spectrum {
	scale := normalise(columns)
	singular, vectors := singularValues(columns)
	return spectrum{scale, singular, vectors}
}

// normalise divides each column by its length, which it gives; columns of zeros stay.
func normalise(columns [][]float64) (lengths []float64) {
	lengths = make([]float64, len(columns))
	for c, column := range columns {
		lengths[c] = length(column)
		if lengths[c] > 0 {
			divide(column, lengths[c])
		}
	}
	return lengths
}

// condition is that of AᵀA once its diagonal is 1.
func (s spectrum) condition() float64 {
	ratio := s.singular[0] / s.singular[len(s.singular)-1]
	return float64(ratio * ratio)
}

// rank is the number of singular values above RankTolerance times the greatest.
func (s spectrum) rank() (rank int) {
	for _, x := range s.singular {
		if x > RankTolerance*s.singular[0] {
			rank++
		}
	}
	return rank
}

// inverse is (AᵀA)⁻¹ where the rank is full.
func (s spectrum) inverse() [][]float64 {
	n := len(s.singular)
	parts := make([][]float64, n) // of each parameter in the singular vectors, over the value
	for p := range parts {
		parts[p] = make([]float64, n)
		for k := range parts[p] {
			parts[p][k] = s.vectors[k][p] / s.singular[k]
		}
	}
	out := square(n)
	for i := range n {
		for j := range i + 1 {
			x := dot(parts[i], parts[j]) / s.scale[i] / s.scale[j]
			out[i][j], out[j][i] = x, x
		}
	}
	return out
}

// spectrumOfSymmetric decomposes a symmetric A, if it is positive definite beyond rounding errors.
// Otherwise it gives the first row in which it was seen not to be.
func spectrumOfSymmetric(a [][]float64) (s spectrum, ok bool, row int) {
	n := len(a)
	scale := make([]float64, n)
	for i := range a {
		if !(a[i][i] > 0) {
			return s, false, i
		}
		scale[i] = math.Sqrt(a[i][i])
	}
	rows := correlations(a, scale)
	if row := cholesky(rows, nothing(n)); row >= 0 {
		return s, false, row
	}
	// The columns of Lᵀ are the rows of L.
	s = spectrumOf(rows)
	for i := range s.scale {
		s.scale[i] *= scale[i]
	}
	return s, true, -1
}

// nothing is what rounding may leave of a pivot that is zero, in a factorisation of order n of a
// matrix with unit diagonal (N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2002,
// theorem 10.14).
func nothing(n int) float64 { return float64(float64(n) * 0x1p-50) }

// correlations is D⁻¹AD⁻¹ for a diagonal D.
func correlations(a [][]float64, d []float64) [][]float64 {
	out := square(len(a))
	for i := range a {
		for j := range a {
			out[i][j] = a[i][j] / d[i] / d[j]
		}
	}
	return out
}

// cholesky overwrites a symmetric matrix with unit diagonal by its factor L, zeros above the
// diagonal. A pivot of at most tiny ends it: it gives that row, otherwise -1.
func cholesky(a [][]float64, tiny float64) (row int) {
	for j := range a {
		pivot := a[j][j] - dot(a[j][:j], a[j][:j])
		if !(pivot > tiny) {
			return j
		}
		a[j][j] = math.Sqrt(pivot)
		for i := j + 1; i < len(a); i++ {
			a[i][j] = (a[i][j] - dot(a[i][:j], a[j][:j])) / a[j][j]
			a[j][i] = 0
		}
	}
	return -1
}

// rootOf is a C with CCᵀ = A, for a covariance matrix A: symmetric and without negative
// eigenvalues, beyond rounding errors. Rows of A may be zero, and others depend on each other.
func rootOf(a [][]float64) [][]float64 {
	n := len(a)
	scale := make([]float64, n)
	for i := range a {
		scale[i] = 1
		if a[i][i] > 0 {
			scale[i] = math.Sqrt(a[i][i])
		}
	}
	c := correlations(a, scale)
	tiny := nothing(n)
	for j := range c {
		pivot := c[j][j] - dot(c[j][:j], c[j][:j])
		root := 0.0
		if pivot > tiny {
			root = math.Sqrt(pivot)
		}
		c[j][j] = root
		for i := j + 1; i < n; i++ {
			if root > 0 {
				c[i][j] = (c[i][j] - dot(c[i][:j], c[j][:j])) / root
			} else {
				c[i][j] = 0
			}
			c[j][i] = 0
		}
	}
	for i := range c {
		for j := range c {
			c[i][j] = float64(c[i][j] * scale[i])
		}
	}
	return c
}

// square is a matrix of zeros.
func square(n int) [][]float64 { return zeros(n, n) }

// zeros is a matrix of zeros, by rows.
func zeros(rows, columns int) [][]float64 {
	out := make([][]float64, rows)
	for i := range out {
		out[i] = make([]float64, columns)
	}
	return out
}
