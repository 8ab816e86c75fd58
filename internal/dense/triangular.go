package dense

// Triangle says which triangular matrix op(T) a square matrix stands for; the zero value is its
// lower triangle as it is.
type Triangle struct {
	Upper      bool // the upper triangle of the matrix; else the lower
	Unit       bool // with a diagonal of ones, whatever the matrix has there
	Transposed bool // and that triangle transposed
}

// SolveTriangular solves op(T)·X = B. t has shape [batch][n][n]; its other triangle does not
// matter. x and b have shape [batch][n][columns] and may be the same slice. A zero on the
// diagonal gives infinities and NaNs.
//
// The order is that of elimination: s = b[i], then s = fma(-op(T)[i][k], x[k], s) over the k that
// are solved before i, first the one solved first; x[i] is s, divided by op(T)[i][i] unless Unit.
// The first is 0 for a lower and n-1 for an upper op(T).
func SolveTriangular[T Float](x, t, b []T, batch, n, columns int, triangle Triangle) {
	check("SolveTriangular", "t", len(t), batch, n, n)
	check("SolveTriangular", "b", len(b), batch, n, columns)
	check("SolveTriangular", "x", len(x), batch, n, columns)
	copy(x, b)
	for m := range batch {
		solveTriangular(x[m*n*columns:][:n*columns], t[m*n*n:][:n*n], n, columns, triangle)
	}
}

func solveTriangular[T Float](x, t []T, n, columns int, triangle Triangle) {
	down, right := n, 1 // strides of op(T)
	if triangle.Transposed {
		down, right = 1, n
	}
	backward := triangle.Upper != triangle.Transposed
	for step := range n {
		k := step
		if backward {
			k = n - 1 - step
		}
		row := x[k*columns:][:columns]
		if !triangle.Unit {
			diagonal := t[k*n+k]
			for j := range row {
				row[j] /= diagonal
			}
		}
		// The rows [first, last) are still to be solved.
		first, last := k+1, n
		if backward {
			first, last = 0, k
		}
		if columns < n {
			// Few columns: go down each of them.
			for j, v := range row {
				if first < last {
					addMultipleStrided(last-first, x[first*columns+j:], columns,
						-v, t[first*down+k*right:], down)
				}
			}
			continue
		}
		for i := first; i < last; i++ {
			addMultiple(x[i*columns:][:columns], -t[i*down+k*right], row)
		}
	}
}
