package dense

import (
	"math"
	"math/rand/v2"
	"testing"

	"pullback/internal/lane"
)

// hard32 are float32 with few bits and of many scales: their sums are often midpoints, sometimes
// subnormal or infinite.
func hard32(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(math.Ldexp(float64(1+r.IntN(3)*0x800), r.IntN(30)-15))
		switch r.IntN(100) {
		case 0:
			x[i] = 0x1p-140
		case 1:
			x[i] *= 0x1p100
		case 2:
			x[i] = -x[i]
		case 3:
			x[i] = float32(math.Copysign(0, -1))
		case 4:
			x[i] = float32(math.NaN())
		}
	}
	return x
}

func TestRowsHardFloat32(t *testing.T) {
	r := rand.New(rand.NewPCG(60, 61))
	twice := 0
	for range 2000 {
		n := r.IntN(12)
		x, z, y, alpha := hard32(r, n), hard32(r, n), hard32(r, n), hard32(r, 1)[0]
		multiple, strided, products := make([]float32, n), make([]float32, n), make([]float32, n)
		wantMultiple, wantProducts := make([]float32, n), make([]float32, n)
		for i := range y {
			wantMultiple[i] = lane.FMA32(alpha, x[i], y[i])
			wantProducts[i] = lane.FMA32(z[i], x[i], y[i])
			if !same(wantMultiple[i], float32(float64(alpha)*float64(x[i])+float64(y[i]))) {
				twice++
			}
		}
		copy(multiple, y)
		copy(strided, y)
		copy(products, y)
		addMultiple(multiple, alpha, x)
		addMultipleStrided(n, strided, 1, alpha, x, 1)
		lane.AddProducts(products, z, x)
		compare(t, "multiple", multiple, wantMultiple)
		compare(t, "strided", strided, wantMultiple)
		compare(t, "products", products, wantProducts)
	}
	if twice < 10 {
		t.Errorf("rounding twice is wrong at only %d points: the test is too easy", twice)
	}
}
