// Package orthogonal has orthogonal factorisations of matrices of few columns, in operations that
// can be compiled and batched.
package orthogonal

import (
	"pullback/ad"
	"pullback/internal/implicit"
)

// Factor is the upper triangle R, (n, n), of the factorisation A = QR of a matrix (m, n), and Qᵀb
// for a vector b of m: the x that minimises |Ax - b| solves Rx = Qᵀb. It is modified Gram-Schmidt
// on [A b], which is as stable for that as Householder's reflections (Björck, Solving linear least
// squares problems by Gram-Schmidt orthogonalization, BIT 7, 1967), and which gives what rounding
// leaves where a column depends on those before. The diagonal is not negative.
func Factor(a, b ad.Value) (r, qtb ad.Value) {
	type row struct{ R, B ad.Value }
	_, rows := ad.Scan(columns{ad.Transpose(a), b}, ad.Arange(ad.Int64, a.Shape()[1]),
		func(s columns, k ad.Value) (columns, row) {
			q, _ := Unit(take(s.A, k))
			next, r, b := s.without(q)
			return next, row{r, b}
		})
	return ad.Upper(rows.R), rows.B
}

// Span is b in an orthonormal basis of the space that the columns of A, (m, n), span: a vector of
// n whose length is that of b's projection on the space. The columns are taken in the order of
// what the ones before leave of them, the longest first, until all that is left is tolerance
// times the longest column or less, which counts as nothing: so their number may be less than n,
// and the rest of the vector is zeros. least is the shortest length that counted, relative to the
// longest, or 1 if there was none.
func Span(a, b ad.Value, tolerance float64) (parts, least ad.Value) {
	n := a.Shape()[1]
	index := ad.Arange(ad.Int64, n)
	type state struct {
		Columns columns
		Left    ad.Value // bool: the columns not yet taken
		Longest ad.Value // the first column's length
		Least   ad.Value
	}
	first := state{columns{ad.Transpose(a), b}, ad.Full(ad.Bool, 1, n), ad.Like(a, 0),
		ad.Like(a, 1)}
	end, parts := ad.Scan(first, index, func(s state, k ad.Value) (state, ad.Value) {
		lengths := ad.Where(s.Left, ad.Sum(ad.Square(s.Columns.A), 1), ad.Like(a, -1))
		longest := ad.Equal(lengths, ad.MaxOf(lengths))
		chosen := ad.MinOf(ad.Where(longest, index, ad.Full(ad.Int64, float64(n-1), n)))
		q, length := Unit(take(s.Columns.A, chosen))
		s.Longest = ad.Where(ad.Equal(k, 0), length, s.Longest)
		counts := ad.Greater(length, ad.Mul(s.Longest, tolerance))
		q = ad.Where(counts, q, ad.ZerosLike(q))
		var part ad.Value
		s.Columns, _, part = s.Columns.without(q)
		relative := ad.Div(length, implicit.Divisor(s.Longest))
		s.Least = ad.Where(counts, ad.Min(s.Least, relative), s.Least)
		s.Left = ad.And(s.Left, ad.NotEqual(index, chosen))
		return s, part
	})
	return parts, end.Least
}

// columns are a matrix's, in rows, and a vector.
type columns struct{ A, B ad.Value }

// without takes the direction q out of all, and gives how much of it there was.
func (s columns) without(q ad.Value) (rest columns, a, b ad.Value) {
	a, b = ad.MatVec(s.A, q), ad.Dot(s.B, q)
	outer := ad.Mul(ad.ExpandDims(a, 1), ad.ExpandDims(q, 0))
	return columns{ad.Sub(s.A, outer), ad.Sub(s.B, ad.Mul(q, b))}, a, b
}

func take(a, k ad.Value) ad.Value {
	return ad.Reshape(ad.DynamicSlice(a, []ad.Value{k, ad.Scalar(int64(0))}, 1, a.Shape()[1]), -1)
}

// Unit is x over its length, and the length; zero stays zero. It scales by the greatest element
// first, lest a square overflow or vanish.
func Unit(x ad.Value) (v, length ad.Value) {
	greatest := ad.MaxOf(ad.Abs(x))
	scaled := ad.Div(x, implicit.Divisor(greatest))
	norm := ad.Sqrt(ad.Dot(scaled, scaled))
	return ad.Div(scaled, implicit.Divisor(norm)), ad.Mul(greatest, norm)
}
