package optim_test

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"pullback/ad"
	"pullback/optim"
	"pullback/root"
	"pullback/stats"
)

// market is the supply and demand of the problem set.
type market struct{ Cd, Cs ad.Value }

func price(m market) ad.Value {
	excess := func(p ad.Value) ad.Value {
		demand := ad.Sub(100, ad.Mul(2, ad.Pow(p, m.Cd)))
		return ad.Sub(demand, ad.Mul(5, ad.Pow(3, ad.Mul(m.Cs, p))))
	}
	newton := root.Newton{RTol: 1e-6, ATol: 1e-6, MaxSteps: 50}
	return root.Find(excess, ad.Like(m.Cd, 5), newton).Value
}

// exact reads an array of hexadecimal floats.
func exact(t *testing.T, raw json.RawMessage) []float64 {
	t.Helper()
	var array struct{ Values []string }
	if err := json.Unmarshal(raw, &array); err != nil {
		t.Fatal(err)
	}
	var out []float64
	for _, s := range array.Values {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, x)
	}
	return out
}

// TestAdamOfOptax makes the 100 steps that Optax made on the likelihood of a market, where the
// gradient changes by a factor of 1e5 along the way, and compares every point of the path.
func TestAdamOfOptax(t *testing.T) {
	t.Run("float64", func(t *testing.T) { testAdam(t, "market_f64.json", ad.Float64, 1e-12) })
	t.Run("float32", func(t *testing.T) { testAdam(t, "market_f32.json", ad.Float32, 3e-6) })
}

func testAdam(t *testing.T, file string, d ad.DType, tolerance float64) {
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]json.RawMessage
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	data := ad.Convert(ad.Vector(exact(t, want["data_50"])...), d)
	negativeLogLikelihood := func(m market) ad.Value {
		noise := stats.Normal{Mean: price(m), SD: ad.Like(data, 0.01)}
		return ad.Neg(ad.Sum(noise.LogPDF(data)))
	}
	run := func(start market) optim.Result[market] {
		return optim.Run(negativeLogLikelihood, start, optim.Adam{LearningRate: 0.01}, 100)
	}
	r := ad.Jit(run)(market{ad.Full(d, 0.6), ad.Full(d, 0.18)})
	path := exact(t, want["adam_path"])
	cd, cs := r.Path.Cd.Floats(), r.Path.Cs.Floats()
	if len(cd) != 101 || len(path) != 202 {
		t.Fatalf("the paths have %d and %d points", len(cd), len(path)/2)
	}
	worst := 0.0
	for i := range cd {
		worst = max(worst, math.Abs(cd[i]-path[2*i]), math.Abs(cs[i]-path[2*i+1]))
	}
	if !(worst <= tolerance) {
		t.Errorf("the path is off by %v", worst)
	}
	if r.Outcome().OK() {
		t.Errorf("100 steps do not reach the minimum, but %v", r.Outcome())
	}
	t.Logf("(%.4f, %.4f), off by %.1e along the path", r.Value.Cd.Float(), r.Value.Cs.Float(),
		worst)
}
