package stats_test

import (
	"fmt"

	"pullback/ad"
	"pullback/stats"
)

func ExampleNormal_LogPDF() {
	x := ad.Vector(17.64, 17.66)
	logLikelihood := func(mean ad.Value) ad.Value {
		return ad.Sum(stats.Normal{Mean: mean, SD: ad.Scalar(0.01)}.LogPDF(x))
	}
	mean := ad.Scalar(17.645)
	fmt.Printf("%.6f %.4f\n", logLikelihood(mean).Float(), ad.Grad(logLikelihood)(mean).Float())
	// Output:
	// 6.122463 100.0000
}

func ExampleNormal_CDF() {
	n := stats.Normal{Mean: ad.Scalar(0.0), SD: ad.Scalar(1.0)}
	x := ad.Vector(-10, -1.96, 0, 1.96)
	fmt.Println(n.CDF(x))
	fmt.Println(n.LogCDF(ad.Scalar(-100.0)))
	// Output:
	// [7.619853024160527e-24, 0.02499789514822043, 0.5, 0.9750021048517795] float64
	// -5005.524208694205
}

func ExampleNormal_Quantile() {
	n := stats.Normal{Mean: ad.Scalar(100.0), SD: ad.Scalar(15.0)}
	fmt.Printf("%.4f\n", n.Quantile(ad.Vector(0.025, 0.5, 0.975)).Floats())
	// Output:
	// [70.6005 100.0000 129.3995]
}
