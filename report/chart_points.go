package report

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Shape is the form of a point. Points differ in form as well as in colour.
type Shape int

const (
	Disc Shape = iota
	Square
	Triangle
	Cross
)

// Points are marks at points.
type Points struct {
	Name   string
	X, Y   []float64
	Shape  Shape
	Colour Colour
}

// ErrorBars are points with a bar of Error up and down. A point whose Error is NaN has no bar.
type ErrorBars struct {
	Name        string
	X, Y, Error []float64
	Colour      Colour
}

// Label is a text in a chart; it begins at the point, or ends there if Before.
type Label struct {
	X, Y   float64
	Text   string
	Before bool
	Colour Colour
}

const pointRadius vg.Length = 3.25

func (s Shape) glyph() draw.GlyphDrawer {
	switch s {
	case Square:
		return draw.BoxGlyph{}
	case Triangle:
		return draw.PyramidGlyph{}
	default:
		return draw.CircleGlyph{}
	}
}

// glyph is a mark with a white border: over a line or a heat map it stands out.
type glyph struct {
	shape  Shape
	colour Colour
}

func (g glyph) draw(c *draw.Canvas, at vg.Point) {
	if g.shape == Cross {
		strokeCross(c, at, pointRadius+1, haloStyle())
		strokeCross(c, at, pointRadius, lineStyle(g.colour, false))
		return
	}
	shape := g.shape.glyph()
	c.DrawGlyph(draw.GlyphStyle{Color: White.rgb(), Radius: pointRadius + 1.25, Shape: shape}, at)
	c.DrawGlyph(draw.GlyphStyle{Color: g.colour.rgb(), Radius: pointRadius, Shape: shape}, at)
}

// strokeCross draws two diagonals; gonum's own cross takes no width of its lines.
func strokeCross(c *draw.Canvas, at vg.Point, radius vg.Length, style draw.LineStyle) {
	d := radius * math.Sqrt2 / 2
	c.StrokeLine2(style, at.X-d, at.Y-d, at.X+d, at.Y+d)
	c.StrokeLine2(style, at.X-d, at.Y+d, at.X+d, at.Y-d)
}

// marks draws a glyph at every point, in front of everything in its layer.
type marks struct {
	plotter.XYs
	glyph
}

func (m marks) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	for _, point := range m.XYs {
		at := vg.Point{X: x(point.X), Y: y(point.Y)}
		if c.Contains(at) {
			m.glyph.draw(&c, at)
		}
	}
}

func (m marks) DataRange() (xmin, xmax, ymin, ymax float64) { return plotter.XYRange(m) }

func (s Points) plotters() ([]plot.Plotter, error) {
	points, err := xys(s.X, s.Y)
	return []plot.Plotter{marks{points, glyph{s.Shape, s.Colour}}}, err
}

func (s Points) legend() (string, func(draw.Canvas)) {
	return s.Name, func(c draw.Canvas) { glyph{s.Shape, s.Colour}.draw(&c, c.Center()) }
}

func (e ErrorBars) plotters() ([]plot.Plotter, error) {
	points, err := xys(e.X, e.Y)
	if err != nil {
		return nil, err
	}
	var bars bars
	for i, err := range e.Error {
		if finite(err) && finite(e.X[i]) && finite(e.Y[i]) {
			bars.XYs = append(bars.XYs, plotter.XY{X: e.X[i], Y: e.Y[i]})
			bars.YErrors = append(bars.YErrors, struct{ Low, High float64 }{-err, err})
		}
	}
	layers := []plot.Plotter{marks{points, glyph{Disc, e.Colour}}}
	if len(bars.XYs) > 0 {
		drawn, err := plotter.NewYErrorBars(bars)
		if err != nil {
			return nil, err
		}
		drawn.LineStyle, drawn.CapWidth = lineStyle(e.Colour, false), 8
		layers = append([]plot.Plotter{drawn}, layers...)
	}
	return layers, nil
}

// bars are points with the reach of their bars, as gonum's plotter takes them.
type bars struct {
	plotter.XYs
	plotter.YErrors
}

func (e ErrorBars) legend() (string, func(draw.Canvas)) {
	return e.Name, func(c draw.Canvas) {
		middle := c.Center()
		c.StrokeLine2(lineStyle(e.Colour, false), middle.X, c.Min.Y-2, middle.X, c.Max.Y+2)
		glyph{Disc, e.Colour}.draw(&c, middle)
	}
}

func (l Label) plotters() ([]plot.Plotter, error) { return []plot.Plotter{l}, nil }

// Plot draws the label; it satisfies gonum's plot.Plotter.
func (l Label) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	style := textStyle(textSize, l.Colour)
	style.YAlign = draw.YCenter
	offset := 2 * pointRadius
	if l.Before {
		style.XAlign, offset = draw.XRight, -offset
	}
	c.FillText(style, vg.Point{X: x(l.X) + offset, Y: y(l.Y)}, l.Text)
}

func (l Label) legend() (string, func(draw.Canvas)) { return "", nil }
