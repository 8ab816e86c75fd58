package trace_test

import (
	"encoding/json"
	"math"
	"os"
	"strconv"
	"testing"

	"pullback/ad"
	"pullback/linear"
	"pullback/random"
	"pullback/trace"
)

// reference is what JAX estimated; floats are hexadecimal strings.
type reference struct {
	Trace      string `json:"trace_P"`
	Hutchinson []struct {
		M        int
		KeyData  [2]uint32 `json:"key_data"`
		Estimate string
		Std      *string
	}
	MatrixFree struct {
		Estimate string
	} `json:"matrix_free_1000"`
}

func TestJAX(t *testing.T) {
	// JAX's own float32 results move by 1e-6 from one machine to another.
	t.Run("float32", func(t *testing.T) { testJAX(t, "trace_f32.json", ad.Float32, 1e-6) })
	t.Run("float64", func(t *testing.T) { testJAX(t, "trace_f64.json", ad.Float64, 1e-13) })
}

// half is ½|Ax|², whose Hessian is AᵀA.
func half(a ad.Value) func(x ad.Value) ad.Value {
	return func(x ad.Value) ad.Value {
		ax := ad.MatVec(a, x)
		return ad.Mul(ad.Dot(ax, ax), 0.5)
	}
}

func testJAX(t *testing.T, file string, d ad.DType, tolerance float64) {
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var want reference
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	near := func(what string, got ad.Value, want string) {
		t.Helper()
		w, err := strconv.ParseFloat(want, 64)
		if err != nil {
			t.Fatal(err)
		}
		if g := got.Float(); !(math.Abs(g-w) <= tolerance*w) {
			t.Errorf("%s: %v, want %v (relative error %.1e)", what, g, w, g/w-1)
		}
	}

	key := random.NewKey(0)
	a, x := random.Normal(key, d, 100, 100), random.Normal(key, d, 100)
	p := ad.MatMul(ad.Transpose(a), a)
	f := func(x ad.Value) ad.Value { return ad.Mul(ad.Dot(x, ad.MatVec(p, x)), 0.5) }
	near("trace", trace.Exact(linear.Hessian(f, x)), want.Trace)

	key = random.NewKey(42)
	for _, w := range want.Hutchinson {
		key, _ = key.Pair() // one split to warm up
		next, sub := key.Pair()
		key = next
		if high := uint32(ad.At(sub.Value, 0).Int()); high != w.KeyData[0] {
			t.Fatalf("the key is %v, want %v", sub.Value, w.KeyData)
		}
		estimate := ad.Jit(func(k random.Key) trace.Estimate {
			return trace.Hutchinson(linear.Hessian(f, x), k, w.M)
		})
		e := estimate(sub)
		near("estimate", e.Value, w.Estimate)
		if w.Std == nil {
			if !math.IsNaN(e.StdErr.Float()) {
				t.Errorf("the standard error of one draw is %v", e.StdErr)
			}
			continue
		}
		near("standard deviation", ad.Mul(e.StdErr, math.Sqrt(float64(w.M))), *w.Std)
	}

	a = random.Normal(random.NewKey(0), d, 1000, 1000)
	e := trace.Hutchinson(linear.Hessian(half(a), ad.Zeros(d, 1000)), random.NewKey(42), 20)
	near("matrix-free estimate", e.Value, want.MatrixFree.Estimate)
}
