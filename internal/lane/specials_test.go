package lane_test

import (
	"math"
	"slices"
	"testing"

	"pullback/internal/lane"
	"pullback/ir"
)

var (
	inf  = math.Inf(1)
	nan  = math.NaN()
	zero = math.Copysign(0, -1) // negative
)

// same says whether two numbers are equal, sign of zero included; NaNs are.
func same(x, y float64) bool {
	return x == y && math.Signbit(x) == math.Signbit(y) || x != x && y != y
}

// TestSpecialValues holds the table of C99, Annex F.9, for both types. Odd functions are tested
// at -x too.
func TestSpecialValues(t *testing.T) {
	tests := []struct {
		name   string
		f      unary
		odd    bool
		points [][2]float64 // x and f(x)
	}{
		{"exp", (*lane.Builder).Exp, false,
			[][2]float64{{0, 1}, {zero, 1}, {inf, inf}, {-inf, 0}, {800, inf}, {-800, 0}}},
		{"expm1", (*lane.Builder).Expm1, false,
			[][2]float64{{0, 0}, {zero, zero}, {inf, inf}, {-inf, -1}, {800, inf}, {-800, -1}}},
		{"log", (*lane.Builder).Log, false, [][2]float64{{0, -inf}, {zero, -inf}, {1, 0},
			{-1, nan}, {-1e-30, nan}, {-inf, nan}, {inf, inf}}},
		{"log1p", (*lane.Builder).Log1p, false, [][2]float64{{0, 0}, {zero, zero}, {-1, -inf},
			{-1.5, nan}, {-1e30, nan}, {-inf, nan}, {inf, inf}}},
		{"sin", (*lane.Builder).Sin, true, [][2]float64{{0, 0}, {inf, nan}}},
		{"cos", (*lane.Builder).Cos, false,
			[][2]float64{{0, 1}, {zero, 1}, {inf, nan}, {-inf, nan}}},
		{"tanh", (*lane.Builder).Tanh, true, [][2]float64{{0, 0}, {inf, 1}, {1e30, 1}}},
		{"erf", (*lane.Builder).Erf, true, [][2]float64{{0, 0}, {inf, 1}, {1e30, 1}}},
		{"erfinv", (*lane.Builder).ErfInv, true,
			[][2]float64{{0, 0}, {1, inf}, {1.5, nan}, {1e30, nan}, {inf, nan}}},
		{"tan", (*lane.Builder).Tan, true, [][2]float64{{0, 0}, {inf, nan}}},
		{"exp2", (*lane.Builder).Exp2, false, [][2]float64{{0, 1}, {zero, 1}, {inf, inf}, {-inf, 0},
			{3, 8}, {-149, 0x1p-149}, {127, 0x1p127}, {5000, inf}, {-5000, 0}}},
		{"log2", (*lane.Builder).Log2, false, [][2]float64{{0, -inf}, {zero, -inf}, {1, 0},
			{-1, nan}, {-inf, nan}, {inf, inf}, {8, 3}, {0x1p-149, -149}, {0x1p127, 127}}},
		{"cbrt", (*lane.Builder).Cbrt, true, [][2]float64{{0, 0}, {inf, inf}, {1, 1}, {8, 2},
			{27, 3}, {1000, 10}, {0x1p-147, 0x1p-49}, {0x1p126, 0x1p42}}},
		{"sinh", (*lane.Builder).Sinh, true, [][2]float64{{0, 0}, {inf, inf}, {1e30, inf}}},
		{"cosh", (*lane.Builder).Cosh, false,
			[][2]float64{{0, 1}, {zero, 1}, {inf, inf}, {-inf, inf}, {-1e30, inf}}},
		{"asin", (*lane.Builder).Asin, true, [][2]float64{{0, 0}, {1.5, nan}, {inf, nan}}},
		{"acos", (*lane.Builder).Acos, false,
			[][2]float64{{1, 0}, {1.5, nan}, {-1.5, nan}, {inf, nan}, {-inf, nan}}},
		{"atan", (*lane.Builder).Atan, true, [][2]float64{{0, 0}}},
		{"log_gamma", (*lane.Builder).LogGamma, false, [][2]float64{{0, inf}, {zero, inf}, {1, 0},
			{2, 0}, {inf, inf}, {-1.5, nan}, {-inf, nan}}},
		{"digamma", (*lane.Builder).Digamma, false,
			[][2]float64{{0, -inf}, {inf, inf}, {-1.5, nan}, {-inf, nan}}},
		{"polygamma 1", polygamma(1), false, [][2]float64{{0, inf}, {inf, 0}, {-1.5, nan}}},
		{"polygamma 2", polygamma(2), false, [][2]float64{{0, -inf}, {inf, zero}, {-1.5, nan}}},
		{"erfinv of XLA", (*lane.Builder).ErfInvXLA, true,
			[][2]float64{{0, 0}, {1, inf}, {1.5, nan}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var x, want []float64
			for _, p := range append(test.points, [2]float64{nan, nan}) {
				x, want = append(x, p[0]), append(want, p[1])
				if test.odd {
					x, want = append(x, -p[0]), append(want, -p[1])
				}
			}
			var narrow []float32
			for _, x := range x {
				narrow = append(narrow, float32(x))
			}
			got32 := apply1(t, test.f, narrow)
			for i, got := range apply1(t, test.f, x) {
				if !same(got, want[i]) {
					t.Errorf("float64 %g: got %g, want %g", x[i], got, want[i])
				}
				if got := float64(got32[i]); !same(got, want[i]) {
					t.Errorf("float32 %g: got %g, want %g", narrow[i], got, want[i])
				}
			}
		})
	}
}

// TestSubnormals: odd functions of slope one are the identity on the least numbers.
func TestSubnormals(t *testing.T) {
	for name, f := range map[string]unary{
		"expm1": (*lane.Builder).Expm1, "log1p": (*lane.Builder).Log1p, "sin": (*lane.Builder).Sin,
		"tanh": (*lane.Builder).Tanh, "tan": (*lane.Builder).Tan, "sinh": (*lane.Builder).Sinh,
		"atan": (*lane.Builder).Atan, "asin": (*lane.Builder).Asin,
	} {
		x := []float64{5e-324, -5e-324, 1e-310, -3e-308, 1e-200}
		if got := apply1(t, f, x); !slices.Equal(got, x) {
			t.Errorf("%s: got %g, want %g", name, got, x)
		}
		narrow := []float32{1e-45, -1e-45, 1e-40, -2e-38, 1e-20}
		if got := apply1(t, f, narrow); !slices.Equal(got, narrow) {
			t.Errorf("%s: got %g, want %g", name, got, narrow)
		}
	}
}

// TestPowSpecialValues compares every pair of a grid with math.Pow, which follows C99 F.9.4.4:
// exactly where the result is 0, 1, infinite or NaN. (Otherwise math.Pow is good to 11 digits.)
func TestPowSpecialValues(t *testing.T) {
	var grid []float64
	for _, x := range []float64{0, 1e-40, 0.3, 0.5, 0x1.fffffep-1, 1, 0x1.000002p0, 1.5, 2, 3, 4, 5,
		1023, 0x1p23 + 1, 0x1p24, 0x1.fffffep127, inf, nan} {
		grid = append(grid, x, -x)
	}
	var x, y []float64
	var x32, y32 []float32
	for _, a := range grid {
		for _, b := range grid {
			x, y = append(x, float64(float32(a))), append(y, float64(float32(b)))
			x32, y32 = append(x32, float32(a)), append(y32, float32(b))
		}
	}
	narrow := apply(t, pow, x32, y32)
	for i, got := range apply(t, pow, x, y) {
		want := math.Pow(x[i], y[i])
		special := want == 0 || want != want || math.IsInf(want, 0) || math.Abs(want) == 1
		if special && !same(got, want) || !special && math.Abs(got/want-1) > 1e-10 {
			t.Errorf("pow(%g, %g) = %g, want %g", x[i], y[i], got, want)
		}
		if e := error32(narrow[i], got); e > 1 && !same(float64(narrow[i]), float64(float32(got))) {
			t.Errorf("float32 pow(%g, %g) = %g, want %g", x32[i], y32[i], narrow[i], float32(got))
		}
	}
	// Integers beyond 2^53 are even, the last odd one is below.
	got := apply(t, pow, []float64{-1, -1, -1, -2}, []float64{0x1p53, 0x1p53 - 1, 0x1p60, 1025})
	if want := []float64{1, -1, 1, -inf}; !slices.Equal(got, want) {
		t.Errorf("got %g, want %g", got, want)
	}
}

// TestAtan2SpecialValues compares every pair of a grid with math.Atan2, which follows C99 F.9.1.4.
func TestAtan2SpecialValues(t *testing.T) {
	var x, y []float64
	var x32, y32 []float32
	grid := []float64{0, 0x1p-149, 0x1p-100, 1, 3, 0x1p100, 0x1p127, inf, nan}
	for _, a := range grid {
		for _, b := range grid {
			for _, p := range [][2]float64{{a, b}, {-a, b}, {a, -b}, {-a, -b}} {
				y, x = append(y, p[0]), append(x, p[1])
				y32, x32 = append(y32, float32(p[0])), append(x32, float32(p[1]))
			}
		}
	}
	narrow := apply(t, atan2, y32, x32)
	for i, got := range apply(t, atan2, y, x) {
		want := math.Atan2(y[i], x[i])
		if !same(got, want) && math.Abs(got-want) > 2*ulp(want) {
			t.Errorf("atan2(%g, %g) = %g, want %g", y[i], x[i], got, want)
		}
		if error32(narrow[i], want) > 1 {
			t.Errorf("float32 atan2(%g, %g) = %g, want %g", y32[i], x32[i], narrow[i], want)
		}
	}
}

// TestUniform: the functions work outside a foreach, and with a uniform operand within.
func TestUniform(t *testing.T) {
	b := lane.NewBuilder()
	in, out := b.Buffer(ir.Float64, 1, false), b.Buffer(ir.Float64, 2, true)
	x := b.Load(lane.Access{Buffer: in}, lane.None)
	b.Store(lane.Access{Buffer: out}, lane.None, b.Sin(x))
	b.Foreach(1, func(lane.Value) {
		b.Store(lane.Access{Buffer: out, Offset: 1}, lane.None, b.Sin(x))
	})
	got := []float64{0, 0}
	run(t, b.Program(), ir.Wrap([]float64{1e300}, 1), ir.Wrap(got, 2))
	if want := math.Sin(1e300); math.Abs(got[0]-want) > 1e-15 || got[0] != got[1] {
		t.Errorf("got %v, want twice %v", got, want)
	}
}
