package root_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/root"
)

func TestMistakes(t *testing.T) {
	square := func(y ad.Value) ad.Value { return ad.Sub(ad.Mul(y, y), 2) }
	one := ad.Scalar(1.)
	for _, c := range []struct {
		name string
		call func()
		want string
	}{
		{"fewer equations", func() {
			root.Find(func(y ad.Value) ad.Value { return ad.Sum(y) }, ad.Vector(1., 2.),
				root.Newton{})
		}, "the unknowns are float64[2] and the equations float64[1]"},
		{"another element type", func() {
			root.Find(func(y ad.Value) ad.Value { return ad.Convert(y, ad.Float32) }, one,
				root.Newton{})
		}, "the unknowns are float64[1] and the equations float32[1]"},
		{"nothing", func() {
			root.Find(func(y ad.Value) ad.Value { return y }, ad.Vector[float64](), root.Newton{})
		}, "root(float64[0]): there are no unknowns"},
		{"integers", func() { root.Find(square, ad.Scalar(3), root.Newton{}) }, "must be floats"},
		{"mixed types", func() {
			root.Find(func(p [2]ad.Value) [2]ad.Value { return p },
				[2]ad.Value{one, ad.Scalar(float32(1))}, root.Newton{})
		}, "different element types"},
		{"no bracket", func() { root.Find(square, one, root.Brent{}) },
			"Lower and Upper must be set"},
		{"scan without a bracket", func() { root.Find(square, one, root.Scan{}) },
			"Lower and Upper must be set"},
		{"negative points", func() {
			root.Find(square, one, root.Scan{Lower: one, Upper: one, Points: -1})
		}, "a scan of -1 parts"},
		{"unknown selection", func() {
			root.Find(square, one, root.Scan{Lower: one, Upper: one, Select: 7})
		}, "selects by 7"},
		{"half a bracket", func() { root.Find(square, one, root.Bisection{Lower: one}) },
			"Lower and Upper must be set"},
		{"bracket of two unknowns", func() {
			root.Find(square, ad.Vector(1., 2.), root.Brent{Lower: one, Upper: one})
		}, "a bracket is for one unknown and there are 2"},
		{"negative tolerance", func() { root.Find(square, one, root.Newton{RTol: -1}) },
			"none may be negative"},
		{"NaN tolerance", func() { root.Find(square, one, root.Newton{ATol: math.NaN()}) },
			"none may be negative"},
		{"negative steps", func() { root.Find(square, one, root.Newton{MaxSteps: -1}) },
			"none may be negative"},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer func() {
				err, ok := recover().(error)
				var mistake *ad.Error
				if !ok || !errors.As(err, &mistake) {
					t.Fatalf("%v is not an *ad.Error", err)
				}
				if !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(),
					"mistakes_test.go:") {
					t.Errorf("%q does not say %q with the user's line", err, c.want)
				}
			}()
			c.call()
		})
	}
}
