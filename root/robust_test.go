package root_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pullback/ad"
	"pullback/root"
	"pullback/status"
)

// vector stacks equations.
func vector(rows ...ad.Value) ad.Value { return ad.Stack(0, rows...) }

// hard lists systems with starts that are bad for Newton's method. The parameter is a factor near
// some term.
func hard() []system {
	ones := func(n int, x float64) []float64 {
		return slices.Repeat([]float64{x}, n)
	}
	rosenbrock := func(y, c ad.Value) ad.Value {
		a, b := ad.At(y, 0), ad.At(y, 1)
		return vector(ad.Mul(10, ad.Sub(b, ad.Square(a))), ad.Sub(c, a))
	}
	freudensteinRoth := func(y, c ad.Value) ad.Value {
		a, b := ad.At(y, 0), ad.At(y, 1)
		first := ad.Mul(ad.Sub(ad.Mul(ad.Sub(5, b), b), 2), b)
		second := ad.Mul(ad.Sub(ad.Mul(ad.Add(b, 1), b), 14), b)
		return vector(ad.Sub(ad.Add(a, first), ad.Mul(13, c)), ad.Sub(ad.Add(a, second), 29))
	}
	brown := func(n int) func(y, c ad.Value) ad.Value {
		return func(y, c ad.Value) ad.Value {
			rows := []ad.Value{ad.Sub(ad.Prod(y), c)}
			for i := range n - 1 {
				rows = append(rows, ad.Sub(ad.Add(ad.At(y, i), ad.Sum(y)), float64(n+1)))
			}
			return vector(rows...)
		}
	}
	chandrasekhar := func(n int) func(y, c ad.Value) ad.Value {
		return func(y, c ad.Value) ad.Value {
			var rows []ad.Value
			for i := range n {
				weights := make([]float64, n)
				mu := (float64(i) + .5) / float64(n)
				for j := range weights {
					weights[j] = mu / (mu + (float64(j)+.5)/float64(n)) / float64(2*n)
				}
				integral := ad.Dot(ad.Convert(ad.Vector(weights...), y.DType()), y)
				below := ad.Sub(1, ad.Mul(c, integral))
				rows = append(rows, ad.Sub(ad.Mul(ad.At(y, i), below), 1))
			}
			return vector(rows...)
		}
	}
	arctangent := func(y, c ad.Value) ad.Value {
		a, b := ad.At(y, 0), ad.At(y, 1)
		return vector(ad.Atan(ad.Sub(a, c)), ad.Atan(ad.Sub(b, a)))
	}
	market := func(y, c ad.Value) ad.Value {
		p, q := ad.At(y, 0), ad.At(y, 1)
		return vector(ad.Sub(ad.Sub(100, ad.Mul(2, ad.Pow(p, c))), q),
			ad.Sub(ad.Mul(5, ad.Pow(3, ad.Mul(p, .15))), q))
	}
	twoMarkets := func(y, c ad.Value) ad.Value { // substitutes, with prices in logarithms
		p, r := ad.At(y, 0), ad.At(y, 1)
		demand := func(own, other ad.Value) ad.Value {
			return ad.Exp(ad.Add(ad.Sub(4, ad.Mul(own, 1.2)), ad.Mul(c, other)))
		}
		return vector(ad.Sub(demand(p, r), ad.Exp(ad.Mul(p, .8))),
			ad.Sub(demand(r, p), ad.Mul(3, ad.Exp(ad.Mul(r, .3)))))
	}
	powell := systems()[1].f
	return []system{
		{"Rosenbrock", rosenbrock, 1, []float64{-1.2, 1}, []float64{1, 1}},
		{"Rosenbrock, far", rosenbrock, 1, []float64{-500, 900}, []float64{1, 1}},
		{"Powell badly scaled, 0 1", powell, 1, []float64{0, 1},
			[]float64{1.098159327e-5, 9.106146738}},
		{"Freudenstein Roth", freudensteinRoth, 1, []float64{15, -2}, []float64{5, 4}},
		{"Freudenstein Roth, local minimum", freudensteinRoth, 1, []float64{.5, -2},
			[]float64{5, 4}},
		{"Freudenstein Roth, usual", freudensteinRoth, 1, []float64{6, 3}, []float64{5, 4}},
		{"Brown almost linear, 5", brown(5), 1, ones(5, .5), nil},
		{"Brown almost linear, 10", brown(10), 1, ones(10, .5), nil},
		{"Chandrasekhar, 8", chandrasekhar(8), .9, ones(8, 0), nil},
		{"Chandrasekhar, 8, far", chandrasekhar(8), .9, ones(8, 30), nil},
		{"arctangents", arctangent, 1, []float64{20, -30}, []float64{1, 1}},
		{"market", market, .5, []float64{60, 1}, nil},
		{"market, low", market, .5, []float64{.01, 1e4}, nil},
		{"two markets", twoMarkets, .4, []float64{30, -20}, nil},
		{"two markets, near", twoMarkets, .4, []float64{-3, 9}, nil},
		{"singular at the start", func(y, c ad.Value) ad.Value {
			a, b := ad.At(y, 0), ad.At(y, 1)
			return vector(ad.Sub(ad.Add(a, b), 3), ad.Sub(ad.Mul(a, b), ad.Mul(c, 2)))
		}, 1, []float64{4, 4}, nil},
	}
}

type way func(f func(ad.Value) ad.Value, start ad.Value) root.Result[ad.Value]

// ways are the methods for systems that pass where Newton's does not.
func ways() map[string]way {
	return map[string]way{
		"damped": func(f func(ad.Value) ad.Value, start ad.Value) root.Result[ad.Value] {
			return root.Find(f, start, root.Damped{})
		},
		"trust region": func(f func(ad.Value) ad.Value, start ad.Value) root.Result[ad.Value] {
			return root.Find(f, start, root.TrustRegion{})
		},
		"robust": func(f func(ad.Value) ad.Value, start ad.Value) root.Result[ad.Value] {
			return root.Find(f, start, root.Robust{MaxSteps: 50})
		},
	}
}

// failing says where a method that makes ‖f‖ fall comes to rest at a minimum of ‖f‖, or runs away
// to one: the next stage is there for these.
var failing = map[string][]string{
	"Brown almost linear, 10":          {"damped"},
	"Freudenstein Roth":                {"damped", "trust region"},
	"Freudenstein Roth, local minimum": {"damped", "trust region"},
	"arctangents":                      {"damped"},
}

func TestHardSystems(t *testing.T) {
	for _, s := range append(systems(), hard()...) {
		for name, way := range ways() {
			for _, d := range []ad.DType{ad.Float64, ad.Float32} {
				t.Run(s.name+"/"+name+"/"+d.String(), func(t *testing.T) {
					testHard(t, s, way, d, slices.Contains(failing[s.name], name))
				})
			}
		}
	}
}

func testHard(t *testing.T, s system, way way, d ad.DType, fails bool) {
	accuracy := 1e-7
	if d == ad.Float32 {
		accuracy = 1e-3
	}
	start, theta := ad.Convert(ad.Vector(s.start...), d), ad.Full(d, s.theta)
	solve := func(theta ad.Value) root.Result[ad.Value] {
		return way(func(y ad.Value) ad.Value { return s.f(y, theta) }, start)
	}
	r := ad.Jit(solve)(theta)
	if r.Outcome().OK() == fails {
		t.Errorf("%v at %v, residual %v", r.Outcome(), r.Last, r.Residual)
	}
	if fails {
		if ad.All(ad.IsNaN(r.Value)).Bool() != true || !ad.All(ad.IsFinite(r.Last)).Bool() {
			t.Errorf("value %v, last %v", r.Value, r.Last)
		}
		return
	}
	for i, want := range s.root {
		near(t, fmt.Sprint("root ", i), number(ad.At(r.Value, i)), want, accuracy)
	}
	nearby := ad.Mul(theta, 1.01)
	batch := ad.Jit(ad.Vmap(solve))(ad.Stack(0, ad.Full(d, math.NaN()), theta, nearby))
	for i, want := range []root.Result[ad.Value]{r, ad.Jit(solve)(nearby)} {
		same(t, "batched", ad.At(batch.Last, i+1), want.Last)
		same(t, "batched status", ad.At(batch.Status, i+1), want.Status)
		same(t, "batched steps", ad.At(batch.Steps, i+1), want.Steps)
		same(t, "batched stage", ad.At(batch.Stage, i+1), want.Stage)
	}
	if c := status.Code(ad.At(batch.Status, 0).Int()); c != status.NotFinite {
		t.Errorf("the NaN's status is %v", c)
	}
}

func TestStages(t *testing.T) {
	want := map[string]string{
		"arctangents": "trust region", "singular at the start": "damped Newton",
	}
	for _, s := range hard() {
		f := func(y ad.Value) ad.Value { return s.f(y, ad.Scalar(s.theta)) }
		r := root.Find(f, ad.Vector(s.start...), root.Robust{})
		stage := root.Robust{}.Stages()[r.Stage.Int()]
		if w := want[s.name]; stage != w && (w != "" || stage != "Newton") {
			t.Errorf("%s: ended by %s", s.name, stage)
		}
	}
	// A stage ends after its steps, and the next begins at the guess.
	s := hard()[4]
	f := func(y ad.Value) ad.Value { return s.f(y, ad.Scalar(s.theta)) }
	start := ad.Vector(s.start...)
	last := root.Find(f, start, root.Robust{MaxSteps: 2})
	if last.Stage.Int() != 2 || last.Steps.Int() != 6 || last.Outcome() != status.OutOfSteps {
		t.Errorf("stage %v after %v steps: %v", last.Stage, last.Steps, last.Outcome())
	}
	same(t, "last", last.Last, root.Find(f, start, root.TrustRegion{MaxSteps: 2}).Last)
}

// Each row of a batch goes its own way: some by full steps, others need damping.
func TestRobustInABatch(t *testing.T) {
	solve := func(start ad.Value) root.Result[ad.Value] {
		return root.Find(ad.Atan, start, root.Robust{})
	}
	starts := ad.Vector(.5, 20, -3, 1.2)
	all := ad.Jit(ad.Vmap(solve))(starts)
	for i, stage := range []int64{0, 1, 1, 0} {
		one := solve(ad.At(starts, i))
		same(t, "root", ad.At(all.Value, i), one.Value)
		same(t, "steps", ad.At(all.Steps, i), one.Steps)
		if got := int64(ad.At(all.Stage, i).Int()); got != stage || !one.Outcome().OK() {
			t.Errorf("row %d ends in stage %d: %v", i, got, one.Outcome())
		}
	}
}

// What has no solution is said to have none, by every method.
func TestSystemsWithoutSolution(t *testing.T) {
	for _, c := range []struct {
		name  string
		f     func(y ad.Value) ad.Value
		start []float64
		want  []status.Code
	}{
		{"contradictory lines", func(y ad.Value) ad.Value {
			sum := ad.Add(ad.At(y, 0), ad.At(y, 1))
			return vector(ad.Sub(sum, 1), ad.Sub(sum, 2))
		}, []float64{5, -3}, []status.Code{status.Stalled}},
		{"constants", func(y ad.Value) ad.Value { return ad.Add(ad.Mul(y, 0), 1) },
			[]float64{1, 2}, []status.Code{status.Stalled}},
		{"circle and a line beside it", func(y ad.Value) ad.Value {
			a, b := ad.At(y, 0), ad.At(y, 1)
			return vector(ad.Sub(ad.Add(ad.Square(a), ad.Square(b)), 1), ad.Sub(ad.Add(a, b), 3))
		}, []float64{2, 0}, []status.Code{status.Stalled, status.OutOfSteps}},
		{"no number at the start", func(y ad.Value) ad.Value { return ad.Log(y) },
			[]float64{-1, 1}, []status.Code{status.NotFinite}},
		{"asymptote", func(y ad.Value) ad.Value { return ad.Exp(y) }, []float64{1},
			[]status.Code{status.Unchecked, status.OutOfSteps, status.Stalled}},
		{"pole", func(y ad.Value) ad.Value { return ad.Div(1, ad.Sub(y, 3)) }, []float64{4},
			[]status.Code{status.Unchecked, status.OutOfSteps, status.Stalled}},
		{"minimum", func(y ad.Value) ad.Value { return ad.Add(ad.Square(y), 1) }, []float64{3},
			[]status.Code{status.Stalled, status.OutOfSteps}},
	} {
		for name, way := range ways() {
			r := way(c.f, ad.Vector(c.start...))
			if !slices.Contains(c.want, r.Outcome()) {
				t.Errorf("%s, %s: %v at %v after %v steps", c.name, name, r.Outcome(), r.Last,
					r.Steps)
			}
			if !ad.All(ad.IsNaN(r.Value)).Bool() {
				t.Errorf("%s, %s: the value is %v", c.name, name, r.Value)
			}
		}
	}
}

// Where ‖f‖ is stationary at the guess, or has no slope there, a solution is found all the same.
func TestRobustBeginsBeside(t *testing.T) {
	for _, c := range []struct {
		f     func(y ad.Value) ad.Value
		start []float64
		want  []float64
	}{
		{func(y ad.Value) ad.Value { return ad.Sub(ad.Square(y), 1) }, []float64{0, 0},
			[]float64{1, 1}},
		{func(y ad.Value) ad.Value {
			a, b := ad.At(y, 0), ad.At(y, 1)
			return vector(ad.Sub(ad.Square(a), 4), ad.Sub(ad.Mul(a, b), 6))
		}, []float64{0, 0}, []float64{2, 3}},
		{func(y ad.Value) ad.Value { return ad.Sub(ad.Sqrt(y), 3) }, []float64{0},
			[]float64{9}},
		{func(y ad.Value) ad.Value { return ad.Mul(y, y) }, []float64{0}, []float64{0}},
	} {
		r := root.Find(c.f, ad.Vector(c.start...), root.Robust{})
		if !r.Outcome().OK() {
			t.Errorf("%v at %v", r.Outcome(), r.Last)
			continue
		}
		for i, want := range c.want {
			near(t, "root", ad.At(r.Value, i).Float(), want, 1e-9)
		}
	}
}

// The greatest unknown's rounding errors say nothing of an equation that does not depend on it.
func TestPrecisionIsByEquation(t *testing.T) {
	f := func(y ad.Value) ad.Value {
		a, b := ad.At(y, 0), ad.At(y, 1)
		return vector(ad.Atan(ad.Sub(a, 1)), ad.Atan(ad.Sub(b, a)))
	}
	r := root.Find(f, ad.Vector(5., 5), lying{ad.Vector(1, 1e25)})
	if r.Outcome().OK() {
		t.Errorf("%v at %v, residual %v", r.Outcome(), r.Last, r.Residual)
	}
}

// Derivatives do not depend on the way to a solution.
func TestDerivativesThroughRobust(t *testing.T) {
	for _, s := range hard() {
		if s.name != "arctangents" && s.name != "market" && s.name != "singular at the start" {
			continue
		}
		length := func(way way, start ad.Value) func(theta ad.Value) ad.Value {
			return func(theta ad.Value) ad.Value {
				y := way(func(y ad.Value) ad.Value { return s.f(y, theta) }, start).Value
				return ad.Dot(y, y)
			}
		}
		way := ways()["robust"]
		theta, start := ad.Scalar(s.theta), ad.Vector(s.start...)
		here := way(func(y ad.Value) ad.Value { return s.f(y, theta) }, start).Value
		newton := func(f func(ad.Value) ad.Value, start ad.Value) root.Result[ad.Value] {
			return root.Find(f, start, root.Newton{RTol: 1e-12, ATol: 1e-12})
		}
		robust, near1 := length(way, start), length(newton, here)
		slope := ad.Grad(near1)(theta).Float()
		near(t, s.name+": gradient", ad.Jit(ad.Grad(robust))(theta).Float(), slope, 1e-10)
		near(t, s.name+": Hessian", ad.Jit(ad.Hessian(robust))(theta).Float(),
			ad.Hessian(near1)(theta).Float(), 1e-9)
		rows := ad.Jit(ad.Vmap(ad.Grad(robust)))(ad.Stack(0, theta, ad.Mul(theta, 1.001)))
		near(t, s.name+": gradient in a batch", ad.At(rows, 0).Float(), slope, 1e-10)
	}
}
