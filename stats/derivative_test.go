package stats_test

import (
	"math"
	"testing"

	"pullback/ad"
	"pullback/stats"
)

// point is everything that a method depends on.
type point struct{ X, Mean, SD ad.Value }

func (p point) normal() stats.Normal { return stats.Normal{Mean: p.Mean, SD: p.SD} }

// TestDerivatives compares first derivatives in argument and parameters with differences, and
// second ones with differences of the first.
func TestDerivatives(t *testing.T) {
	for name, f := range map[string]func(point) ad.Value{
		"LogPDF": func(p point) ad.Value { return p.normal().LogPDF(p.X) },
		"PDF":    func(p point) ad.Value { return p.normal().PDF(p.X) },
		"CDF":    func(p point) ad.Value { return p.normal().CDF(p.X) },
		"LogCDF": func(p point) ad.Value { return p.normal().LogCDF(p.X) },
		"Quantile": func(p point) ad.Value {
			return p.normal().Quantile(ad.Add(ad.Mul(ad.Sin(p.X), 0.49), 0.5))
		},
	} {
		for _, x := range []float64{-9, -7, -2.5, -1.1, -0.4, 0.1, 0.9, 3, 8} {
			at := point{ad.Scalar(x), ad.Scalar(0.1), ad.Scalar(1.3)}
			same(t, name, x, f, at)
			slope := func(p point) ad.Value { return ad.Grad(f)(p).X }
			same(t, name+"'", x, slope, at)
		}
	}
}

// same compares the gradient of f with central differences, relative to f and its slope.
func same(t *testing.T, name string, x float64, f func(point) ad.Value, at point) {
	t.Helper()
	const h = 1e-5
	flat, unravel := ad.Ravel(at)
	gradient, _ := ad.Ravel(ad.Jit(ad.Grad(f))(at))
	for i, got := range gradient.Floats() {
		move := func(h float64) float64 {
			moved := flat.Floats()
			moved[i] += h
			return f(unravel(ad.Vector(moved...))).Float()
		}
		want := (move(h) - move(-h)) / (2 * h)
		scale := math.Abs(f(at).Float()) + math.Abs(want)
		if !(math.Abs(got-want) <= 1e-7*scale) {
			t.Errorf("%s at %v, derivative %d: got %v, want %v", name, x, i, got, want)
		}
	}
}

// TestDerivativesAreFiniteInTheTails is where branches that are not taken could make NaNs.
func TestDerivativesAreFiniteInTheTails(t *testing.T) {
	for _, z := range []float64{-300, -40, -10, -1, 0, 1, 10, 40, 300} {
		n := standard(ad.Float64)
		first := ad.Grad(n.LogCDF)(ad.Scalar(z)).Float()
		second := ad.Grad(ad.Grad(n.LogCDF))(ad.Scalar(z)).Float()
		if z <= -40 { // φ/Φ tends to -z, and its slope to -1
			near(t, "slope", z, first, -z, 1e-3)
			near(t, "curvature", z, second, -1, 1e-3)
		}
		for _, d := range []float64{first, second, ad.Grad(n.CDF)(ad.Scalar(z)).Float()} {
			if math.IsNaN(d) || math.IsInf(d, 0) {
				t.Errorf("a derivative at %v is %v", z, d)
			}
		}
	}
}
