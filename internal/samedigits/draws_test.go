package samedigits_test

import (
	"pullback/ad"
	"pullback/random"
	"pullback/stats"
)

// draws are random numbers of type d from a key that an integer is folded into.
func draws(d ad.DType) []function {
	draw := func(name string, f func(random.Key) ad.Value) function {
		return function{name, func(i ad.Value) ad.Value { return f(random.NewKey(11).FoldIn(i)) }}
	}
	const n = 3000
	weights := ad.Vector(0.5, 2, 0, 1, 3.25, 0.125)
	return []function{
		draw("normal", func(k random.Key) ad.Value { return random.Normal(k, d, n) }),
		draw("uniform", func(k random.Key) ad.Value { return random.Uniform(k, d, n) }),
		draw("exponential", func(k random.Key) ad.Value { return random.Exponential(k, d, n) }),
		draw("gumbel", func(k random.Key) ad.Value { return random.Gumbel(k, d, n) }),
		draw("rademacher", func(k random.Key) ad.Value { return random.Rademacher(k, d, n) }),
		draw("truncated_normal", func(k random.Key) ad.Value {
			return random.TruncatedNormal(k, d, -0.5, 1.5, n)
		}),
		draw("bernoulli",
			func(k random.Key) ad.Value { return random.Bernoulli(k, ad.Full(d, 0.3), n) }),
		draw("randint",
			func(k random.Key) ad.Value { return random.RandInt(k, ad.Int64, -7, 1000003, n) }),
		draw("permutation", func(k random.Key) ad.Value { return random.Permutation(k, n) }),
		draw("shuffle", func(k random.Key) ad.Value {
			return random.Shuffle(k, random.Normal(k, d, 40, 50), 1)
		}),
		draw("choice", func(k random.Key) ad.Value { return random.Choice(k, ad.Int32, 77, n) }),
		draw("choice_distinct", func(k random.Key) ad.Value {
			return random.ChoiceWithoutReplacement(k, n, 25, 4)
		}),
		draw("choice_weighted", func(k random.Key) ad.Value {
			return random.WeightedChoice(k, ad.Convert(weights, d), n)
		}),
		draw("student_t", func(k random.Key) ad.Value {
			return stats.StudentT{DF: ad.Full(d, 1.5), Mean: ad.Full(d, -1), Scale: ad.Full(d, 2)}.
				Draw(k, n)
		}),
		draw("poisson", func(k random.Key) ad.Value {
			rates := ad.Div(ad.Arange(d, n), 50) // by either method
			return stats.Poisson{Rate: rates}.Draw(k)
		}),
		draw("choice_weighted_distinct", func(k random.Key) ad.Value {
			return random.WeightedChoiceWithoutReplacement(k, ad.Convert(weights, d), 4)
		}),
	}
}
