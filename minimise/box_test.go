package minimise_test

import (
	"math"
	"testing"

	"pullback/ad"
	"pullback/minimise"
	"pullback/status"
)

// boxed is a problem in a box with its minimiser there. HS are the problems of Hock and
// Schittkowski, Test Examples for Nonlinear Programming Codes, 1981.
type boxed struct {
	name                string
	f                   func(x ad.Value) ad.Value
	start, lower, upper []float64
	least               float64
	minimiser           []float64 // nil where there are several
	tolerance           float64   // on the minimiser in float64; the default is 1e-5
}

func hs3(x ad.Value) ad.Value {
	return ad.Add(at(x, 1), ad.Mul(1e-5, ad.Square(ad.Sub(at(x, 1), at(x, 0)))))
}

func hs4(x ad.Value) ad.Value {
	return ad.Add(ad.Div(ad.Pow(ad.Add(at(x, 0), 1), 3), 3), at(x, 1))
}

func hs5(x ad.Value) ad.Value {
	a, b := at(x, 0), at(x, 1)
	return sum(ad.Sin(ad.Add(a, b)), ad.Square(ad.Sub(a, b)), ad.Mul(-1.5, a), ad.Mul(2.5, b),
		ad.OnesLike(a))
}

// hs25 has a power of what is negative outside of its box.
func hs25(x ad.Value) ad.Value {
	var us, parts []float64
	for i := 1; i <= 99; i++ {
		part := .01 * float64(i)
		us, parts = append(us, 25+math.Pow(-50*math.Log(part), 2./3)), append(parts, part)
	}
	u, y := ad.Convert(ad.Vector(us...), x.DType()), ad.Convert(ad.Vector(parts...), x.DType())
	power := ad.Pow(ad.Sub(u, at(x, 1)), at(x, 2))
	return ad.Sum(ad.Square(ad.Sub(ad.Exp(ad.Neg(ad.Div(power, at(x, 0)))), y)))
}

func hs45(x ad.Value) ad.Value { return ad.Sub(2, ad.Div(ad.Prod(x), 120)) }

func entropy(x ad.Value) ad.Value { return ad.Sum(ad.Mul(x, ad.Log(x))) }

func inBoxes() []boxed {
	ridge := func(x ad.Value) ad.Value { return ad.Square(ad.Sub(ad.Mul(at(x, 0), at(x, 1)), 1)) }
	domain := func(x ad.Value) ad.Value { return ad.Sum(ad.Sub(x, ad.Mul(2, ad.Log(x)))) }
	ten := func(x ...float64) (all []float64) {
		for range 5 {
			all = append(all, x...)
		}
		return all
	}
	fl := func(x ...float64) []float64 { return x }
	free := []float64{-inf, -inf}
	return []boxed{
		{"no bound", rosenbrock, fl(-1.2, 1), free, fl(inf, inf), 0, fl(1, 1), 0},
		{"HS1", rosenbrock, fl(-2, 1), fl(-inf, -1.5), fl(inf, inf), 0, fl(1, 1), 0},
		{"HS2", rosenbrock, fl(1, 2), fl(-inf, 1.5), fl(inf, inf), .0504261879, nil, 0},
		{"HS2's other minimum", rosenbrock, fl(-2, 1), fl(-inf, 1.5), fl(inf, inf), 4.9412293179,
			nil, 0},
		{"HS3", hs3, fl(10, 1), fl(-inf, 0), fl(inf, inf), 0, fl(0, 0), 1},
		{"HS4", hs4, fl(1.125, .125), fl(1, 0), fl(inf, inf), 8. / 3, fl(1, 0), 0},
		{"HS5", hs5, fl(0, 0), fl(-1.5, -3), fl(4, 3), -math.Sqrt(3)/2 - math.Pi/3,
			fl(.5-math.Pi/3, -.5-math.Pi/3), 0},
		{"HS25", hs25, fl(40, 20, 1.6), fl(.1, 0, 0), fl(100, 25.6, 5), 0, fl(50, 25, 1.5), 1e-2},
		{"HS38", wood, fl(-3, -1, -3, -1), fl(-10, -10, -10, -10), fl(10, 10, 10, 10), 0,
			fl(1, 1, 1, 1), 0},
		{"HS45", hs45, fl(2, 2, 2, 2, 2), fl(0, 0, 0, 0, 0), fl(1, 2, 3, 4, 5), 1,
			fl(1, 2, 3, 4, 5), 0},
		{"Rosenbrock below", rosenbrock, fl(-1.2, 1), free, fl(.5, inf), .25, fl(.5, .25), 0},
		{"Rosenbrock at a corner", rosenbrock, fl(2, 3), fl(1.5, -inf), fl(4, 2), 6.5,
			fl(1.5, 2), 0},
		{"Rosenbrock in ten dimensions", rosenbrock, ten(-1.2, 1), ten(-2, -2), ten(.5, 2), 1.25,
			ten(.5, .25), 0},
		{"start outside", rosenbrock, fl(-7, 9), fl(-2, -2), fl(2, 2), 0, fl(1, 1), 0},
		{"start at a corner", rosenbrock, fl(-2, -2), fl(-2, -2), fl(2, 2), 0, fl(1, 1), 0},
		{"start at the minimum", rosenbrock, fl(.5, .25), free, fl(.5, inf), .25, fl(.5, .25), 0},
		{"equal ends", rosenbrock, fl(1.2, 1), fl(-inf, .64), fl(inf, .64), .03984, nil, 0},
		{"all held", rosenbrock, fl(-1.2, 1), fl(3, 4), fl(3, 4), 2504, fl(3, 4), 0},
		{"Brown badly scaled", brown, fl(1, 1), fl(0, 3e-6), fl(1e6, 100), 1,
			fl(1e6-3e-6, 3e-6), 0},
		{"Beale", beale, fl(1, 1), fl(.6, .5), fl(10, 100), 0, fl(3, .5), 1e-3},
		{"ridge", ridge, fl(3, 3), fl(0, 0), fl(inf, inf), 0, nil, 0},
		{"end of a ridge", ridge, fl(3, 3), fl(0, 2), fl(inf, 5), 0, nil, 0},
		{"a logarithm's domain", domain, fl(30, .01), fl(0, 0), fl(1.5, inf),
			1.5 - 2*math.Log(1.5) + 2 - 2*math.Ln2, fl(1.5, 2), 0},
		{"entropy", entropy, fl(3, 2), fl(0, .5), fl(5, 5), -math.Exp(-1) + .5*math.Log(.5),
			fl(math.Exp(-1), .5), 0},
		{"line", func(x ad.Value) ad.Value { return ad.Sum(x) }, fl(3, 2), fl(-1, -2), fl(5, 5),
			-3, fl(-1, -2), 0},
	}
}

// box is that of a problem.
func (p boxed) box(d ad.DType) minimise.Box[ad.Value] {
	return minimise.Box[ad.Value]{Lower: vector(d, p.lower), Upper: vector(d, p.upper)}
}

// guarded is the function and, outside of the box, where nobody may look, the best of all.
func (p boxed) guarded(box minimise.Box[ad.Value]) func(ad.Value) ad.Value {
	return func(x ad.Value) ad.Value {
		outside := ad.Any(ad.Or(ad.Less(x, box.Lower), ad.Greater(x, box.Upper)))
		f := p.f(x)
		return ad.Where(outside, ad.Like(f, -1e30), f)
	}
}

func testInBoxes[S any](t *testing.T, m minimise.Method[S], skip map[string]bool) {
	for _, p := range inBoxes() {
		if skip[p.name] {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			d := ad.Float64
			solve := func(x ad.Value) minimise.Result[ad.Value] {
				return minimise.FindIn(p.guarded(p.box(d)), x, p.box(d), m)
			}
			start := vector(d, p.start)
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
				if (want == p.lower[i] || want == p.upper[i]) && got != want {
					t.Errorf("x%d is %v and must be the end of the box, %v", i, got, want)
				}
			}
			if f := number(r.F); math.Abs(f-p.least) > 1e-5*max(1, math.Abs(p.least)) {
				t.Errorf("f is %v, and its least value %v", f, p.least)
			}
			if r.Evaluations.Int() < 150 { // more take long, operation by operation
				sameResults(t, "eager", solve(start), r)
			}
			batch := ad.Jit(ad.Vmap(solve))(ad.Stack(0, ad.Mul(start, nan), start))
			sameResults(t, "batched", lane(batch, 1), r)
			if c := lane(batch, 0).Outcome(); c != status.NotFinite && p.name != "all held" {
				t.Errorf("the NaN's status is %v", c)
			}
		})
	}
}

func TestBFGSInBoxes(t *testing.T) {
	testInBoxes(t, minimise.BFGS{MaxSteps: 500}, nil)
}

func TestTrustRegionInBoxes(t *testing.T) {
	testInBoxes(t, minimise.TrustRegion{MaxSteps: 500, RTol: 1e-12}, nil)
}

func TestLBFGSInBoxes(t *testing.T) {
	testInBoxes(t, minimise.LBFGS{MaxSteps: 500}, nil)
}

func TestNelderMeadInBoxes(t *testing.T) {
	// In ten dimensions the simplex collapses against the bounds.
	testInBoxes(t, minimise.NelderMead{}, map[string]bool{"Rosenbrock in ten dimensions": true})
}
