package problemset

import (
	"math"

	"pullback/report"
)

// ridgeChart shows the likelihood of the observed prices over (c_d, c_s) and both optimisers'
// paths over it.
func ridgeChart(e Estimation) report.Chart {
	published, truth := PublishedBFGS(), Truth()
	// What must be in sight: all of Adam's path, both ends, the truth. BFGS's first trials may lie
	// far outside and are cut off.
	seen := append([]Parameters{published, truth, e.BFGS.Parameters}, e.Adam.Path()...)
	cd := grid(seen, func(p Parameters) float64 { return p.Cd }, 200)
	cs := grid(seen, func(p Parameters) float64 { return p.Cs }, 150)
	surface := likelihoodAbove(e, cd, cs)
	left, right, bottom, top := surface.DataRange()
	bed := valley(surface)
	layers := []report.Layer{surface, bed}
	if n := len(bed.X); n > 0 {
		layers = append(layers, report.Label{X: bed.X[n/4], Y: bed.Y[n/4] - 0.04*(top-bottom),
			Text: "ridge", Colour: report.Black})
	}

	path := func(name string, points []Parameters, colour report.Colour) report.Line {
		line := report.Line{Name: name, Colour: colour, Halo: true}
		for _, p := range points {
			line.X, line.Y = append(line.X, p.Cd), append(line.Y, p.Cs)
		}
		return line
	}
	mark := func(name string, p Parameters, shape report.Shape, c report.Colour) report.Points {
		return report.Points{Name: name, X: []float64{p.Cd}, Y: []float64{p.Cs}, Shape: shape,
			Colour: c}
	}
	return report.Chart{
		Name: "ridge", Title: "The likelihood's ridge and both optimisers' paths",
		Caption: "Float64, observed prices only. Colour is the negative log likelihood above its " +
			"minimum, on a logarithmic scale that ends at 1, where differences cease to matter. " +
			"Every point of the ridge, the dashed line, explains the prices equally well; the " +
			"published answer of BFGS lies beside it.",
		X: report.Axis{Label: "c_d, the exponent of demand", Min: left, Max: right},
		Y: report.Axis{Label: "c_s, the exponent of supply", Min: bottom, Max: top},
		Layers: append(layers,
			path("Adam", e.Adam.Path(), report.Vermilion),
			path("BFGS", e.BFGS.Path(), report.Black),
			mark("Adam's answer", e.Adam.Parameters, report.Disc, report.Vermilion),
			mark("BFGS's answer", e.BFGS.Parameters, report.Square, report.Black),
			mark("published BFGS", published, report.Cross, report.Blue),
			mark("truth", truth, report.Triangle, report.Green),
		),
	}
}

// grid is an even grid over the range of the points' coordinates and a little more.
func grid(points []Parameters, coordinate func(Parameters) float64, n int) []float64 {
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range points {
		if x := coordinate(p); finite(x) {
			low, high = min(low, x), max(high, x)
		}
	}
	margin := 0.08 * (high - low)
	low, high = low-margin, high+margin
	x := make([]float64, n)
	for i := range x {
		x[i] = low + (high-low)*float64(i)/float64(n-1)
	}
	return x
}

// likelihoodAbove is the heat map of the negative log likelihood less its minimum.
func likelihoodAbove(e Estimation, cd, cs []float64) report.HeatMap {
	var allCd, allCs []float64
	for _, s := range cs {
		for _, d := range cd {
			allCd, allCs = append(allCd, d), append(allCs, s)
		}
	}
	values := e.NegLogLikelihood(allCd, allCs)
	heat := report.HeatMap{Label: "-log likelihood above its minimum", X: cd, Y: cs, Min: 1,
		Max: 10}
	minimum := math.Inf(1)
	for _, v := range append(values, fitNLL(e.BFGS)) {
		if finite(v) {
			minimum = min(minimum, v)
		}
	}
	for i := range cs {
		row := make([]float64, len(cd))
		for j := range row {
			row[j] = values[i*len(cd)+j] - minimum
			if finite(row[j]) {
				heat.Max = max(heat.Max, row[j])
			}
		}
		heat.Z = append(heat.Z, row)
	}
	return heat
}

// valley is the line along the smallest value of every column of the heat map. Between rows it is
// at the least point of the parabola through the smallest value and its neighbours.
func valley(h report.HeatMap) report.Line {
	line := report.Line{Colour: report.White, Dashed: true}
	step := h.Y[1] - h.Y[0]
	for j, x := range h.X {
		least := 0
		for i := range h.Y {
			if h.Z[i][j] < h.Z[least][j] {
				least = i
			}
		}
		if least == 0 || least == len(h.Y)-1 {
			continue // the valley has left the map
		}
		below, at, above := h.Z[least-1][j], h.Z[least][j], h.Z[least+1][j]
		offset := (below - above) / (2 * (below - 2*at + above))
		line.X, line.Y = append(line.X, x), append(line.Y, h.Y[least]+offset*step)
	}
	return line
}
