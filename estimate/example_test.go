package estimate_test

import (
	"fmt"
	"math"

	"pullback/ad"
	"pullback/estimate"
	"pullback/estimate/tail"
)

// deaths are the contributions of two groups of counts to a Poisson likelihood, in the logs of
// their means.
func deaths(x ad.Value) ad.Value {
	counts, groups := ad.Vector(3., 5, 4, 9, 8, 11), ad.Vector(0, 0, 0, 1, 1, 1)
	mean := ad.Take(x, groups, 0)
	return ad.Sub(ad.Mul(counts, mean), ad.Exp(mean))
}

func ExampleProfileOf() {
	search := estimate.NewSearch(func(x ad.Value) ad.Value { return ad.Sum(deaths(x)) },
		estimate.SearchOptions{})
	best := search.From([]float64{0, 0}, nil, nil)
	p := estimate.ProfileOf(search, 0, best, estimate.ProfileOptions{})
	fmt.Printf("%.4f, from %.4f to %.4f\n", best.X[0], p.Lower.Value, p.Upper.Value)
	// Output: 1.3863, from 0.7617 to 1.9034
}

func ExampleWald() {
	at := []float64{math.Log(4), math.Log(28. / 3)}
	inference := estimate.Infer(deaths, at, estimate.InferenceOptions{})
	same := func(x ad.Value) ad.Value {
		return ad.ExpandDims(ad.Sub(ad.At(x, 0), ad.At(x, 1)), 0)
	}
	test := estimate.Wald(same, at, inference.Covariance)
	fmt.Printf("the means are the same: chi-square(%d) = %.3f, p = %.4f\n", test.Degrees,
		test.Statistic, tail.ChiSquare(test.Statistic, float64(test.Degrees)))
	// Output: the means are the same: chi-square(1) = 6.030, p = 0.0141
}

func ExampleSearch_Path() {
	search := estimate.NewSearch(func(x ad.Value) ad.Value { return ad.Sum(deaths(x)) },
		estimate.SearchOptions{})
	for _, x := range search.Path([]float64{2, 2}, nil, nil) {
		fmt.Printf("%.4f\n", x)
	}
	// Output:
	// [2.0000 2.0000]
	// [1.5413 2.2631]
	// [1.3977 2.2340]
	// [1.3864 2.2336]
	// [1.3863 2.2336]
	// [1.3863 2.2336]
}
