package ad

import (
	"slices"

	"pullback/internal/dense"
	"pullback/internal/op"
	"pullback/ir"
)

// Dot, Solve and the factorisations take one matrix or vector; Vmap makes stacks of them.

// Dot is the inner product of two vectors of one length.
func Dot(x, y Value) Value {
	if t := x.Type(); t.Rank() != 1 || !t.Equal(y.Type()) {
		panic(mistake("dot", []Value{x, y},
			"the operands must be two vectors of one length and element type"))
	}
	return op.Dot(x, y)
}

// MatVec is the matrix a of shape (m, n) times the vector x of n: a vector of m. Leading axes, the
// same in both, are batches: (batch..., m, n) times (batch..., n).
func MatVec(a, x Value) Value {
	t, u := a.Type(), x.Type()
	batch := t.Rank() - 2
	if batch < 0 || u.Rank() != batch+1 || t.Shape[batch+1] != u.Shape[batch] ||
		!oneBatch(t, u, batch) {
		panic(mistake("matvec", []Value{a, x}, "a matrix (m, n) times a vector (n) of one "+
			"element type is asked for, or stacks of them with the same leading axes; ad.Vmap "+
			"repeats one of the two"))
	}
	return op.Squeeze(op.Contract(a, op.ExpandDims(x, batch+1), batch, false, false), batch+1)
}

// MatMul is the matrix a of shape (m, k) times the matrix b of shape (k, n). Leading axes, the same
// in both, are batches: (batch..., m, k) times (batch..., k, n) is one contraction of all.
func MatMul(a, b Value) Value {
	t, u := a.Type(), b.Type()
	batch := t.Rank() - 2
	if batch < 0 || u.Rank() != batch+2 || t.Shape[batch+1] != u.Shape[batch] ||
		!oneBatch(t, u, batch) {
		panic(mistake("matmul", []Value{a, b}, "a matrix (m, k) times a matrix (k, n) of one "+
			"element type is asked for, or stacks of them with the same leading axes; ad.Vmap "+
			"repeats one of the two"))
	}
	return op.Contract(a, b, batch, false, false)
}

func oneBatch(t, u ir.Type, axes int) bool {
	return t.DType == u.DType && slices.Equal(t.Shape[:axes], u.Shape[:axes])
}

// Diagonal is the diagonal of a square matrix.
func Diagonal(a Value) Value {
	n := square("diagonal", a)
	return op.Take(op.Reshape(a, []int{n * n}), Mul(Arange(Int64, n), n+1), 0)
}

// Trace is the sum of the diagonal of a square matrix.
func Trace(a Value) Value { return Sum(Diagonal(a)) }

// Lower is a square matrix with zeros above the diagonal.
func Lower(a Value) Value {
	square("lower", a)
	return op.LowerTriangle(a, 0)
}

// Upper is a square matrix with zeros below the diagonal.
func Upper(a Value) Value {
	square("upper", a)
	return op.UpperTriangle(a, 0)
}

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
	rightHandSides("solve", a, b)
	return op.Solve(a, b)
}

// Inverse is the inverse of a square matrix; Solve is quicker and more accurate where the inverse
// is only to be multiplied with.
func Inverse(a Value) Value {
	square("inverse", a)
	return op.Inverse(a)
}

// Cholesky is the lower triangular L with L·Lᵀ = a, for a symmetric positive definite matrix a,
// of which it reads the lower triangle. A matrix that is not positive definite gives NaN. Its
// derivative takes a to stay symmetric.
func Cholesky(a Value) Value {
	square("cholesky", a)
	return op.Cholesky(a)
}

// Eigh is the eigenvalues w of a symmetric matrix a, ascending, and its eigenvectors, the columns
// of v: a·v = v·diag(w), by Jacobi's method. It reads the lower triangle of a. At equal eigenvalues
// the vectors have no derivative, and their tangents are infinite or NaN.
func Eigh(a Value) (w, v Value) {
	square("eigh", a)
	return op.Eigh(a)
}

// Triangle says which triangular matrix a square one stands for: its lower triangle, unless Upper;
// with a diagonal of ones if Unit; and transposed after that if Transposed.
type Triangle struct{ Upper, Unit, Transposed bool }

// TriangularSolve is the solution x of t x = b for a triangular matrix t of shape (n, n) and b of
// shape (n) or (n, m). A zero on the diagonal gives infinities and NaNs.
func TriangularSolve(t, b Value, triangle Triangle) Value {
	if rightHandSides("triangular_solve", t, b) == 1 {
		return op.Squeeze(op.TriangularSolve(t, op.ExpandDims(b, 1), dense.Triangle(triangle)), 1)
	}
	return op.TriangularSolve(t, b, dense.Triangle(triangle))
}

// CholeskySolve is the solution x of L·Lᵀ x = b for the L that Cholesky gives.
func CholeskySolve(l, b Value) Value {
	return TriangularSolve(l, TriangularSolve(l, b, Triangle{}), Triangle{Transposed: true})
}

// rightHandSides checks b against the square matrix a, and gives b's rank.
func rightHandSides(name string, a, b Value) (rank int) {
	n, t := square(name, a), b.Type()
	if t.Rank() < 1 || t.Rank() > 2 || t.Shape[0] != n || t.DType != a.DType() {
		panic(mistake(name, []Value{a, b}, "a right-hand side of %d rows and the matrix's "+
			"element type is asked for", n))
	}
	return t.Rank()
}
