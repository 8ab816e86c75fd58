package lane

import (
	"math"

	"pullback/ir"
)

// AddProducts sets acc[i mod len(acc)] = fma(x[i], y[i], acc[i mod len(acc)]) in order of i;
// integers wrap around. x and y have the same length. It looks at the element type once a call.
func AddProducts[T ir.Number](acc, x, y []T) {
	for len(x) > 0 {
		n := min(len(acc), len(x))
		switch acc := any(acc).(type) {
		case []float64:
			x, y := any(x).([]float64)[:n], any(y).([]float64)[:n]
			for i, v := range x {
				acc[i] = math.FMA(v, y[i], acc[i])
			}
		case []float32:
			addProducts32(acc[:n], any(x).([]float32), any(y).([]float32))
		default:
			addProductsWrapping(any(acc).([]T), x[:n], y[:n])
		}
		x, y = x[n:], y[n:]
	}
}

// addProducts32 takes four elements at a time: one branch for four sums, so that the processor
// works on them together.
func addProducts32(acc, x, y []float32) {
	x, y = x[:len(acc)], y[:len(acc)]
	for len(acc) >= 4 && len(x) >= 4 && len(y) >= 4 {
		u, v, w := (*[4]float32)(x), (*[4]float32)(y), (*[4]float32)(acc)
		s0 := float64(float64(u[0])*float64(v[0])) + float64(w[0])
		s1 := float64(float64(u[1])*float64(v[1])) + float64(w[1])
		s2 := float64(float64(u[2])*float64(v[2])) + float64(w[2])
		s3 := float64(float64(u[3])*float64(v[3])) + float64(w[3])
		if Doubtful32(s0) || Doubtful32(s1) || Doubtful32(s2) ||
			Doubtful32(s3) {
			for i := range w {
				w[i] = FMA32(u[i], v[i], w[i])
			}
		} else {
			w[0], w[1], w[2], w[3] = float32(s0), float32(s1), float32(s2), float32(s3)
		}
		acc, x, y = acc[4:], x[4:], y[4:]
	}
	for i, v := range x {
		acc[i] = FMA32(v, y[i], acc[i])
	}
}

// addProductsWrapping is for integers, where the order and the rounding are no question.
func addProductsWrapping[T ir.Number](acc, x, y []T) {
	for i, v := range x {
		acc[i] += T(v * y[i])
	}
}
