package leastsquares_test

import (
	"math"
	"testing"

	"pullback/ad"
	"pullback/leastsquares"
	"pullback/status"
)

// boxed is a problem in a box with its minimiser there.
type boxed struct {
	name                string
	r                   func(x ad.Value) ad.Value
	start, lower, upper []float64
	squares             float64
	minimiser           []float64 // nil where there are several
}

func inBoxes() []boxed {
	fl := func(x ...float64) []float64 { return x }
	free, none := fl(-inf, -inf), fl(inf, inf)
	line := func(x ad.Value) ad.Value { return ad.Sub(x, vector(x.DType(), []float64{2, -3})) }
	kowalik := fl(.25, .39, .415, .39)
	return []boxed{
		{"no bound", rosenbrock, fl(-1.2, 1), free, none, 0, fl(1, 1)},
		{"wide", rosenbrock, fl(-1.2, 1), fl(-5, -5), fl(5, 5), 0, fl(1, 1)},
		{"Rosenbrock above", rosenbrock, fl(1, 2), fl(-inf, 1.5), none, .0504261879, nil},
		{"Rosenbrock's other minimum", rosenbrock, fl(-2, 1), fl(-inf, 1.5), none, 4.9412293179,
			nil},
		{"Rosenbrock below", rosenbrock, fl(-1.2, 1), free, fl(.5, inf), .25, fl(.5, .25)},
		{"Rosenbrock at a corner", rosenbrock, fl(2, 3), fl(1.5, -inf), fl(4, 2), 6.5, fl(1.5, 2)},
		{"start outside", rosenbrock, fl(-7, 9), fl(-2, -2), fl(2, 2), 0, fl(1, 1)},
		{"start at a corner", rosenbrock, fl(-2, -2), fl(-2, -2), fl(2, 2), 0, fl(1, 1)},
		{"start at the minimum", rosenbrock, fl(.5, .25), free, fl(.5, inf), .25, fl(.5, .25)},
		{"equal ends", rosenbrock, fl(1.2, 1), fl(-inf, .64), fl(inf, .64), .0398445085, nil},
		{"all held", rosenbrock, fl(-1.2, 1), fl(3, 4), fl(3, 4), 2504, fl(3, 4)},
		{"Brown badly scaled", brown, fl(1, 1), fl(0, 3e-6), fl(1e6, 100), 1, nil},
		{"a line", line, fl(0, 0), fl(-1, -1), fl(1, 1), 5, fl(1, -1)},
		{"minimum at an end", line, fl(0, 0), fl(-3, -3), fl(2, 2), 0, fl(2, -3)},
		{"a logarithm's domain", domain, fl(30, .01), fl(1e-3, 1e-3), fl(40, 2),
			squareOf(1 - math.Ln2), fl(1, 2)},
		{"Kowalik and Osborne", kowalikOsborne, kowalik, fl(0, 0, 0, 0), fl(1, 1, 1, 1),
			3.0750560385e-4, nil},
		{"Kowalik and Osborne, at ends", kowalikOsborne, kowalik, fl(0, 0, .2, 0), fl(1, 1, 1, .1),
			3.868759216606e-4, fl(.203507123415, .137640322373, .2, .1)},
		{"ridge", ridge, fl(3, 4), fl(0, 0), fl(10, 10), ridgeSquares(), nil},
	}
}

func squareOf(x float64) float64 { return x * x }

// box is that of a problem.
func (p boxed) box(d ad.DType) leastsquares.Box[ad.Value] {
	return leastsquares.Box[ad.Value]{Lower: vector(d, p.lower), Upper: vector(d, p.upper)}
}

// guarded is the residuals and, outside of the box, where nobody may look, the best of all.
func (p boxed) guarded(box leastsquares.Box[ad.Value]) func(ad.Value) ad.Value {
	return func(x ad.Value) ad.Value {
		outside := ad.Any(ad.Or(ad.Less(x, box.Lower), ad.Greater(x, box.Upper)))
		r := p.r(x)
		return ad.Where(outside, ad.ZerosLike(r), r)
	}
}

func TestInBoxes(t *testing.T) {
	for _, p := range inBoxes() {
		forBoth(t, p.name, func(t *testing.T, d ad.DType) {
			solve := func(x ad.Value) leastsquares.Result[ad.Value] {
				box := p.box(d)
				var m leastsquares.LevenbergMarquardt
				return leastsquares.FindIn(p.guarded(box), x, box, m)
			}
			start := vector(d, p.start)
			r := ad.Jit(solve)(start)
			describe(t, r)
			if !r.Outcome().OK() {
				t.Fatal(r.Outcome())
			}
			tolerance := 1e-7
			if d == ad.Float32 {
				tolerance = 1e-2
			}
			for i, want := range p.minimiser {
				got := number(at(r.Value, i))
				if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
					t.Errorf("x%d is %v, want %v within %v", i, got, want, tolerance)
				}
				atEnd := want == p.lower[i] || want == p.upper[i]
				if end := number(ad.Full(d, want)); atEnd && got != end && p.squares != 0 {
					t.Errorf("x%d is %v and must be the end of the box, %v", i, got, end)
				}
			}
			if s := number(r.Squares); math.Abs(s-p.squares) > tolerance*max(1e-6, p.squares) {
				t.Errorf("the sum of squares is %v, and the least %v", s, p.squares)
			}
			sameResults(t, "eager", solve(start), r)
			batch := ad.Jit(ad.Vmap(solve))(ad.Stack(0, ad.Mul(start, nan), start))
			sameResults(t, "batched", lane(batch, 1), r)
			if c := lane(batch, 0).Outcome(); c != status.NotFinite && p.name != "all held" {
				t.Errorf("the NaN's status is %v", c)
			}
		})
	}
}

func TestBoxesThatAreNone(t *testing.T) {
	for _, c := range []struct {
		name         string
		lower, upper []float64
	}{
		{"empty", []float64{1, 0}, []float64{0, 1}},
		{"NaN", []float64{nan, 0}, []float64{1, 1}},
	} {
		p := boxed{lower: c.lower, upper: c.upper}
		r := leastsquares.FindIn(rosenbrock, ad.Vector(0., 0.), p.box(ad.Float64),
			leastsquares.LevenbergMarquardt{})
		if r.Outcome() != status.NotFinite {
			t.Errorf("%s: %v", c.name, r.Outcome())
		}
	}
}

// At zero, an end of the box, the residual is a number and its derivative is none: no trial there
// is taken.
func TestInfiniteDerivativesAreNotTaken(t *testing.T) {
	p := boxed{lower: []float64{0}, upper: []float64{9}}
	r := leastsquares.FindIn(func(x ad.Value) ad.Value { return ad.Add(ad.Sqrt(x), 1) },
		ad.Vector(1.), p.box(ad.Float64), leastsquares.LevenbergMarquardt{})
	describe(t, r)
	if c := r.Outcome(); c.OK() || c == status.NotFinite {
		t.Error(c)
	}
	if x := number(at(r.Last, 0)); !(x > 0 && x < 1e-6) {
		t.Errorf("the last point is %v", x)
	}
}
