package stats

import (
	"math"

	"pullback/ad"
)

// LogGamma is log Γ(x) for positive x, elementwise, and NaN elsewhere. Below shifted it comes from
// Γ(x) = Γ(x+shifts)/(x(x+1)…), and above from Stirling's series (Abramowitz and Stegun, Handbook
// of Mathematical Functions, 1964, 6.1.15 and 6.1.41), of which what is left out is below 1e-15. In
// float64 the error is some 1e-15, absolute where |log Γ| < 1 and otherwise relative. Its
// derivatives, the polygamma functions, are those of the series.
func LogGamma(x Value) Value {
	valid := ad.Greater(x, 0)
	x = ad.Where(valid, x, ad.OnesLike(x))
	small := ad.Less(x, shifts)
	low := ad.Where(small, x, ad.OnesLike(x))
	product := low
	for k := 1; k < shifts; k++ {
		product = ad.Mul(product, ad.Add(low, k))
	}
	below := ad.Where(small, ad.Log(product), ad.ZerosLike(x))
	y := ad.Where(small, ad.Add(x, shifts), x)
	value := ad.Sub(stirling(y), below)
	return ad.Where(valid, value, ad.Like(x, math.NaN()))
}

// shifts is how far x is moved up, and from where on it is not.
const shifts = 9

// stirling is (y - 1/2) log y - y + log √2π and the first terms of the series in 1/y.
func stirling(y Value) Value {
	const logRoot2Pi = 0.918938533204672741780329736406
	r := ad.Div(1, y)
	r2 := ad.Square(r)
	series := ad.Like(y, 1./156)
	for _, c := range []float64{-691. / 360360, 1. / 1188, -1. / 1680, 1. / 1260, -1. / 360,
		1. / 12} {
		series = ad.Add(ad.Mul(series, r2), c)
	}
	main := ad.Sub(ad.Mul(ad.Sub(y, 0.5), ad.Log(y)), y)
	return ad.Add(main, ad.Add(ad.Mul(series, r), logRoot2Pi))
}
