package stats

import (
	"math"

	"pullback/ad"
	"pullback/random"
)

// StudentT is Student's t distribution with DF degrees of freedom, moved to Mean and stretched by
// Scale, elementwise. DF and Scale are positive, and need not be whole.
type StudentT struct {
	DF, Mean, Scale Value
}

// LogPDF is the logarithm of the density at x.
func (t StudentT) LogPDF(x Value) Value {
	t.check(x)
	z := ad.Div(ad.Sub(x, t.Mean), t.Scale)
	half := ad.Mul(ad.Add(t.DF, 1), 0.5)
	constant := halfStep(ad.Mul(t.DF, 0.5))
	constant = ad.Sub(constant, ad.Mul(ad.Log(ad.Mul(t.DF, math.Pi)), 0.5))
	constant = ad.Sub(constant, ad.Log(t.Scale))
	return ad.Sub(constant, ad.Mul(half, ad.Log1p(ad.Div(ad.Square(z), t.DF))))
}

// Draw is a normal over the root of an independent chi-square over DF, of a shape with which the
// parameters broadcast.
func (t StudentT) Draw(key random.Key, shape ...int) Value {
	next, sub := key.Pair()
	half := ad.Mul(t.DF, 0.5)
	chi := Gamma{Shape: half, Rate: half}.Draw(sub, shape...)
	z := ad.Div(random.Normal(next, t.DF.DType(), shape...), ad.Sqrt(chi))
	return ad.Add(t.Mean, ad.Mul(t.Scale, z))
}

// halfStep is log Γ(z+½) - log Γ(z). Where z is large it is from a series, whose next term is below
// 1e-14, since the difference of the two would lose all digits.
func halfStep(z Value) Value {
	const large = 200
	isLarge := ad.Greater(z, large)
	small := ad.Where(isLarge, ad.OnesLike(z), z)
	difference := ad.Sub(LogGamma(ad.Add(small, 0.5)), LogGamma(small))
	z = ad.Where(isLarge, z, ad.Like(z, large))
	r := ad.Div(1, z)
	cubic := ad.Mul(ad.Mul(r, ad.Square(r)), 1./192)
	series := ad.Add(ad.Sub(ad.Mul(ad.Log(z), 0.5), ad.Mul(r, 0.125)), cubic)
	return ad.Where(isLarge, series, difference)
}

func (t StudentT) check(x Value) {
	check("student_t", "DF", t.DF, x)
	check("student_t", "Mean", t.Mean, x)
	check("student_t", "Scale", t.Scale, x)
}
