package minimise_test

import (
	"testing"

	"pullback/ad"
	"pullback/minimise"
	"pullback/status"
)

// A point that was found otherwise is judged as Find's own are.
func TestCheck(t *testing.T) {
	saddle := func(x ad.Value) ad.Value { return ad.Mul(at(x, 0), at(x, 1)) }
	small := func(x ad.Value) ad.Value { return ad.Mul(1e-8, rosenbrock(x)) }
	for _, c := range []struct {
		name string
		f    func(ad.Value) ad.Value
		at   []float64
		want status.Code
	}{
		{"minimum", rosenbrock, []float64{1, 1}, status.Converged},
		{"beside it", rosenbrock, []float64{1.01, 1}, status.Unchecked},
		{"in small units", small, []float64{1.01, 1}, status.Unchecked},
		{"saddle", saddle, []float64{0, 0}, status.Saddle},
		{"beside a saddle", saddle, []float64{.1, 0}, status.Unchecked},
		{"NaN", rosenbrock, []float64{nan, 1}, status.NotFinite},
	} {
		forBoth(t, c.name, func(t *testing.T, d ad.DType) {
			start := c.f(vector(d, []float64{-1.2, 1}))
			said := minimise.Check(c.f, vector(d, c.at), start, minimise.Limits{})
			if got := status.Code(said.Status.Int()); got != c.want {
				t.Errorf("%v; gain %v", got, said.Gain)
			}
		})
	}
}
