package report

import (
	"errors"
	"fmt"
	"math"

	imagefont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Chart is a picture: layers over one pair of axes.
type Chart struct {
	Name    string // of its file, without the suffix
	Title   string // a short line above the picture
	Caption string // sentences below the picture, in a page only
	X, Y    Axis
	Layers  []Layer // the first is drawn first
}

// Axis is one axis of a chart. Where Min equals Max, the layers decide the range.
type Axis struct {
	Label    string // with the unit
	Log      bool
	Whole    bool // marks at whole numbers only
	Min, Max float64
}

// Layer is one thing drawn in a chart: [Line], [Points], [Rule], [Band], [ErrorBars], [Histogram],
// [HeatMap] or [Label].
type Layer interface {
	// plotters draw the layer.
	plotters() ([]plot.Plotter, error)
	// legend is the layer's name and swatch; an empty name keeps it out of the legend.
	legend() (name string, swatch func(draw.Canvas))
}

// A chart is drawn small, with text that stays legible when a phone scales it down.
const (
	chartWidth  vg.Length = 390
	chartHeight vg.Length = 300
	textSize    vg.Length = 11
	titleSize   vg.Length = 13
	margin      vg.Length = 6
	swatchWidth vg.Length = 20
)

// SVG is the chart as an SVG document on a light background.
func (c Chart) SVG() ([]byte, error) {
	d, err := c.draw()
	if err != nil {
		return nil, err
	}
	return d.document(), nil
}

// draw lays the chart out from top to bottom: title, legend, then the axes in what is left.
func (c Chart) draw() (drawing, error) {
	p := plot.New()
	p.BackgroundColor = nil
	c.X.style(&p.X)
	c.Y.style(&p.Y)
	var legend []legendEntry
	var scale *HeatMap
	for _, layer := range c.Layers {
		plotters, err := layer.plotters()
		if err != nil {
			return drawing{}, fmt.Errorf("chart %s: %w", c.Name, err)
		}
		if heat, ok := layer.(HeatMap); ok {
			scale = &heat
		}
		p.Add(plotters...)
		if name, swatch := layer.legend(); name != "" {
			legend = append(legend, legendEntry{name, swatch})
		}
	}
	if err := errors.Join(c.X.limit(&p.X), c.Y.limit(&p.Y)); err != nil {
		return drawing{}, fmt.Errorf("chart %s: %w", c.Name, err)
	}

	svg := vgsvg.New(chartWidth, chartHeight)
	canvas := draw.Crop(draw.New(svg), margin, -margin, margin, -margin)
	canvas = drawTitle(canvas, c.Title)
	canvas = drawLegend(canvas, legend)
	axes := canvas
	if scale != nil {
		axes = draw.Crop(canvas, 0, -scaleWidth, 0, 0)
	}
	axes = c.drawLogLabels(canvas, axes, p)
	p.Draw(axes)
	if scale != nil {
		scale.drawScale(canvas, p.DataCanvas(axes).Rectangle)
	}
	return newDrawing(svg, c.Title)
}

// drawLogLabels writes the labels of logarithmic axes along the edges of the canvas and returns
// what is left of the axes' room. gonum would leave room as if such a label stood at the
// arithmetic middle of the axis, which is close to its end.
func (c Chart) drawLogLabels(canvas, axes draw.Canvas, p *plot.Plot) draw.Canvas {
	const room = textSize + 5
	if c.X.Log {
		p.X.Label.Text = ""
		axes = draw.Crop(axes, 0, 0, room, 0)
	}
	if c.Y.Log {
		p.Y.Label.Text = ""
		axes = draw.Crop(axes, room, 0, 0, 0)
	}
	middle := p.DataCanvas(axes).Rectangle
	style := textStyle(textSize, Ink)
	style.XAlign = draw.XCenter
	if c.X.Log {
		style.YAlign = draw.YBottom
		canvas.FillText(style, vg.Point{X: (middle.Min.X + middle.Max.X) / 2, Y: canvas.Min.Y},
			c.X.Label)
	}
	if c.Y.Log {
		style.YAlign, style.Rotation = draw.YTop, math.Pi/2
		canvas.FillText(style, vg.Point{X: canvas.Min.X, Y: (middle.Min.Y + middle.Max.Y) / 2},
			c.Y.Label)
	}
	return axes
}

// style sets the looks of an axis.
func (a Axis) style(axis *plot.Axis) {
	axis.Label.Text = a.Label
	axis.Label.TextStyle.Font = sans(textSize, false)
	axis.Label.TextStyle.Color = Ink.rgb()
	axis.Label.Padding = 4
	axis.LineStyle = draw.LineStyle{Color: Muted.rgb(), Width: 0.75}
	axis.Padding = 0
	axis.Tick.Label.Font = sans(textSize-1, false)
	axis.Tick.Label.Color = Muted.rgb()
	axis.Tick.LineStyle = draw.LineStyle{Color: Muted.rgb(), Width: 0.75}
	axis.Tick.Length = 4
	axis.Tick.Marker = evenTicks{a.Whole}
	if a.Log {
		axis.Scale = plot.LogScale{}
		axis.Tick.Marker = logTicks{}
	}
}

// limit fixes the range of an axis once the layers have widened it.
func (a Axis) limit(axis *plot.Axis) error {
	if a.Min != a.Max {
		axis.Min, axis.Max = a.Min, a.Max
	}
	switch {
	case math.IsInf(axis.Min, 0) || math.IsInf(axis.Max, 0) ||
		math.IsNaN(axis.Min) || math.IsNaN(axis.Max):
		return fmt.Errorf("nothing finite to draw along the axis %q", a.Label)
	case a.Log && axis.Min <= 0:
		return fmt.Errorf("the logarithmic axis %q begins at %g, which is not positive",
			a.Label, axis.Min)
	}
	return nil
}

type legendEntry struct {
	name   string
	swatch func(draw.Canvas)
}

// drawTitle writes the title at the top and returns what is left of the canvas.
func drawTitle(c draw.Canvas, title string) draw.Canvas {
	if title == "" {
		return c
	}
	style := textStyle(titleSize, Ink)
	style.Font = sans(titleSize, true)
	style.YAlign = draw.YTop
	c.FillText(style, vg.Point{X: c.Min.X, Y: c.Max.Y}, title)
	return draw.Crop(c, 0, 0, 0, -titleSize-6)
}

// drawLegend writes the entries side by side, in as many lines as they need, and returns what is
// left of the canvas. Above the axes it covers no data.
func drawLegend(c draw.Canvas, entries []legendEntry) draw.Canvas {
	if len(entries) == 0 {
		return c
	}
	const lineHeight = textSize + 5
	style := textStyle(textSize, Ink)
	style.YAlign = draw.YCenter
	x, y := c.Min.X, c.Max.Y-lineHeight/2
	for _, entry := range entries {
		width := swatchWidth + 5 + style.Width(entry.name)
		if x > c.Min.X && x+width > c.Max.X {
			x, y = c.Min.X, y-lineHeight
		}
		entry.swatch(draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: x, Y: y - 4}, Max: vg.Point{X: x + swatchWidth, Y: y + 4}}})
		c.FillText(style, vg.Point{X: x + swatchWidth + 5, Y: y}, entry.name)
		x += width + 14
	}
	return draw.Crop(c, 0, 0, 0, y-lineHeight/2-4-c.Max.Y)
}

// sans is Liberation Sans, whose widths are Arial's and Helvetica's, so that a reader's own
// font takes the room that was laid out.
func sans(size vg.Length, bold bool) font.Font {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	if bold {
		f.Weight = imagefont.WeightBold
	}
	return f
}

func textStyle(size vg.Length, c Colour) text.Style {
	return text.Style{Color: c.rgb(), Font: sans(size, false), Handler: plot.DefaultTextHandler}
}

// xys pairs two slices; a point with a coordinate that is not finite is left out.
func xys(x, y []float64) (plotter.XYs, error) {
	if len(x) != len(y) {
		return nil, fmt.Errorf("%d abscissae and %d ordinates", len(x), len(y))
	}
	var points plotter.XYs
	for i := range x {
		if finite(x[i]) && finite(y[i]) {
			points = append(points, plotter.XY{X: x[i], Y: y[i]})
		}
	}
	return points, nil
}
