package programs_test

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"pullback/ad"
	"pullback/examples/problemset"
	answers "pullback/internal/problemset"
	"pullback/internal/problemset/programs"
	"pullback/stats"
)

// hex is a number written as an exact hexadecimal float.
type hex float64

func (h *hex) UnmarshalJSON(text []byte) error {
	var s string
	if err := json.Unmarshal(text, &s); err != nil || s == "" { // null where there is none
		return err
	}
	x, err := strconv.ParseFloat(s, 64)
	*h = hex(x)
	return err
}

// reference is what JAX, Optax and Optimistix computed in float32, with every digit.
type reference struct {
	Price         hex `json:"equilibrium_price"`
	Quantity      hex `json:"equilibrium_quantity"`
	LogLikelihood hex `json:"log_likelihood"`
	Gradient      [2]hex
	Prices        []hex
	Adam          [2]hex
	BFGS          struct {
		Value, Gradient [2]hex
		NLL             hex
	}
	Trace      hex
	Hutchinson [4]struct {
		M             int
		Estimate, Std hex
	}
	MatrixFree hex `json:"matrix_free"`
}

// run is the answer of a program in float32.
func run[Answer any](t *testing.T, p answers.Program[Answer]) Answer {
	t.Helper()
	a, err := p.Float32()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func readReference(t *testing.T) (r reference) {
	t.Helper()
	text, err := os.ReadFile("testdata/jax_float32.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestJAX compares the float32 programs with the same programs in JAX, on whatever processor they
// were run: in the sums of many products JAX itself moves by 1e-6 from one to another.
func TestJAX(t *testing.T) {
	want := readReference(t)
	near := func(what string, got float64, want hex, relative float64) {
		t.Helper()
		if !(math.Abs(got-float64(want)) <= relative*math.Abs(float64(want))) {
			t.Errorf("%s is %v, want %v", what, got, float64(want))
		}
	}
	all := programs.All()
	traces := run(t, all.Trace)
	near("the trace", traces.Diagonal.Value, want.Trace, 1e-6)
	for i, h := range want.Hutchinson {
		near("the estimate of M = "+strconv.Itoa(h.M), traces.Estimates[i].Value, h.Estimate, 1e-6)
		if h.M > 1 {
			scatter := traces.Estimates[i].StdErr * math.Sqrt(float64(h.M))
			near("the scatter of M = "+strconv.Itoa(h.M), scatter, h.Std, 1e-5)
		}
	}
	near("the matrix-free estimate", run(t, all.MatrixFree).Trace.Value, want.MatrixFree, 1e-6)
	market := run(t, all.Equilibrium)
	near("the price", market.Newton.Price, want.Price, 2e-7)
	near("the quantity", market.Newton.Quantity, want.Quantity, 2e-7)
	likelihood := run(t, all.Likelihood)
	near("the log likelihood", likelihood.LogLikelihood.Value, want.LogLikelihood, 1e-5)
	slope := run(t, all.Slope)
	near("the derivative by c_d", slope.Gradient.Cd, want.Gradient[0], 2e-6)
	near("the derivative by c_s", slope.Gradient.Cs, want.Gradient[1], 2e-6)
	fits := run(t, all.Estimation)
	near("Adam's c_d", fits.Adam.Parameters.Cd, want.Adam[0], 3e-6)
	near("Adam's c_s", fits.Adam.Parameters.Cs, want.Adam[1], 3e-6)
}

// TestPublishedBFGS holds what is said about the published answer: on the prices of the published
// program its negative log likelihood is 41,128.9, and at the four digits that were printed
// it is some four hundred less.
func TestPublishedBFGS(t *testing.T) {
	want := readReference(t)
	published := answers.PublishedBFGS()
	at := want.BFGS.Value
	if published.Cd != float64(at[0]) || published.Cs != float64(at[1]) {
		t.Errorf("the published point is %v", published)
	}
	prices := make([]float32, len(want.Prices))
	for i, p := range want.Prices {
		prices[i] = float32(p)
	}
	sd := ad.Scalar(float32(0.01))
	nll := func(m problemset.Market) ad.Value {
		normal := stats.Normal{Mean: problemset.Clear(m).Price, SD: sd}
		return ad.Neg(ad.Sum(normal.LogPDF(ad.Vector(prices...))))
	}
	there := ad.ValueAndGrad(nll)(problemset.MarketOf(ad.Float32, published.Cd, published.Cs))
	if got := there.Value.Float(); math.Abs(got-41128.9) > 0.05 {
		t.Errorf("at the published point the negative log likelihood is %.4f", got)
	}
	for i, got := range []ad.Value{there.Grad.Cd, there.Grad.Cs} {
		if w := float64(want.BFGS.Gradient[i]); math.Abs(got.Float()-w) > 1e-4*math.Abs(w) {
			t.Errorf("the gradient there is %v, want %v", got, w)
		}
	}
	printed := nll(problemset.MarketOf(ad.Float32, 0.5995, 0.1520)).Float()
	if math.Abs(printed-40695) > 1 {
		t.Errorf("at the four printed digits it is %.4f", printed)
	}
}
