package op

import (
	"pullback/internal/dense"
	"pullback/internal/lane"
	"pullback/ir"
)

// smallEigen is the eigenvalues and eigenvectors of a matrix in lane values.
func smallEigen(b *lane.Builder, lower []lane.Value, n int) (w, v []lane.Value) {
	t := b.Type(lower[0])
	zero, one := b.Float(t, 0), b.Float(t, 1)
	a, greatest := make([]lane.Value, n*n), zero
	for i := range n {
		for j := range i + 1 {
			x := lower[i*n+j]
			a[i*n+j], a[j*n+i] = x, x
			greatest = b.Max(greatest, b.Abs(x))
		}
	}
	finite := b.Equal(b.Sub(greatest, greatest), zero)
	scale := reciprocalPower(b, b.Convert(ir.Float64, greatest))
	squares := zero
	for i, x := range a {
		a[i] = b.Convert(t, b.Mul(b.Convert(ir.Float64, x), scale))
		squares = b.FMA(a[i], a[i], squares)
	}
	roundoff := 0x1p-53
	if t == ir.Float32 {
		roundoff = 0x1p-24
	}
	small := b.Div(b.Mul(b.Sqrt(squares), b.Float(t, roundoff)), b.Float(t, float64(n)))

	rows := make([]lane.Value, n*n)
	for i := range rows {
		if rows[i] = zero; i%(n+1) == 0 {
			rows[i] = one
		}
	}
	// The state is the number of sweeps, whether it has converged, a, and the vectors in rows.
	state := append([]lane.Value{b.Int(ir.Int64, 0), b.Not(finite)}, a...)
	state = b.While(append(state, rows...),
		func(s []lane.Value) lane.Value {
			return b.And(b.Less(s[0], b.Int(ir.Int64, dense.JacobiSweeps)), b.Not(s[1]))
		},
		func(s []lane.Value) []lane.Value {
			s = append([]lane.Value{}, s...)
			a, v := s[2:2+n*n], s[2+n*n:]
			s[0], s[1] = b.Add(s[0], b.Int(ir.Int64, 1)), b.Bool(true)
			for p := range n {
				for q := p + 1; q < n; q++ {
					turn := b.Not(b.LessEqual(b.Abs(a[p*n+q]), small))
					s[1] = b.And(s[1], b.Not(turn))
					jacobiRotation(b, turn, a, v, n, p, q)
				}
			}
			return s
		})
	ok, a := b.And(finite, state[1]), state[2:2+n*n]
	rows = append([]lane.Value{}, state[2+n*n:]...)
	nan := b.Div(zero, zero)
	for i := range n {
		value := b.Convert(t, b.Div(b.Convert(ir.Float64, a[i*n+i]), scale))
		w = append(w, b.Select(ok, value, nan))
	}
	sortRows(b, w, rows)
	v = make([]lane.Value, n*n)
	for i := range n {
		orient(b, rows[i*n:][:n])
		for j := range n {
			v[j*n+i] = b.Select(ok, rows[i*n+j], nan)
		}
	}
	return w, v
}

// reciprocalPower is a power of two that brings x near 1.
func reciprocalPower(b *lane.Builder, x lane.Value) lane.Value {
	const bias, fraction = 1023, 52
	number := func(n int64) lane.Value { return b.Int(ir.Uint64, n) }
	exponent := b.ShiftRight(b.Bitcast(ir.Uint64, x), number(fraction))
	exponent = b.Min(b.Max(exponent, number(1)), number(2*bias-1))
	return b.Bitcast(ir.Float64, b.ShiftLeft(b.Sub(number(2*bias), exponent), number(fraction)))
}

// jacobiRotation makes a[p][q] zero by a rotation of the plane (p, q), where turn holds.
func jacobiRotation(b *lane.Builder, turn lane.Value, a, v []lane.Value, n, p, q int) {
	t := b.Type(a[0])
	zero, one := b.Float(t, 0), b.Float(t, 1)
	pivot, app, aqq := a[p*n+q], a[p*n+p], a[q*n+q]
	cotangent := b.Div(b.Sub(aqq, app), b.Mul(b.Float(t, 2), pivot)) // of twice the angle
	root := b.Sqrt(b.FMA(cotangent, cotangent, one))
	tangent := b.Div(one, b.Add(b.Abs(cotangent), root))
	tangent = b.Select(b.Less(cotangent, zero), b.Neg(tangent), tangent)
	cosine := b.Div(one, b.Sqrt(b.FMA(tangent, tangent, one)))
	sine := b.Mul(tangent, cosine)
	half := b.Div(sine, b.Add(one, cosine)) // the tangent of half the angle

	rotate := func(x, y []lane.Value) {
		for i, g := range x {
			h := y[i]
			x[i] = b.FMA(b.Neg(sine), b.FMA(half, g, h), g)
			y[i] = b.FMA(sine, b.FMA(b.Neg(half), h, g), h)
		}
	}
	before, vectors := append([]lane.Value{}, a...), append([]lane.Value{}, v...)
	rotate(a[p*n:][:n], a[q*n:][:n])
	a[p*n+p], a[q*n+q] = b.FMA(b.Neg(tangent), pivot, app), b.FMA(tangent, pivot, aqq)
	a[p*n+q], a[q*n+p] = zero, zero
	for k := range n {
		a[k*n+p], a[k*n+q] = a[p*n+k], a[q*n+k]
	}
	rotate(v[p*n:][:n], v[q*n:][:n])
	for i := range a {
		a[i], v[i] = b.Select(turn, a[i], before[i]), b.Select(turn, v[i], vectors[i])
	}
}

// sortRows sorts w and the rows of v with it, ascending, by selection.
func sortRows(b *lane.Builder, w, v []lane.Value) {
	n := len(w)
	for i := range w {
		// least is row i of what will be, with its number.
		least := append([]lane.Value{b.Int(ir.Int64, int64(i)), w[i]}, v[i*n:][:n]...)
		for j := i + 1; j < n; j++ {
			less := b.Less(w[j], least[1])
			row := append([]lane.Value{b.Int(ir.Int64, int64(j)), w[j]}, v[j*n:][:n]...)
			for k, x := range row {
				least[k] = b.Select(less, x, least[k])
			}
		}
		for j := i + 1; j < n; j++ {
			here := b.Equal(least[0], b.Int(ir.Int64, int64(j)))
			w[j] = b.Select(here, w[i], w[j])
			for k := range n {
				v[j*n+k] = b.Select(here, v[i*n+k], v[j*n+k])
			}
		}
		w[i] = least[1]
		copy(v[i*n:][:n], least[2:])
	}
}

// orient makes the component of greatest magnitude positive, the first of equals.
func orient(b *lane.Builder, v []lane.Value) {
	zero := b.Float(b.Type(v[0]), 0)
	greatest := v[0]
	for _, x := range v[1:] {
		greatest = b.Select(b.Less(b.Abs(greatest), b.Abs(x)), x, greatest)
	}
	turn := b.Less(greatest, zero)
	for i, x := range v {
		v[i] = b.Select(turn, b.Sub(zero, x), x) // not -x, which would make zeros negative
	}
}
