package report

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestChartsThatCannotBeDrawn(t *testing.T) {
	for _, test := range []struct {
		name string
		Chart
		want string
	}{
		{"no data", Chart{}, "nothing finite to draw"},
		{"no finite data", Chart{Layers: []Layer{Line{X: []float64{1, 2},
			Y: []float64{math.NaN(), math.Inf(1)}}}}, "nothing finite to draw"},
		{"slices of two lengths", Chart{Layers: []Layer{Line{X: []float64{1, 2},
			Y: []float64{1}}}}, "2 abscissae and 1 ordinates"},
		{"logarithm of zero", Chart{X: Axis{Log: true}, Layers: []Layer{Points{X: []float64{0, 1},
			Y: []float64{0, 1}}}}, "is not positive"},
		{"an empty histogram", Chart{Layers: []Layer{Histogram{}}}, "no finite values"},
		{"an uneven heat map", Chart{Layers: []Layer{HeatMap{X: []float64{0, 1},
			Y: []float64{0, 1}, Z: [][]float64{{1, 2}, {3}}, Min: 1, Max: 2}}}, "row 1"},
		{"a grid that descends", Chart{Layers: []Layer{HeatMap{X: []float64{1, 0},
			Y: []float64{0, 1}, Z: [][]float64{{1, 2}, {3, 4}}, Min: 1, Max: 2}}}, "ascend"},
		{"a scale of no extent", Chart{Layers: []Layer{HeatMap{X: []float64{0, 1},
			Y: []float64{0, 1}, Z: [][]float64{{1, 2}, {3, 4}}, Min: 1, Max: 1}}}, "from 1 to 1"},
	} {
		_, err := test.SVG()
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: the error is %v", test.name, err)
		}
	}
}

func TestEveryLayerIsDrawn(t *testing.T) {
	x, y := []float64{1, 2, 3}, []float64{1, 4, 9}
	for _, layer := range []Layer{
		Line{Name: "a layer", X: x, Y: y, Colour: Blue, Halo: true, Dashed: true},
		Points{Name: "a layer", X: x, Y: y, Colour: Blue},
		Points{Name: "a layer", X: x, Y: y, Colour: Blue, Shape: Cross},
		ErrorBars{Name: "a layer", X: x, Y: y, Error: []float64{1, math.NaN(), 1}, Colour: Blue},
		Band{Name: "a layer", X: x, Low: x, High: y, Colour: Blue},
		Histogram{Name: "a layer", Values: y, Colour: Blue},
		Rule{Name: "a layer", At: 2, Vertical: true, Colour: Blue},
		Rule{Name: "a layer", At: 2, Colour: Blue},
	} {
		blue, _ := Blue.hexadecimal()
		draw := func(layer Layer) string {
			svg, err := Chart{Layers: []Layer{layer, Line{X: x, Y: y}}}.SVG()
			if err != nil {
				t.Fatalf("%#v: %v", layer, err)
			}
			return string(svg)
		}
		svg := draw(layer)
		// Once in the legend and at least once in the axes.
		if strings.Count(svg, blue) < 2 || !strings.Contains(svg, ">a layer</text>") {
			t.Errorf("%#v is not drawn", layer)
		}
	}
}

// TestLogarithmicAxesFillTheChart compares rules across the axes with those of an even chart.
func TestLogarithmicAxesFillTheChart(t *testing.T) {
	lengths := func(log bool) string {
		axis := Axis{Label: "a label as long as some are", Log: log, Min: 1, Max: 1e6}
		svg, err := Chart{X: axis, Y: axis, Layers: []Layer{Rule{At: 3, Colour: Blue},
			Rule{At: 3, Colour: Green, Vertical: true}}}.SVG()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Count(string(svg), ">a label as long as some are</text>") != 2 {
			t.Error("a label is missing")
		}
		return string(svg)
	}
	even, logarithmic := lengths(false), lengths(true)
	for _, colour := range []Colour{Blue, Green} {
		a, b := ruleLength(t, even, colour), ruleLength(t, logarithmic, colour)
		if b < 0.9*a {
			t.Errorf("a rule has the length %g across even axes and %g across logarithmic ones",
				a, b)
		}
	}
}

// ruleLength is that of the only line of the colour.
func ruleLength(t *testing.T, svg string, c Colour) float64 {
	t.Helper()
	colour, _ := c.hexadecimal()
	found := regexp.MustCompile(`d="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)"[^>]*` + colour).
		FindStringSubmatch(svg)
	if found == nil {
		t.Fatalf("there is no line of colour %s in\n%s", colour, svg)
	}
	var x [4]float64
	for i := range x {
		x[i], _ = strconv.ParseFloat(found[i+1], 64)
	}
	return math.Hypot(x[2]-x[0], x[3]-x[1])
}

func TestPixelsOfAGrid(t *testing.T) {
	if got := nearest([]float64{0.1, 0.2, 0.3, 0.4}); !slices.Equal(got, []int{0, 1, 2, 3}) {
		t.Errorf("an even grid has the pixels %v", got)
	}
	// Edges at -0.5 and 5.5, middles at 0.5 and 2.5.
	got := nearest([]float64{0, 1, 4})
	counts := make([]int, 3)
	for _, i := range got {
		counts[i]++
	}
	if !slices.IsSorted(got) || len(got) != 400 || counts[0] != 67 || counts[1] != 133 {
		t.Errorf("%d pixels of a grid that is not even are of its points %v", len(got), counts)
	}
}

func TestHeatMapFillsItsAxes(t *testing.T) {
	svg, err := Chart{Layers: []Layer{HeatMap{Label: "height", X: []float64{0, 1, 2},
		Y: []float64{0, 1}, Z: [][]float64{{1, 10, 100}, {math.NaN(), 5, 1}}, Min: 1,
		Max: 1000}}}.SVG()
	if err != nil {
		t.Fatal(err)
	}
	// The map and its scale, each stretched over its rectangle.
	const image = `<image preserveAspectRatio="none" `
	if strings.Count(string(svg), image) != 2 || strings.Contains(string(svg), "image/jpg") {
		t.Error("the images are not stretched, or not named PNG")
	}
	for _, want := range []string{">height</text>", ">1</text>", ">100</text>", ">10³</text>"} {
		if !strings.Contains(string(svg), want) {
			t.Errorf("the scale has no %s", want)
		}
	}
}

func TestBarsOfTheErrorsThatThereAre(t *testing.T) {
	e := ErrorBars{X: []float64{1, 2, 3}, Y: []float64{1, 2, 3},
		Error: []float64{math.NaN(), 0.5, math.NaN()}}
	layers, err := e.plotters()
	if err != nil || len(layers) != 2 {
		t.Fatalf("%d layers, %v", len(layers), err)
	}
	svg, err := Chart{Layers: []Layer{ErrorBars{X: []float64{1}, Y: []float64{1},
		Error: []float64{math.NaN()}}, Rule{At: 1}},
		X: Axis{Min: 0, Max: 2}, Y: Axis{Min: 0, Max: 2}}.SVG()
	if err != nil || strings.Contains(string(svg), "NaN") {
		t.Errorf("a point without a bar: %v", err)
	}
}

func TestEvenTicks(t *testing.T) {
	for _, test := range []struct {
		low, high float64
		want      string
	}{
		{1e-9, 3.1e-9, "1e-09 1.5e-09 2e-09 2.5e-09 3e-09"},
		{123456788.2, 123456790.3, "123,456,789 123,456,790"},
		{1e17, 1e17 + 32, "1e+17 1e+17"},
		{0, 1, "0.0 0.2 0.4 0.6 0.8 1.0"},
		{-0.31, 0.29, "-0.3 -0.2 -0.1 0.0 0.1 0.2"},
		{8500, 12000, "9,000 10,000 11,000 12,000"},
		{0.1334, 0.1836, "0.14 0.15 0.16 0.17 0.18"},
		{0, 121, "0 20 40 60 80 100 120"},
		{5, 5, ""},
	} {
		var labels []string
		for _, tick := range (evenTicks{}).Ticks(test.low, test.high) {
			labels = append(labels, tick.Label)
		}
		if got := strings.Join(labels, " "); got != test.want {
			t.Errorf("from %g to %g the marks are %q, want %q", test.low, test.high, got, test.want)
		}
	}
}

func TestWholeTicks(t *testing.T) {
	ticks := evenTicks{whole: true}.Ticks(0.5, 2.5)
	if len(ticks) != 2 || ticks[0].Label != "1" || ticks[1].Label != "2" {
		t.Errorf("the marks are %v", ticks)
	}
}

func TestLogTicks(t *testing.T) {
	for _, test := range []struct {
		low, high float64
		want      string
	}{
		{1, 1000, "1 10 100 10³"},
		{0.5, 1000, "1 10 100 10³"},
		{1e-16, 1, "10⁻¹⁵ 10⁻¹² 10⁻⁹ 10⁻⁶ 10⁻³ 1"},
		{2, 6, "2 3 4 5 6"},
		{0, 1, ""},
	} {
		var labels []string
		for _, tick := range (logTicks{}).Ticks(test.low, test.high) {
			if tick.Label != "" {
				labels = append(labels, tick.Label)
			}
		}
		if got := strings.Join(labels, " "); got != test.want {
			t.Errorf("from %g to %g the marks are %q, want %q", test.low, test.high, got, test.want)
		}
	}
}

func TestGrouped(t *testing.T) {
	for want, x := range map[string]float64{"41,128.9": 41128.93, "-1,234,567.0": -1234567,
		"999.9": 999.94, "1,000.0": 999.96, "0.0": 0, "-0.5": -0.5, "none": math.NaN()} {
		if got := Grouped(x, 1); got != want {
			t.Errorf("%g prints as %q, want %q", x, got, want)
		}
	}
	if got := Grouped(123456, 0); got != "123,456" {
		t.Errorf("without decimals: %q", got)
	}
}

func TestPowerOfTen(t *testing.T) {
	for e, want := range map[int]string{0: "1", 2: "100", -1: "0.1", 3: "10³", 12: "10¹²",
		-4: "10⁻⁴"} {
		if got := powerOfTen(e); got != want {
			t.Errorf("10 to the %d prints as %q", e, got)
		}
	}
}

func TestBinCount(t *testing.T) {
	var even []float64
	for i := range 1000 {
		even = append(even, float64(i))
	}
	for _, test := range []struct {
		values []float64
		want   int
	}{
		{even, 10}, // 2·500/10 wide
		{[]float64{3, 3, 3, 3}, 1},
		{append(slices.Clone(even), 1e9), 100},
	} {
		if got := binCount(test.values); got != test.want {
			t.Errorf("%d values take %d bins, want %d", len(test.values), got, test.want)
		}
	}
}

func TestSequentialScale(t *testing.T) {
	low, high := sequential(-1), sequential(2)
	if low != parseHexadecimal("#440154") || high != parseHexadecimal("#FDE725") {
		t.Errorf("the ends are %v and %v", low, high)
	}
	// Its luminance rises all the way, which is what makes it readable without colour.
	last := -1.0
	for i := range 101 {
		c := sequential(float64(i) / 100)
		l := 0.2126*float64(c.R) + 0.7152*float64(c.G) + 0.0722*float64(c.B)
		if l < last {
			t.Errorf("the scale darkens at %d%%", i)
		}
		last = l
	}
}
