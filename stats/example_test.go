package stats_test

import (
	"fmt"

	"pullback/ad"
	"pullback/random"
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

func ExampleMultivariateNormal() {
	type market struct{ Mean, Covariance ad.Value }
	x := ad.Matrix(2, 2, []float64{1, 2, 0.5, 1.5}) // two observations of two variables
	logLikelihood := func(m market) ad.Value {
		return ad.Sum(stats.MultivariateNormal(m).LogPDF(x))
	}
	at := market{ad.Vector(1., 1), ad.Matrix(2, 2, []float64{1, 0.5, 0.5, 2})}
	slope := ad.Grad(logLikelihood)(at)
	fmt.Printf("%.6f %.4f\n", logLikelihood(at).Float(), slope.Mean.Floats())
	// Output:
	// -4.806798 [-1.0000 1.0000]
}

func ExamplePoisson_Draw() {
	visits := stats.Poisson{Rate: ad.Vector(0.5, 5, 500)}
	fmt.Println(visits.Draw(random.NewKey(42)))
	// Output:
	// [0, 6, 511] float64
}

func ExampleStudentT_LogPDF() {
	// A far observation moves the mean of a normal in proportion, that of a t hardly.
	x := ad.Scalar(10.0)
	slope := func(logPDF func(mean ad.Value) ad.Value) float64 {
		return ad.Grad(logPDF)(ad.Scalar(0.0)).Float()
	}
	one := ad.Scalar(1.0)
	fmt.Printf("%.2f %.2f\n",
		slope(func(mean ad.Value) ad.Value { return stats.Normal{Mean: mean, SD: one}.LogPDF(x) }),
		slope(func(mean ad.Value) ad.Value {
			return stats.StudentT{DF: ad.Scalar(4.0), Mean: mean, Scale: one}.LogPDF(x)
		}))
	// Output:
	// 10.00 0.48
}
