package ad_test

import (
	"fmt"
	"math"
	"testing"

	"pullback/ad"
)

// Probabilities that are far too small for a float64 keep their logarithms.
func ExampleLogSumExp() {
	logs := ad.Vector(-1000., -1001, -1002)
	fmt.Printf("%.6f\n", ad.LogSumExp(logs).Float())
	fmt.Printf("%.6f\n",
		ad.Grad(func(x ad.Value) ad.Value { return ad.LogSumExp(x) })(logs).Floats())
	// Output:
	// -999.592394
	// [0.665241 0.244728 0.090031]
}

func TestLogarithmic(t *testing.T) {
	inf := math.Inf(1)
	m := ad.Matrix(2, 2, []float64{1000, 1000, -1000, -1001})
	rest := math.Log1p(math.Exp(-1.))
	near(t, ad.LogSumExp(m, 1), 1000+math.Ln2, -1000+rest)
	near(t, ad.LogSumExp(m, -2), 1000, 1000)
	near(t, ad.LogSumExp(m), 1000+math.Ln2)
	near(t, ad.LogSumExp(ad.Scalar(3.)), 3)
	near(t, ad.LogSumExp(ad.Vector(-inf, -inf)), -inf)
	near(t, ad.LogSumExp(ad.Vector(-inf, 2.)), 2)
	near(t, ad.LogSumExp(ad.Vector(inf, 2.)), inf)
	near(t, ad.LogSumExp(ad.Zeros(ad.Float64, 0)), -inf)
	near(t, ad.Softmax(m, 1), 0.5, 0.5, math.Exp(-rest), math.Exp(-rest-1))
	near(t, ad.Softmax(m, 0), 1, 1, 0, 0)
	near(t, ad.Sum(ad.Softmax(m)), 1)
	near(t, ad.LogAddExp(ad.Vector(1000., -inf), 1000), 1000+math.Ln2, 1000)

	// The second derivatives, diag(p) - ppᵀ, also at a tie, where max has none.
	lse := func(x ad.Value) ad.Value { return ad.LogSumExp(x) }
	near(t, ad.Hessian(lse)(ad.Vector(7., 7)), 0.25, -0.25, -0.25, 0.25)
	near(t, ad.Jacobian(func(x ad.Value) ad.Value { return ad.Softmax(x) })(ad.Vector(7., 7)),
		0.25, -0.25, -0.25, 0.25)
	near(t, ad.Grad(lse)(ad.Vector(-inf, 2)), 0, 1)
	both := func(x ad.Value) ad.Value { return ad.LogAddExp(ad.At(x, 0), ad.At(x, 1)) }
	near(t, ad.Jit(ad.Hessian(both))(ad.Vector(7., 7)), 0.25, -0.25, -0.25, 0.25)
	for name, d := range modes() {
		t.Run(name, func(t *testing.T) {
			near(t, d(ad.Softplus)(ad.Scalar(0.)), 0.5)
			near(t, d(d(ad.Softplus))(ad.Scalar(0.)), 0.25)
			near(t, d(d(d(ad.Softplus)))(ad.Scalar(1.)), -0.0908577476729484)
		})
	}
}
