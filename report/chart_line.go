package report

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Line joins points by straight lines.
type Line struct {
	Name   string // in the legend; none if empty
	X, Y   []float64
	Colour Colour
	Dashed bool
	Halo   bool // a white border, for a line over a heat map
}

// Rule is a straight line across the whole chart, at one height or, if Vertical, one abscissa.
type Rule struct {
	Name     string
	At       float64
	Vertical bool
	Colour   Colour
	Dashed   bool
}

// Band is the area between two curves.
type Band struct {
	Name         string
	X, Low, High []float64
	Colour       Colour
}

const (
	lineWidth vg.Length = 1.75
	haloWidth vg.Length = 4
)

func lineStyle(c Colour, dashed bool) draw.LineStyle {
	style := draw.LineStyle{Color: c.rgb(), Width: lineWidth}
	if dashed {
		style.Dashes = []vg.Length{5, 3}
	}
	return style
}

func haloStyle() draw.LineStyle {
	return draw.LineStyle{Color: White.rgb(), Width: haloWidth}
}

func (l Line) plotters() ([]plot.Plotter, error) {
	points, err := xys(l.X, l.Y)
	if err != nil {
		return nil, err
	}
	line := &plotter.Line{XYs: points, LineStyle: lineStyle(l.Colour, l.Dashed)}
	if !l.Halo {
		return []plot.Plotter{line}, nil
	}
	return []plot.Plotter{&plotter.Line{XYs: points, LineStyle: haloStyle()}, line}, nil
}

func (l Line) legend() (string, func(draw.Canvas)) {
	return l.Name, func(c draw.Canvas) {
		if l.Halo {
			strokeAcross(c, haloStyle())
		}
		strokeAcross(c, lineStyle(l.Colour, l.Dashed))
	}
}

// strokeAcross draws a line through the middle of a swatch.
func strokeAcross(c draw.Canvas, style draw.LineStyle) {
	c.StrokeLine2(style, c.Min.X, c.Center().Y, c.Max.X, c.Center().Y)
}

func (r Rule) plotters() ([]plot.Plotter, error) { return []plot.Plotter{r}, nil }

// Plot draws the rule; it satisfies gonum's plot.Plotter.
func (r Rule) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	style := lineStyle(r.Colour, r.Dashed)
	if r.Vertical {
		c.StrokeLine2(style, x(r.At), c.Min.Y, x(r.At), c.Max.Y)
		return
	}
	c.StrokeLine2(style, c.Min.X, y(r.At), c.Max.X, y(r.At))
}

func (r Rule) legend() (string, func(draw.Canvas)) {
	return r.Name, func(c draw.Canvas) {
		if r.Vertical {
			c.StrokeLine2(lineStyle(r.Colour, false), c.Center().X, c.Min.Y-2,
				c.Center().X, c.Max.Y+2)
			return
		}
		strokeAcross(c, lineStyle(r.Colour, r.Dashed))
	}
}

func (b Band) plotters() ([]plot.Plotter, error) {
	low, err := xys(b.X, b.Low)
	if err != nil {
		return nil, err
	}
	outline, err := xys(b.X, b.High)
	if err != nil {
		return nil, err
	}
	for i := range low {
		outline = append(outline, low[len(low)-1-i])
	}
	polygon, err := plotter.NewPolygon(outline)
	if err != nil {
		return nil, err
	}
	polygon.Color, polygon.LineStyle.Width = b.Colour.rgb(), 0
	return []plot.Plotter{polygon}, nil
}

func (b Band) legend() (string, func(draw.Canvas)) { return b.Name, filledSwatch(b.Colour) }

func filledSwatch(colour Colour) func(draw.Canvas) {
	return func(c draw.Canvas) { c.FillPolygon(colour.rgb(), corners(c.Rectangle)) }
}

func corners(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}}
}
