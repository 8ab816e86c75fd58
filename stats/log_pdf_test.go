package stats_test

import (
	"math"
	"slices"
	"testing"

	"pullback/ad"
	"pullback/random"
)

// logPDFs is x with the parameters, and the log density, computed with 50 digits (mpmath).
var logPDFs = []struct {
	family string
	at     []float64
	want   float64
}{
	{"student_t", []float64{0.5, 4.0, 0.25, 1.5}, -1.4035954682313250721},
	{"student_t", []float64{-30.0, 1.0, 0.0, 2.0}, -7.2584120656816313616},
	{"student_t", []float64{3.0, 0.125, 1.0, 0.5}, -3.8541176294022356372},
	{"student_t", []float64{2.5, 31.5, 0.5, 1.0}, -2.8694824077247256312},
	{"student_t", []float64{2.5, 32.0, 0.5, 1.0}, -2.8701698514549673661},
	{"student_t", []float64{2.5, 33.0, 0.5, 1.0}, -2.871489102639733513},
	{"student_t", []float64{-4.0, 10000.0, 0.0, 1.0}, -8.9133697123716180538},
	{"student_t", []float64{1.25, 1000000000000.0, 0.5, 2.0}, -1.6823982137649334198},
	{"log_normal", []float64{0.25, 0.5, 1.5}, -0.72879959503576790881},
	{"log_normal", []float64{17.5, 2.0, 0.25}, -8.3419679256186608489},
	{"log_normal", []float64{1e-20, 0.0, 4.0}, -22.527257415423624915},
	{"poisson", []float64{0.0, 0.25}, -0.25},
	{"poisson", []float64{3.0, 2.5}, -1.5428872736055898053},
	{"poisson", []float64{0.0, 700.0}, -700.0},
	{"poisson", []float64{12.0, 12.5}, -2.1784707639628208721},
	{"poisson", []float64{1000.0, 950.0}, -5.6661938935768302504},
	{"poisson", []float64{100000.0, 100000.0}, -6.6754020990231202824},
	{"bernoulli", []float64{1.0, 0.25}, -0.57593941987884356221},
	{"bernoulli", []float64{0.0, 0.25}, -0.82593941987884356221},
	{"bernoulli", []float64{1.0, -40.0}, -40.000000000000000004},
	{"bernoulli", []float64{0.0, -40.0}, -4.2483542552915889863e-18},
	{"bernoulli", []float64{1.0, 800.0}, -3.6678745841776872135e-348},
	{"bernoulli", []float64{0.0, 800.0}, -800.0},
	{"bernoulli", []float64{0.0, 0.0}, -0.69314718055994530942},
	{"exponential", []float64{0.0, 2.5}, 0.91629073187415506518},
	{"exponential", []float64{1.5, 0.125}, -2.2669415416798359283},
	{"exponential", []float64{100000.0, 3.0}, -299998.90138771133189},
	{"gamma", []float64{0.5, 2.0, 1.5}, -0.63221696434361654546},
	{"gamma", []float64{1e-10, 0.25, 2.0}, 16.154652467697251473},
	{"gamma", []float64{4.0, 1.0, 0.5}, -2.6931471805599453094},
	{"gamma", []float64{30.0, 25.5, 0.875}, -2.7148823049224669371},
	{"gamma", []float64{1000.0, 900.0, 1.0}, -9.6011249310697655128},
	{"gamma", []float64{3.0, 0.001, 1.0}, -11.004692561763295243},
}

// tolerance is for a log density, a sum in which log Γ of x or of a shape may be a greater term.
func tolerance(family string, at []float64, want, ulps float64) float64 {
	most := math.Abs(want)
	if family == "poisson" || family == "gamma" {
		gamma, _ := math.Lgamma(slices.Max(at) + 1)
		most = max(most, gamma)
	}
	return ulps * most
}

func TestLogPDFs(t *testing.T) {
	for _, c := range logPDFs {
		f := families()[c.family]
		p := scalars(ad.Float64, c.at...)
		got := f(p[1:]).LogPDF(p[0]).Float()
		if !(math.Abs(got-c.want) <= tolerance(c.family, c.at, c.want, 8e-16)) {
			t.Errorf("%s at %v: got %v, want %v (off by %.1e)", c.family, c.at, got, c.want,
				got-c.want)
		}
		if slices.ContainsFunc(c.at, func(x float64) bool { return float64(float32(x)) != x }) {
			continue
		}
		p = scalars(ad.Float32, c.at...)
		got = f(p[1:]).LogPDF(p[0]).Float()
		if !(math.Abs(got-c.want) <= tolerance(c.family, c.at, c.want, 4e-7)) {
			t.Errorf("%s of float32 at %v: got %v, want %v", c.family, c.at, got, c.want)
		}
	}
}

// TestSupports holds the ends of supports and impossible parameters.
func TestSupports(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		family string
		at     []float64
		want   float64
	}{
		{"student_t", []float64{inf, 3, 0, 1}, -inf}, {"student_t", []float64{-inf, 3, 0, 1}, -inf},
		{"student_t", []float64{1, 0, 0, 1}, nan}, {"student_t", []float64{1, 3, 0, -1}, nan},
		{"student_t", []float64{1, nan, 0, 1}, nan}, {"student_t", []float64{nan, 3, 0, 1}, nan},
		{"log_normal", []float64{0, 0, 1}, -inf}, {"log_normal", []float64{-1, 0, 1}, -inf},
		{"log_normal", []float64{inf, 0, 1}, -inf}, {"log_normal", []float64{1, 0, -1}, nan},
		{"log_normal", []float64{-1, 0, -1}, nan}, {"log_normal", []float64{nan, 0, 1}, nan},
		{"poisson", []float64{-1, 2}, -inf}, {"poisson", []float64{1.5, 2}, -inf},
		{"poisson", []float64{inf, 2}, -inf}, {"poisson", []float64{1, -2}, nan},
		{"poisson", []float64{-1, -2}, nan}, {"poisson", []float64{nan, 2}, nan},
		{"poisson", []float64{0, 0}, 0}, {"poisson", []float64{1, 0}, -inf},
		{"poisson", []float64{1, nan}, nan},
		{"bernoulli", []float64{0.5, 0}, -inf}, {"bernoulli", []float64{2, 0}, -inf},
		{"bernoulli", []float64{1, inf}, 0}, {"bernoulli", []float64{1, -inf}, -inf},
		{"bernoulli", []float64{0, inf}, -inf}, {"bernoulli", []float64{1, nan}, nan},
		{"bernoulli", []float64{2, nan}, nan}, {"bernoulli", []float64{nan, 0}, nan},
		{"bernoulli p", []float64{1, 0}, -inf}, {"bernoulli p", []float64{1, 1}, 0},
		{"bernoulli p", []float64{0, 1}, -inf}, {"bernoulli p", []float64{0, 0}, 0},
		{"bernoulli p", []float64{1, 0.5}, -math.Ln2}, {"bernoulli p", []float64{1, 1.5}, nan},
		{"bernoulli p", []float64{1, -0.5}, nan},
		{"exponential", []float64{-1, 2}, -inf}, {"exponential", []float64{inf, 2}, -inf},
		{"exponential", []float64{1, 0}, nan}, {"exponential", []float64{-1, -2}, nan},
		{"exponential", []float64{nan, 2}, nan},
		{"gamma", []float64{-1, 2, 1}, -inf}, {"gamma", []float64{inf, 2, 1}, -inf},
		{"gamma", []float64{0, 2, 1}, -inf}, {"gamma", []float64{0, 0.5, 1}, inf},
		{"gamma", []float64{0, 1, 1}, 0}, {"gamma", []float64{1, 0, 1}, nan},
		{"gamma", []float64{1, 1, -1}, nan}, {"gamma", []float64{-1, -1, 1}, nan},
		{"gamma", []float64{nan, 1, 1}, nan},
	} {
		p := scalars(ad.Float64, c.at...)
		got := families()[c.family](p[1:]).LogPDF(p[0]).Float()
		if got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) {
			t.Errorf("%s at %v: got %v, want %v", c.family, c.at, got, c.want)
		}
	}
}

// TestDerivativesOfFamilies compares first and second derivatives with differences, in the
// parameters, and in x where it is continuous.
func TestDerivativesOfFamilies(t *testing.T) {
	type args struct {
		X ad.Value
		P []ad.Value
	}
	for _, c := range logPDFs {
		if slices.ContainsFunc(c.at, func(x float64) bool { return math.Abs(x) > 100 }) {
			continue // there differences have few digits
		}
		x := ad.Scalar(c.at[0])
		f := func(a args) ad.Value {
			at := a.X
			if c.family == "poisson" || c.family == "bernoulli" {
				at = x
			}
			return families()[c.family](a.P).LogPDF(at)
		}
		switch least := slices.Min(c.at[:2]); c.family {
		case "log_normal", "exponential", "gamma":
			if least < 0.01 {
				continue // differences would step over the end of the support
			}
		}
		at := args{x, scalars(ad.Float64, c.at[1:]...)}
		sameTree(t, c.family, c.at, f, at)
		for i := range at.P {
			slope := func(a args) ad.Value { return ad.Grad(f)(a).P[i] }
			sameTree(t, c.family+"'", c.at, slope, at)
		}
	}
}

// sameTree compares the gradient of f with central differences of the fourth order.
func sameTree[T any](t *testing.T, name string, at []float64, f func(T) ad.Value, x T) {
	t.Helper()
	flat, unravel := ad.Ravel(x)
	gradient, _ := ad.Ravel(ad.Jit(ad.Grad(f))(x))
	for i, got := range gradient.Floats() {
		value := func(h float64) float64 {
			moved := flat.Floats()
			moved[i] += h
			return f(unravel(ad.Vector(moved...))).Float()
		}
		h := 1e-3 * math.Max(math.Abs(flat.Floats()[i]), 0.1)
		want := (8*(value(h)-value(-h)) - (value(2*h) - value(-2*h))) / (12 * h)
		scale := math.Abs(value(0)) + math.Abs(want) + 1e-3
		if !(math.Abs(got-want) <= 1e-8*scale) {
			t.Errorf("%s at %v, derivative %d: got %v, want %v", name, at, i, got, want)
		}
	}
}

// TestDerivativesOutsideOfSupports: they are 0 there, not NaN.
func TestDerivativesOutsideOfSupports(t *testing.T) {
	for _, c := range []struct {
		family string
		at     []float64
	}{
		{"log_normal", []float64{-1, 0, 1}}, {"log_normal", []float64{0, 0, 1}},
		{"poisson", []float64{-1, 2}}, {"poisson", []float64{0.5, 2}},
		{"bernoulli", []float64{0.5, 2}}, {"exponential", []float64{-1, 2}},
		{"gamma", []float64{-1, 2, 1}},
	} {
		p := scalars(ad.Float64, c.at...)
		f := func(p []ad.Value) ad.Value { return families()[c.family](p[1:]).LogPDF(p[0]) }
		for i, g := range ad.Grad(f)(p) {
			if g.Float() != 0 {
				t.Errorf("%s at %v: derivative %d is %v", c.family, c.at, i, g)
			}
		}
	}
	// With no events the log probability is -Rate, also at 0.
	p := []ad.Value{ad.Scalar(0.), ad.Scalar(0.)}
	f := func(p []ad.Value) ad.Value { return families()["poisson"](p[1:]).LogPDF(p[0]) }
	if g := ad.Grad(f)(p)[1].Float(); g != -1 {
		t.Errorf("the derivative at the rate 0 is %v", g)
	}
}

// TestMapped: compiled batches give the bits of one element after the other.
func TestMapped(t *testing.T) {
	for name, f := range families() {
		var rows [][]float64
		for _, c := range logPDFs {
			if c.family == name {
				rows = append(rows, c.at)
			}
		}
		if len(rows) == 0 {
			continue
		}
		columns := make([]ad.Value, len(rows[0]))
		for j := range columns {
			var column []float64
			for _, row := range rows {
				column = append(column, row[j])
			}
			columns[j] = ad.Vector(column...)
		}
		value := func(p []ad.Value) ad.Value { return f(p[1:]).LogPDF(p[0]) }
		slope := func(p []ad.Value) ad.Value { return ad.Grad(value)(p)[1] }
		for _, of := range []func([]ad.Value) ad.Value{value, slope} {
			batch := ad.Jit(ad.Vmap(of))(columns).Floats()
			for i, row := range rows {
				if one := of(scalars(ad.Float64, row...)).Float(); one != batch[i] {
					t.Errorf("%s at %v: %v alone, %v in a batch", name, row, one, batch[i])
				}
			}
		}
	}
}

// TestUnsetParameters: every parameter must be set, and is named.
func TestUnsetParameters(t *testing.T) {
	for name, f := range families() {
		for _, call := range []func(){
			func() { f(make([]ad.Value, 3)).LogPDF(ad.Scalar(1.)) },
			func() { f(make([]ad.Value, 3)).Draw(random.NewKey(1), 2) },
			func() { f(scalars(ad.Int64, 1, 2, 3)).Draw(random.NewKey(1), 2) },
		} {
			func() {
				defer func() {
					if e := recover(); e == nil {
						t.Errorf("%s: no mistake", name)
					} else if _, ok := e.(*ad.Error); !ok {
						t.Errorf("%s: %v", name, e)
					}
				}()
				call()
			}()
		}
	}
}
