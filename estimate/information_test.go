package estimate_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/estimate"
	"pullback/status"
)

type line struct{ Level, Slope ad.Value }

// at is a + b·t at five times.
func at(l line) ad.Value {
	return ad.Add(l.Level, ad.Mul(l.Slope, ad.Vector(0., 1, 2, 3, 4)))
}

// TestStdErr compares with the textbook's formulas for a straight line with known noise.
func TestStdErr(t *testing.T) {
	info := estimate.Of(at, line{ad.Scalar(1.), ad.Scalar(2.)}, ad.Scalar(0.5))
	if !info.Identified() || info.Rank != 2 || info.Unidentified() != nil {
		t.Fatalf("a straight line through five points is not identified: %+v", info)
	}
	// Σt = 10, Σt² = 30, n = 5: the slope's variance is σ²·n/(n·Σt² - (Σt)²), the level's
	// σ²·Σt²/(…).
	want := []float64{0.5 * math.Sqrt(30.0/50), 0.5 * math.Sqrt(5.0/50)}
	for i, se := range info.StdErr() {
		if math.Abs(se-want[i]) > 1e-14 {
			t.Errorf("standard error %d is %v and should be %v", i, se, want[i])
		}
	}
}

// TestNoisePerObservation is that a noiseless-like observation decides alone.
func TestNoisePerObservation(t *testing.T) {
	mean := func(x ad.Value) ad.Value { return ad.BroadcastTo(x, 2) }
	info := estimate.Of(mean, ad.Scalar(3.), ad.Vector(1, .1))
	want := 1 / math.Sqrt(1+100)
	if got := info.StdErr()[0]; math.Abs(got-want) > 1e-15 {
		t.Errorf("standard error %v, want %v", got, want)
	}
}

// TestUnidentified is a sum of two parameters: only the sum is known, in any units.
func TestUnidentified(t *testing.T) {
	for _, unit := range []float64{1, 1e-9, 1e9} {
		sum := func(l line) ad.Value {
			return ad.BroadcastTo(ad.Add(l.Level, ad.Mul(l.Slope, unit)), 3)
		}
		info := estimate.Of(sum, line{ad.Scalar(1.), ad.Scalar(2.)}, ad.Scalar(1.))
		if info.Rank != 1 || info.Identified() {
			t.Fatalf("unit %g: rank %d", unit, info.Rank)
		}
		d := info.Unidentified()[0]
		if move := math.Abs(d[0] + unit*d[1]); move > 1e-14*math.Hypot(1, unit) || d[0] < 0 {
			t.Errorf("unit %g: predictions move by %g along %v", unit, move, d)
		}
		if math.Abs(math.Hypot(d[0], d[1])-1) > 1e-15 {
			t.Errorf("unit %g: %v is not of unit length", unit, d)
		}
		for i, se := range info.StdErr() {
			if !math.IsInf(se, 1) {
				t.Errorf("unit %g: standard error %d is %v", unit, i, se)
			}
		}
	}
}

// TestNoEffect is a parameter that the predictions do not depend on: the others keep their
// standard errors.
func TestNoEffect(t *testing.T) {
	info := estimate.Of(func(l line) ad.Value { return ad.BroadcastTo(l.Level, 4) },
		line{ad.Scalar(1.), ad.Scalar(2.)}, ad.Scalar(1.))
	se := info.StdErr()
	if info.Rank != 1 || math.Abs(se[0]-0.5) > 1e-15 || !math.IsInf(se[1], 1) {
		t.Errorf("rank %d, standard errors %v", info.Rank, se)
	}
	if d := info.Unidentified()[0]; d[0] != 0 || d[1] != 1 {
		t.Errorf("the free direction is %v", d)
	}
}

// TestFloat32 is that a point in float32 is decided in float64 all the same.
func TestFloat32(t *testing.T) {
	nearly := func(l line) ad.Value {
		return ad.Stack(0, ad.Add(l.Level, l.Slope), ad.Add(l.Level, ad.Mul(l.Slope, 1+1e-6)))
	}
	info := estimate.Of(nearly, line{ad.Scalar(float32(1)), ad.Scalar(float32(2))},
		ad.Scalar(float32(1)))
	if !info.Identified() {
		t.Errorf("two directions that float64 tells apart have rank %d, %v", info.Rank,
			info.Singular)
	}
}

// TestNotFinite is that a NaN or an infinity, in the predictions or in their derivatives,
// identifies nothing, and says so.
func TestNotFinite(t *testing.T) {
	for name, predict := range map[string]func(x ad.Value) ad.Value{
		"derivatives":    func(x ad.Value) ad.Value { return ad.Sqrt(ad.Add(x, 1)) },
		"predictions":    func(x ad.Value) ad.Value { return ad.Log(x) },
		"one prediction": func(x ad.Value) ad.Value { return ad.Stack(0, x, ad.Log(x)) },
		"beyond a square": func(x ad.Value) ad.Value {
			return ad.Stack(0, ad.Mul(1.7e308, x), ad.Mul(1.7e308, x))
		},
	} {
		info := estimate.Of(predict, ad.Scalar(-1.), ad.Scalar(1.))
		if info.Status != status.NotFinite || info.Rank != 0 || info.Identified() ||
			info.Unidentified() != nil ||
			len(info.StdErr()) != 1 || !math.IsNaN(info.Singular[0]) ||
			!math.IsNaN(info.StdErr()[0]) {
			t.Errorf("%s: %v; rank %d, singular values %v, standard errors %v", name, info.Status,
				info.Rank, info.Singular, info.StdErr())
		}
	}
}

func TestMistakes(t *testing.T) {
	for name, c := range map[string]struct {
		sd   ad.Value
		want string
	}{
		"zero":          {ad.Scalar(0.), "a standard deviation is 0; all must be positive"},
		"negative":      {ad.Vector(1., 1, -2, 1, 1), "a standard deviation is -2"},
		"NaN":           {ad.Scalar(math.NaN()), "a standard deviation is NaN"},
		"integers":      {ad.Scalar(1), "must be floats"},
		"another shape": {ad.Vector(1., 1), "must have the shape of the predictions"},
	} {
		func() {
			defer func() {
				mistake, ok := recover().(*ad.Error)
				if !ok || !strings.Contains(mistake.Error(), c.want) ||
					!strings.Contains(mistake.Error(), "information_test.go:") {
					t.Errorf("%s: %v; want %q with the user's line", name, mistake, c.want)
				}
			}()
			estimate.Of(at, line{ad.Scalar(1.), ad.Scalar(2.)}, c.sd)
		}()
	}
}

func ExampleOf() {
	// Only the product of the two parameters shows in what is observed.
	product := func(l line) ad.Value { return ad.BroadcastTo(ad.Mul(l.Level, l.Slope), 3) }
	info := estimate.Of(product, line{Level: ad.Scalar(2.), Slope: ad.Scalar(1.)}, ad.Scalar(.1))
	fmt.Printf("rank %d of 2; the predictions stay the same along %.3f\n", info.Rank,
		info.Unidentified()[0])
	// Output: rank 1 of 2; the predictions stay the same along [0.894 -0.447]
}
