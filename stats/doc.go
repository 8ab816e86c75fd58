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

// set panics unless a parameter has been set.
func set(distribution, field string, v Value) {
	if !v.IsValid() {
		panic(ad.Mistake(distribution, nil, "%s was never set; all of a distribution's parameters "+
			"must be, for example to ad.Scalar(1.0)", field))
	}
}
