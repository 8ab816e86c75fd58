// Command market finds the price at which demand meets supply, and the gradient of a likelihood
// that depends on it: the example of the README.
package main

import (
	"fmt"

	"pullback/ad"
	"pullback/root"
	"pullback/stats"
)

type Market struct{ Cd, Cs ad.Value } // parameters are a struct of values

func demand(p, cd ad.Value) ad.Value { return ad.Sub(100, ad.Mul(2, ad.Pow(p, cd))) }
func supply(p, cs ad.Value) ad.Value { return ad.Mul(5, ad.Pow(3, ad.Mul(cs, p))) }

func price(m Market) ad.Value {
	excess := func(p ad.Value) ad.Value { return ad.Sub(demand(p, m.Cd), supply(p, m.Cs)) }
	return root.Find(excess, ad.Like(m.Cd, 5), root.Newton{RTol: 1e-6, ATol: 1e-6}).Value
}

func main() {
	loglik := func(m Market) ad.Value {
		return stats.Normal{Mean: price(m), SD: ad.Scalar(.01)}.LogPDF(ad.Scalar(17.65))
	}
	slope := ad.Jit(ad.Grad(loglik))

	m := Market{Cd: ad.Scalar(.5), Cs: ad.Scalar(.15)}
	g := slope(m) // the same struct back
	fmt.Printf("price %.6f, gradient (%.4f, %.4f)\n", price(m), g.Cd, g.Cs)
}
