package root_test

import (
	"math"
	"testing"

	"pullback/ad"
	"pullback/root"
)

// hardSystem is one with a bad start (J. J. Moré, B. S. Garbow and K. E. Hillstrom, "Testing
// unconstrained optimization software", ACM TOMS 7, 1981).
type hardSystem struct {
	name  string
	f     func(y []ad.Value) []ad.Value
	start []float64
	root  []float64 // nil where any will do
}

func hardSystems() []hardSystem {
	return []hardSystem{
		{"Rosenbrock", func(y []ad.Value) []ad.Value {
			return []ad.Value{ad.Mul(ad.Sub(y[1], ad.Square(y[0])), 10), ad.Sub(1, y[0])}
		}, []float64{-1.2, 1}, []float64{1, 1}},
		{"Powell badly scaled", func(y []ad.Value) []ad.Value {
			return []ad.Value{ad.Sub(ad.Mul(ad.Mul(y[0], y[1]), 1e4), 1),
				ad.Sub(ad.Add(ad.Exp(ad.Neg(y[0])), ad.Exp(ad.Neg(y[1]))), 1.0001)}
		}, []float64{0, 1}, []float64{1.098159e-5, 9.106146}},
		{"Freudenstein and Roth", func(y []ad.Value) []ad.Value {
			one := ad.Mul(ad.Sub(ad.Mul(ad.Sub(5, y[1]), y[1]), 2), y[1])
			two := ad.Mul(ad.Sub(ad.Mul(ad.Add(y[1], 1), y[1]), 14), y[1])
			return []ad.Value{ad.Add(ad.Sub(y[0], 13), one), ad.Add(ad.Sub(y[0], 29), two)}
		}, []float64{6, 3}, []float64{5, 4}},
		{"Brown almost linear", func(y []ad.Value) []ad.Value {
			sum, product := ad.Scalar(0.), ad.Scalar(1.)
			for _, v := range y {
				sum, product = ad.Add(sum, v), ad.Mul(product, v)
			}
			var out []ad.Value
			for _, v := range y[:len(y)-1] {
				out = append(out, ad.Sub(ad.Add(v, sum), len(y)+1))
			}
			return append(out, ad.Sub(product, 1))
		}, []float64{.5, .5, .5, .5}, nil},
		{"singular at the start", func(y []ad.Value) []ad.Value {
			return []ad.Value{ad.Sub(ad.Square(y[0]), 4), ad.Sub(ad.Mul(y[0], y[1]), 6)}
		}, []float64{0, 0}, nil},
		{"arctangent from afar", func(y []ad.Value) []ad.Value {
			return []ad.Value{ad.Atan(y[0]), ad.Sub(y[1], y[0])}
		}, []float64{20, -3}, []float64{0, 0}},
	}
}

func TestRobustFromBadStarts(t *testing.T) {
	for _, s := range hardSystems() {
		t.Run(s.name, func(t *testing.T) {
			f := func(y ad.Value) ad.Value {
				parts := make([]ad.Value, len(s.start))
				for i := range parts {
					parts[i] = ad.At(y, i)
				}
				return ad.Stack(0, s.f(parts)...)
			}
			r := ad.Jit(func(start ad.Value) root.Result[ad.Value] {
				return root.Find(f, start, root.Robust{})
			})(ad.Vector(s.start...))
			t.Logf("%v by %s in %v steps", r.Outcome(), root.Robust{}.Stages()[r.Stage.Int()],
				r.Steps)
			if !r.Outcome().OK() {
				t.Fatalf("%v at %v", r.Outcome(), r.Last)
			}
			for _, v := range f(r.Value).Floats() {
				if math.Abs(v) > 1e-8 {
					t.Errorf("f is %v at %v", v, r.Value)
				}
			}
			for i, want := range s.root {
				got := ad.At(r.Value, i).Float()
				if math.Abs(got-want) > 1e-6*max(math.Abs(want), 1) {
					t.Errorf("y%d is %v and should be %v", i, got, want)
				}
			}
		})
	}
}

// Each row of a batch goes its own way: some by full steps, others need damping.
func TestRobustInABatch(t *testing.T) {
	solve := func(start ad.Value) root.Result[ad.Value] {
		return root.Find(ad.Atan, start, root.Robust{})
	}
	starts := ad.Vector(.5, 20, -3, 1.2)
	all := ad.Jit(ad.Vmap(solve))(starts)
	stages := map[int]bool{}
	for i, s := range starts.Floats() {
		one := solve(ad.Scalar(s))
		if ad.At(all.Value, i).Float() != one.Value.Float() ||
			ad.At(all.Stage, i).Int() != one.Stage.Int() || !one.Outcome().OK() {
			t.Errorf("from %v: %v in the batch and %v alone", s, ad.At(all.Value, i), one.Value)
		}
		stages[one.Stage.Int()] = true
	}
	if !stages[0] || len(stages) < 2 {
		t.Errorf("the stages are %v; the starts should need several", stages)
	}
}

// Parallel curves do not meet, and no stage says that they do.
func TestRobustWithoutASolution(t *testing.T) {
	parallel := func(y ad.Value) ad.Value {
		p, q := ad.At(y, 0), ad.At(y, 1)
		return ad.Stack(0, ad.Sub(q, p), ad.Sub(q, ad.Add(p, 1)))
	}
	r := root.Find(parallel, ad.Vector(1., 1.), root.Robust{})
	if r.Outcome().OK() || !math.IsNaN(ad.At(r.Value, 0).Float()) {
		t.Errorf("%v at %v", r.Outcome(), r.Last)
	}
}
