package report

import (
	"fmt"
	"html"
	"io"
	"strings"

	"gonum.org/v1/plot/vg/vgsvg"
)

// drawing is a finished chart: what stands between <svg> and </svg>.
type drawing struct {
	title string
	body  string
}

// newDrawing takes the drawing off the canvas and mends what its writer leaves wrong: the font
// family has no fallbacks, an image is named JPEG though it is PNG, and would keep its aspect.
func newDrawing(canvas *vgsvg.Canvas, title string) (drawing, error) {
	var out strings.Builder
	if _, err := canvas.WriteTo(&out); err != nil {
		return drawing{}, err
	}
	_, body, opened := strings.Cut(out.String(), "<svg ")
	_, body, attributes := strings.Cut(body, ">")
	body, _, closed := strings.Cut(body, "</svg>")
	if !opened || !attributes || !closed {
		return drawing{}, fmt.Errorf("chart %q: its SVG has no svg element", title)
	}
	body = strings.NewReplacer(
		"font-family:Liberation Sans;", "font-family:'Liberation Sans',Arial,Helvetica,sans-serif;",
		"font-variant:normal;", "", "font-weight:normal;", "", "font-style:normal;", "",
		"data:image/jpg;", "data:image/png;",
		"xlink:href=", "href=",
		"<image ", `<image preserveAspectRatio="none" `,
	).Replace(body)
	return drawing{title, body}, nil
}

// document is an SVG file, in the colours of light mode on a background of its own, since few
// viewers of files know a dark mode.
func (d drawing) document() []byte {
	background, _ := Surface.hexadecimal()
	return fmt.Appendf(nil, `<?xml version="1.0" encoding="UTF-8"?>
<!-- %s -->
<svg xmlns="http://www.w3.org/2000/svg" width="%g" height="%g" viewBox="0 0 %g %g">
<title>%s</title>
<rect width="100%%" height="100%%" style="fill:%s"/>
%s</svg>
`, generator, 1.5*chartWidth.Points(), 1.5*chartHeight.Points(),
		chartWidth.Points(), chartHeight.Points(), html.EscapeString(d.title), background, d.body)
}

// inline is an svg element in a page, in the page's colours and width.
func (d drawing) inline() string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" role="img" `+
		`aria-label="%s">%s</svg>`, chartWidth.Points(), chartHeight.Points(),
		html.EscapeString(d.title), followTheme(d.body))
}

// text prints nothing: a chart is for a page.
func (c Chart) text(io.Writer) error { return nil }

func (c Chart) html(page *pageWriter) error {
	d, err := c.draw()
	if err != nil {
		return err
	}
	page.files = append(page.files, File{c.Name + ".svg", d.document()})
	page.print("<figure>\n", d.inline(), "\n<figcaption>", html.EscapeString(c.Caption),
		"</figcaption>\n</figure>\n")
	return nil
}
