package leastsquares_test

import (
	"math"
	"testing"

	"pullback/ad"
	"pullback/leastsquares"
)

// decayData is about 3 exp(-t/2), with errors.
func decayData() ad.Value { return ad.Vector(3.1, 1.75, 1.2, .6, .45, .2) }

// decayFit is the amplitude and the rate that fit data at 0, 1, 2, ... best.
func decayFit(y ad.Value) ad.Value {
	t := ad.Convert(ad.Arange(ad.Int64, y.Size()), y.DType())
	residuals := func(b ad.Value) ad.Value { return ad.Sub(decay(at(b, 0), at(b, 1), t), y) }
	return fit(residuals, ad.Vector(1., 1.)).Value
}

// The derivative of an estimate with respect to each observation follows from the implicit
// function theorem; refitting shifted data says the same.
func TestDerivativesWithRespectToData(t *testing.T) {
	y := decayData()
	forward := ad.Jit(ad.Vmap(func(v ad.Value) ad.Value {
		_, d := ad.JVP(decayFit, y, v)
		return d
	}))(ad.Identity(ad.Float64, y.Size()))
	rate := func(y ad.Value) ad.Value { return at(decayFit(y), 1) }
	reverse := ad.Jit(ad.Grad(rate))(y)
	hessian := ad.Jit(ad.Hessian(rate))(y)
	const h = 1e-4
	refit, gradient := ad.Jit(decayFit), ad.Jit(ad.Grad(rate))
	for i := range y.Size() {
		shift := make([]float64, y.Size())
		shift[i] = h
		ahead, behind := ad.Add(y, ad.Vector(shift...)), ad.Sub(y, ad.Vector(shift...))
		quotient := ad.Div(ad.Sub(refit(ahead), refit(behind)), 2*h)
		for j := range 2 {
			want, got := number(at(quotient, j)), number(at(at(forward, i), j))
			if !(math.Abs(got-want) <= 1e-7*max(1, math.Abs(want))) {
				t.Errorf("∂b%d/∂y%d is %v, and by refitting %v", j, i, got, want)
			}
		}
		if got, want := number(at(reverse, i)), number(at(at(forward, i), 1)); math.Abs(
			got-want) > 1e-12 {
			t.Errorf("∂b1/∂y%d is %v in reverse and %v forward", i, got, want)
		}
		second := ad.Div(ad.Sub(gradient(ahead), gradient(behind)), 2*h)
		for j := range y.Size() {
			got, want := number(at(at(hessian, i), j)), number(at(second, j))
			if !(math.Abs(got-want) <= 1e-7) {
				t.Errorf("∂²b1/∂y%d∂y%d is %v, and by refitting %v", i, j, got, want)
			}
		}
	}
}

// An element at its end moves with it, and the others follow.
func TestDerivativesInBoxes(t *testing.T) {
	solve := func(end ad.Value) ad.Value {
		box := leastsquares.Box[ad.Value]{Lower: ad.Vector(-inf, -inf),
			Upper: ad.Stack(0, end, ad.Scalar(inf))}
		return leastsquares.FindIn(rosenbrock, ad.Vector(-1.2, 1), box,
			leastsquares.LevenbergMarquardt{}).Value
	}
	x, d := ad.JVP(solve, ad.Scalar(.5), ad.Scalar(1.))
	if got := x.Floats(); got[0] != .5 || math.Abs(got[1]-.25) > 1e-12 {
		t.Errorf("the minimum is at %v", got)
	}
	if got := d.Floats(); math.Abs(got[0]-1) > 1e-12 || math.Abs(got[1]-1) > 1e-12 { // (e, e²)
		t.Errorf("its derivative is %v", got)
	}
}

// What failed has no derivative, and a gradient alone must not hide it.
func TestDerivativesOfFailuresAreNaN(t *testing.T) {
	solve := func(theta ad.Value) ad.Value {
		residuals := func(x ad.Value) ad.Value { return ad.Mul(rosenbrock(x), theta) }
		m := leastsquares.LevenbergMarquardt{MaxSteps: 1}
		return at(leastsquares.Find(residuals, ad.Vector(-1.2, 1), m).Value, 0)
	}
	if g := number(ad.Grad(solve)(ad.Scalar(1.))); !math.IsNaN(g) {
		t.Errorf("the gradient is %v", g)
	}
}

func TestTrees(t *testing.T) {
	type model struct {
		Weights ad.Value
		Offset  map[string]ad.Value
		Label   string
	}
	type errors struct{ Weights, Offset ad.Value }
	residuals := func(m model) errors {
		return errors{ad.Sub(m.Weights, ad.Matrix(2, 2, []float64{1, 2, 3, 4})),
			ad.Sub(ad.Exp(m.Offset["a"]), 7)}
	}
	start := model{ad.Zeros(ad.Float64, 2, 2), map[string]ad.Value{"a": ad.Scalar(0.)}, "fit"}
	r := leastsquares.Find(residuals, start, leastsquares.LevenbergMarquardt{})
	if !r.Outcome().OK() || r.Value.Label != "fit" {
		t.Fatal(r.Outcome(), r.Value)
	}
	if got := number(at(at(r.Value.Weights, 1), 0)); math.Abs(got-3) > 1e-12 {
		t.Errorf("weight is %v", got)
	}
	if got := number(r.Value.Offset["a"]); math.Abs(got-math.Log(7)) > 1e-12 {
		t.Errorf("offset is %v", got)
	}
}

func TestPath(t *testing.T) {
	start := ad.Vector(-1.2, 1)
	found := fit(rosenbrock, start)
	path := leastsquares.Path(rosenbrock, start, leastsquares.LevenbergMarquardt{})
	if got, want := len(path)-1, found.Steps.Int(); got != want {
		t.Errorf("the path has %d steps and the search %d", got, want)
	}
	same(t, "the path's first point", path[0], start)
	same(t, "the path's last point", path[len(path)-1], found.Last)
	few := leastsquares.LevenbergMarquardt{MaxSteps: 2}
	if got := leastsquares.Path(rosenbrock, start, few); len(got) != 3 {
		t.Errorf("two steps make a path of %d points", len(got))
	}
}
