// Package stats has probability distributions: densities, distribution functions and quantiles,
// accurate in the tails and with derivatives in the argument and in the parameters.
//
// A distribution is a struct of its parameters, which broadcast with the argument. Its zero value
// is no distribution: every parameter must be set, and a method says so at the user's line where
// one is not.
package stats

import "pullback/ad"

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
