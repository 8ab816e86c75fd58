package minimise_test

import (
	"strings"
	"testing"

	"pullback/ad"
	"pullback/minimise"
)

// The update of the model is one pass over its n² numbers: with many unknowns every other matrix
// costs as much memory as the model.
func TestUpdateIsOneKernel(t *testing.T) {
	f := func(x ad.Value) ad.Value { return ad.Sum(ad.Exp(x)) }
	find := func(x ad.Value) minimise.Result[ad.Value] {
		return minimise.Find(f, x, minimise.BFGS{})
	}
	_, kernels, _ := strings.Cut(ad.Explain(find, ad.Zeros(ad.Float64, 64)), "\nkernels:")
	if n := strings.Count(kernels, "4096 lanes: "); n != 1 {
		t.Errorf("%d kernels over the whole matrix:\n%s", n, kernels)
	}
}
