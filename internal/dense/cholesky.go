package dense

// Cholesky factorises symmetric positive definite matrices, A = L·Lᵀ. a and l have shape
// [batch][n][n] and may be the same slice. Only the lower triangle of a matters; the upper
// triangle of l is zero. A matrix with a pivot that is not positive (zero, negative or NaN) gives
// NaN throughout, and that pivot's index in failed, of length batch or nil; it is -1 if there is
// none.
//
// The order: s = a[i][j], then s = fma(-l[i][k], l[j][k], s) for k = 0 … j-1; l[j][j] is √s and
// l[i][j] is s / l[j][j].
func Cholesky[T Float](l, a []T, failed []int32, batch, n int) {
	check("Cholesky", "a", len(a), batch, n, n)
	check("Cholesky", "l", len(l), batch, n, n)
	if failed != nil {
		check("Cholesky", "failed", len(failed), batch)
	}
	for b := range batch {
		u := l[b*n*n:][:n*n]
		transpose(u, a[b*n*n:][:n*n], n)
		pivot := choleskyUpper(u, n)
		if pivot < 0 {
			transpose(u, u, n)
			for i := range n {
				clear(u[i*n:][i+1 : n])
			}
		} else {
			fill(u, nan[T]())
		}
		if failed != nil {
			failed[b] = int32(pivot)
		}
	}
}

// choleskyUpper turns the upper triangle of a into U = Lᵀ, row after row: the columns of L then lie
// in memory as they are used. It returns the first pivot that is not positive, or -1.
func choleskyUpper[T Float](a []T, n int) int {
	for i := range n {
		row := a[i*n:][i:n]
		for k := range i {
			addMultiple(row, -a[k*n+i], a[k*n:][i:n])
		}
		if !(row[0] > 0) {
			return i
		}
		row[0] = sqrt(row[0])
		for j := 1; j < len(row); j++ {
			row[j] /= row[0]
		}
	}
	return -1
}

// transpose sets out, of shape [n][n], to the transpose of a; the two may be the same slice.
func transpose[T Float](out, a []T, n int) {
	for i := range n {
		for j := range i + 1 {
			out[j*n+i], out[i*n+j] = a[i*n+j], a[j*n+i]
		}
	}
}
