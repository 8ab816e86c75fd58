package stats

import (
	"math"

	"pullback/ad"
	"pullback/random"
)

// Poisson is the Poisson distribution of a whole number, a float, elementwise. Rate, its mean, is
// not negative; of 0 the number is 0.
type Poisson struct {
	Rate Value
}

// LogPDF is x·log Rate - Rate - log Γ(x+1), the logarithm of the probability of x, and -infinity
// where x is no whole number or negative. It has no derivative in x.
func (p Poisson) LogPDF(x Value) Value {
	check("poisson", "Rate", p.Rate, x)
	x = ad.StopGradient(x)
	whole := ad.And(ad.Equal(x, ad.Floor(x)), ad.Less(x, math.Inf(1)))
	inside := ad.Or(ad.And(whole, nonNegative(x)), ad.IsNaN(x))
	at := ad.Where(inside, x, 0)
	// None has no logarithm: the derivative at Rate = 0 is -1.
	log := ad.Mul(at, ad.Log(ad.Where(ad.Equal(at, 0), 1, p.Rate)))
	y := ad.Sub(ad.Sub(log, p.Rate), ad.LogGamma(ad.Add(at, 1)))
	return onSupport(ad.GreaterEqual(p.Rate, 0), inside, y)
}

// Draw is whole numbers, as floats, without derivatives. Below a rate of 10 they are found by
// adding up probabilities, from there on by Hörmann's method PTRS ("The transformed rejection
// method for generating Poisson random variables", Insurance: Mathematics and Economics 12, 1993),
// both in float64; the numbers are not JAX's.
func (p Poisson) Draw(key random.Key, shape ...int) Value {
	ps, _, _ := broadcast("poisson", shape, parameter{"Rate", p.Rate})
	return each(key, ps[0], poisson)
}

func poisson(key random.Key, rate Value) Value {
	possible := finite(rate)
	rate = ad.Where(possible, rate, 0)
	few := ad.Less(rate, 10)
	small := poissonSearch(key, ad.Where(few, rate, 0))
	great := poissonRejection(key, few, ad.Where(few, 10, rate))
	return ad.Where(possible, ad.Where(few, small, great), math.NaN())
}

// poissonSearch is the first number up to which the probabilities exceed a uniform number.
func poissonSearch(key random.Key, rate Value) Value {
	type state struct{ K, Probability, Rest Value }
	start := state{ad.Scalar(0.), ad.Exp(ad.Neg(rate)), random.Uniform(key, ad.Float64)}
	return ad.While(start,
		func(s state) Value { // until what is left is no more than rounding
			more := ad.GreaterEqual(s.Rest, s.Probability)
			return ad.And(more, ad.Greater(s.Probability, 0x1p-60))
		},
		func(s state) state {
			k := ad.Add(s.K, 1)
			return state{k, ad.Mul(s.Probability, ad.Div(rate, k)), ad.Sub(s.Rest, s.Probability)}
		}).K
}

// poissonRejection has Hörmann's names, but us, which is room here.
func poissonRejection(key random.Key, needless, rate Value) Value {
	b := ad.Add(ad.Mul(ad.Sqrt(rate), 2.53), 0.931)
	a := ad.Sub(ad.Mul(b, 0.02483), 0.059)
	inverseAlpha := ad.Add(ad.Div(1.1328, ad.Sub(b, 3.4)), 1.1239)
	most := ad.Sub(0.9277, ad.Div(3.6224, ad.Sub(b, 2)))
	logRate := ad.Log(rate)
	return rejected(needless, func(round Value) (k, accepted Value) {
		first, second := two(key, round)
		u, v := ad.Sub(random.Uniform(first, ad.Float64), 0.5), random.Uniform(second, ad.Float64)
		room := ad.Sub(0.5, ad.Abs(u))
		spread := ad.Add(ad.Div(ad.Mul(a, 2), room), b)
		k = ad.Floor(ad.Add(ad.Mul(spread, u), ad.Add(rate, 0.43)))
		quick := ad.And(ad.GreaterEqual(room, 0.07), ad.LessEqual(v, most))
		refused := ad.Or(ad.Less(k, 0), ad.And(ad.Less(room, 0.013), ad.Greater(v, room)))
		height := ad.Div(ad.Mul(v, inverseAlpha), ad.Add(ad.Div(a, ad.Square(room)), b))
		density := ad.Sub(ad.Sub(ad.Mul(k, logRate), rate), ad.LogGamma(ad.Add(k, 1)))
		below := ad.LessEqual(ad.Log(height), density)
		return k, ad.Or(quick, ad.And(ad.Not(refused), below))
	})
}
