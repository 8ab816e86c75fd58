package problemset

import (
	"math"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/minimise"
	"pullback/random"
	"pullback/stats"
	"pullback/status"
)

// fromSample is question 2.4 for given observations: of prices, or of prices and quantities.
func fromSample(prices, quantities ad.Value) minimise.Result[Market] {
	d := prices.DType()
	nll := func(data, mean ad.Value) ad.Value {
		return ad.Neg(ad.Sum(stats.Normal{Mean: mean, SD: ad.Full(d, sigma)}.LogPDF(data)))
	}
	f := func(m Market) ad.Value {
		e := Clear(m)
		if !quantities.IsValid() {
			return nll(prices, e.Price)
		}
		return ad.Add(nll(prices, e.Price), nll(quantities, e.Quantity))
	}
	method := minimise.BFGS{RTol: 1e-6, ATol: 1e-6, MaxSteps: 100}
	return minimise.Find(f, MarketOf(d, 0.6, 0.18), method)
}

// draws are the observations of so many problems, of which number 7 has a NaN.
func draws(key random.Key, d ad.DType, problems int, mean ad.Value) ad.Value {
	xs := ad.Add(mean, ad.Mul(normal(key, d, problems, observations), sigma))
	bad := ad.Equal(ad.Arange(ad.Int64, problems*observations), 7*observations+3)
	bad = ad.Reshape(bad, problems, observations)
	return ad.Where(bad, ad.Full(d, math.NaN()), xs)
}

// TestBatchOfEstimations: estimations of many samples are one kernel, whose lanes are the samples,
// and each has the bits that it has alone, whatever becomes of another.
func TestBatchOfEstimations(t *testing.T) {
	const problems = 40
	for _, d := range []ad.DType{ad.Float64, ad.Float32} {
		truth := Clear(Truth(d))
		forPrices, forQuantities := random.NewKey(5).Pair()
		prices := draws(forPrices, d, problems, truth.Price)
		quantities := draws(forQuantities, d, problems, truth.Quantity)
		onlyPrices := func(p ad.Value) minimise.Result[Market] { return fromSample(p, ad.Value{}) }
		both := func(x [2]ad.Value) minimise.Result[Market] { return fromSample(x[0], x[1]) }

		checkBatch(t, onlyPrices, prices, func(i int) ad.Value { return ad.At(prices, i) })
		checkBatch(t, both, [2]ad.Value{prices, quantities}, func(i int) [2]ad.Value {
			return [2]ad.Value{ad.At(prices, i), ad.At(quantities, i)}
		})
	}
}

func checkBatch[T any](t *testing.T, f func(T) minimise.Result[Market], all T, one func(i int) T) {
	t.Helper()
	_, kernels, _ := strings.Cut(ad.Explain(ad.Vmap(f), all), "kernels:\n")
	if strings.Count(kernels, "\n") != 3 || !strings.Contains(kernels, "40 lanes") {
		t.Errorf("the kernels are\n%s", kernels)
	}
	batch, _ := ad.Flatten(ad.Jit(ad.Vmap(f))(all))
	alone := ad.Jit(f)
	for i := range 40 {
		r := alone(one(i))
		if failed := i == 7; failed != (r.Outcome() == status.NotFinite) {
			t.Errorf("problem %d: %v", i, r.Outcome())
		}
		want, _ := ad.Flatten(r)
		for k, w := range want {
			got := ad.At(batch[k], i)
			if got.Array().Bits(0) != w.Array().Bits(0) {
				t.Errorf("problem %d, result %d: %v, want %v", i, k, got, w)
			}
		}
	}
}
