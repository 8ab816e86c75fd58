package estimate

import (
	"math"
	"slices"
)

// singularValues decomposes a matrix, given by its columns, all finite: its singular values,
// descending, and the right singular vectors in the same order. The columns are overwritten.
//
// The method is the one-sided Jacobi method of M. R. Hestenes, "Inversion of matrices by
// biorthogonalization and related results" (J. SIAM 6, 1958), in the form of G. H. Golub and C. F.
// Van Loan, Matrix Computations (2013), section 8.6.3: rotations of pairs of columns, in the order
// (0,1), (0,2), …, (n-2,n-1), until all are orthogonal. It finds small singular values of columns
// of equal length accurately, and its digits are the same on every machine.
func singularValues(columns [][]float64) (values []float64, vectors [][]float64) {
	n := len(columns)
	vectors = make([][]float64, n)
	for i := range vectors {
		vectors[i] = make([]float64, n)
		vectors[i][i] = 1
	}
	for range maxSweeps {
		orthogonal := true
		for p := range n {
			for q := p + 1; q < n; q++ {
				if sine, cosine, needed := rotation(columns[p], columns[q]); needed {
					rotate(columns[p], columns[q], sine, cosine)
					rotate(vectors[p], vectors[q], sine, cosine)
					orthogonal = false
				}
			}
		}
		if orthogonal {
			break
		}
	}
	values = make([]float64, n)
	order := make([]int, n)
	for i, c := range columns {
		values[i], order[i] = length(c), i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch {
		case values[i] > values[j]:
			return -1
		case values[i] < values[j]:
			return 1
		}
		return 0
	})
	sortedValues, sortedVectors := make([]float64, n), make([][]float64, n)
	for to, from := range order {
		sortedValues[to], sortedVectors[to] = values[from], vectors[from]
	}
	return sortedValues, sortedVectors
}

// maxSweeps bounds the sweeps over all pairs. Convergence is quadratic and takes about ten; what
// is left after so many is rounding errors of columns that are nearly zero.
const maxSweeps = 40

// rotation is the plane rotation, by at most 45 degrees, that makes x and y orthogonal, and
// whether they are not already, within rounding.
func rotation(x, y []float64) (sine, cosine float64, needed bool) {
	xx, yy, xy := dot(x, x), dot(y, y), dot(x, y)
	small := float64(0x1p-52 * math.Sqrt(float64(len(x))))
	if math.Abs(xy) <= float64(small*math.Sqrt(xx))*math.Sqrt(yy) {
		return 0, 1, false
	}
	cotangent := (yy - xx) / float64(2*xy) // of twice the angle
	t := math.Copysign(1/(math.Abs(cotangent)+math.Sqrt(math.FMA(cotangent, cotangent, 1))),
		cotangent)
	cosine = 1 / math.Sqrt(math.FMA(t, t, 1))
	return float64(t * cosine), cosine, true
}

// rotate turns the plane of each x[i], y[i].
func rotate(x, y []float64, sine, cosine float64) {
	for i, a := range x {
		b := y[i]
		x[i] = float64(cosine*a) - float64(sine*b)
		y[i] = float64(sine*a) + float64(cosine*b)
	}
}

// dot is Σ xᵢyᵢ, in order.
func dot(x, y []float64) (sum float64) {
	for i, a := range x {
		sum = math.FMA(a, y[i], sum)
	}
	return sum
}

// length is the Euclidean length of x, over its greatest element, lest a square overflow or
// vanish.
func length(x []float64) float64 {
	greatest := 0.0
	for _, a := range x {
		greatest = max(greatest, math.Abs(a))
	}
	if greatest == 0 || math.IsInf(greatest, 0) || math.IsNaN(greatest) {
		return greatest
	}
	sum := 0.0
	for _, a := range x {
		part := a / greatest
		sum = math.FMA(part, part, sum)
	}
	return float64(greatest * math.Sqrt(sum))
}
