package fitreport

import (
	"fmt"
	"math"
	"slices"

	"pullback/fit"
	"pullback/report"
)

// mostMarks is how many rows a chart shows one by one. Of more, neighbours are put together, so
// that a page of many rows is no larger than that of a few.
const mostMarks = 200

// fitted shows each observed column and what the model says of it, by row.
func fitted(f *fit.Fit) []report.Block {
	var blocks []report.Block
	for i, s := range f.Series {
		if !drawable(s) {
			continue
		}
		rows, predicted, _, _ := byRow(s.Predicted)
		_, observed, low, high := byRow(s.Observed)
		var layers []report.Layer
		if low != nil {
			layers = append(layers, report.Band{Name: "observed, from least to greatest", X: rows,
				Low: low, High: high, Colour: report.PaleBlue})
		}
		name := "observed"
		if low != nil {
			name = "observed, mean"
		}
		blocks = append(blocks, report.Chart{Name: fmt.Sprintf("fit-%d", i+1),
			Title:   brief(s.Name) + ": observed and predicted",
			Caption: "By row, among those used." + together(len(s.Observed)),
			X:       report.Axis{Label: "row", Whole: true}, Y: report.Axis{Label: brief(s.Name)},
			Layers: append(layers,
				report.Line{Name: "predicted", X: rows, Y: predicted, Colour: report.Vermilion},
				report.Points{Name: name, X: rows, Y: observed, Colour: report.Blue})})
	}
	return blocks
}

// residuals shows observed less predicted, by row and as a histogram.
func residuals(f *fit.Fit) []report.Block {
	var blocks []report.Block
	for i, s := range f.Series {
		if !drawable(s) {
			continue
		}
		values := make([]float64, len(s.Observed))
		for j := range values {
			values[j] = s.Observed[j] - s.Predicted[j]
		}
		rows, mean, low, high := byRow(values)
		layers := []report.Layer{report.Rule{At: 0, Colour: report.Muted}}
		name := ""
		if low != nil {
			name = "mean"
			layers = append(layers, report.Band{Name: "from least to greatest", X: rows, Low: low,
				High: high, Colour: report.PaleBlue})
		}
		layers = append(layers, report.Points{Name: name, X: rows, Y: mean, Colour: report.Blue})
		blocks = append(blocks, report.Chart{Name: fmt.Sprintf("residuals-%d", i+1),
			Title: brief(s.Name) + ": residuals by row",
			Caption: "Observed less predicted. A pattern along the rows is something that the " +
				"model leaves out." + together(len(values)),
			X:      report.Axis{Label: "row", Whole: true},
			Y:      report.Axis{Label: "residual of " + brief(s.Name)},
			Layers: layers})
		blocks = append(blocks, report.Chart{Name: fmt.Sprintf("residuals-histogram-%d", i+1),
			Title:   brief(s.Name) + ": how often residuals are so large",
			Caption: fmt.Sprintf("All %d residuals; the line is zero.", count(values)),
			X:       report.Axis{Label: "residual of " + brief(s.Name)},
			Y:       report.Axis{Label: "rows"},
			Layers: []report.Layer{report.Histogram{Values: values, Colour: report.Blue},
				report.Rule{At: 0, Vertical: true, Colour: report.Vermilion}}})
	}
	return blocks
}

// count is how many of x are finite.
func count(x []float64) int {
	n := 0
	for _, v := range x {
		if finite(v) {
			n++
		}
	}
	return n
}

// drawable is whether a series has a row in which both values are finite.
func drawable(s fit.Series) bool {
	if len(s.Observed) != len(s.Predicted) {
		return false
	}
	for i := range s.Observed {
		if finite(s.Observed[i]) && finite(s.Predicted[i]) {
			return true
		}
	}
	return false
}

// byRow is x over the rows' numbers from one, or, if there are too many, the means of neighbours
// over the middles of their numbers, with the least and the greatest; these are nil otherwise.
func byRow(x []float64) (rows, mean, low, high []float64) {
	stride := neighbours(len(x))
	for first := 0; first < len(x); first += stride {
		part := x[first:min(first+stride, len(x))]
		sum, n, least, greatest := 0.0, 0, math.Inf(1), math.Inf(-1)
		for _, v := range part {
			if finite(v) {
				sum, n, least, greatest = sum+v, n+1, min(least, v), max(greatest, v)
			}
		}
		rows = append(rows, float64(first)+float64(len(part)+1)/2)
		mean = append(mean, sum/float64(n)) // NaN of none, which is left out
		if stride > 1 {
			low, high = append(low, least), append(high, greatest)
		}
	}
	return rows, mean, low, high
}

// neighbours is how many of n rows are put together.
func neighbours(n int) int { return max(1, (n+mostMarks-1)/mostMarks) }

// together is a sentence about it.
func together(n int) string {
	stride := neighbours(n)
	if stride == 1 {
		return ""
	}
	return fmt.Sprintf(" Each point is the mean of %d neighbouring rows.", stride)
}

// bootstrapCharts are the refits' estimates of each parameter.
func bootstrapCharts(f *fit.Fit) []report.Block {
	var blocks []report.Block
	for i, p := range f.Bootstrap.Intervals {
		var values []float64
		for _, draw := range f.Bootstrap.Draws {
			if i < len(draw) && finite(draw[i]) {
				values = append(values, draw[i])
			}
		}
		if len(values) == 0 {
			continue
		}
		low, high := min(p.Lower, slices.Min(values)), max(p.Upper, slices.Max(values))
		layers := []report.Layer{
			report.Histogram{Values: values, Colour: report.Blue},
			report.Rule{Name: "95 % interval", At: p.Lower, Vertical: true, Colour: report.Ink,
				Dashed: true},
			report.Rule{At: p.Upper, Vertical: true, Colour: report.Ink, Dashed: true}}
		if estimate, ok := find(f, p.Name); ok {
			low, high = min(low, estimate.Estimate), max(high, estimate.Estimate)
			layers = append(layers, report.Rule{Name: "estimate", At: estimate.Estimate,
				Vertical: true, Colour: report.Vermilion})
		}
		blocks = append(blocks, report.Chart{Name: fmt.Sprintf("bootstrap-%d", i+1),
			Title:   brief(p.Name) + ": estimates of the refits",
			Caption: fmt.Sprintf("%d refits; the interval is between percentiles.", len(values)),
			X:       report.Axis{Label: brief(p.Name), Min: low, Max: high},
			Y:       report.Axis{Label: "refits"},
			Layers:  layers})
	}
	return blocks
}

// brief is a name short enough for a chart.
func brief(name string) string {
	const most = 24
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return name
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
