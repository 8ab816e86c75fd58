package root_test

import (
	"math"
	"slices"
	"testing"

	"pullback/ad"
	"pullback/root"
	"pullback/status"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s is %v, want %v within %v", what, got, want, tolerance)
	}
}

func number(v ad.Value) float64 { return ad.Convert(v, ad.Float64).Float() }

// same holds two values to the same bits.
func same(t *testing.T, what string, got, want ad.Value) {
	t.Helper()
	if got.String() != want.String() || !got.Type().Equal(want.Type()) {
		t.Errorf("%s is %v, want the same bits as %v", what, got, want)
	}
}

func sameResults(t *testing.T, what string, got, want root.Result[ad.Value]) {
	t.Helper()
	same(t, what+": value", got.Value, want.Value)
	same(t, what+": last", got.Last, want.Last)
	same(t, what+": status", got.Status, want.Status)
	same(t, what+": steps", got.Steps, want.Steps)
	same(t, what+": residual", got.Residual, want.Residual)
}

func TestRootsAreFound(t *testing.T) {
	forAll(t, func(t *testing.T, p problem, d ad.DType, s solver) {
		f := func(y ad.Value) ad.Value { return p.f(y, ad.Full(d, p.theta)) }
		r := s(f)
		if !r.Outcome().OK() {
			t.Fatalf("%v, after %v steps at %v with residual %v", r.Outcome(), r.Steps, r.Last,
				r.Residual)
		}
		near(t, "root", number(r.Value), p.root, p.accuracy(d))
		same(t, "last", r.Last, r.Value)
		near(t, "residual", number(r.Residual), math.Abs(number(f(r.Last))), 0)

		compiled := ad.Jit(func(theta ad.Value) root.Result[ad.Value] {
			return s(func(y ad.Value) ad.Value { return p.f(y, theta) })
		})
		sameResults(t, "compiled", compiled(ad.Full(d, p.theta)), r)
	})
}

func TestDerivativesOfRoots(t *testing.T) {
	forAll(t, func(t *testing.T, p problem, d ad.DType, s solver) {
		if math.IsNaN(p.slope) {
			t.Skip("the implicit function theorem does not hold at a multiple root")
		}
		solve := func(theta ad.Value) ad.Value {
			return s(func(y ad.Value) ad.Value { return p.f(y, theta) }).Value
		}
		theta, one := ad.Full(d, p.theta), ad.Full(d, 1)
		slack := 10 * p.accuracy(d)
		_, forward := ad.JVP(solve, theta, one)
		near(t, "jvp", number(forward), p.slope, slack)
		near(t, "gradient", number(ad.Grad(solve)(theta)), p.slope, slack)
		near(t, "compiled gradient", number(ad.Jit(ad.Grad(solve))(theta)), p.slope, slack)
		near(t, "second derivative", number(ad.Grad(ad.Grad(solve))(theta)), p.bend, slack)
		near(t, "forward over reverse", number(ad.HVP(solve, theta, one)), p.bend, slack)
		near(t, "Hessian", number(ad.Hessian(solve)(theta)), p.bend, slack)
		_, twice := ad.JVP(func(x ad.Value) ad.Value {
			_, dy := ad.JVP(solve, x, one)
			return dy
		}, theta, one)
		near(t, "forward over forward", number(twice), p.bend, slack)
	})
}

func TestBatchesAreLoops(t *testing.T) {
	forAll(t, func(t *testing.T, p problem, d ad.DType, s solver) {
		solve := func(theta ad.Value) root.Result[ad.Value] {
			return s(func(y ad.Value) ad.Value { return p.f(y, theta) })
		}
		alone := ad.Jit(solve) // to the same bits as on plain numbers
		factors := []float64{1, -3, 1.01, 1.1, math.NaN(), 1}
		thetas := make([]ad.Value, len(factors))
		for i, c := range factors {
			thetas[i] = ad.Full(d, c*p.theta)
		}
		for name, batch := range map[string]root.Result[ad.Value]{
			"batched":              ad.Vmap(solve)(ad.Stack(0, thetas...)),
			"batched and compiled": ad.Jit(ad.Vmap(solve))(ad.Stack(0, thetas...)),
		} {
			for i, theta := range thetas {
				lane := root.Result[ad.Value]{
					Value: ad.At(batch.Value, i), Last: ad.At(batch.Last, i),
					Status: ad.At(batch.Status, i),
					Steps:  ad.At(batch.Steps, i), Residual: ad.At(batch.Residual, i),
				}
				sameResults(t, name, lane, alone(theta))
			}
			if c := status.Code(ad.At(batch.Status, 4).Int()); c != status.NotFinite {
				t.Errorf("%s: the NaN's status is %v", name, c)
			}
			if c := status.Code(ad.At(batch.Status, 5).Int()); !c.OK() {
				t.Errorf("%s: another problem's failure is this one's status: %v", name, c)
			}
		}
	})
}

func TestFailuresAreSaid(t *testing.T) {
	for _, f := range failures() {
		for _, d := range []ad.DType{ad.Float64, ad.Float32} {
			t.Run(f.name+"/"+d.String(), func(t *testing.T) {
				r := f.method(d)(f.f)
				if !slices.Contains(f.want, r.Outcome()) {
					t.Errorf("%v; want one of %v; %v steps, last %v, residual %v", r.Outcome(),
						f.want, r.Steps, r.Last, r.Residual)
				}
				if !math.IsNaN(number(r.Value)) {
					t.Errorf("the value is %v and must be NaN", r.Value)
				}
				if last := number(r.Last); f.maxLast > 0 && !(math.Abs(last) <= f.maxLast) {
					t.Errorf("the last iterate is %v and must be within %v", last, f.maxLast)
				}
				compiled := ad.Jit(func(shift ad.Value) root.Result[ad.Value] {
					return f.method(d)(func(y ad.Value) ad.Value { return ad.Add(f.f(y), shift) })
				})
				eager := f.method(d)(func(y ad.Value) ad.Value {
					return ad.Add(f.f(y), ad.Full(d, 0))
				})
				sameResults(t, "compiled", compiled(ad.Full(d, 0)), eager)
			})
		}
	}
}

// A gradient alone must not hide that there was no solution, not even of linear equations.
func TestDerivativesOfFailuresAreNaN(t *testing.T) {
	solve := func(a ad.Value) ad.Value {
		f := func(y ad.Value) ad.Value { return ad.Sub(y, a) }
		return root.Find(f, a, root.Bisection{Lower: ad.Scalar(5.), Upper: ad.Scalar(6.)}).Value
	}
	if g := number(ad.Grad(solve)(ad.Scalar(5.5))); g != 1 {
		t.Errorf("inside the bracket the gradient is %v, want 1", g)
	}
	if g := number(ad.Grad(solve)(ad.Scalar(7.))); !math.IsNaN(g) {
		t.Errorf("outside the bracket the gradient is %v, want NaN", g)
	}
}

// lying says Converged wherever it stands, after as many steps as it is long.
type lying struct{ at ad.Value }

type lyingState struct{ Y ad.Value }

func (m lying) Limits() root.Limits { return root.Limits{} }
func (m lying) Init(_ root.Problem, start ad.Value) lyingState {
	return lyingState{start}
}
func (m lying) Step(_ root.Problem, s lyingState) lyingState {
	return lyingState{ad.Reshape(m.at, s.Y.Size())}
}
func (lying) At(s lyingState) ad.Value { return s.Y }
func (lying) Status(_ root.Problem, s lyingState) ad.Value {
	return ad.Where(ad.All(ad.Equal(s.Y, 5)), ad.Scalar(int32(status.Running)),
		ad.Scalar(int32(status.Converged)))
}

func TestLiesAreCaught(t *testing.T) {
	f := func(y ad.Value) ad.Value { return ad.Sub(ad.Mul(y, y), 2) }
	for _, c := range []struct {
		at   float64
		want status.Code
	}{
		{1.5, status.Unchecked}, {1.4142, status.Unchecked}, {-1, status.Unchecked},
		{7, status.Jump}, // no root, and worse than the start
		{math.Sqrt2, status.Converged}, {1.41421356, status.Converged},
	} {
		r := root.Find(f, ad.Scalar(5.), lying{ad.Scalar(c.at)})
		if r.Outcome() != c.want {
			t.Errorf("at %v: %v", c.at, r.Outcome())
		}
		if math.IsNaN(number(r.Value)) == c.want.OK() || number(r.Last) != c.at {
			t.Errorf("at %v: value %v, last %v", c.at, r.Value, r.Last)
		}
	}
}

// Where f happens to be small but not zero at the start, a solution may have a greater |f|: it
// is told from a pole by what the Newton correction does to f.
func TestGrowthIsForgiven(t *testing.T) {
	f := func(y ad.Value) ad.Value {
		return ad.Mul(ad.Sub(y, 2), ad.Add(ad.Square(ad.Sub(y, 5)), 1e-8))
	}
	r := root.Find(f, ad.Scalar(5.), lying{ad.Scalar(2 + 2e-8)})
	if r.Outcome() != status.Converged || number(r.Residual) <= number(f(ad.Scalar(5.))) {
		t.Errorf("%v; residual %v", r.Outcome(), r.Residual)
	}
}

func TestAtPrecision(t *testing.T) {
	// With tolerances of no more than rounding, the terms of f do not let f be any smaller.
	f := func(y ad.Value) ad.Value { return ad.Sub(ad.Exp(ad.Mul(y, 3)), 1000) }
	for _, d := range []ad.DType{ad.Float64, ad.Float32} {
		for name, s := range map[string]solver{
			"newton":    newtonAt(ad.Full(d, 2), root.Newton{RTol: 1e-30}),
			"bisection": within(bisection, d, 0, 5, 1e-30),
			"brent":     within(brentMethod, d, 0, 5, 1e-30),
			"scan":      within(scan, d, 0, 5, 1e-30),
		} {
			r := s(f)
			if number(r.Residual) != 0 && r.Outcome() != status.AtPrecision {
				t.Errorf("%s in %v: %v; residual %v", name, d, r.Outcome(), r.Residual)
			}
			near(t, name, number(r.Value), math.Log(1000)/3, 1e-6)
		}
	}
}

func TestMaxStepsIsAtMost(t *testing.T) {
	f := func(y ad.Value) ad.Value { return ad.Sub(ad.Mul(y, y), 2) }
	free := root.Find(f, ad.Scalar(1.), root.Newton{})
	enough := int(free.Steps.Int())
	r := root.Find(f, ad.Scalar(1.), root.Newton{MaxSteps: enough})
	sameResults(t, "just enough steps", r, free)
	r = root.Find(f, ad.Scalar(1.), root.Newton{MaxSteps: 2})
	if r.Outcome() != status.OutOfSteps || r.Steps.Int() != 2 {
		t.Errorf("%v after %v steps", r.Outcome(), r.Steps)
	}
	// Out of steps at a point that is a solution: it is one.
	r = root.Find(f, ad.Scalar(1.), root.Newton{MaxSteps: enough - 1})
	if r.Outcome() != status.Converged || int(r.Steps.Int()) != enough-1 {
		t.Errorf("%v after %v steps", r.Outcome(), r.Steps)
	}
	linear := func(y ad.Value) ad.Value { return ad.Sub(y, 1./3) }
	b := root.Find(linear, ad.Scalar(0.), root.Bisection{Lower: ad.Scalar(-1e300),
		Upper: ad.Scalar(2e300)})
	if b.Outcome() != status.OutOfSteps || b.Steps.Int() != 100 {
		t.Errorf("%v after %v steps; 100 is the default", b.Outcome(), b.Steps)
	}
}

var brackets = map[string]bracketing{"bisection": bisection, "brent": brentMethod, "scan": scan}

// The ends of a bracket may be further apart than a float can hold.
func TestWidestBracket(t *testing.T) {
	f := func(y ad.Value) ad.Value { return ad.Sub(ad.Div(y, 1e300), 1) }
	for name, m := range brackets {
		if r := within(m, ad.Float64, -1.7e308, 1.7e308, 1e-10)(f); !r.Outcome().OK() {
			t.Errorf("%s: %v after %v steps at %v", name, r.Outcome(), r.Steps, r.Last)
		}
	}
}

// Next to a pole f looks as steep as rounding errors: it is a pole all the same.
func TestPolesWithinRounding(t *testing.T) {
	for _, d := range []ad.DType{ad.Float64, ad.Float32} {
		for name, m := range brackets {
			for power := 1; power < 4; power += 2 {
				f := func(y ad.Value) ad.Value {
					return ad.Div(1, ad.Pow(ad.Sub(ad.Mul(y, 3), 1), power))
				}
				if r := within(m, d, 0, 2, 1e-30)(f); r.Outcome().OK() {
					t.Errorf("%s of power %d in %v: %v at %v, f %v", name, power, d, r.Outcome(),
						r.Last, r.Residual)
				}
			}
		}
	}
}

func TestDefaultTolerances(t *testing.T) {
	f := func(y ad.Value) ad.Value { return ad.Sub(ad.Exp(y), 3) }
	for d, tolerance := range map[ad.DType]float64{ad.Float64: 1e-8, ad.Float32: 1e-4} {
		sameResults(t, "brent", within(brentMethod, d, 0, 5, 0)(f),
			within(brentMethod, d, 0, 5, tolerance)(f))
		sameResults(t, "bisection", within(bisection, d, 0, 5, 0)(f),
			within(bisection, d, 0, 5, tolerance)(f))
		sameResults(t, "newton", newtonAt(ad.Full(d, 0), root.Newton{})(f),
			newtonAt(ad.Full(d, 0),
				root.Newton{RTol: tolerance, ATol: tolerance, MaxSteps: 100})(f))
	}
}
