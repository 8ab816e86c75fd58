package minimise_test

import (
	"math"
	"testing"

	"pullback/ad"
	"pullback/minimise"
	"pullback/status"
)

// lane is problem i of a batch.
func lane(r minimise.Result[ad.Value], i int) minimise.Result[ad.Value] {
	return minimise.Result[ad.Value]{
		Value: at(r.Value, i), Last: at(r.Last, i), F: at(r.F, i), Gradient: at(r.Gradient, i),
		RelativeGradient: at(r.RelativeGradient, i), Gain: at(r.Gain, i), Status: at(r.Status, i),
		Steps: at(r.Steps, i), Evaluations: at(r.Evaluations, i),
	}
}

func TestBatchesAreLoops(t *testing.T) {
	for _, p := range solvable() {
		forBoth(t, p.name, func(t *testing.T, d ad.DType) {
			start := vector(d, p.start)
			starts := []ad.Value{start, ad.Mul(start, math.NaN()), ad.Mul(start, 1.1), start}
			solve := func(x ad.Value) minimise.Result[ad.Value] { return bfgs(p.f, x) }
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

// valley has its minimum at (θ, θ²), through values that it closes over.
func valley(theta ad.Value) func(ad.Value) ad.Value {
	return func(x ad.Value) ad.Value {
		a, b := at(x, 0), at(x, 1)
		return ad.Add(ad.Square(ad.Sub(theta, a)), ad.Mul(10, ad.Square(ad.Sub(b, ad.Square(a)))))
	}
}

func TestDerivativesOfMinima(t *testing.T) {
	forBoth(t, "valley", func(t *testing.T, d ad.DType) {
		limits, tolerance := minimise.BFGS{RTol: 1e-10}, 1e-5
		if d == ad.Float32 {
			limits, tolerance = minimise.BFGS{RTol: 1e-5}, 1e-2
		}
		// The second coordinate of the minimum is θ².
		solve := func(theta ad.Value) ad.Value {
			return at(minimise.Find(valley(theta), vector(d, []float64{0, 0}), limits).Value, 1)
		}
		theta, one := ad.Full(d, 1.5), ad.Full(d, 1)
		near := func(what string, got ad.Value, want float64) {
			t.Helper()
			if !(math.Abs(number(got)-want) <= tolerance*max(1, math.Abs(want))) {
				t.Errorf("%s is %v, want %v", what, got, want)
			}
		}
		near("value", solve(theta), 2.25)
		_, forward := ad.JVP(solve, theta, one)
		near("jvp", forward, 3)
		near("gradient", ad.Grad(solve)(theta), 3)
		near("compiled gradient", ad.Jit(ad.Grad(solve))(theta), 3)
		near("second derivative", ad.Grad(ad.Grad(solve))(theta), 2)
		near("Hessian", ad.Hessian(solve)(theta), 2)
		near("HVP", ad.HVP(solve, theta, one), 2)
		batch := ad.Jit(ad.Vmap(ad.Grad(solve)))(vector(d, []float64{1, 1.5, .5}))
		near("batched gradient 0", at(batch, 0), 2)
		near("batched gradient 2", at(batch, 2), 1)
	})
}

// What failed has no derivative, and a gradient alone must not hide it.
func TestDerivativesOfFailuresAreNaN(t *testing.T) {
	solve := func(theta ad.Value) ad.Value {
		return at(
			minimise.Find(valley(theta), ad.Vector(-2., 5.), minimise.BFGS{MaxSteps: 1}).Value, 0)
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
	f := func(m model) ad.Value {
		d := ad.Sub(m.Weights, ad.Matrix(2, 2, []float64{1, 2, 3, 4}))
		return ad.Add(ad.Sum(ad.Square(d)), ad.Square(ad.Sub(m.Offset["a"], 7)))
	}
	start := model{ad.Zeros(ad.Float64, 2, 2), map[string]ad.Value{"a": ad.Scalar(0.)}, "fit"}
	r := minimise.Find(f, start, minimise.BFGS{})
	if !r.Outcome().OK() || r.Value.Label != "fit" {
		t.Fatal(r.Outcome(), r.Value)
	}
	if got := number(at(at(r.Value.Weights, 1), 0)); math.Abs(got-3) > 1e-6 {
		t.Errorf("weight is %v", got)
	}
	if got := number(r.Value.Offset["a"]); math.Abs(got-7) > 1e-6 {
		t.Errorf("offset is %v", got)
	}
}

// More unknowns than the check has probes.
func TestManyUnknowns(t *testing.T) {
	const n = 60
	forBoth(t, "chain", func(t *testing.T, d ad.DType) {
		targets := ad.Convert(ad.Div(ad.Arange(ad.Float64, n), n), d)
		chain := func(x ad.Value) ad.Value {
			ahead, behind := ad.Slice(x, []int{1}, []int{n}), ad.Slice(x, []int{0}, []int{n - 1})
			return ad.Add(ad.Sum(ad.Square(ad.Sub(x, targets))),
				ad.Mul(20, ad.Sum(ad.Square(ad.Sub(ahead, behind)))))
		}
		r := ad.Jit(func(x ad.Value) minimise.Result[ad.Value] {
			return bfgs(chain, x)
		})(ad.Zeros(d, n))
		if !r.Outcome().OK() {
			t.Errorf("%v; gain %v", r.Outcome(), r.Gain)
		}
		for _, claim := range []status.Code{status.Converged, status.AtPrecision} {
			if c := minimise.Find(chain, ad.Zeros(d, n),
				liar{claim: claim}).Outcome(); c != status.Unchecked {
				t.Errorf("a lie is %v", c)
			}
		}
	})
}
