package lane

import (
	"math"

	"pullback/ir"
)

// The gamma function's logarithm and the derivatives of that, for x >= 0; below 0 they are NaN,
// and at 0 their limits from the right. Float32 computes in Float64.

// LogGamma is the logarithm of the gamma function.
//
// Around 2, log Γ(2+t) = t P(t) for |t| <= 1/2, where P(t) is smooth and positive, so that the zero
// at 2 keeps its digits, and so does the one at 1 by way of Γ(x+1) = x Γ(x), which brings all other
// x below 8 to [1.5, 2.5]: one logarithm of a product. From 8 on it is Stirling's series.
func (b *Builder) LogGamma(x Value) Value {
	t := ir.Float64
	v := b.Convert(t, x)
	number := func(c float64) Value { return b.Float(t, c) }
	zero, one, eight := number(0), number(1), number(8)

	// product is what Γ(x) has more than Γ(2+d), or below 1.5 less. All d are exact.
	least, below := b.Less(v, number(0.5)), b.Less(v, number(1.5))
	product := b.Select(least, b.FMA(v, v, v), b.Select(below, v, one))
	for k := 2.; k < 8; k++ { // from k+0.5 on there is one factor more
		longer := b.Mul(product, b.Sub(v, number(k-1)))
		product = b.Select(b.Less(number(k+0.5), v), longer, product)
	}
	steps := b.Max(b.Sub(b.Ceil(b.Sub(v, number(0.5))), number(2)), zero)
	d := b.Sub(b.Sub(v, number(2)), steps)
	d = b.Select(least, v, b.Select(below, b.Sub(v, one), d))
	p := b.horner(d, 0.42278433509846713, 0.3224670334241132, -0.06735230105319814,
		0.02058080842778457, -0.0073855510286681535, 0.002890510330738737, -0.0011927539120010226,
		0.0005096695248853096, -0.00022315475074520367, 9.945750909889392e-05,
		-4.4926351103833334e-05, 2.050726741605779e-05, -9.438458716242811e-06,
		4.374374916915131e-06, -2.0449201467015115e-06, 9.578663334114758e-07,
		-4.303558760359961e-07, 2.0304806751615227e-07, -1.3412819758517287e-07,
		6.379047507619774e-08)
	far := b.LessEqual(eight, v)
	k, m := b.binade(b.Select(far, v, product))
	large, rest := b.logParts(k, b.Sub(m, one), None)
	sign := b.Select(below, number(-1), one)
	near := b.FMA(sign, large, b.FMA(d, p, b.Mul(sign, rest)))

	// (x - 1/2) (log x - 1) + (log 2π - 1)/2 + Σ B₂ₖ/(2k (2k-1) x^(2k-1))
	inverse := b.Div(one, v)
	series := b.Mul(inverse, b.horner(b.Mul(inverse, inverse), 0.08333333333333333,
		-0.002777777777777778, 0.0007936507936507937, -0.0005952380952380953,
		0.0008417508417508417, -0.0019175269175269176, 0.00641025641025641, -0.029550653594771242,
		0.17964437236883057))
	stirling := b.FMA(b.Sub(v, number(0.5)), b.Add(b.Sub(large, one), rest),
		b.Add(number(0.4189385332046727), series))

	infinity := b.infinity(t)
	y := b.Select(far, stirling, near)
	y = b.Select(b.Or(b.Equal(v, zero), b.Equal(v, infinity)), infinity, y)
	return b.Convert(b.Type(x), b.Select(b.Less(v, zero), number(math.NaN()), y))
}

// Digamma is the derivative of LogGamma. Below 8 it is ψ(x) = ψ(x+8) - Σ 1/(x+i), where all
// terms but the first are one fraction; from 8 on log x - 1/(2x) - Σ B₂ₖ/(2k x^2k).
func (b *Builder) Digamma(x Value) Value {
	t := ir.Float64
	v := b.Convert(t, x)
	number := func(c float64) Value { return b.Float(t, c) }
	zero, one, eight := number(0), number(1), number(8)

	near := b.Less(v, eight)
	top, bottom := one, b.Add(v, one)
	for i := 2; i < 8; i++ {
		f := b.Add(v, number(float64(i)))
		top, bottom = b.FMA(top, f, bottom), b.Mul(bottom, f)
	}
	steps := b.Add(b.Div(top, bottom), b.Div(one, v))

	at := b.Select(near, b.Add(v, eight), v)
	inverse := b.Div(one, at)
	square := b.Mul(inverse, inverse)
	series := b.horner(square, 0.08333333333333333, -0.008333333333333333, 0.003968253968253968,
		-0.004166666666666667, 0.007575757575757576, -0.021092796092796094, 0.08333333333333333,
		-0.4432598039215686, 3.0539543302701198, -26.456212121212122)
	y := b.Sub(b.Log(at), b.FMA(square, series, b.Mul(inverse, number(0.5))))
	y = b.Select(near, b.Sub(y, steps), y)
	return b.Convert(b.Type(x), b.Select(b.Less(v, zero), number(math.NaN()), y))
}

// MaxPolygamma is the highest order of Polygamma: the factorials of higher ones leave the range.
const MaxPolygamma = 100

// Polygamma is the derivative of order n of Digamma, n from 0 to MaxPolygamma. With z = 1/x², the
// asymptotic series is (-1)^(n+1) (n-1)!/x^n (1 + n/(2x) + Σ B₂ₖ C(2k+n-1, 2k) z^k), used from
// n+8 on; below, n! Σ 1/(x+i)^(n+1) is added, in which no digits cancel.
func (b *Builder) Polygamma(n int, x Value) Value {
	if n == 0 {
		return b.Digamma(x)
	}
	t := ir.Float64
	v := b.Convert(t, x)
	number := func(c float64) Value { return b.Float(t, c) }
	zero, one := number(0), number(1)
	shift := n + 8

	near := b.Less(v, number(float64(shift)))
	steps := zero
	for i := shift - 1; i >= 0; i-- {
		steps = b.Add(steps, b.Div(one, b.times(b.Add(v, number(float64(i))), n+1)))
	}
	steps = b.Select(near, steps, zero)

	at := b.Select(near, b.Add(v, number(float64(shift))), v)
	inverse := b.Div(one, at)
	square := b.Mul(inverse, inverse)
	series := b.FMA(square, b.horner(square, stirling(n, float64(shift))...),
		b.Mul(inverse, number(float64(n)/2)))
	power := b.times(inverse, n)
	y := b.FMA(steps, number(float64(n)), b.FMA(power, series, power))

	factorial := 1.0
	for i := 2; i < n; i++ {
		factorial = float64(factorial * float64(i))
	}
	if n%2 == 0 {
		factorial = -factorial
	}
	y = b.Mul(y, number(factorial))
	return b.Convert(b.Type(x), b.Select(b.Less(v, zero), number(math.NaN()), y))
}

// stirling is B₂ₖ C(2k+n-1, 2k) for k = 1, 2, ..., as many as count at x and beyond.
func stirling(n int, x float64) []float64 {
	bernoulli := [...]float64{1. / 6, -1. / 30, 1. / 42, -1. / 30, 5. / 66, -691. / 2730, 7. / 6,
		-3617. / 510, 43867. / 798, -174611. / 330, 854513. / 138, -236364091. / 2730,
		8553103. / 6, -23749461029. / 870, 8615841276005. / 14322}
	var out []float64
	choose, power := 1.0, 1.0
	for i, of := range bernoulli {
		for j := 2*i + 1; j <= 2*i+2; j++ {
			choose = float64(choose*float64(n+j-1)) / float64(j)
		}
		power /= float64(x * x)
		c := float64(of * choose)
		if math.Abs(float64(c*power)) < 0x1p-58 {
			break
		}
		out = append(out, c)
	}
	return out
}

// times is x to the power of n > 0, by repeated squaring.
func (b *Builder) times(x Value, n int) Value {
	y := None
	for ; ; x = b.Mul(x, x) {
		if n&1 != 0 {
			if y == None {
				y = x
			} else {
				y = b.Mul(y, x)
			}
		}
		if n >>= 1; n == 0 {
			return y
		}
	}
}
