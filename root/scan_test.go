package root_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/root"
	"pullback/status"
)

// three has roots at 1, 4 and 9.
func three(y ad.Value) ad.Value {
	return ad.Mul(ad.Sub(y, 1), ad.Mul(ad.Sub(y, 4), ad.Sub(y, 9)))
}

func TestScanSelects(t *testing.T) {
	pole := func(at float64) func(ad.Value) ad.Value {
		return func(y ad.Value) ad.Value { return ad.Div(1, ad.Sub(y, at)) }
	}
	for _, c := range []struct {
		name         string
		f            func(ad.Value) ad.Value
		lower, upper float64
		points       int
		picks        root.Selection
		guess        float64
		want         status.Code
		at           float64 // Last; the root where there is one
	}{
		{"several", three, 0, 10, 0, root.Unique, 0, status.Several, 1},
		{"lowest", three, 0, 10, 0, root.Lowest, 0, status.Converged, 1},
		{"lowest, reversed", three, 10, 0, 0, root.Lowest, 0, status.Converged, 1},
		{"highest", three, 0, 10, 0, root.Highest, 0, status.Converged, 9},
		{"nearest 5", three, 0, 10, 0, root.Nearest, 5, status.Converged, 4},
		{"nearest 6.4", three, 0, 10, 0, root.Nearest, 6.4, status.Converged, 4},
		{"nearest 6.6", three, 0, 10, 0, root.Nearest, 6.6, status.Converged, 9},
		{"nearest, equally near", three, 0, 10, 0, root.Nearest, 2.5, status.Converged, 1},
		{"nearest, far below", three, 0, 10, 0, root.Nearest, -3, status.Converged, 1},
		{"nearest, far above", three, 0, 10, 0, root.Nearest, 30, status.Converged, 9},
		{"unique in a part of it", three, 2, 8, 0, root.Unique, 0, status.Converged, 4},
		{"too coarse to see two", three, 0, 10, 1, root.Unique, 0, status.Converged, 4},
		{"none", three, 10, 20, 0, root.Unique, 0, status.NoBracket, 10},
		{"none, nearest to a root", func(y ad.Value) ad.Value { return ad.Add(ad.Square(y), 1) },
			-4, 4, 8, root.Unique, 3, status.NoBracket, 0},
		{"at a point", func(y ad.Value) ad.Value { return ad.Sub(y, 5) }, 0, 10, 10,
			root.Unique, 0, status.Converged, 5},
		{"at both ends", func(y ad.Value) ad.Value { return ad.Mul(y, ad.Sub(y, 10)) }, 0, 10, 0,
			root.Unique, 0, status.Several, 0},
		{"at the upper end", func(y ad.Value) ad.Value { return ad.Mul(y, ad.Sub(y, 10)) }, 0, 10,
			0, root.Highest, 0, status.Converged, 10},
		{"pole", pole(3.03), 0, 10, 0, root.Unique, 0, status.Jump, 3.03},
		{"pole at a point", pole(5), 0, 10, 10, root.Unique, 0, status.Jump, 5},
		{"pole before the root", func(y ad.Value) ad.Value {
			return ad.Div(ad.Sub(y, 5), ad.Sub(y, 3.03))
		}, 0, 10, 0, root.Unique, 0, status.Converged, 5},
		{"pole after the root", func(y ad.Value) ad.Value {
			return ad.Div(ad.Sub(y, 2), ad.Sub(y, 3.03))
		}, 0, 10, 7, root.Unique, 0, status.Converged, 2},
		{"poles of the tangent", func(y ad.Value) ad.Value { return ad.Tan(y) }, 1, 9, 0,
			root.Highest, 0, status.Converged, 2 * math.Pi},
		{"infinite at the end", func(y ad.Value) ad.Value { return ad.Sub(ad.Pow(y, -1), .5) },
			0, 10, 0, root.Unique, 0, status.Converged, 2},
		{"root beside an infinite end", func(y ad.Value) ad.Value {
			return ad.Sub(100, ad.Pow(y, -1))
		}, 0, 10, 0, root.Unique, 0, status.Converged, .01},
		{"no number in a part", func(y ad.Value) ad.Value { return ad.Log(ad.Sub(y, 3)) },
			0, 10, 0, root.Unique, 0, status.Converged, 4},
		{"overflow", func(y ad.Value) ad.Value { return ad.Sub(ad.Exp(ad.Square(y)), 5) },
			0, 100, 0, root.Unique, 0, status.Converged, math.Sqrt(math.Log(5))},
		{"never a number", func(y ad.Value) ad.Value { return ad.Sqrt(ad.Sub(-1, ad.Square(y))) },
			0, 10, 20, root.Unique, 0, status.NotFinite, nan},
		{"underflow", func(y ad.Value) ad.Value { return ad.Exp(ad.Neg(y)) }, 0, 2000, 20,
			root.Highest, 1, status.Unchecked, 2000},
		{"sign", func(y ad.Value) ad.Value { return ad.Sign(ad.Sub(y, .3)) }, -1, 2, 20,
			root.Unique, 0, status.Jump, .3},
		{"infinite bracket", three, 0, math.Inf(1), 20, root.Unique, 0, status.NotFinite, nan},
		{"one point", func(y ad.Value) ad.Value { return ad.Sub(y, 5) }, 5, 5, 1, root.Lowest, 0,
			status.Converged, 5},
	} {
		t.Run(c.name, func(t *testing.T) {
			solve := func(guess ad.Value) root.Result[ad.Value] {
				return root.Find(c.f, guess, root.Scan{Lower: ad.Scalar(c.lower),
					Upper: ad.Scalar(c.upper), Points: c.points, Select: c.picks})
			}
			r := ad.Jit(solve)(ad.Scalar(c.guess))
			if r.Outcome() != c.want {
				t.Errorf("%v; %v steps, last %v, residual %v", r.Outcome(), r.Steps, r.Last,
					r.Residual)
			}
			if math.IsNaN(r.Value.Float()) == c.want.OK() {
				t.Errorf("the value is %v", r.Value)
			}
			if !math.IsNaN(c.at) {
				near(t, "last", r.Last.Float(), c.at, 2e-15)
			}
			batch := ad.Jit(ad.Vmap(solve))(ad.Vector(math.NaN(), c.guess))
			same(t, "batched", ad.At(batch.Last, 1), r.Last)
			same(t, "batched steps", ad.At(batch.Steps, 1), r.Steps)
		})
	}
}

func TestRoots(t *testing.T) {
	tangent := func(y ad.Value) ad.Value { return ad.Tan(y) }
	ends := func(y ad.Value) ad.Value { return ad.Mul(ad.Sub(y, 2), ad.Sub(y, 4)) }
	for _, c := range []struct {
		f            func(ad.Value) ad.Value
		lower, upper float64
		points       int
		want         []float64
	}{
		{three, 0, 10, 0, []float64{1, 4, 9}},
		{three, 10, 0, 0, []float64{1, 4, 9}},
		{three, 10, 20, 0, nil},
		{tangent, 1, 9, 0, []float64{math.Pi, 2 * math.Pi}},
		{ends, 2, 4, 1, []float64{2, 4}},
		{ends, 0, 10, 10, []float64{2, 4}},
		{func(y ad.Value) ad.Value { return ad.Log(y) }, -1, 2, 3, []float64{1}},
	} {
		got := root.Roots(c.f, c.lower, c.upper, c.points)
		if !slices.EqualFunc(got, c.want, func(a, b float64) bool {
			return math.Abs(a-b) <= 4e-16*b
		}) {
			t.Errorf("found %v, want %v", got, c.want)
		}
	}
}

// market is 100 - 2·P^cd = 5·3^(cs·P) in a bracket of its own, whose upper end may overflow.
type market struct{ Cd, Cs, Upper ad.Value }

func (m market) excess(p ad.Value) ad.Value {
	return ad.Sub(ad.Sub(100, ad.Mul(2, ad.Pow(p, m.Cd))), ad.Mul(5, ad.Pow(3, ad.Mul(m.Cs, p))))
}

func (m market) solve() root.Result[ad.Value] {
	return root.Find(m.excess, ad.Like(m.Cd, 5), root.Scan{Lower: ad.Like(m.Cd, 0),
		Upper: m.Upper, RTol: 1e-12, ATol: 1e-12})
}

func markets(n int) market {
	cd, cs, upper := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		cd[i] = .05 + 1.2*float64(i%61)/61
		cs[i] = .03 + 20*math.Pow(float64(i%89)/89, 4)
		upper[i] = 100 + float64(i%7)
	}
	return market{ad.Vector(cd...), ad.Vector(cs...), ad.Vector(upper...)}
}

// Thousands of markets are one kernel, and each is solved to the last digits.
func TestScanOfMarkets(t *testing.T) {
	const n = 2000
	batch := markets(n)
	price := func(m market) ad.Value { return m.solve().Value }
	text := ad.ExplainKernels(ad.Vmap(price), batch)
	if kernels := strings.Count(text, " lanes:"); kernels != 1 {
		t.Errorf("a batch of scans is %d kernels", kernels)
	}
	r := ad.Jit(ad.Vmap(market.solve))(batch)
	for i := range n {
		m := market{ad.At(batch.Cd, i), ad.At(batch.Cs, i), ad.At(batch.Upper, i)}
		code := status.Code(ad.At(r.Status, i).Int())
		if !code.OK() {
			t.Fatalf("%v, %v: %v at %v", m.Cd, m.Cs, code, ad.At(r.Last, i))
		}
		p := ad.At(r.Value, i)
		slope := math.Abs(ad.Grad(m.excess)(p).Float())
		if f := m.excess(p).Float(); !(math.Abs(f) <= 200*0x1p-52+2*slope*p.Float()*0x1p-52) {
			t.Errorf("%v, %v: f is %v at %v", m.Cd, m.Cs, f, p)
		}
		if i%97 == 0 {
			same(t, "alone", m.solve().Value, p)
		}
	}

	// Demand falls to minus infinity at price 0: there are two.
	m := market{ad.Scalar(-.5), ad.Scalar(.15), ad.Scalar(100.)}
	if c := m.solve().Outcome(); c != status.Several {
		t.Errorf("a market with two equilibria: %v", c)
	}
}

// Derivatives of an equilibrium are those that Newton's has, one by one and in a batch.
func TestDerivativesThroughScan(t *testing.T) {
	byNewton := func(m market) ad.Value {
		return root.Find(m.excess, ad.Like(m.Cd, 17), root.Newton{RTol: 1e-12, ATol: 1e-12}).Value
	}
	byScan := func(m market) ad.Value { return m.solve().Value }
	at := market{ad.Scalar(.5), ad.Scalar(.15), ad.Scalar(100.)}
	want, got := ad.Grad(byNewton)(at), ad.Jit(ad.Grad(byScan))(at)
	near(t, "dP/dcd", got.Cd.Float(), want.Cd.Float(), 1e-13)
	near(t, "dP/dcs", got.Cs.Float(), want.Cs.Float(), 1e-13)
	near(t, "dP/dUpper", got.Upper.Float(), 0, 0)

	total := func(solve func(market) ad.Value) func(market) ad.Value {
		return func(m market) ad.Value {
			rows := ad.Vmap(func(shift ad.Value) ad.Value {
				return solve(market{ad.Add(m.Cd, shift), m.Cs, m.Upper})
			})
			return ad.Sum(ad.Square(rows(ad.Vector(0, .01, .02))))
		}
	}
	wanted := ad.Jit(ad.Hessian(total(byNewton)))(at).Floats()
	for i, h := range ad.Jit(ad.Hessian(total(byScan)))(at).Floats() {
		near(t, "Hessian", h, wanted[i], 1e-11)
	}
}
