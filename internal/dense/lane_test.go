package dense_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pullback/internal/dense"
	"pullback/internal/lane"
)

// Lane programs and the kernels here state the same order of reduction twice; they must mean the
// same.
func TestAgreesWithLane(t *testing.T) {
	r := rand.New(rand.NewPCG(50, 51))
	kinds := map[dense.Kind]lane.Code{
		dense.Sum: lane.Add, dense.Product: lane.Mul, dense.Max: lane.Max, dense.Min: lane.Min}
	for _, n := range []int{0, 1, 5, 16, 37, 4096, 4100, 3*4096 + 1} {
		for kind, code := range kinds {
			x, out := make([]float64, n), make([]float64, 1)
			for i := range x {
				x[i] = 1 + r.NormFloat64()
			}
			if n == 5 {
				clear(x)
				x[3] = math.Copysign(0, -1)
			}
			reduction := dense.Reduction[float64]{Kind: kind, Outer: 1, N: n, Inner: 1}
			reduction.Run(out, x, nil)
			want := lane.ReduceSlice(code, x)
			if math.Float64bits(out[0]) != math.Float64bits(want) {
				t.Errorf("%v of %d: %v, lane says %v", code, n, out[0], want)
			}
		}
	}
}
