package dense

// LU factorises square matrices with partial pivoting, P·A = L·U. a and lu have shape
// [batch][n][n] and may be the same slice. lu holds U in its upper triangle and L, whose diagonal
// is 1, below. pivots and permutation have shape [batch][n]: step k exchanged rows k and
// pivots[k], and row i of P·A is row permutation[i] of A. A singular matrix has a zero on the
// diagonal of U.
//
// The order: s = (P·A)[i][j], then s = fma(-l[i][k], u[k][j], s) for k = 0 … min(i,j)-1; u[i][j] is
// s, and l[i][j] is s / u[j][j]. The pivot of column j is the s of greatest magnitude, the first
// of equals, and the first NaN if there is one, so that a NaN reaches the diagonal. A step whose
// pivot is zero is left out, as its column is zero.
func LU[T Float](lu, a []T, pivots, permutation []int32, batch, n int) {
	check("LU", "a", len(a), batch, n, n)
	check("LU", "lu", len(lu), batch, n, n)
	check("LU", "pivots", len(pivots), batch, n)
	check("LU", "permutation", len(permutation), batch, n)
	copy(lu, a)
	for b := range batch {
		luInPlace(lu[b*n*n:][:n*n], pivots[b*n:][:n], permutation[b*n:][:n])
	}
}

func luInPlace[T Float](a []T, pivots, permutation []int32) {
	n := len(pivots)
	for i := range permutation {
		permutation[i] = int32(i)
	}
	for k := range n {
		p, greatest := k, abs(a[k*n+k])
		for i := k + 1; i < n; i++ {
			v := abs(a[i*n+k])
			if v > greatest || v != v && greatest == greatest {
				p, greatest = i, v
			}
		}
		pivots[k] = int32(p)
		top := a[k*n:][:n]
		if p != k {
			exchange(top, a[p*n:][:n])
			permutation[k], permutation[p] = permutation[p], permutation[k]
		}
		if greatest == 0 {
			continue
		}
		for i := k + 1; i < n; i++ {
			row := a[i*n:][:n]
			row[k] /= top[k]
			addMultiple(row[k+1:], -row[k], top[k+1:])
		}
	}
}

// exchange swaps the elements of x and y, of the same length.
func exchange[T any](x, y []T) {
	for i := range x {
		x[i], y[i] = y[i], x[i]
	}
}

// SolveLU solves A·X = B, or Aᵀ·X = B if transposed, with the lu and pivots of LU. x and b have
// shape [batch][n][columns] and may be the same slice. The order is that of SolveTriangular, for
// L and then U, or Uᵀ and then Lᵀ. A singular matrix gives infinities and NaNs.
func SolveLU[T Float](x, lu []T, pivots []int32, b []T, batch, n, columns int, transposed bool) {
	check("SolveLU", "pivots", len(pivots), batch, n)
	check("SolveLU", "b", len(b), batch, n, columns)
	check("SolveLU", "x", len(x), batch, n, columns)
	lower, upper := Triangle{Unit: true}, Triangle{Upper: true}
	if !transposed {
		copy(x, b)
		for m := range batch {
			rows, p := x[m*n*columns:][:n*columns], pivots[m*n:][:n]
			for k := range n {
				exchangeRows(rows, k, int(p[k]), columns)
			}
		}
		SolveTriangular(x, lu, x, batch, n, columns, lower)
		SolveTriangular(x, lu, x, batch, n, columns, upper)
		return
	}
	// Aᵀ = Uᵀ·Lᵀ·P: the exchanges come last, backwards.
	lower.Transposed, upper.Transposed = true, true
	SolveTriangular(x, lu, b, batch, n, columns, upper)
	SolveTriangular(x, lu, x, batch, n, columns, lower)
	for m := range batch {
		rows, p := x[m*n*columns:][:n*columns], pivots[m*n:][:n]
		for k := n - 1; k >= 0; k-- {
			exchangeRows(rows, k, int(p[k]), columns)
		}
	}
}

func exchangeRows[T any](x []T, i, j, columns int) {
	if i != j {
		exchange(x[i*columns:][:columns], x[j*columns:][:columns])
	}
}
