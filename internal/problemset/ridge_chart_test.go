package problemset

import (
	"math"
	"testing"

	"pullback/report"
)

func TestValleyLiesBetweenRows(t *testing.T) {
	// A parabola across the rows whose bottom is at y = 0.31 + 0.1 x.
	h := report.HeatMap{X: []float64{0, 1, 2}, Y: []float64{0, 0.25, 0.5, 0.75, 1}}
	bottom := func(x float64) float64 { return 0.31 + 0.1*x }
	for _, y := range h.Y {
		var row []float64
		for _, x := range h.X {
			row = append(row, 7*(y-bottom(x))*(y-bottom(x)))
		}
		h.Z = append(h.Z, row)
	}
	line := valley(h)
	if len(line.X) != 3 {
		t.Fatalf("the valley has %d points", len(line.X))
	}
	for j, x := range line.X {
		if math.Abs(line.Y[j]-bottom(x)) > 1e-12 {
			t.Errorf("at %g the valley is at %g, not %g", x, line.Y[j], bottom(x))
		}
	}
}

func TestValleyThatLeavesTheMapEnds(t *testing.T) {
	h := report.HeatMap{X: []float64{0, 1}, Y: []float64{0, 1, 2},
		Z: [][]float64{{0, 2}, {1, 1}, {4, 2}}}
	if line := valley(h); len(line.X) != 1 || line.X[0] != 1 {
		t.Errorf("the valley is at %v, %v", line.X, line.Y)
	}
}
