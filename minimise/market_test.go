package minimise_test

import (
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/minimise"
	"pullback/root"
	"pullback/status"
)

// market holds the exponents of demand, 100 - 2·p^cd, and of supply, 5·3^(cs·p).
type market struct{ Cd, Cs ad.Value }

const noise = .01 // the standard deviation of observed prices

// price is where demand equals supply.
func price(m market) ad.Value {
	excess := func(p ad.Value) ad.Value {
		return ad.Sub(ad.Sub(100, ad.Mul(2, ad.Pow(p, m.Cd))),
			ad.Mul(5, ad.Pow(3, ad.Mul(m.Cs, p))))
	}
	return root.Find(excess, ad.Like(m.Cd, 5),
		root.Newton{RTol: 1e-6, ATol: 1e-6, MaxSteps: 50}).Value
}

// misfit is the negative log likelihood of the observed prices: a ridge, since one price does
// not tell two parameters.
func misfit(observed ad.Value) func(market) ad.Value {
	constant := float64(observed.Size()) * (math.Log(noise) + math.Log(2*math.Pi)/2)
	return func(m market) ad.Value {
		z := ad.Div(ad.Sub(observed, price(m)), noise)
		return ad.Add(ad.Mul(.5, ad.Dot(z, z)), constant)
	}
}

// prices are fifty observations at cd = .5, cs = .15, drawn in float32.
func prices(t testing.TB, d ad.DType) ad.Value {
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
	return vector(d, xs)
}

// On this problem a widely used BFGS stops at (0.5995, 0.1520), where f is 41,128.9, and calls it
// a success.
func TestRidgeOfTheMarket(t *testing.T) {
	forBoth(t, "BFGS", func(t *testing.T, d ad.DType) {
		f := misfit(prices(t, d))
		fit := ad.Jit(func(start market) minimise.Result[market] {
			return minimise.Find(f, start, minimise.BFGS{RTol: 1e-6, ATol: 1e-6, MaxSteps: 100})
		})
		for _, start := range [][2]float64{{.6, .18}, {.5, .15}, {.3, .3}, {.8, .1}, {.9, .05},
			{.1, .2}} {
			r := fit(market{ad.Full(d, start[0]), ad.Full(d, start[1])})
			if !r.Outcome().OK() {
				t.Errorf("from %v: %v at %v, f %v, gain %v", start, r.Outcome(), r.Last, r.F,
					r.Gain)
				continue
			}
			least := -165.81489
			if d == ad.Float32 {
				least = -165.80
			}
			if f := number(r.F); !(f <= least) {
				t.Errorf("from %v: f is %v after %v steps", start, f, r.Steps)
			}
			if e := r.Evaluations.Int(); e > 30 {
				t.Errorf("from %v: %d evaluations", start, e)
			}
		}
	})
}

// The point that was published as a minimum is none, whoever says so.
func TestPublishedFalseConvergence(t *testing.T) {
	for _, d := range []ad.DType{ad.Float64, ad.Float32} {
		for _, claim := range []status.Code{status.Converged, status.AtPrecision} {
			start := market{ad.Full(d, .5995), ad.Full(d, .1520)}
			r := minimise.Find(misfit(prices(t, d)), start,
				liar{claim: claim, limits: minimise.Limits{RTol: 1e-6, ATol: 1e-6}})
			if r.Outcome() != status.Unchecked {
				t.Errorf("in %v, %v: %v", d, claim, r.Outcome())
			}
			if number(r.Gain) < 1000 {
				t.Errorf("in %v: the gain is %v, and f %v", d, r.Gain, r.F)
			}
		}
	}
}

// With the quantity observed too, both parameters are recovered, and their derivative with
// respect to an observation is that of the closed form.
func TestDerivativeOfAnEstimate(t *testing.T) {
	quantity := func(m market) ad.Value { return ad.Sub(100, ad.Mul(2, ad.Pow(price(m), m.Cd))) }
	truth := market{ad.Scalar(.5), ad.Scalar(.15)}
	estimate := func(observed ad.Value) ad.Value {
		f := func(m market) ad.Value {
			return ad.Add(ad.Square(ad.Sub(price(m), ad.At(observed, 0))),
				ad.Square(ad.Sub(quantity(m), ad.At(observed, 1))))
		}
		r := minimise.Find(f, market{ad.Scalar(.6), ad.Scalar(.18)}, minimise.BFGS{RTol: 1e-12})
		return ad.Stack(0, r.Value.Cd, r.Value.Cs)
	}
	observed := ad.Stack(0, price(truth), quantity(truth))
	for i, want := range []float64{.5, .15} {
		if got := number(at(estimate(observed), i)); math.Abs(got-want) > 1e-7 {
			t.Errorf("parameter %d is %v, want %v", i, got, want)
		}
	}
	// The estimate inverts the equilibrium, so their Jacobians are inverse to one another.
	forward := ad.Jacobian(func(c ad.Value) ad.Value {
		m := market{at(c, 0), at(c, 1)}
		return ad.Stack(0, price(m), quantity(m))
	})(ad.Vector(.5, .15))
	product := ad.MatMul(ad.Jacobian(estimate)(observed), forward)
	for i := range 2 {
		for j := range 2 {
			want := map[bool]float64{true: 1, false: 0}[i == j]
			if got := number(at(at(product, i), j)); math.Abs(got-want) > 1e-4 {
				t.Errorf("element (%d, %d) of the product of the Jacobians is %v", i, j, got)
			}
		}
	}
}

func BenchmarkMarket(b *testing.B) {
	for _, d := range []ad.DType{ad.Float64, ad.Float32} {
		f := misfit(prices(b, d))
		fit := ad.Jit(func(start market) minimise.Result[market] {
			return minimise.Find(f, start, minimise.BFGS{RTol: 1e-6, ATol: 1e-6, MaxSteps: 100})
		})
		start := market{ad.Full(d, .6), ad.Full(d, .18)}
		fit(start)
		b.Run(d.String(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				fit(start)
			}
		})
	}
}
