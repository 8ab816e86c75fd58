// Package stats has probability distributions: densities, distribution functions and quantiles,
// accurate in the tails and with derivatives in the argument and in the parameters; and draws.
//
// A distribution is a struct of its parameters, which broadcast with the argument. Its zero value
// is no distribution: every parameter must be set, and a method says so at the user's line where
// one is not.
//
// LogPDF is the logarithm of the density, or for whole numbers of the probability: -infinity
// outside of the support, and NaN where a parameter is impossible, such as a negative scale.
//
// Draw is floats of the parameters' type with all the variables independent. Without a shape it is
// that of the parameters, which otherwise broadcast to it. An element depends on the key, its
// place and its own parameters alone. Draws have derivatives in parameters of location and scale,
// not in those of shape.
package stats

import (
	"math"

	"pullback/ad"
)

// Value is an array.
type Value = ad.Value

// check panics unless a parameter has been set, and is of the type of the argument x, a float.
func check(distribution, field string, v, x Value) {
	switch {
	case !v.IsValid():
		panic(ad.Mistake(distribution, nil, "%s was never set; all of a distribution's parameters "+
			"must be, for example to ad.Scalar(1.0)", field))
	case !x.DType().IsFloat():
		panic(ad.Mistake(distribution, []Value{x}, "the argument is %v and must be a float; "+
			"convert it with ad.Convert", x.DType()))
	case v.DType() != x.DType():
		panic(ad.Mistake(distribution, []Value{x}, "%s is %v and the argument %v; convert one "+
			"with ad.Convert", field, v.DType(), x.DType()))
	}
}

// onSupport is a log density that holds inside the support, if the parameters are possible.
func onSupport(possible, inside, logPDF Value) Value {
	outside := ad.Where(possible, ad.Like(logPDF, math.Inf(-1)), math.NaN())
	return ad.Where(ad.And(possible, inside), logPDF, outside)
}

// nonNegative says where x is not below 0; NaN is not, so that it goes on.
func nonNegative(x Value) Value { return ad.Not(ad.Less(x, 0)) }

// positiveFinite says where x is in (0, ∞); NaN counts as such, so that it goes on.
func positiveFinite(x Value) Value {
	return ad.Not(ad.Or(ad.LessEqual(x, 0), ad.Equal(x, math.Inf(1))))
}
