package leastsquares_test

import (
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/leastsquares"
)

// certified is a data set of NIST's Statistical Reference Datasets, nonlinear regression, as its
// file gives it. The files are in the public domain.
type certified struct {
	starts     [2][]float64
	parameters []float64
	squares    float64 // the residual sum of squares
	y, x       []float64
}

var (
	parameterLine = regexp.MustCompile(`^\s+b\d+ =\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)`)
	squaresLine   = regexp.MustCompile(`^Residual Sum of Squares:\s+(\S+)`)
	dataLine      = regexp.MustCompile(`^\s*(-?[\d.]+(?:E[-+]?\d+)?)\s+(-?[\d.]+(?:E[-+]?\d+)?)\s*$`)
)

// readNIST parses a file, in which the data follow everything else.
func readNIST(t *testing.T, name string) certified {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "nist", name+".dat"))
	if err != nil {
		t.Fatal(err)
	}
	parse := func(s string) float64 {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(name, err)
		}
		return x
	}
	var c certified
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\r\n")
		if m := parameterLine.FindStringSubmatch(line); m != nil {
			c.starts[0] = append(c.starts[0], parse(m[1]))
			c.starts[1] = append(c.starts[1], parse(m[2]))
			c.parameters = append(c.parameters, parse(m[3]))
		} else if m := squaresLine.FindStringSubmatch(line); m != nil {
			c.squares = parse(m[1])
		} else if m := dataLine.FindStringSubmatch(line); m != nil && c.squares != 0 {
			c.y, c.x = append(c.y, parse(m[1])), append(c.x, parse(m[2]))
		}
	}
	if len(c.y) <= len(c.parameters) || len(c.parameters) == 0 {
		t.Fatalf("%s has %d observations and %d parameters", name, len(c.y), len(c.parameters))
	}
	return c
}

// regression is a model: what it predicts at x for the parameters b.
type regression struct {
	name  string
	model func(b func(i int) ad.Value, x ad.Value) ad.Value
}

// decay is a exp(-bx).
func decay(a, b, x ad.Value) ad.Value { return ad.Mul(a, ad.Exp(ad.Neg(ad.Mul(b, x)))) }

// polynomial has the given coefficients, the constant first.
func polynomial(x ad.Value, coefficients ...ad.Value) ad.Value {
	y := coefficients[len(coefficients)-1]
	for i := len(coefficients) - 2; i >= 0; i-- {
		y = ad.Add(ad.Mul(y, x), coefficients[i])
	}
	return y
}

// cubics is the ratio of two.
func cubics(b func(int) ad.Value, x ad.Value) ad.Value {
	return ad.Div(polynomial(x, b(1), b(2), b(3), b(4)),
		polynomial(x, ad.Like(x, 1), b(5), b(6), b(7)))
}

func saturation(b func(int) ad.Value, x ad.Value) ad.Value {
	return ad.Neg(ad.Mul(b(1), ad.Expm1(ad.Neg(ad.Mul(b(2), x)))))
}

// bell is a exp(-(x-b)²/c²).
func bell(a, b, c, x ad.Value) ad.Value {
	return ad.Mul(a, ad.Exp(ad.Neg(ad.Square(ad.Div(ad.Sub(x, b), c)))))
}

// wave is a cos(2πx/period) + b sin(2πx/period).
func wave(a, b, period, x ad.Value) ad.Value {
	angle := ad.Div(ad.Mul(x, 2*math.Pi), period)
	return ad.Add(ad.Mul(a, ad.Cos(angle)), ad.Mul(b, ad.Sin(angle)))
}

func regressions() []regression {
	type parameters = func(int) ad.Value
	return []regression{
		{"BoxBOD", saturation},
		{"Chwirut1", func(b parameters, x ad.Value) ad.Value {
			return ad.Div(ad.Exp(ad.Neg(ad.Mul(b(1), x))), polynomial(x, b(2), b(3)))
		}},
		{"DanWood", func(b parameters, x ad.Value) ad.Value {
			return ad.Mul(b(1), ad.Pow(x, b(2)))
		}},
		{"ENSO", func(b parameters, x ad.Value) ad.Value {
			year := wave(b(2), b(3), ad.Like(x, 12), x)
			others := ad.Add(wave(b(5), b(6), b(4), x), wave(b(8), b(9), b(7), x))
			return ad.Add(b(1), ad.Add(year, others))
		}},
		{"Gauss1", func(b parameters, x ad.Value) ad.Value {
			bells := ad.Add(bell(b(3), b(4), b(5), x), bell(b(6), b(7), b(8), x))
			return ad.Add(decay(b(1), b(2), x), bells)
		}},
		{"Hahn1", cubics},
		{"Kirby2", func(b parameters, x ad.Value) ad.Value {
			return ad.Div(polynomial(x, b(1), b(2), b(3)),
				polynomial(x, ad.Like(x, 1), b(4), b(5)))
		}},
		{"Lanczos3", func(b parameters, x ad.Value) ad.Value {
			return ad.Add(ad.Add(decay(b(1), b(2), x), decay(b(3), b(4), x)), decay(b(5), b(6), x))
		}},
		{"MGH09", func(b parameters, x ad.Value) ad.Value {
			above := ad.Mul(x, ad.Add(x, b(2)))
			return ad.Div(ad.Mul(b(1), above), ad.Add(ad.Mul(x, ad.Add(x, b(3))), b(4)))
		}},
		{"MGH17", func(b parameters, x ad.Value) ad.Value {
			return ad.Add(b(1), ad.Add(decay(b(2), b(4), x), decay(b(3), b(5), x)))
		}},
		{"Misra1a", saturation},
		{"Misra1c", func(b parameters, x ad.Value) ad.Value {
			root := ad.Sqrt(ad.Add(ad.Mul(ad.Mul(b(2), x), 2), 1))
			return ad.Mul(b(1), ad.Sub(1, ad.Div(1, root)))
		}},
		{"Rat42", func(b parameters, x ad.Value) ad.Value {
			return ad.Div(b(1), ad.Add(ad.Exp(ad.Sub(b(2), ad.Mul(b(3), x))), 1))
		}},
		{"Thurber", cubics},
	}
}

// residuals of a model at the data.
func (r regression) residuals(c certified, d ad.DType) func(ad.Value) ad.Value {
	x, y := vector(d, c.x), vector(d, c.y)
	return func(b ad.Value) ad.Value {
		return ad.Sub(r.model(func(i int) ad.Value { return ad.At(b, i-1) }, x), y)
	}
}

// digits is in how many significant digits two numbers agree.
func digits(got, want float64) float64 {
	if got == want {
		return 17
	}
	return -math.Log10(math.Abs(got-want) / math.Abs(want))
}

// TestNIST reproduces the certified parameters and sums of squares to nine digits, from both of
// the starts that come with the data.
func TestNIST(t *testing.T) {
	for _, model := range regressions() {
		c := readNIST(t, model.name)
		for i, start := range c.starts {
			t.Run(model.name+"/"+strconv.Itoa(i+1), func(t *testing.T) {
				residuals := model.residuals(c, ad.Float64)
				r := ad.Jit(func(b ad.Value) leastsquares.Result[ad.Value] {
					return leastsquares.Find(residuals, b, leastsquares.LevenbergMarquardt{})
				})(ad.Vector(start...))
				worst := digits(number(r.Squares), c.squares)
				for i, b := range r.Last.Floats() {
					worst = min(worst, digits(b, c.parameters[i]))
				}
				t.Logf("%.1f digits, %v steps, %v evaluations, cosine %v, %v", worst, r.Steps,
					r.Evaluations, r.Cosine, r.Outcome())
				if !r.Outcome().OK() || !(worst >= 9) {
					t.Errorf("%.1f digits; squares %v, certified %v; at %v", worst, r.Squares,
						c.squares, r.Last)
				}
			})
		}
	}
}
