package report

import (
	"image/color"
	"strconv"
	"strings"
)

// Colour is a role in the palette, not a fixed colour: a chart inlined in a page follows the
// reader's light or dark mode. The series colours are those of Okabe and Ito (Color Universal
// Design, 2008), which readers with any colour vision tell apart.
type Colour int

const (
	Ink Colour = iota // text and axes; the zero value
	Muted
	Grid
	Surface // the background
	Blue
	Vermilion
	Green
	PaleBlue // for areas behind lines
	// Black and White stay what they are in both modes, for lines over a heat map.
	Black
	White
	lastColour = White
)

// hexadecimal is the colour in light and in dark mode. No two roles share a light colour: the
// inlined chart finds a role by it. None is #000000, which the SVG writer leaves out as a default.
func (c Colour) hexadecimal() (light, dark string) {
	switch c {
	case Muted:
		return "#57606A", "#9DA7B3"
	case Grid:
		return "#DDE2E7", "#30363D"
	case Surface:
		return "#FEFEFE", "#12161C"
	case Blue:
		return "#0072B2", "#56B4E9"
	case Vermilion:
		return "#D55E00", "#F07522"
	case Green:
		return "#00805F", "#3FC79A"
	case PaleBlue:
		return "#D9E8F3", "#17344A"
	case Black:
		return "#0A0A0A", "#0A0A0A"
	case White:
		return "#FFFFFF", "#FFFFFF"
	default:
		return "#1F2328", "#E6EAEF"
	}
}

// variable is the name of the role's CSS variable.
func (c Colour) variable() string { return "--colour-" + strconv.Itoa(int(c)) }

// rgb is the colour in light mode.
func (c Colour) rgb() color.Color {
	light, _ := c.hexadecimal()
	return parseHexadecimal(light)
}

func parseHexadecimal(s string) color.RGBA {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "#"), 16, 24)
	if err != nil {
		panic("report: " + s + " is no colour")
	}
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 0xff}
}

// themeCSS declares every role's variable for both modes.
func themeCSS() string {
	var light, dark strings.Builder
	for c := Ink; c <= lastColour; c++ {
		l, d := c.hexadecimal()
		light.WriteString(c.variable() + ":" + l + ";")
		dark.WriteString(c.variable() + ":" + d + ";")
	}
	return ":root{color-scheme:light dark;" + light.String() + "}\n" +
		"@media(prefers-color-scheme:dark){:root{" + dark.String() + "}}\n"
}

// followTheme replaces every role's light colour by its variable.
func followTheme(svg string) string {
	var pairs []string
	for c := Ink; c <= lastColour; c++ {
		light, _ := c.hexadecimal()
		pairs = append(pairs, ":"+light, ":var("+c.variable()+")")
	}
	return strings.NewReplacer(pairs...).Replace(svg)
}

// sequential is the colour at t in [0, 1] of a sequential scale, dark to bright: viridis
// (Smith and van der Walt, 2015), whose lightness grows evenly for every kind of colour vision,
// by its published values at nine even points.
func sequential(t float64) color.RGBA {
	anchors := [...]string{"#440154", "#472D7B", "#3B528B", "#2C728E", "#21918C", "#28AE80",
		"#5EC962", "#ADDC30", "#FDE725"}
	t = min(max(t, 0), 1) * float64(len(anchors)-1)
	i := min(int(t), len(anchors)-2)
	a, b := parseHexadecimal(anchors[i]), parseHexadecimal(anchors[i+1])
	mix := func(x, y uint8) uint8 {
		return uint8(float64(x) + (t-float64(i))*(float64(y)-float64(x)) + 0.5)
	}
	return color.RGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 0xff}
}
