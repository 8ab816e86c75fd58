package report

import (
	"errors"
	"fmt"
	"image"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// HeatMap shows a positive quantity over a grid by colour, on a logarithmic scale whose bar stands
// right of the axes. A value that is not finite leaves its cell empty.
type HeatMap struct {
	Label    string      // of the scale
	X, Y     []float64   // the grid, ascending; colours are those of the nearest point
	Z        [][]float64 // Z[i][j] is the value at X[j], Y[i]
	Min, Max float64     // the ends of the scale, 0 < Min < Max; values beyond take its end colours
}

// scaleWidth is the room that the scale takes.
const scaleWidth vg.Length = 62

func (h HeatMap) plotters() ([]plot.Plotter, error) {
	if len(h.X) < 2 || len(h.Y) < 2 || len(h.Z) != len(h.Y) {
		return nil, fmt.Errorf("a heat map of %d rows over a grid of %d x %d",
			len(h.Z), len(h.Y), len(h.X))
	}
	if !ascending(h.X) || !ascending(h.Y) {
		return nil, errors.New("the grid of a heat map does not ascend")
	}
	for i, row := range h.Z {
		if len(row) != len(h.X) {
			return nil, fmt.Errorf("row %d of a heat map has %d values over %d abscissae",
				i, len(row), len(h.X))
		}
	}
	if !(0 < h.Min && h.Min < h.Max) || math.IsInf(h.Max, 0) {
		return nil, fmt.Errorf("a logarithmic colour scale from %g to %g", h.Min, h.Max)
	}
	return []plot.Plotter{h}, nil
}

func ascending(grid []float64) bool {
	for i := range len(grid) - 1 {
		if !(grid[i] < grid[i+1]) {
			return false
		}
	}
	return true
}

func (h HeatMap) legend() (string, func(draw.Canvas)) { return "", nil }

// at is where on the scale z is: 0 at Min, 1 at Max.
func (h HeatMap) at(z float64) float64 {
	return math.Log(z/h.Min) / math.Log(h.Max/h.Min)
}

// Plot draws the map as one image; it satisfies gonum's plot.Plotter.
func (h HeatMap) Plot(c draw.Canvas, p *plot.Plot) {
	columns, rows := nearest(h.X), nearest(h.Y)
	cells := image.NewRGBA(image.Rect(0, 0, len(columns), len(rows)))
	for i, row := range rows {
		for j, column := range columns {
			if z := h.Z[row][column]; finite(z) {
				cells.SetRGBA(j, len(rows)-1-i, sequential(h.at(max(z, h.Min))))
			}
		}
	}
	x, y := p.Transforms(&c)
	xmin, xmax, ymin, ymax := h.DataRange()
	c.DrawImage(vg.Rectangle{Min: vg.Point{X: x(xmin), Y: y(ymin)},
		Max: vg.Point{X: x(xmax), Y: y(ymax)}}, cells)
}

// DataRange is the area of the cells: half a cell more than their centres on every side.
func (h HeatMap) DataRange() (xmin, xmax, ymin, ymax float64) {
	xmin, xmax = edges(h.X)
	ymin, ymax = edges(h.Y)
	return xmin, xmax, ymin, ymax
}

func edges(grid []float64) (low, high float64) {
	n := len(grid)
	return grid[0] - (grid[1]-grid[0])/2, grid[n-1] + (grid[n-1]-grid[n-2])/2
}

// nearest is, for each of the even pixels between the edges of a grid, the grid's nearest point.
// An even grid has a pixel a point.
func nearest(grid []float64) []int {
	const fine = 400 // pixels of a grid that is not even
	n := len(grid)
	pixels, even := n, (grid[n-1]-grid[0])/float64(n-1)
	for i := range n - 1 {
		if math.Abs(grid[i+1]-grid[i]-even) > 1e-6*math.Abs(even) {
			pixels = fine
		}
	}
	low, high := edges(grid)
	out, i := make([]int, pixels), 0
	for k := range out {
		x := low + (high-low)*(float64(k)+0.5)/float64(pixels)
		for i < n-1 && x > (grid[i]+grid[i+1])/2 {
			i++
		}
		out[k] = i
	}
	return out
}

// drawScale draws the colour bar at the right edge of the canvas, as high as the axes.
func (h HeatMap) drawScale(c draw.Canvas, axes vg.Rectangle) {
	const steps, barWidth = 128, 10
	bar := image.NewRGBA(image.Rect(0, 0, 1, steps))
	for i := range steps {
		bar.SetRGBA(0, steps-1-i, sequential(float64(i)/(steps-1)))
	}
	left := axes.Max.X + 10
	c.DrawImage(vg.Rectangle{Min: vg.Point{X: left, Y: axes.Min.Y},
		Max: vg.Point{X: left + barWidth, Y: axes.Max.Y}}, bar)

	tick := textStyle(textSize-1, Muted)
	tick.YAlign = draw.YCenter
	for e := math.Ceil(math.Log10(h.Min)); e <= math.Log10(h.Max); e++ {
		y := axes.Min.Y + vg.Length(h.at(math.Pow(10, e)))*(axes.Max.Y-axes.Min.Y)
		c.StrokeLine2(draw.LineStyle{Color: Muted.rgb(), Width: 0.75},
			left+barWidth, y, left+barWidth+3, y)
		c.FillText(tick, vg.Point{X: left + barWidth + 5, Y: y}, powerOfTen(int(e)))
	}
	label := textStyle(textSize, Ink)
	label.Rotation = math.Pi / 2
	label.XAlign, label.YAlign = draw.XCenter, draw.YBottom
	c.FillText(label, vg.Point{X: c.Max.X, Y: (axes.Min.Y + axes.Max.Y) / 2}, h.Label)
}

// powerOfTen writes 10 to the power of e.
func powerOfTen(e int) string {
	if e >= -2 && e <= 2 {
		return strconv.FormatFloat(math.Pow(10, float64(e)), 'g', -1, 64)
	}
	superscripts := map[rune]rune{'-': '⁻', '0': '⁰', '1': '¹', '2': '²', '3': '³', '4': '⁴',
		'5': '⁵', '6': '⁶', '7': '⁷', '8': '⁸', '9': '⁹'}
	raised := []rune(strconv.Itoa(e))
	for i, digit := range raised {
		raised[i] = superscripts[digit]
	}
	return "10" + string(raised)
}
