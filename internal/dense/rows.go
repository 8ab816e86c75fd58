package dense

import (
	"math"

	"pullback/internal/lane"
)

// The inner loops of the reductions and factorisations: fused multiply-adds that are independent
// of each other. They look at the element type once a call.

// addMultiple sets y[i] = fma(alpha, x[i], y[i]). x and y have the same length.
func addMultiple[T Float](y []T, alpha T, x []T) {
	switch y := any(y).(type) {
	case []float64:
		x, alpha := any(x).([]float64)[:len(y)], float64(alpha)
		for i, v := range x {
			y[i] = math.FMA(alpha, v, y[i])
		}
	case []float32:
		addMultiple32(y, float32(alpha), any(x).([]float32))
	}
}

// addMultiple32 takes four elements at a time: one branch for four sums, so that the processor
// works on them together.
func addMultiple32(y []float32, alpha float32, x []float32) {
	x = x[:len(y)]
	a := float64(alpha)
	for len(x) >= 4 && len(y) >= 4 {
		u, v := (*[4]float32)(x), (*[4]float32)(y)
		s0 := float64(a*float64(u[0])) + float64(v[0])
		s1 := float64(a*float64(u[1])) + float64(v[1])
		s2 := float64(a*float64(u[2])) + float64(v[2])
		s3 := float64(a*float64(u[3])) + float64(v[3])
		if lane.Doubtful32(s0) || lane.Doubtful32(s1) || lane.Doubtful32(s2) ||
			lane.Doubtful32(s3) {
			for i := range v {
				v[i] = lane.FMA32(alpha, u[i], v[i])
			}
		} else {
			v[0], v[1], v[2], v[3] = float32(s0), float32(s1), float32(s2), float32(s3)
		}
		x, y = x[4:], y[4:]
	}
	for i, v := range x {
		y[i] = lane.FMA32(alpha, v, y[i])
	}
}

// addMultipleStrided is addMultiple for n elements, those of y dy apart and those of x dx apart.
func addMultipleStrided[T Float](n int, y []T, dy int, alpha T, x []T, dx int) {
	switch y := any(y).(type) {
	case []float64:
		x, alpha := any(x).([]float64), float64(alpha)
		for i := range n {
			y[i*dy] = math.FMA(alpha, x[i*dx], y[i*dy])
		}
	case []float32:
		x, alpha := any(x).([]float32), float32(alpha)
		for i := range n {
			y[i*dy] = lane.FMA32(alpha, x[i*dx], y[i*dy])
		}
	}
}
