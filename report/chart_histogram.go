package report

import (
	"errors"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"
)

// Histogram counts values in bins of equal width. The bins' width is 2·IQR/∛n (Freedman and
// Diaconis, 1981), which outliers do not move.
type Histogram struct {
	Name   string
	Values []float64
	Colour Colour
}

func (h Histogram) plotters() ([]plot.Plotter, error) {
	values := slices.DeleteFunc(slices.Clone(h.Values), func(v float64) bool { return !finite(v) })
	if len(values) == 0 {
		return nil, errors.New("a histogram of no finite values")
	}
	drawn, err := plotter.NewHist(plotter.Values(values), binCount(values))
	if err != nil {
		return nil, err
	}
	drawn.FillColor = h.Colour.rgb()
	drawn.LineStyle = draw.LineStyle{Color: Surface.rgb(), Width: 0.75}
	return []plot.Plotter{drawn}, nil
}

// binCount is how many bins of Freedman and Diaconis's width cover the values.
func binCount(values []float64) int {
	const most = 100
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	spread := sorted[n-1] - sorted[0]
	width := 2 * (sorted[3*n/4] - sorted[n/4]) / math.Cbrt(float64(n))
	if width == 0 {
		return 1
	}
	return int(min(math.Ceil(spread/width), most))
}

func (h Histogram) legend() (string, func(draw.Canvas)) { return h.Name, filledSwatch(h.Colour) }
