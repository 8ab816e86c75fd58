package lane

import "pullback/ir"

// Tanh is the hyperbolic tangent.
func (b *Builder) Tanh(x Value) Value {
	t := b.Type(x)
	// tanh |x| = n/(n+1) with n = (e^2|x| - 1)/2; beyond 22 (Float64) or 10 it is 1.
	limit := 22.0
	if t == ir.Float32 {
		limit = 10
	}
	one := b.Float(t, 1)
	a := b.Min(b.Abs(x), b.Float(t, limit))
	n, nLow := b.halfExpm1(b.Add(a, a))
	n, nLow = b.fastTwoSum(n, nLow)
	d, dLow := b.twoSum(n, one)
	dLow = b.Add(dLow, nLow)
	// The quotient by the reciprocal, then corrected by its remainder.
	reciprocal := b.Div(one, d)
	q := b.Mul(n, reciprocal)
	rest := b.Add(b.FMA(b.Neg(q), d, n), b.FMA(b.Neg(q), dLow, nLow))
	y := b.FMA(rest, reciprocal, q)
	return b.smallAsIs(x, b.CopySign(y, x), tinyAngle(t))
}
