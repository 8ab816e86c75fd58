package leastsquares_test

import (
	"math"
	"slices"
	"testing"

	"pullback/ad"
	"pullback/leastsquares"
	"pullback/status"
)

func vector(d ad.DType, xs []float64) ad.Value { return ad.Convert(ad.Vector(xs...), d) }

func number(v ad.Value) float64 { return ad.Convert(v, ad.Float64).Float() }

// same holds two values to the same bits.
func same(t *testing.T, what string, got, want ad.Value) {
	t.Helper()
	if got.String() != want.String() || !got.Type().Equal(want.Type()) {
		t.Errorf("%s is %v, want the same bits as %v", what, got, want)
	}
}

func sameResults(t *testing.T, what string, got, want leastsquares.Result[ad.Value]) {
	t.Helper()
	same(t, what+": value", got.Value, want.Value)
	same(t, what+": last", got.Last, want.Last)
	same(t, what+": squares", got.Squares, want.Squares)
	same(t, what+": gradient", got.Gradient, want.Gradient)
	same(t, what+": cosine", got.Cosine, want.Cosine)
	same(t, what+": status", got.Status, want.Status)
	same(t, what+": steps", got.Steps, want.Steps)
	same(t, what+": evaluations", got.Evaluations, want.Evaluations)
}

func forBoth(t *testing.T, name string, test func(t *testing.T, d ad.DType)) {
	for _, d := range []ad.DType{ad.Float64, ad.Float32} {
		t.Run(name+"/"+d.String(), func(t *testing.T) { test(t, d) })
	}
}

func describe(t *testing.T, r leastsquares.Result[ad.Value]) {
	t.Logf("%v %v steps, %v evaluations, squares %v, cosine %v, at %v", r.Outcome(), r.Steps,
		r.Evaluations, r.Squares, r.Cosine, r.Last)
}

func TestMinimaAreFound(t *testing.T) {
	for _, p := range solvable() {
		forBoth(t, p.name, func(t *testing.T, d ad.DType) {
			start := vector(d, p.start)
			solve := func(x ad.Value) leastsquares.Result[ad.Value] { return fit(p.r, x) }
			r := ad.Jit(solve)(start)
			describe(t, r)
			if !r.Outcome().OK() {
				t.Fatal(r.Outcome())
			}
			tolerance, relative := max(p.tolerance, 1e-7), 1e-10
			if d == ad.Float32 {
				tolerance, relative = max(tolerance, 1e-2), 1e-3
			}
			for i, want := range p.minimiser {
				got := number(at(r.Value, i))
				if !(math.Abs(got-want) <= tolerance*max(1e-6, math.Abs(want)) ||
					want == 0 && math.Abs(got) <= tolerance) {
					t.Errorf("x%d is %v, want %v within %v", i, got, want, tolerance)
				}
			}
			first := p.r(start)
			zero := relative * relative * number(ad.Dot(first, first))
			if s := number(r.Squares); !(math.Abs(s-p.squares) <= relative*p.squares+zero) {
				t.Errorf("the sum of squares is %v, and the least %v", s, p.squares)
			}
			same(t, "last", r.Last, r.Value)
			sameResults(t, "eager", solve(start), r)
		})
	}
}

func TestFailuresAreSaid(t *testing.T) {
	for _, p := range failures() {
		forBoth(t, p.name, func(t *testing.T, d ad.DType) {
			solve := func(x ad.Value) leastsquares.Result[ad.Value] { return fit(p.r, x) }
			r := ad.Jit(solve)(vector(d, p.start))
			describe(t, r)
			if !slices.Contains(p.want, r.Outcome()) {
				t.Errorf("%v; want one of %v", r.Outcome(), p.want)
			}
			if !r.Outcome().OK() && !math.IsNaN(number(at(r.Value, 0))) {
				t.Errorf("the value is %v and must be NaN", r.Value)
			}
		})
	}
}

// lane is problem i of a batch.
func lane(r leastsquares.Result[ad.Value], i int) leastsquares.Result[ad.Value] {
	return leastsquares.Result[ad.Value]{
		Value: at(r.Value, i), Last: at(r.Last, i), Squares: at(r.Squares, i),
		Gradient: at(r.Gradient, i), Cosine: at(r.Cosine, i), Status: at(r.Status, i),
		Steps: at(r.Steps, i), Evaluations: at(r.Evaluations, i),
	}
}

func TestBatchesAreLoops(t *testing.T) {
	for _, p := range solvable() {
		forBoth(t, p.name, func(t *testing.T, d ad.DType) {
			start := vector(d, p.start)
			starts := []ad.Value{start, ad.Mul(start, math.NaN()), ad.Mul(start, 1.1), start}
			solve := func(x ad.Value) leastsquares.Result[ad.Value] { return fit(p.r, x) }
			single := ad.Jit(solve)
			batch := ad.Jit(ad.Vmap(solve))(ad.Stack(0, starts...))
			for i, x := range starts {
				sameResults(t, "batched", lane(batch, i), single(x))
			}
			if c := lane(batch, 1).Outcome(); c != status.NotFinite {
				t.Errorf("the NaN's status is %v", c)
			}
			if c := lane(batch, 3).Outcome(); !c.OK() {
				t.Errorf("another problem's failure is this one's status: %v", c)
			}
		})
	}
}
