package minimise_test

import (
	"math"
	"slices"
	"testing"

	"pullback/ad"
	"pullback/minimise"
)

// same holds two values to the same bits.
func same(t *testing.T, what string, got, want ad.Value) {
	t.Helper()
	if got.String() != want.String() || !got.Type().Equal(want.Type()) {
		t.Errorf("%s is %v, want the same bits as %v", what, got, want)
	}
}

func sameResults(t *testing.T, what string, got, want minimise.Result[ad.Value]) {
	t.Helper()
	same(t, what+": value", got.Value, want.Value)
	same(t, what+": last", got.Last, want.Last)
	same(t, what+": f", got.F, want.F)
	same(t, what+": gradient", got.Gradient, want.Gradient)
	same(t, what+": relative gradient", got.RelativeGradient, want.RelativeGradient)
	same(t, what+": gain", got.Gain, want.Gain)
	same(t, what+": status", got.Status, want.Status)
	same(t, what+": steps", got.Steps, want.Steps)
	same(t, what+": evaluations", got.Evaluations, want.Evaluations)
}

func forBoth(t *testing.T, name string, test func(t *testing.T, d ad.DType)) {
	for _, d := range []ad.DType{ad.Float64, ad.Float32} {
		t.Run(name+"/"+d.String(), func(t *testing.T) { test(t, d) })
	}
}

func TestMinimaAreFound(t *testing.T) {
	for _, p := range solvable() {
		forBoth(t, p.name, func(t *testing.T, d ad.DType) {
			start := vector(d, p.start)
			r := ad.Jit(func(x ad.Value) minimise.Result[ad.Value] { return bfgs(p.f, x) })(start)
			t.Logf("%v %v steps, %v evaluations, f %v, gain %v, at %v", r.Outcome(), r.Steps,
				r.Evaluations, r.F, r.Gain, r.Last)
			if !r.Outcome().OK() {
				t.Fatal(r.Outcome())
			}
			tolerance := max(p.tolerance, 1e-5)
			if d == ad.Float32 {
				tolerance = max(tolerance*10, 2e-2)
			}
			for i, want := range p.minimiser {
				if got := number(
					at(r.Value, i)); !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
					t.Errorf("x%d is %v, want %v within %v", i, got, want, tolerance)
				}
			}
			if f := number(r.F); f-p.least > 1e-5*max(1, math.Abs(p.least)) {
				t.Errorf("f is %v, and its least value %v", f, p.least)
			}
			same(t, "last", r.Last, r.Value)
			same(t, "f", r.F, p.f(r.Last))
			sameResults(t, "eager", bfgs(p.f, start), r)
		})
	}
}

func testFinds[S any](t *testing.T, m minimise.Method[S], skip map[string]bool) {
	for _, p := range append(solvable(), demanding()...) {
		if skip[p.name] {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			solve := func(x ad.Value) minimise.Result[ad.Value] { return minimise.Find(p.f, x, m) }
			start := vector(ad.Float64, p.start)
			r := ad.Jit(solve)(start)
			t.Logf("%v %v steps, %v evaluations, f %v, gain %v, at %v", r.Outcome(), r.Steps,
				r.Evaluations, r.F, r.Gain, r.Last)
			if !r.Outcome().OK() {
				t.Fatal(r.Outcome())
			}
			tolerance := max(p.tolerance, 1e-5)
			for i, want := range p.minimiser {
				got := number(at(r.Value, i))
				if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
					t.Errorf("x%d is %v, want %v within %v", i, got, want, tolerance)
				}
			}
			if r.Evaluations.Int() < 150 { // more take long, operation by operation
				sameResults(t, "eager", solve(start), r)
			}
			batch := ad.Jit(ad.Vmap(solve))(ad.Stack(0, ad.Mul(start, nan), start))
			sameResults(t, "batched", lane(batch, 1), r)
		})
	}
}

func TestTrustRegion(t *testing.T) {
	testFinds(t, minimise.TrustRegion{MaxSteps: 500}, nil)
}

func TestLBFGS(t *testing.T) {
	testFinds(t, minimise.LBFGS{MaxSteps: 1000}, nil)
}

func TestNelderMead(t *testing.T) {
	// Where values of f alone do not say x to as many digits as the tolerance on slopes asks for.
	testFinds(t, minimise.NelderMead{}, map[string]bool{"Rosenbrock in large units": true,
		"Brown badly scaled": true, "a kink that is a float": true, "far away": true})
}

func TestFailuresAreSaid(t *testing.T) {
	for _, p := range failures() {
		forBoth(t, p.name, func(t *testing.T, d ad.DType) {
			r := ad.Jit(func(x ad.Value) minimise.Result[ad.Value] {
				return bfgs(p.f, x)
			})(vector(d,
				p.start))
			t.Logf("%v %v steps, %v evaluations, f %v, gain %v, at %v", r.Outcome(), r.Steps,
				r.Evaluations, r.F, r.Gain, r.Last)
			if !slices.Contains(p.want, r.Outcome()) {
				t.Errorf("%v; want one of %v", r.Outcome(), p.want)
			}
			if !r.Outcome().OK() && !math.IsNaN(number(at(r.Value, 0))) {
				t.Errorf("the value is %v and must be NaN", r.Value)
			}
		})
	}
}
