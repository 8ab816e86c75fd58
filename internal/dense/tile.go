package dense

import (
	"math"

	"pullback/internal/lane"
)

// A tile adds the products of tileRows packed rows of A, [k][tileRows], and tileColumns packed
// columns of B, [k][tileColumns], to its sums, each in order of k by fma. Eight chains that do not
// depend on each other keep the processor busy.

func tileFloat64(sum *sums[float64], a, b []float64) {
	s0, s1, s2, s3 := sum[0], sum[1], sum[2], sum[3]
	s4, s5, s6, s7 := sum[4], sum[5], sum[6], sum[7]
	for len(a) >= tileRows && len(b) >= tileColumns {
		x, y := (*[tileRows]float64)(a), (*[tileColumns]float64)(b)
		s0, s1 = math.FMA(x[0], y[0], s0), math.FMA(x[0], y[1], s1)
		s2, s3 = math.FMA(x[1], y[0], s2), math.FMA(x[1], y[1], s3)
		s4, s5 = math.FMA(x[2], y[0], s4), math.FMA(x[2], y[1], s5)
		s6, s7 = math.FMA(x[3], y[0], s6), math.FMA(x[3], y[1], s7)
		a, b = a[tileRows:], b[tileColumns:]
	}
	*sum = sums[float64]{s0, s1, s2, s3, s4, s5, s6, s7}
}

// tileFloat32 has float32 numbers in float64, where their products are exact; see lane.FMA32.
func tileFloat32(sum *sums[float64], a, b []float64) {
	s0, s1, s2, s3 := sum[0], sum[1], sum[2], sum[3]
	s4, s5, s6, s7 := sum[4], sum[5], sum[6], sum[7]
	for len(a) >= tileRows && len(b) >= tileColumns {
		x, y := (*[tileRows]float64)(a), (*[tileColumns]float64)(b)
		t0, t1 := float64(x[0]*y[0])+s0, float64(x[0]*y[1])+s1
		t2, t3 := float64(x[1]*y[0])+s2, float64(x[1]*y[1])+s3
		t4, t5 := float64(x[2]*y[0])+s4, float64(x[2]*y[1])+s5
		t6, t7 := float64(x[3]*y[0])+s6, float64(x[3]*y[1])+s7
		if lane.Doubtful32(t0) || lane.Doubtful32(t1) || lane.Doubtful32(t2) ||
			lane.Doubtful32(t3) ||
			lane.Doubtful32(t4) || lane.Doubtful32(t5) || lane.Doubtful32(t6) ||
			lane.Doubtful32(t7) {
			*sum = sums[float64]{s0, s1, s2, s3, s4, s5, s6, s7}
			tileFloat32Step(sum, x, y)
			s0, s1, s2, s3 = sum[0], sum[1], sum[2], sum[3]
			s4, s5, s6, s7 = sum[4], sum[5], sum[6], sum[7]
		} else {
			s0, s1 = float64(float32(t0)), float64(float32(t1))
			s2, s3 = float64(float32(t2)), float64(float32(t3))
			s4, s5 = float64(float32(t4)), float64(float32(t5))
			s6, s7 = float64(float32(t6)), float64(float32(t7))
		}
		a, b = a[tileRows:], b[tileColumns:]
	}
	*sum = sums[float64]{s0, s1, s2, s3, s4, s5, s6, s7}
}

// tileFloat32Step is one k of tileFloat32, with the care that a doubtful sum needs. Most are
// midpoints that the sum hits exactly, as happens when one factor is ±1: rounding those is safe.
func tileFloat32Step(sum *sums[float64], x *[tileRows]float64, y *[tileColumns]float64) {
	for i := range sum {
		p, z := float64(x[i/tileColumns]*y[i%tileColumns]), sum[i]
		s := p + z
		q := s - p
		if e := float64(p-float64(s-q)) + float64(z-q); e == 0 {
			sum[i] = float64(float32(s))
		} else {
			sum[i] = float64(lane.AddToOdd32(p, z, s))
		}
	}
}

// tileInt64 serves every integer type: what wraps around in 64 bits does so in 32.
func tileInt64(sum *sums[int64], a, b []int64) {
	for len(a) >= tileRows && len(b) >= tileColumns {
		x, y := (*[tileRows]int64)(a), (*[tileColumns]int64)(b)
		for i, v := range x {
			sum[i*tileColumns] += v * y[0]
			sum[i*tileColumns+1] += v * y[1]
		}
		a, b = a[tileRows:], b[tileColumns:]
	}
}
