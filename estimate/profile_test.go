package estimate_test

import (
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/estimate"
	"pullback/estimate/tail"
	"pullback/root"
)

// market holds the exponents of demand, 100 - 2·p^cd, and of supply, 5·3^(cs·p).
type market struct{ Cd, Cs ad.Value }

// price is where demand equals supply.
func price(m market) ad.Value {
	excess := func(p ad.Value) ad.Value {
		return ad.Sub(ad.Sub(100, ad.Mul(2, ad.Pow(p, m.Cd))),
			ad.Mul(5, ad.Pow(3, ad.Mul(m.Cs, p))))
	}
	return root.Find(excess, ad.Like(m.Cd, 5), root.Newton{RTol: 1e-13, MaxSteps: 60}).Value
}

// prices are fifty observations at cd = .5, cs = .15 with noise of .01.
func prices(t testing.TB) ad.Value {
	t.Helper()
	text, err := os.ReadFile("testdata/prices.txt")
	if err != nil {
		t.Fatal(err)
	}
	var xs []float64
	for _, word := range strings.Fields(string(text)) {
		x, err := strconv.ParseFloat(word, 64)
		if err != nil {
			t.Fatal(err)
		}
		xs = append(xs, x)
	}
	return ad.Vector(xs...)
}

// pricesOnly are the contributions where only prices are observed.
func pricesOnly(t testing.TB) func(market) ad.Value {
	observed := prices(t)
	return func(m market) ad.Value {
		z := ad.Div(ad.Sub(observed, price(m)), .01)
		return ad.Add(ad.Mul(-.5, ad.Square(z)), -math.Log(.01)-math.Log(2*math.Pi)/2)
	}
}

// TestFlatProfile is that of the market with prices only, where all pairs with the mean price as
// equilibrium fit alike: they end where a parameter is zero.
func TestFlatProfile(t *testing.T) {
	contributions, start := flat(pricesOnly(t), market{ad.Scalar(.6), ad.Scalar(.18)})
	objective := func(x ad.Value) ad.Value { return ad.Sum(contributions(x)) }
	search := estimate.NewSearch(objective, estimate.SearchOptions{})
	zero := []float64{0, 0}
	end := search.From(start, zero, nil)
	if !end.Status.OK() {
		t.Fatalf("%+v", end)
	}
	mean := ad.Mean(prices(t)).Float()
	// Demand at cs = 0 and supply at cd = 0.
	edges := []float64{math.Log(47.5) / math.Log(mean), math.Log(98./5) / (mean * math.Log(3))}
	for i, edge := range edges {
		p := estimate.ProfileOf(search, i, end, estimate.ProfileOptions{Lower: zero, Points: 9})
		t.Logf("%d refits: %v to %v, flat from %v to %v", p.Refits, p.Lower, p.Upper, p.FlatLower,
			p.FlatUpper)
		if p.Better != nil {
			t.Fatalf("a better optimum: %+v over %v", p.Better, end.LogLik)
		}
		if !p.Flat || p.FlatLower != 0 || math.Abs(p.FlatUpper-edge) > 1e-6 {
			t.Errorf("parameter %d: flat %v in [%v, %v], want [0, %v]", i, p.Flat, p.FlatLower,
				p.FlatUpper, edge)
		}
		if p.Lower.Kind != estimate.ReachesBound || p.Lower.Value != 0 ||
			p.Upper.Kind != estimate.Found || !(p.Upper.Value > edge) || !p.Weak() {
			t.Errorf("parameter %d: from %v to %v", i, p.Lower, p.Upper)
		}
		if len(p.Curve) != 9 {
			t.Errorf("parameter %d: %d points", i, len(p.Curve))
		}
	}
}

// TestProfileOfALine compares with the closed form: with σ free the likelihood ratio statistic
// of a slope is n·ln(1 + t²/(n-2)).
func TestProfileOfALine(t *testing.T) {
	b, _, variance := leastSquares()
	objective := func(x ad.Value) ad.Value { return ad.Sum(regression(x)) }
	search := estimate.NewSearch(objective, estimate.SearchOptions{})
	end := search.From([]float64{1, 1, 0}, nil, nil)
	if !end.Status.OK() {
		t.Fatalf("%+v", end)
	}
	close(t, "the slope", end.X[1], b[1], 1e-12)
	for _, level := range []float64{.5, .95} {
		p := estimate.ProfileOf(search, 1, end, estimate.ProfileOptions{Level: level, Points: 5})
		if p.Flat || p.Weak() || p.Better != nil {
			t.Errorf("%+v", p)
		}
		critical := tail.ChiSquareCritical(level, 1)
		// The slope's variance is σ²/17.5.
		half := math.Sqrt((math.Exp(critical/6) - 1) * variance * 6 / 17.5)
		close(t, "the lower end", p.Lower.Value, b[1]-half, 1e-8)
		close(t, "the upper end", p.Upper.Value, b[1]+half, 1e-8)
		for _, q := range p.Curve {
			d := q.At - b[1]
			want := end.LogLik - 3*math.Log(1+d*d*17.5/6/variance)
			close(t, "the curve", q.LogLik, want, 1e-9)
		}
	}
	// A point that is not the maximum is found out, and so is a bound in the way.
	low := end
	low.LogLik -= .3
	if p := estimate.ProfileOf(search, 1, low, estimate.ProfileOptions{}); p.Better == nil {
		t.Errorf("%+v", p)
	}
	p := estimate.ProfileOf(search, 1, end, estimate.ProfileOptions{
		Upper: []float64{9, b[1] + 1e-3, 9}})
	if p.Upper != (estimate.End{Kind: estimate.ReachesBound, Value: b[1] + 1e-3}) || p.Flat {
		t.Errorf("%+v", p)
	}
}

// TestProfilesWithoutEnds is a likelihood that levels off before it has fallen far enough, and one
// that is not defined beyond 3.
func TestProfilesWithoutEnds(t *testing.T) {
	profile := func(f func(ad.Value) ad.Value) estimate.Profile {
		search := estimate.NewSearch(func(x ad.Value) ad.Value { return f(ad.At(x, 0)) },
			estimate.SearchOptions{})
		return estimate.ProfileOf(search, 0, search.From([]float64{.5}, nil, nil),
			estimate.ProfileOptions{})
	}
	level := profile(func(x ad.Value) ad.Value {
		return ad.Div(-1, ad.Add(1, ad.Div(1, ad.Square(x))))
	})
	for _, end := range []estimate.End{level.Lower, level.Upper} {
		if end.Kind != estimate.Unbounded || math.Abs(end.Value) < 1e4 {
			t.Errorf("%+v", level)
		}
	}
	if !strings.Contains(level.Upper.String(), "unbounded (looked as far as ") || level.Flat {
		t.Errorf("%v, %+v", level.Upper, level)
	}
	edge := profile(func(x ad.Value) ad.Value {
		return ad.Add(ad.Mul(-.1, ad.Square(x)), ad.Mul(0, ad.Log(ad.Sub(3, x))))
	})
	close(t, "the lower end", edge.Lower.Value, -math.Sqrt(5*tail.ChiSquareCritical(.95, 1)), 1e-8)
	if edge.Upper.Kind != estimate.Lost || math.Abs(edge.Upper.Value-3) > 1e-2 {
		t.Errorf("%+v", edge)
	}
}
