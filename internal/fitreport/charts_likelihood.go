package fitreport

import (
	"fmt"
	"math"
	"slices"

	"pullback/fit"
	"pullback/report"
)

// profileCharts show twice the log likelihood that is lost by holding a parameter at a value,
// with the cut-off of its interval, the quantile of chi squared with one degree of freedom.
func profileCharts(f *fit.Fit) []report.Block {
	var blocks []report.Block
	for i, p := range f.Profiles {
		at, loss := lost(p, f.LogLik)
		if len(at) < 2 || at[0] == at[len(at)-1] || !(p.Level > 0 && p.Level < 1) {
			continue
		}
		cutOff := 2 * math.Pow(math.Erfinv(p.Level), 2)
		// Far out the curve may be so high that nothing else could be seen.
		top := min(max(slices.Max(loss), 1.3*cutOff), 4*cutOff)
		bottom := min(slices.Min(loss), 0)
		layers := []report.Layer{
			report.Rule{Name: digits(100*p.Level, 4) + " % cut-off, " + digits(cutOff, 5),
				At: cutOff, Colour: report.Vermilion, Dashed: true},
			report.Line{Name: "profile", X: at, Y: loss, Colour: report.Blue},
			report.Points{X: at, Y: loss, Colour: report.Blue}}
		low, high := at[0], at[len(at)-1]
		for _, e := range []fit.Edge{p.Lower, p.Upper} {
			if !e.Unbounded {
				low, high = min(low, e.Value), max(high, e.Value)
				layers = append(layers, report.Rule{At: e.Value, Vertical: true,
					Colour: report.Muted, Dashed: true})
			}
		}
		if estimate, ok := find(f, p.Name); ok {
			low, high = min(low, estimate.Estimate), max(high, estimate.Estimate)
			layers = append(layers, report.Points{Name: "estimate",
				X: []float64{estimate.Estimate}, Y: []float64{0}, Shape: report.Square,
				Colour: report.Ink})
		}
		blocks = append(blocks, report.Chart{Name: fmt.Sprintf("profile-%d", i+1),
			Title: brief(p.Name) + ": profile likelihood",
			Caption: fmt.Sprintf("Twice the log likelihood lost where %s is held and everything "+
				"else chosen best. The interval, between %s and %s, is where the curve is below "+
				"the cut-off.", p.Name, edge(p.Lower), edge(p.Upper)),
			X: report.Axis{Label: brief(p.Name), Min: low, Max: high},
			Y: report.Axis{Label: "2 (greatest log likelihood - profile)", Min: bottom,
				Max: top},
			Layers: layers})
	}
	return blocks
}

// lost is twice what the profile is below the greatest log likelihood, in ascending order of the
// parameter.
func lost(p fit.Profile, greatest float64) (at, loss []float64) {
	var order []int
	for i := range p.At {
		if i < len(p.LogLik) && finite(p.At[i]) && finite(p.LogLik[i]) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int {
		if p.At[i] < p.At[j] {
			return -1
		}
		if p.At[i] > p.At[j] {
			return 1
		}
		return 0
	})
	for _, i := range order {
		at, loss = append(at, p.At[i]), append(loss, 2*(greatest-p.LogLik[i]))
	}
	return at, loss
}

// surfaces are the log likelihood over pairs of parameters, with the optimiser's path.
func surfaces(f *fit.Fit) []report.Block {
	var blocks []report.Block
	for i, s := range f.Surfaces {
		heat, ok := below(s, f.LogLik)
		if !ok {
			continue
		}
		left, right, bottom, top := heat.DataRange()
		layers := []report.Layer{heat}
		caption := fmt.Sprintf("The log likelihood over %s and %s.", s.X, s.Y)
		if x, y := path(f, s.X), path(f, s.Y); len(x) > 1 && len(y) > 1 {
			layers = append(layers,
				report.Line{Name: "path", X: x, Y: y, Colour: report.Black, Halo: true})
			if left <= x[0] && x[0] <= right && bottom <= y[0] && y[0] <= top {
				layers = append(layers, report.Points{Name: "start", X: x[:1], Y: y[:1],
					Shape: report.Square, Colour: report.Black})
			}
			caption += " The path is the optimiser's; what is outside the axes is cut off."
		}
		px, hasX := find(f, s.X)
		py, hasY := find(f, s.Y)
		if hasX && hasY {
			layers = append(layers, report.Points{Name: estimateWord(f), X: []float64{px.Estimate},
				Y: []float64{py.Estimate}, Colour: report.Vermilion})
		}
		blocks = append(blocks, report.Chart{Name: fmt.Sprintf("surface-%d", i+1),
			Title:   "Log likelihood over " + brief(s.X) + " and " + brief(s.Y),
			Caption: caption,
			X:       report.Axis{Label: brief(s.X), Min: left, Max: right},
			Y:       report.Axis{Label: brief(s.Y), Min: bottom, Max: top}, Layers: layers})
	}
	if len(blocks) == 0 {
		return nil
	}
	return append([]report.Block{report.Paragraph("Colour is by how much the log likelihood is " +
		"below its greatest value, on a logarithmic scale, with everything else at its " +
		"estimate. Were everything else known, the 95 % region would be where the difference " +
		"is less than 3. Cells without colour have no value." + short(f))}, blocks...)
}

// below is the heat map of what the log likelihood is below its greatest value, of the surface or
// the fit. Between a tenth, where differences cease to matter, and 10⁵ colours differ.
func below(s fit.Surface, greatest float64) (report.HeatMap, bool) {
	const least, most = 0.1, 1e5
	heat := report.HeatMap{Label: "log likelihood below its maximum", X: s.XAt, Y: s.YAt,
		Min: least, Max: 10 * least}
	known := false
	for _, row := range s.LogLik {
		for _, v := range row {
			if finite(v) {
				known, greatest = true, max(greatest, v)
			}
		}
	}
	for _, row := range s.LogLik {
		var z []float64
		for _, v := range row {
			z = append(z, greatest-v)
			if finite(v) {
				heat.Max = min(max(heat.Max, greatest-v), most)
			}
		}
		if len(z) != len(s.XAt) {
			return heat, false
		}
		heat.Z = append(heat.Z, z)
	}
	return heat, known && len(s.XAt) > 1 && len(s.YAt) > 1 && len(heat.Z) == len(s.YAt)
}

// path is how the named parameter went; a long one is thinned. It is empty of one that did not
// move.
func path(f *fit.Fit, name string) []float64 {
	i := slices.Index(moved(f), name)
	if i < 0 {
		return nil
	}
	var x []float64
	stride := neighbours(len(f.Path))
	for j, step := range f.Path {
		if i < len(step.X) && (j%stride == 0 || j == len(f.Path)-1) {
			x = append(x, step.X[i])
		}
	}
	return x
}

// moved are the names that the coordinates of the optimiser's steps are of.
func moved(f *fit.Fit) []string {
	var names []string
	for _, p := range f.Parameters {
		if p.State != fit.Fixed {
			names = append(names, p.Name)
		}
	}
	if len(f.Path) > 0 && len(f.Path[0].X) == len(names) {
		return names
	}
	if len(f.Path) > 0 && len(f.Path[0].X) == len(f.Identification.Names) {
		return f.Identification.Names
	}
	return nil
}

// convergence is the gradient and what the log likelihood still lacked, by step.
func convergence(f *fit.Fit) []report.Block {
	var steps, gradients, gapSteps, gaps []float64
	for i, s := range f.Path {
		step := float64(i)
		if finite(s.Gradient) && s.Gradient > 0 {
			steps, gradients = append(steps, step), append(gradients, s.Gradient)
		}
		if gap := f.LogLik - s.LogLik; finite(gap) && gap > 0 {
			gapSteps, gaps = append(gapSteps, step), append(gaps, gap)
		}
	}
	if len(steps)+len(gapSteps) == 0 {
		return nil
	}
	axis := decades(append(slices.Clone(gradients), gaps...))
	axis.Label = "relative gradient, log likelihood"
	steps, gradients = thinned(steps, gradients)
	gapSteps, gaps = thinned(gapSteps, gaps)
	var layers []report.Layer
	for _, series := range []struct {
		name   string
		x, y   []float64
		colour report.Colour
		shape  report.Shape
	}{{"relative gradient", steps, gradients, report.Blue, report.Disc},
		{"log likelihood below the estimate's", gapSteps, gaps, report.Vermilion, report.Square}} {
		switch n := len(series.x); {
		case n > 60: // marks would hide the line
			layers = append(layers, report.Line{Name: series.name, X: series.x, Y: series.y,
				Colour: series.colour})
		case n > 0:
			layers = append(layers, report.Line{X: series.x, Y: series.y, Colour: series.colour},
				report.Points{Name: series.name, X: series.x, Y: series.y, Shape: series.shape,
					Colour: series.colour})
		}
	}
	return []report.Block{report.Chart{Name: "convergence",
		Title: "The way to the " + estimateWord(f),
		Caption: "By step, on a logarithmic axis, where what is zero cannot be drawn." +
			short(f),
		X: report.Axis{Label: "step", Whole: true, Min: 0,
			Max: float64(max(len(f.Path)-1, 1))},
		Y: axis, Layers: layers}}
}

// short is a sentence about a path that ends far below the estimate.
func short(f *fit.Fit) string {
	if len(f.Path) == 0 {
		return ""
	}
	gap := f.LogLik - f.Path[len(f.Path)-1].LogLik
	if !finite(gap) || gap <= 1e-6*max(1, math.Abs(f.LogLik)) {
		return ""
	}
	return fmt.Sprintf(" These steps from the start in the model file end with a log likelihood "+
		"that is %s below that of the %s, which another search found.", digits(gap, 3),
		estimateWord(f))
}

func thinned(x, y []float64) (u, v []float64) {
	stride := neighbours(len(x))
	for i := range x {
		if i%stride == 0 || i == len(x)-1 {
			u, v = append(u, x[i]), append(v, y[i])
		}
	}
	return u, v
}

// singularValues is the chart of what the rank was decided by.
func singularValues(id fit.Identification) (report.Chart, bool) {
	if len(id.Singular) == 0 {
		return report.Chart{}, false
	}
	tolerance := id.Tolerance * slices.Max(id.Singular)
	axis := decades(append([]float64{tolerance}, id.Singular...))
	if axis.Min == axis.Max {
		return report.Chart{}, false
	}
	if slices.Min(id.Singular) <= 0 {
		axis.Min /= 10 // so that zero stands apart from the tolerance
	}
	axis.Label = "singular value"
	numbers, values := make([]float64, len(id.Singular)), make([]float64, len(id.Singular))
	for i, s := range id.Singular {
		numbers[i], values[i] = float64(i+1), max(s, axis.Min)
	}
	layers := []report.Layer{report.Points{Name: "singular values", X: numbers, Y: values,
		Colour: report.Blue}}
	if tolerance > 0 {
		layers = append(layers, report.Rule{Name: "tolerance", At: tolerance,
			Colour: report.Vermilion, Dashed: true})
	}
	return report.Chart{Name: "singular-values", Title: "Singular values, and the tolerance",
		Caption: fmt.Sprintf("Decided from the %s, columns scaled to unit length. Each value "+
			"below the tolerance is a direction that the data say nothing about; zero is drawn at "+
			"the lower edge. The rank is %d of %d.", id.From, id.Rank, len(id.Names)),
		X: report.Axis{Label: "number", Whole: true, Min: 0.5, Max: float64(len(values)) + 0.5},
		Y: axis, Layers: layers}, true
}

// decades is a logarithmic axis over the positive ones of the values, from a power of ten to a
// greater one; without any its ends are equal.
func decades(values []float64) report.Axis {
	low, high := math.Inf(1), 0.0
	for _, v := range values {
		if v > 0 && finite(v) {
			low, high = min(low, v), max(high, v)
		}
	}
	if high == 0 {
		return report.Axis{Log: true}
	}
	first, last := math.Floor(math.Log10(low)), math.Ceil(math.Log10(high))
	if first == last {
		last++
	}
	return report.Axis{Log: true, Min: max(math.Pow(10, first), 1e-300),
		Max: min(math.Pow(10, last), 1e300)}
}

func estimateWord(f *fit.Fit) string {
	if f.Converged {
		return "estimate"
	}
	return "last value"
}
