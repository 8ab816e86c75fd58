package dense

import (
	"math"

	"pullback/internal/lane"
)

// JacobiSweeps is how often SymmetricEigen goes over a matrix at most. It converges
// quadratically, and takes about ten sweeps for matrices of a few hundred rows.
const JacobiSweeps = 40

// SymmetricEigen computes A = V·diag(λ)·Vᵀ for symmetric matrices. a has shape [batch][n][n]; its
// lower triangle is used and the whole is overwritten. values, of shape [batch][n], are
// ascending; vectors has shape [batch][n][n], and column j of a matrix belongs to value j. The
// component of greatest magnitude in each vector, the first of equals, is positive. A matrix that
// has a NaN or infinity, or does not converge in JacobiSweeps sweeps, gives NaN throughout.
//
// The method is Jacobi's with rotations in the order (p,q) = (0,1), (0,2), …, (n-2,n-1), in the
// form of Rutishauser ("The Jacobi method for real symmetric matrices", Numerische Mathematik 9,
// 1966). An entry of at most u·‖A‖/n, with u half the machine epsilon and ‖A‖ the Frobenius norm,
// is passed over; a sweep that passes over all is the last. So the backward error is a small
// multiple of u·‖A‖.
func SymmetricEigen[T Float](values, vectors, a []T, batch, n int) {
	check("SymmetricEigen", "a", len(a), batch, n, n)
	check("SymmetricEigen", "vectors", len(vectors), batch, n, n)
	check("SymmetricEigen", "values", len(values), batch, n)
	for b := range batch {
		v, w := vectors[b*n*n:][:n*n], values[b*n:][:n]
		if !jacobi(w, v, a[b*n*n:][:n*n], n) {
			fill(w, nan[T]())
			fill(v, nan[T]())
			continue
		}
		sortRows(w, v)
		for i := range n {
			orient(v[i*n:][:n])
		}
		transpose(v, v, n)
	}
}

// jacobi sets w to the eigenvalues and the rows of v to the eigenvectors, and says whether it
// converged.
func jacobi[T Float](w, v, a []T, n int) bool {
	var greatest T
	for i := range n {
		for j := range i + 1 {
			a[j*n+i] = a[i*n+j]
			greatest = max(greatest, abs(a[i*n+j])) // NaN wins
		}
	}
	if greatest-greatest != 0 {
		return false
	}
	// A power of two brings the matrix near 1, so that its squares are in range.
	scale := reciprocalPower(float64(greatest))
	for i := range a {
		a[i] = T(float64(a[i]) * scale)
	}
	var squares T
	for _, x := range a {
		squares = fma(x, x, squares)
	}
	small := T(T(sqrt(squares)*unitRoundoff[T]()) / T(max(n, 1)))

	clear(v)
	for i := range n {
		v[i*n+i] = 1
	}
	converged := false
	for sweep := 0; sweep < JacobiSweeps && !converged; sweep++ {
		converged = true
		for p := range n {
			for q := p + 1; q < n; q++ {
				if !(abs(a[p*n+q]) <= small) {
					jacobiRotation(a, v, n, p, q)
					converged = false
				}
			}
		}
	}
	for i := range w {
		w[i] = T(float64(a[i*n+i]) / scale)
	}
	return converged
}

// jacobiRotation makes a[p][q] zero by a rotation of the plane (p, q), by at most 45 degrees.
func jacobiRotation[T Float](a, v []T, n, p, q int) {
	pivot, app, aqq := a[p*n+q], a[p*n+p], a[q*n+q]
	cotangent := (aqq - app) / T(2*pivot) // of twice the angle
	t := 1 / (abs(cotangent) + sqrt(fma(cotangent, cotangent, 1)))
	if cotangent < 0 {
		t = -t
	}
	cosine := 1 / sqrt(fma(t, t, 1))
	sine := T(t * cosine)
	half := sine / (1 + cosine) // the tangent of half the angle

	rotate(a[p*n:][:n], a[q*n:][:n], sine, half)
	a[p*n+p], a[q*n+q] = fma(-t, pivot, app), fma(t, pivot, aqq)
	a[p*n+q], a[q*n+p] = 0, 0
	for k := range n {
		a[k*n+p], a[k*n+q] = a[p*n+k], a[q*n+k]
	}
	rotate(v[p*n:][:n], v[q*n:][:n], sine, half)
}

// rotate turns the plane of each x[i], y[i]. The small corrections lose less than cosines would.
func rotate[T Float](x, y []T, sine, half T) {
	switch x := any(x).(type) {
	case []float64:
		y, sine, half := any(y).([]float64)[:len(x)], float64(sine), float64(half)
		for i, g := range x {
			h := y[i]
			x[i] = math.FMA(-sine, math.FMA(half, g, h), g)
			y[i] = math.FMA(sine, math.FMA(-half, h, g), h)
		}
	case []float32:
		y, sine, half := any(y).([]float32)[:len(x)], float32(sine), float32(half)
		for i, g := range x {
			h := y[i]
			x[i] = lane.FMA32(-sine, lane.FMA32(half, g, h), g)
			y[i] = lane.FMA32(sine, lane.FMA32(-half, h, g), h)
		}
	}
}

// sortRows sorts w and the rows of v with it, ascending.
func sortRows[T Float](w, v []T) {
	n := len(w)
	for i := range w {
		least := i
		for j := i + 1; j < n; j++ {
			if w[j] < w[least] {
				least = j
			}
		}
		w[i], w[least] = w[least], w[i]
		exchangeRows(v, i, least, n)
	}
}

// orient makes the component of greatest magnitude positive.
func orient[T Float](v []T) {
	greatest := 0
	for i, x := range v {
		if abs(x) > abs(v[greatest]) {
			greatest = i
		}
	}
	if v[greatest] < 0 {
		for i, x := range v {
			v[i] = 0 - x // not -x, which would make zeros negative
		}
	}
}

// reciprocalPower is a power of two that brings x ≥ 0 near 1 or, if x is tiny, nearer.
func reciprocalPower(x float64) float64 {
	const bias, fraction = 1023, 52
	exponent := min(max(math.Float64bits(x)>>fraction, 1), 2*bias-1)
	return math.Float64frombits((2*bias - exponent) << fraction)
}

// unitRoundoff is half the distance from 1 to the next number.
func unitRoundoff[T Float]() T {
	if _, ok := any(T(0)).(float32); ok {
		return 0x1p-24
	}
	return 0x1p-53
}
