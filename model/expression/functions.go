package expression

import (
	"math"

	"pullback/ad"
	"pullback/stats"
)

// definition of a function: how many arguments it takes, and its value.
type definition struct {
	least, most int
	of          func(args []ad.Value) ad.Value
}

// many is more arguments than anyone writes.
const many = 1000

// Functions lists the functions that formulas know.
func Functions() []string {
	return []string{"abs", "acos", "asin", "atan", "atan2", "ceil", "cos", "cosh", "erf", "exp",
		"expm1", "floor", "lgamma", "log", "log10", "log1p", "logistic", "logit", "max", "mean",
		"min", "normal_cdf", "pow", "round", "sign", "sin", "sinh", "sqrt", "sum", "tan", "tanh"}
}

// Known says whether a function is one of Functions, with these arguments' number or another.
func Known(name string) bool {
	_, known := function(name)
	return known || name == "sum" || name == "mean"
}

func function(name string) (definition, bool) {
	if f := unary(name); f != nil {
		return definition{1, 1, func(x []ad.Value) ad.Value { return f(x[0]) }}, true
	}
	switch name {
	case "pow":
		return definition{2, 2, func(x []ad.Value) ad.Value { return ad.Pow(x[0], x[1]) }}, true
	case "atan2":
		return definition{2, 2, func(x []ad.Value) ad.Value { return ad.Atan2(x[0], x[1]) }}, true
	case "min":
		return definition{2, many, fold(ad.Min[ad.Value, ad.Value])}, true
	case "max":
		return definition{2, many, fold(ad.Max[ad.Value, ad.Value])}, true
	}
	return definition{}, false
}

func fold(f func(a, b ad.Value) ad.Value) func([]ad.Value) ad.Value {
	return func(x []ad.Value) ad.Value {
		out := x[0]
		for _, v := range x[1:] {
			out = f(out, v)
		}
		return out
	}
}

// unary is nil where there is no such function of one argument.
func unary(name string) func(ad.Value) ad.Value {
	switch name {
	case "exp":
		return ad.Exp
	case "log":
		return ad.Log
	case "log10":
		return func(x ad.Value) ad.Value { return ad.Div(ad.Log(x), math.Ln10) }
	case "log1p":
		return ad.Log1p
	case "expm1":
		return ad.Expm1
	case "sqrt":
		return ad.Sqrt
	case "abs":
		return ad.Abs
	case "sign":
		return ad.Sign
	case "floor":
		return ad.Floor
	case "ceil":
		return ad.Ceil
	case "round":
		return ad.Round
	case "sin":
		return ad.Sin
	case "cos":
		return ad.Cos
	case "tan":
		return ad.Tan
	case "asin":
		return ad.Asin
	case "acos":
		return ad.Acos
	case "atan":
		return ad.Atan
	case "sinh":
		return ad.Sinh
	case "cosh":
		return ad.Cosh
	case "tanh":
		return ad.Tanh
	case "erf":
		return ad.Erf
	case "logistic":
		return ad.Sigmoid
	case "logit":
		return func(p ad.Value) ad.Value { return ad.Sub(ad.Log(p), ad.Log1p(ad.Neg(p))) }
	case "normal_cdf":
		return func(x ad.Value) ad.Value {
			return stats.Normal{Mean: ad.Scalar(0.), SD: ad.Scalar(1.)}.CDF(x)
		}
	}
	return nil
}
