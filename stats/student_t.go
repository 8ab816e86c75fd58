package stats

import (
	"math"

	"pullback/ad"
	"pullback/random"
)

// StudentT is Student's t distribution of Mean + Scale·t, elementwise, t with DF degrees of
// freedom, any positive number. Scale is positive. For infinite DF it is the normal distribution:
// use that.
type StudentT struct {
	DF, Mean, Scale Value
}

// LogPDF is log Γ((ν+1)/2) - log Γ(ν/2) - log(νπ)/2 - log Scale - (ν+1)/2·log(1 + z²/ν) with
// ν = DF and z = (x - Mean)/Scale.
func (s StudentT) LogPDF(x Value) Value {
	check("student_t", "DF", s.DF, x)
	check("student_t", "Mean", s.Mean, x)
	check("student_t", "Scale", s.Scale, x)
	possible := ad.And(ad.Greater(s.DF, 0), ad.Greater(s.Scale, 0))
	constant := ad.Sub(gammaStep(ad.Mul(s.DF, 0.5)), ad.Add(ad.Log(s.Scale), logRoot2Pi))
	z := ad.Div(ad.Sub(x, s.Mean), s.Scale)
	tail := ad.Mul(ad.Mul(ad.Add(s.DF, 1), 0.5), ad.Log1p(ad.Div(ad.Square(z), s.DF)))
	return ad.Where(possible, ad.Sub(constant, tail), math.NaN())
}

// gammaStep is log Γ(a+1/2) - log Γ(a) - log(a)/2, from 16 on by its asymptotic series (Tricomi and
// Erdélyi, "The asymptotic expansion of a ratio of gamma functions", Pacific J. Math. 1, 1951),
// since the logarithms, of great numbers, would leave few digits of it.
func gammaStep(a Value) Value {
	far := ad.GreaterEqual(a, 16)
	near := ad.Where(far, 1, a)
	exact := ad.Sub(ad.LogGamma(ad.Add(near, 0.5)), ad.LogGamma(near))
	exact = ad.Sub(exact, ad.Mul(ad.Log(near), 0.5))
	inverse := ad.Div(1, ad.Where(far, a, 16))
	square := ad.Square(inverse)
	series := ad.Like(a, -31./18432)
	for _, c := range []float64{17. / 14336, -1. / 640, 1. / 192, -1. / 8} {
		series = ad.Add(ad.Mul(series, square), c)
	}
	return ad.Where(far, ad.Mul(inverse, series), exact)
}

// Draw is Mean + Scale·z·√(a/g) for a random.Normal z and a draw g of Gamma with the shape a = DF/2
// and the rate 1. The numbers are not JAX's. It has derivatives in Mean and Scale.
func (s StudentT) Draw(key random.Key, shape ...int) Value {
	p, d, shape := broadcast("student_t", shape, parameter{"DF", s.DF},
		parameter{"Mean", s.Mean}, parameter{"Scale", s.Scale})
	first, second := key.Pair()
	a := ad.Mul(ad.StopGradient(p[0]), 0.5)
	ratio := ad.Sqrt(ad.Div(a, each(second, a, standardGamma)))
	t := ad.Mul(random.Normal(first, d, shape...), ratio)
	return ad.Add(p[1], ad.Mul(scale(p[2]), t))
}
