package stats

import (
	"pullback/ad"
	"pullback/random"
)

// Poisson is the Poisson distribution, elementwise, with mean Rate, positive.
type Poisson struct {
	Rate Value
}

// LogPDF is the logarithm of the probability of x, -Inf unless x is 0, 1, 2, …
func (p Poisson) LogPDF(x Value) Value {
	check("poisson", "Rate", p.Rate, x)
	return within(whole(x), x, func(x Value) Value {
		return ad.Sub(ad.Sub(ad.Mul(x, ad.Log(p.Rate)), p.Rate), LogGamma(ad.Add(x, 1)))
	})
}

// Draw is draws, as floats, of a shape with which the rate broadcasts. An element depends on the
// key, its place and its rate alone. The draws are not those of jax.random.poisson.
func (p Poisson) Draw(key random.Key, shape ...int) Value {
	return eachDraw(key, p.Rate, shape, onePoisson)
}

// largeRate is from where on rejection is faster than counting.
const largeRate = 10

// onePoisson is a draw for one rate.
func onePoisson(key random.Key, rate Value) Value {
	large := ad.GreaterEqual(rate, largeRate)
	small := ad.Where(large, ad.ZerosLike(rate), rate)
	forCount, forReject := key.Pair()
	draw := ad.Where(large, rejected(forReject, ad.Where(large, rate,
		ad.Like(rate, largeRate))), counted(forCount, small))
	return ad.Where(ad.GreaterEqual(rate, 0), draw, ad.Like(rate, notANumber()))
}

// counted is how many uniforms can be multiplied before the product is below exp(-rate) (D. E.
// Knuth, The Art of Computer Programming, volume 2, 1997, section 3.4.1 F).
func counted(key random.Key, rate Value) Value {
	type state struct {
		Key         random.Key
		Count, Left Value
	}
	next := func(s state) state {
		key, sub := s.Key.Pair()
		u := random.Uniform(sub, rate.DType())
		return state{key, ad.Add(s.Count, 1), ad.Mul(s.Left, ad.Sub(1, u))}
	}
	limit := ad.Exp(ad.Neg(rate))
	end := ad.While(next(state{key, ad.Like(rate, -1), ad.OnesLike(rate)}),
		func(s state) Value { return ad.Greater(s.Left, limit) }, next)
	return end.Count
}

// rejected is by transformed rejection with squeeze for rates of at least 10 (W. Hörmann, "The
// transformed rejection method for generating Poisson random variables", Insurance: Mathematics and
// Economics 12, 1993, algorithm PTRS).
func rejected(key random.Key, rate Value) Value {
	dtype := rate.DType()
	logRate := ad.Log(rate)
	b := ad.Add(0.931, ad.Mul(2.53, ad.Sqrt(rate)))
	a := ad.Add(-0.059, ad.Mul(0.02483, b))
	inverseAlpha := ad.Add(1.1239, ad.Div(1.1328, ad.Sub(b, 3.4)))
	easy := ad.Sub(0.9277, ad.Div(3.6224, ad.Sub(b, 2)))
	type state struct {
		Key   random.Key
		K     Value
		Found Value
	}
	end := ad.While(state{key, rate, ad.Scalar(false)},
		func(s state) Value { return ad.Not(s.Found) },
		func(s state) state {
			next, sub := s.Key.Pair()
			forU, forV := sub.Pair()
			u := ad.Sub(random.Uniform(forU, dtype), 0.5)
			v := ad.Sub(1, random.Uniform(forV, dtype))
			us := ad.Sub(0.5, ad.Abs(u))
			slope := ad.Add(ad.Div(ad.Mul(a, 2), us), b)
			k := ad.Floor(ad.Add(ad.Add(ad.Mul(slope, u), rate), 0.43))
			quick := ad.And(ad.GreaterEqual(us, 0.07), ad.LessEqual(v, easy))
			out := ad.Or(ad.Less(k, 0), ad.And(ad.Less(us, 0.013), ad.Greater(v, us)))
			s1 := ad.Log(ad.Div(ad.Mul(v, inverseAlpha), ad.Add(ad.Div(a, ad.Square(us)), b)))
			count := ad.Max(k, 0)
			s2 := ad.Sub(ad.Sub(ad.Mul(count, logRate), rate), LogGamma(ad.Add(count, 1)))
			found := ad.Or(quick, ad.And(ad.Not(out), ad.LessEqual(s1, s2)))
			return state{next, k, found}
		})
	return end.K
}
