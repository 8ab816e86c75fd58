package expression

import (
	"math"
	"slices"

	"pullback/ad"
	"pullback/stats"
)

// Function is what a call can name.
type Function struct {
	Name     string
	Min, Max int // how many arguments; Max is -1 where there may be any number
	eval     func(x []ad.Value) ad.Value
}

// Functions are the functions that a formula can call, by name. Beside them are the reductions
// over rows, sum, mean, min and max of one argument.
func Functions() []Function {
	return []Function{
		one("abs", ad.Abs),
		one("acos", ad.Acos),
		one("asin", ad.Asin),
		one("atan", ad.Atan),
		{"atan2", 2, 2, func(x []ad.Value) ad.Value { return ad.Atan2(x[0], x[1]) }},
		one("ceil", ad.Ceil),
		one("cos", ad.Cos),
		one("cosh", ad.Cosh),
		one("erf", ad.Erf),
		one("exp", ad.Exp),
		one("expm1", ad.Expm1),
		one("floor", ad.Floor),
		one("lgamma", ad.LogGamma),
		one("log", ad.Log),
		one("log10", func(x ad.Value) ad.Value { return ad.Div(ad.Log(x), math.Ln10) }),
		one("log1p", ad.Log1p),
		one("logistic", ad.Sigmoid),
		one("logit", func(p ad.Value) ad.Value {
			return ad.Sub(ad.Log(p), ad.Log1p(ad.Neg(p)))
		}),
		{"max", 2, -1, fold(ad.Max[ad.Value, ad.Value])},
		{"min", 2, -1, fold(ad.Min[ad.Value, ad.Value])},
		one("normal_cdf", func(x ad.Value) ad.Value {
			return stats.Normal{Mean: ad.Like(x, 0), SD: ad.Like(x, 1)}.CDF(x)
		}),
		{"pow", 2, 2, func(x []ad.Value) ad.Value { return ad.Pow(x[0], x[1]) }},
		one("round", ad.Round),
		one("sign", ad.Sign),
		one("sin", ad.Sin),
		one("sinh", ad.Sinh),
		one("sqrt", ad.Sqrt),
		one("tan", ad.Tan),
		one("tanh", ad.Tanh),
	}
}

func one(name string, f func(ad.Value) ad.Value) Function {
	return Function{name, 1, 1, func(x []ad.Value) ad.Value { return f(x[0]) }}
}

func fold(f func(a, b ad.Value) ad.Value) func([]ad.Value) ad.Value {
	return func(x []ad.Value) ad.Value {
		y := x[0]
		for _, next := range x[1:] {
			y = f(y, next)
		}
		return y
	}
}

// lookUp finds a function.
func lookUp(name string) (Function, bool) {
	all := Functions()
	i := slices.IndexFunc(all, func(f Function) bool { return f.Name == name })
	if i < 0 {
		return Function{}, false
	}
	return all[i], true
}

// reduces says whether a name is that of a reduction over rows.
func reduces(name string) bool { return slices.Contains(reductions(), name) }

func reductions() []string { return []string{"sum", "mean", "min", "max"} }

// Reserved says what a name means in every formula, in a few words, so that nothing else can have
// it; "" if nothing.
func Reserved(name string) string {
	_, isFunction := lookUp(name)
	switch {
	case slices.Contains(words[:], name):
		return "a word of the notation"
	case name == "pi":
		return "the number π"
	case isFunction || reduces(name):
		return "a function"
	}
	return ""
}

// Distributions are the names that stand in the place of a distribution; each may be any other
// thing's name too.
func Distributions() []string {
	return []string{"normal", "mvnormal", "student_t", "lognormal", "poisson", "bernoulli",
		"exponential", "gamma"}
}
