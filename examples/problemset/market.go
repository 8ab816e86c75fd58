package problemset

import (
	"pullback/ad"
	"pullback/random"
	"pullback/root"
	"pullback/stats"
)

// Market is demand and supply by their elasticities.
type Market struct{ Cd, Cs ad.Value }

// Truth is the market that the observations are made with.
func Truth(d ad.DType) Market { return MarketOf(d, 0.5, 0.15) }

// MarketOf is the market of two numbers.
func MarketOf(d ad.DType, cd, cs float64) Market { return Market{ad.Full(d, cd), ad.Full(d, cs)} }

// Demand is the quantity demanded at price p.
func Demand(p, cd ad.Value) ad.Value { return ad.Sub(100, ad.Mul(2, ad.Pow(p, cd))) }

// Supply is the quantity supplied at price p.
func Supply(p, cs ad.Value) ad.Value { return ad.Mul(5, ad.Pow(3, ad.Mul(cs, p))) }

// Equilibrium is where demand meets supply.
type Equilibrium struct {
	Price, Quantity ad.Value
	Status          ad.Value // a status.Code
}

// Clear finds the equilibrium by Newton's method. Its derivatives are those of the implicit
// function theorem.
func Clear(m Market) Equilibrium {
	return clear(m, root.Newton{RTol: 1e-6, ATol: 1e-6, MaxSteps: 50})
}

func clear[S any](m Market, method root.Method[S]) Equilibrium {
	excess := func(p ad.Value) ad.Value { return ad.Sub(Demand(p, m.Cd), Supply(p, m.Cs)) }
	p := root.Find(excess, ad.Like(m.Cd, 5), method)
	return Equilibrium{p.Value, Demand(p.Value, m.Cd), p.Status}
}

// EquilibriumAnswer answers question 2.1.
type EquilibriumAnswer struct{ Brent, Newton Timed[Equilibrium] }

// Equilibria is question 2.1: the equilibrium by Brent's method on plain numbers, and by
// Newton's in a compiled function.
func Equilibria(d ad.DType) EquilibriumAnswer {
	brent := root.Brent{Lower: ad.Full(d, 0), Upper: ad.Full(d, 100), RTol: 1e-6, ATol: 1e-6}
	return EquilibriumAnswer{
		Brent:  clocked(func(m Market) Equilibrium { return clear(m, brent) }, Truth(d)),
		Newton: timed(Clear, Truth(d)),
	}
}

const sigma = 0.01

// observed is the log likelihood of one price, observed with Gaussian noise.
func observed(d ad.DType) func(Market) ad.Value {
	pHat := ad.Add(Clear(Truth(d)).Price, ad.Mul(normal(random.NewKey(0), d), sigma))
	return func(m Market) ad.Value {
		return stats.Normal{Mean: Clear(m).Price, SD: ad.Full(d, sigma)}.LogPDF(pHat)
	}
}

// Likelihood is question 2.2: that log likelihood at the truth.
func Likelihood(d ad.DType) Timed[ad.Value] { return timed(observed(d), Truth(d)) }

// Slope is question 2.3: its gradient, through the equilibrium.
func Slope(d ad.DType) Timed[Market] { return timed(ad.Grad(observed(d)), Truth(d)) }
