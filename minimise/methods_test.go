package minimise_test

import (
	"math"
	"slices"
	"testing"

	"pullback/ad"
	"pullback/minimise"
	"pullback/status"
)

// finder is a method, whatever its state.
type finder func(f func(ad.Value) ad.Value, x ad.Value,
	box *minimise.Box[ad.Value]) minimise.Result[ad.Value]

func finderOf[S any](m minimise.Method[S]) finder {
	return func(f func(ad.Value) ad.Value, x ad.Value,
		box *minimise.Box[ad.Value]) minimise.Result[ad.Value] {
		if box == nil {
			return minimise.Find(f, x, m)
		}
		return minimise.FindIn(f, x, *box, m)
	}
}

func methods(rtol float64) map[string]finder {
	return map[string]finder{
		"BFGS":        finderOf(minimise.BFGS{RTol: rtol}),
		"LBFGS":       finderOf(minimise.LBFGS{RTol: rtol}),
		"TrustRegion": finderOf(minimise.TrustRegion{RTol: rtol}),
		"NelderMead":  finderOf(minimise.NelderMead{RTol: rtol, MaxSteps: 1000}),
	}
}

// No method calls a point a minimum where there is none, in a box without ends too.
func TestNoMethodLies(t *testing.T) {
	// Some leave a saddle or a maximum for the minimum that there is.
	minima := []string{"leaps onto a maximum", "mild saddle", "maximum", "Himmelblau's maximum"}
	for _, p := range failures() {
		if slices.Contains(minima, p.name) {
			continue
		}
		for name, find := range methods(0) {
			forBoth(t, p.name+"/"+name, func(t *testing.T, d ad.DType) {
				start := vector(d, p.start)
				box := unbox(d, start.Size())
				for _, ends := range []*minimise.Box[ad.Value]{nil, &box} {
					r := ad.Jit(func(x ad.Value) minimise.Result[ad.Value] {
						return find(p.f, x, ends)
					})(start)
					if r.Outcome().OK() {
						t.Errorf("%v at %v, f %v", r.Outcome(), r.Last, r.F)
					}
					if !math.IsNaN(number(at(r.Value, 0))) {
						t.Errorf("the value is %v and must be NaN", r.Value)
					}
				}
			})
		}
	}
}

// hill has a minimum at ln 2 in each element, on a height that hides what f has to gain near it.
func hill(x ad.Value) ad.Value {
	return ad.Add(ad.Sum(ad.Sub(ad.Exp(x), ad.Mul(2, x))), 1e3)
}

// The last steps go by the gradient alone: with f, half of the digits would be lost.
func TestTrustRegionReachesRounding(t *testing.T) {
	box := minimise.Box[ad.Value]{Lower: ad.Vector(-inf, -1, .75), Upper: ad.Vector(inf, 1, 4)}
	for _, rtol := range []float64{0, 1e-12} {
		find := methods(rtol)["TrustRegion"]
		for name, ends := range map[string]*minimise.Box[ad.Value]{"free": nil, "in a box": &box} {
			r := find(hill, ad.Vector(0., 3, 2), ends)
			want := []float64{math.Ln2, math.Ln2, math.Ln2}
			if ends != nil {
				want[2] = .75
			}
			for i, x := range r.Value.Floats() {
				if !(math.Abs(x-want[i]) <= 2e-16) {
					t.Errorf("%s: x%d is %v, want %v; %v", name, i, x, want[i], r.Outcome())
				}
			}
		}
	}
}

// Where rounding errors of f are a hundred times its last place, slopes still say which steps help.
func TestTrustRegionSeesThroughNoise(t *testing.T) {
	const large = 1 << 20
	noisy := func(x ad.Value) ad.Value { return ad.Sub(ad.Add(hill(x), large), large) }
	for i := range 30 {
		start := ad.Vector(math.Ln2+1e-7*float64(i), 1+.01*float64(i))
		for _, rtol := range []float64{0, 1e-30} {
			r := methods(rtol)["TrustRegion"](noisy, start, nil)
			for _, x := range r.Last.Floats() {
				if !r.Outcome().OK() || !(math.Abs(x-math.Ln2) <= 2e-15) {
					t.Errorf("from %v: %v at %v", start, r.Outcome(), r.Last)
				}
			}
		}
	}
}

// What rounding errors of f make of the neighbourhood of a minimum is no fall.
func TestNoiseIsNoFall(t *testing.T) {
	times := ad.Add(ad.Div(ad.Arange(ad.Float64, 50), 50), .5)
	for i := range 30 {
		least := .5 + .05*float64(i)
		slopes := ad.Mul(times, ad.Exp(ad.Mul(times, least)))
		noisy := func(x ad.Value) ad.Value { // of terms ten thousand times as large
			growth := ad.Exp(ad.Mul(times, x))
			large := ad.Sub(ad.Mul(1e4, growth), ad.Mul(9999, growth))
			return ad.Sum(ad.Sub(large, ad.Mul(slopes, x)))
		}
		limits := minimise.Limits{RTol: 1e-20}
		said := minimise.Check(noisy, ad.Scalar(least), ad.Scalar(1e3), limits)
		if code := status.Code(said.Status.Int()); !code.OK() {
			t.Errorf("%v at %v, gain %v", code, least, said.Gain)
		}
	}
}

// reckless is BFGS that asks for points far away.
type reckless struct{ minimise.BFGS }

func (m reckless) Trial(p minimise.Problem, s minimise.BFGSState) ad.Value {
	return ad.Add(m.BFGS.Trial(p, s), ad.Mul(s.D, 1e3))
}

// Whatever a method asks for, the function is evaluated in the box.
func TestTheLoopKeepsToTheBox(t *testing.T) {
	for _, p := range inBoxes() {
		box := p.box(ad.Float64)
		r := minimise.FindIn(p.guarded(box), vector(ad.Float64, p.start), box, reckless{})
		if number(r.F) < -1e20 {
			t.Errorf("%s: f was evaluated at %v", p.name, r.Last)
		}
	}
}

// Where the gradient says nothing, curvature leads to the minimum.
func TestTrustRegionLeavesSaddles(t *testing.T) {
	leaves := []string{"mild saddle", "maximum", "Himmelblau's maximum"}
	for _, p := range failures() {
		if !slices.Contains(leaves, p.name) {
			continue
		}
		forBoth(t, p.name, func(t *testing.T, d ad.DType) {
			r := methods(0)["TrustRegion"](p.f, vector(d, p.start), nil)
			if r.Outcome() != status.Converged || r.Steps.Int() == 0 {
				t.Errorf("%v at %v", r.Outcome(), r.Last)
			}
		})
	}
}

// counts is the negative log likelihood of counts whose mean is exp(a + b): one combination of two
// parameters, and a third that it does not depend on at all.
func counts(x ad.Value) ad.Value {
	seen := ad.Vector(3., 5, 4, 7, 2, 4)
	eta := ad.Add(at(x, 0), at(x, 1))
	flat := ad.Mul(0, at(x, 2))
	return ad.Add(ad.Sum(ad.Sub(ad.Exp(eta), ad.Mul(seen, eta))), flat)
}

// A model that is not identified has minima, and each is one: where it is free, where an end of
// the box cuts through, and where a parameter is held.
func TestFlatModels(t *testing.T) {
	product := func(x ad.Value) ad.Value {
		return ad.Square(ad.Sub(ad.Mul(at(x, 0), at(x, 1)), 1))
	}
	mean := math.Log(25. / 6)
	for name, find := range methods(0) {
		for _, rtol := range []float64{0, 1e-12} {
			if rtol > 0 && name == "NelderMead" {
				continue
			}
			find = methods(rtol)[name]
			for _, ends := range []*minimise.Box[ad.Value]{
				nil,
				{Lower: ad.Vector(0., 0, 0), Upper: ad.Vector(inf, inf, inf)},
				{Lower: ad.Vector(1., -inf, -1), Upper: ad.Vector(1., .5, 1)},
				{Lower: ad.Vector(.25, 0, 2), Upper: ad.Vector(.25, inf, 2)},
			} {
				r := find(counts, ad.Vector(.5, .1, 2), ends)
				x := r.Value.Floats()
				reached := mean
				if ends != nil && ends.Upper.Floats()[1] == .5 {
					reached = min(mean, 1.5)
				}
				if !r.Outcome().OK() || !(math.Abs(x[0]+x[1]-reached) < 1e-6) {
					t.Errorf("%s: %v at %v, gain %v", name, r.Outcome(), r.Last, r.Gain)
				}
			}
			r := find(product, ad.Vector(3., -2), nil)
			if !r.Outcome().OK() || !(math.Abs(number(r.F)) < 1e-10) {
				t.Errorf("%s: %v at %v, gain %v", name, r.Outcome(), r.Last, r.Gain)
			}
		}
	}
}

// A likelihood that is NaN where a variance is negative: trials there shorten the step.
func TestRegionsOfNaN(t *testing.T) {
	x := ad.Vector(1., 2, 4, 3, 9)
	f := func(p ad.Value) ad.Value {
		z := ad.Sub(x, at(p, 0))
		return ad.Add(ad.Div(ad.Dot(z, z), ad.Mul(2, at(p, 1))),
			ad.Mul(2.5, ad.Log(at(p, 1))))
	}
	for name, find := range methods(0) {
		for _, start := range [][]float64{{30, .1}, {0, 100}, {3.8, 1e-3}} {
			r := find(f, vector(ad.Float64, start), nil)
			got := r.Last.Floats()
			if !r.Outcome().OK() || math.Abs(got[0]-3.8) > 1e-4 || math.Abs(got[1]-7.76) > 1e-3 {
				t.Errorf("%s from %v: %v at %v", name, start, r.Outcome(), r.Last)
			}
		}
	}
	if c := methods(0)["TrustRegion"](f, ad.Vector(1., -1), nil).Outcome(); c != status.NotFinite {
		t.Error(c)
	}
}
