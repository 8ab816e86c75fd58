package problemset

import (
	"math"

	"pullback/ad"
	"pullback/estimate"
	"pullback/minimise"
	"pullback/optim"
	"pullback/random"
	"pullback/stats"
)

// observations is how many prices and quantities are observed.
const observations = 50

// EstimationAnswer answers question 2.4.
type EstimationAnswer struct {
	NegLogLikelihood func(Market) ad.Value // of the observed prices
	Adam             Timed[optim.Result[Market]]
	BFGS             Timed[minimise.Result[Market]]
	BFGSPath         func() []Market // its steps, for the picture
	// What prices alone tell about the parameters, at the truth and at the minimum.
	AtTruth, AtMinimum estimate.Information
	// The repair: prices and quantities together.
	Both     Timed[minimise.Result[Market]]
	BothInfo estimate.Information
}

// Estimation is question 2.4: maximum likelihood from 50 observed prices, by Adam and by BFGS, what
// they identify, and the estimate from prices and quantities.
func Estimation(d ad.DType) EstimationAnswer {
	key, forPrices := random.NewKey(42).Pair()
	_, forQuantities := key.Pair()
	truth := Clear(Truth(d))
	prices := ad.Add(truth.Price, ad.Mul(normal(forPrices, d, observations), sigma))
	quantities := ad.Add(truth.Quantity, ad.Mul(normal(forQuantities, d, observations), sigma))

	nll := func(data, mean ad.Value) ad.Value {
		return ad.Neg(ad.Sum(stats.Normal{Mean: mean, SD: ad.Full(d, sigma)}.LogPDF(data)))
	}
	fromPrices := func(m Market) ad.Value { return nll(prices, Clear(m).Price) }
	fromBoth := func(m Market) ad.Value {
		e := Clear(m)
		return ad.Add(nll(prices, e.Price), nll(quantities, e.Quantity))
	}
	method := minimise.BFGS{RTol: 1e-6, ATol: 1e-6, MaxSteps: 100}
	bfgs := func(f func(Market) ad.Value) func(Market) minimise.Result[Market] {
		return func(start Market) minimise.Result[Market] {
			return minimise.Find(f, start, method)
		}
	}
	adam := func(start Market) optim.Result[Market] {
		return optim.Run(fromPrices, start, optim.Adam{LearningRate: 0.01}, 100)
	}

	start := MarketOf(d, 0.6, 0.18)
	answer := EstimationAnswer{
		NegLogLikelihood: fromPrices,
		Adam:             timed(adam, start),
		BFGS:             timed(bfgs(fromPrices), start),
		BFGSPath:         func() []Market { return minimise.Path(fromPrices, start, method) },
		Both:             timed(bfgs(fromBoth), start),
	}
	// The mean of n observations has their standard deviation over √n.
	sd := ad.Scalar(sigma / math.Sqrt(observations))
	price := func(m Market) ad.Value { return Clear(m).Price }
	both := func(m Market) ad.Value {
		e := Clear(m)
		return ad.Stack(0, e.Price, e.Quantity)
	}
	answer.AtTruth = estimate.Of(price, Truth(d), sd)
	answer.AtMinimum = estimate.Of(price, answer.BFGS.Result.Last, sd)
	answer.BothInfo = estimate.Of(both, answer.Both.Result.Last, sd)
	return answer
}
