package problemset

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Status says how a figure stands to the published one.
type Status string

const (
	Agrees        Status = "agrees"         // float32 agrees with the published figure
	Differs       Status = "differs"        // it does not, or is not what it must be
	Computed      Status = "computed"       // nothing was published
	NotIdentified Status = "not identified" // the data do not determine the figure
	Failed        Status = "failed"         // a precision gave no number
)

// Figure is one number of the problem set in both precisions.
type Figure struct {
	ID        string // as in q1.1.hutchinson.M10
	Label     string
	Published string // as printed; empty if nothing was published
	Float32   float64
	Float64   float64
	Status    Status
	Note      string  // a sentence where the numbers differ, else empty
	Seconds   float64 // after compilation, in float32
	format    string
}

// spec says how a figure is read from a question's answer and judged.
type spec[Answer any] struct {
	id, label string
	published string // as printed
	format    string // of a number; the published one's decimals if empty
	agree     agreement
	measure   func(Answer) Measure
	failure   func(Answer) string // why the number is NaN; may be nil
}

// agreement says whether a computed number agrees with a published one. Its sentence is what it
// asks for, to follow "agrees"; its allowance is how far that lets the number differ, to follow
// "within".
type agreement struct {
	holds               func(published, computed float64) bool
	sentence, allowance string
}

// digits asks for the printed digits: half a unit of the last one.
func digits(published string) agreement {
	half := 0.5 * math.Pow(10, -float64(decimals(published)))
	// A computed number that lies on the half itself may be rounded either way.
	half *= 1 + 1e-9
	return agreement{
		func(p, x float64) bool { return math.Abs(x-p) <= half },
		"to the printed digits",
		"half a unit of its last digit",
	}
}

// relative asks for a relative difference of at most tolerance. The reason for it follows "the
// tolerance".
func relative(tolerance float64, reason string) agreement {
	return agreement{
		func(p, x float64) bool { return math.Abs(x-p) <= tolerance*math.Abs(p) },
		fmt.Sprintf("within %g relative", tolerance),
		fmt.Sprintf("the %g %s", tolerance, reason),
	}
}

// decimals counts the digits after the point.
func decimals(printed string) int {
	_, fraction, _ := strings.Cut(printed, ".")
	return len(fraction)
}

// judge makes the figure from both answers.
func (s spec[Answer]) judge(single, double Answer) Figure {
	x, y := s.measure(single), s.measure(double)
	f := Figure{ID: s.id, Label: s.label, Published: s.published, Float32: x.Value,
		Float64: y.Value, Status: Computed, Seconds: x.Seconds, format: s.format}
	if f.format == "" {
		f.format = "%." + strconv.Itoa(decimals(s.published)) + "f"
	}
	switch {
	case !finite(x.Value) || !finite(y.Value):
		f.Status, f.Note = Failed, s.explain(single, double, finite(x.Value))
	case s.published != "":
		f.compare(s.agree)
	}
	return f
}

// explain says which precision gave no number, and why.
func (s spec[Answer]) explain(single, double Answer, singleGood bool) string {
	precision, answer := "float32", single
	if singleGood {
		precision, answer = "float64", double
	}
	note := precision + " gave no finite number."
	if s.failure != nil && s.failure(answer) != "" {
		note += " " + s.failure(answer)
	}
	return note
}

// compare judges both precisions against the published figure.
func (f *Figure) compare(agree agreement) {
	published := mustParse(f.Published)
	f.Status = Agrees
	if !agree.holds(published, f.Float32) {
		f.Status = Differs
		f.Note = fmt.Sprintf("float32 gives %s where %s was published, and does not agree %s "+
			"(relative difference %.1e).", f.print(f.Float32), f.Published, agree.sentence,
			difference(f.Float32, published))
		return
	}
	if !agree.holds(published, f.Float64) {
		f.Note = fmt.Sprintf("float32 agrees with the published figure %s. float64 carries the "+
			"same draws and gives %s: float32's rounding moves this figure by %.1e of itself.",
			agree.sentence, f.printFinely(), difference(f.Float32, f.Float64))
		return
	}
	f.Note = f.otherDigits(published, agree)
}

// otherDigits says by how much a precision differs from a published figure that it agrees with,
// where its printed digits are others.
func (f Figure) otherDigits(published float64, agree agreement) string {
	x, y := difference(f.Float32, published), difference(f.Float64, published)
	single, double := f.print(f.Float32) != f.Published, f.print(f.Float64) != f.Published
	var which string
	switch {
	case single && double:
		which = fmt.Sprintf("float32 differs by %.1e of the figure and float64 by %.1e", x, y)
	case single:
		which = fmt.Sprintf("float32 differs by %.1e of the figure", x)
	case double:
		which = fmt.Sprintf("float64 differs by %.1e of the figure", y)
	default:
		return ""
	}
	return which + ", within " + agree.allowance + "."
}

// rounding says by how much figures that were not published differ between the precisions, where
// their printed digits do and no note tells more.
func rounding(figures []Figure) []string {
	greatest := 0.0
	for _, f := range figures {
		if f.Status == Computed && f.Note == "" && f.print(f.Float32) != f.print(f.Float64) {
			greatest = max(greatest, difference(f.Float32, f.Float64))
		}
	}
	if greatest == 0 {
		return nil
	}
	return []string{fmt.Sprintf("Of the figures that were not published, float32 and float64 "+
		"differ by their rounding, at most by %.1e of themselves.", greatest)}
}

// difference is |x - reference| / |reference|.
func difference(x, reference float64) float64 {
	return math.Abs(x-reference) / math.Abs(reference)
}

// mustParse reads a published figure, which is a constant of this package.
func mustParse(published string) float64 {
	x, err := strconv.ParseFloat(published, 64)
	if err != nil {
		panic("problemset: " + published + " is not a number")
	}
	return x
}

func (f Figure) print(x float64) string {
	if !finite(x) {
		return "none"
	}
	return fmt.Sprintf(f.format, x)
}

// printFinely prints the float64 number with enough digits to tell it from the float32 one.
func (f Figure) printFinely() string {
	if f.print(f.Float32) != f.print(f.Float64) {
		return f.print(f.Float64)
	}
	return strconv.FormatFloat(f.Float64, 'g', 10, 64)
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
