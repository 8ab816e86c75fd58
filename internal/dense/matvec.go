package dense

import (
	"math"

	"pullback/internal/lane"
	"pullback/ir"
)

// contractVectorBlock is contractBlock for a vector on the right. It reads A where it lies, since
// each element serves but once.
func contractVectorBlock[T, P ir.Number](t *contractionTask[T], p *panels[P], a, b, out []T,
	rows int) {
	for k := 0; k < t.k; k += ContractionPanel {
		depth := min(t.k-k, ContractionPanel)
		pack(p.b[:cap(p.b)], b[k*t.bStrides.Row:], t.bStrides, depth, 1, 1)
		for i := 0; i < rows; {
			// Fewer than four rows are taken one by one, each four times over.
			count, stride := 1, 0
			if rows-i >= 4 {
				count, stride = 4, t.aStrides.Row
			}
			at := i*t.aStrides.Row + k*t.aStrides.Column
			sum := fourRows(a[at:], stride, t.aStrides.Column, p.b[:depth])
			for r, v := range sum[:count] {
				o := &out[(i+r)*t.outStrides.Row]
				if k == 0 {
					*o = T(v)
				} else {
					*o += T(v)
				}
			}
			i += count
		}
	}
}

// fourRows multiplies four rows of a, at multiples of the stride row, by x: four fma chains from
// +0 in order.
func fourRows[T, P ir.Number](a []T, row, column int, x []P) (sum [4]P) {
	switch a := any(a).(type) {
	case []float64:
		s := fourRowsFloat64(a, row, column, any(x).([]float64))
		return [4]P{P(s[0]), P(s[1]), P(s[2]), P(s[3])}
	case []float32:
		s := fourRowsFloat32(a, row, column, any(x).([]float64))
		return [4]P{P(s[0]), P(s[1]), P(s[2]), P(s[3])}
	}
	for k, v := range x {
		for i := range sum {
			sum[i] += P(P(a[i*row+k*column]) * v)
		}
	}
	return sum
}

func fourRowsFloat64(a []float64, row, column int, x []float64) [4]float64 {
	a1, a2, a3 := a[row:], a[2*row:], a[3*row:]
	var s0, s1, s2, s3 float64
	at := 0
	for _, v := range x {
		s0, s1 = math.FMA(a[at], v, s0), math.FMA(a1[at], v, s1)
		s2, s3 = math.FMA(a2[at], v, s2), math.FMA(a3[at], v, s3)
		at += column
	}
	return [4]float64{s0, s1, s2, s3}
}

// fourRowsFloat32 has float32 numbers in x and in its sums; see lane.FMA32.
func fourRowsFloat32(a []float32, row, column int, x []float64) [4]float64 {
	a1, a2, a3 := a[row:], a[2*row:], a[3*row:]
	var s0, s1, s2, s3 float64
	at := 0
	for _, v := range x {
		p0, p1 := float64(float64(a[at])*v), float64(float64(a1[at])*v)
		p2, p3 := float64(float64(a2[at])*v), float64(float64(a3[at])*v)
		t0, t1, t2, t3 := p0+s0, p1+s1, p2+s2, p3+s3
		if lane.Doubtful32(t0) || lane.Doubtful32(t1) || lane.Doubtful32(t2) ||
			lane.Doubtful32(t3) {
			s0, s1 = float64(lane.AddToOdd32(p0, s0, t0)), float64(lane.AddToOdd32(p1, s1, t1))
			s2, s3 = float64(lane.AddToOdd32(p2, s2, t2)), float64(lane.AddToOdd32(p3, s3, t3))
		} else {
			s0, s1 = float64(float32(t0)), float64(float32(t1))
			s2, s3 = float64(float32(t2)), float64(float32(t3))
		}
		at += column
	}
	return [4]float64{s0, s1, s2, s3}
}
