package ad

import "pullback/internal/op"

// Dot is the inner product of two vectors of one length.
func Dot(x, y Value) Value {
	sameVectors("dot", x, y)
	return op.Dot(x, y)
}

func sameVectors(name string, x, y Value) {
	a, b := x.Type(), y.Type()
	if a.Rank() != 1 || !a.Equal(b) {
		panic(mistake(name, []Value{x, y}, "the operands must be two vectors of one length and element type"))
	}
}

// MatVec is the matrix a of shape (m, n) times the vector x of n.
func MatVec(a, x Value) Value {
	ta, tx := a.Type(), x.Type()
	if ta.Rank() != 2 || tx.Rank() != 1 || ta.Shape[1] != tx.Shape[0] || ta.DType != tx.DType {
		panic(mistake("matvec", []Value{a, x}, "a matrix (m, n) times a vector (n) of one element type is asked for"))
	}
	return op.MatVec(a, x)
}

// MatMul is the matrix a of shape (m, k) times the matrix b of shape (k, n).
func MatMul(a, b Value) Value {
	ta, tb := a.Type(), b.Type()
	if ta.Rank() != 2 || tb.Rank() != 2 || ta.Shape[1] != tb.Shape[0] || ta.DType != tb.DType {
		panic(mistake("matmul", []Value{a, b}, "a matrix (m, k) times a matrix (k, n) of one element type is asked for"))
	}
	return op.MatMul(a, b)
}

// Diagonal is the diagonal of a square matrix.
func Diagonal(a Value) Value {
	n := square("diagonal", a)
	return op.Take(op.Reshape(a, []int{n * n}), op.Mul(Arange(Int64, n), Full(Int64, float64(n+1), n)), 0)
}

// Trace is the sum of the diagonal of a square matrix.
func Trace(a Value) Value { return Sum(Diagonal(a)) }

func square(name string, a Value) int {
	t := a.Type()
	if t.Rank() != 2 || t.Shape[0] != t.Shape[1] {
		panic(mistake(name, []Value{a}, "a square matrix is asked for"))
	}
	return t.Shape[0]
}

// Solve is the solution x of a x = b for a square matrix a of shape (n, n) and b of shape (n) or
// (n, m), by LU factorisation with partial pivoting. A singular matrix gives infinities or NaNs.
func Solve(a, b Value) Value {
	n := square("solve", a)
	t := b.Type()
	if t.Rank() < 1 || t.Rank() > 2 || t.Shape[0] != n || t.DType != a.DType() {
		panic(mistake("solve", []Value{a, b}, "a right-hand side of %d rows and the matrix's element type is asked for", n))
	}
	return op.Solve(a, b)
}
