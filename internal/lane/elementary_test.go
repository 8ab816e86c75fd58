package lane_test

import (
	"bufio"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pullback/internal/lane"
	"pullback/internal/lane/interp"
	"pullback/ir"
)

type unary = func(*lane.Builder, lane.Value) lane.Value

var unaries = []struct {
	name string
	f    unary
	ulps float64 // the bound that the tests hold Float64 to; the contract is 2, but of gamma
}{
	{"exp", (*lane.Builder).Exp, 0.85},
	{"expm1", (*lane.Builder).Expm1, 0.95},
	{"log", (*lane.Builder).Log, 0.85},
	{"log1p", (*lane.Builder).Log1p, 0.85},
	{"sin", (*lane.Builder).Sin, 0.7},
	{"cos", (*lane.Builder).Cos, 0.7},
	{"tanh", (*lane.Builder).Tanh, 0.85},
	{"erf", (*lane.Builder).Erf, 0.95},
	{"erfinv", (*lane.Builder).ErfInv, 1.5},
	{"tan", (*lane.Builder).Tan, 0.85},
	{"exp2", (*lane.Builder).Exp2, 0.85},
	{"log2", (*lane.Builder).Log2, 0.85},
	{"cbrt", (*lane.Builder).Cbrt, 0.85},
	{"sinh", (*lane.Builder).Sinh, 0.85},
	{"cosh", (*lane.Builder).Cosh, 0.85},
	{"atan", (*lane.Builder).Atan, 0.85},
	{"asin", (*lane.Builder).Asin, 0.85},
	{"acos", (*lane.Builder).Acos, 0.85},
	{"log_gamma", (*lane.Builder).LogGamma, 5},
	{"digamma", (*lane.Builder).Digamma, 12},
	{"polygamma1", polygamma(1), 4},
	{"polygamma3", polygamma(3), 5},
}

func polygamma(n int) unary {
	return func(b *lane.Builder, x lane.Value) lane.Value { return b.Polygamma(n, x) }
}

type binary = func(b *lane.Builder, in []lane.Value) lane.Value

var binaries = []struct {
	name string
	f    binary
	ulps float64
}{
	{"pow", pow, 0.9},
	{"atan2", atan2, 1},
}

func pow(b *lane.Builder, in []lane.Value) lane.Value   { return b.Pow(in[0], in[1]) }
func atan2(b *lane.Builder, in []lane.Value) lane.Value { return b.Atan2(in[0], in[1]) }

func long() bool { return os.Getenv("PULLBACK_LONG") != "" }

// elementwise is the program of f over buffers of type t, one for each operand, then the result.
func elementwise(t ir.DType, n, operands int, f binary) *lane.Program {
	b := lane.NewBuilder()
	for range operands {
		b.Buffer(t, n, false)
	}
	out := b.Buffer(t, n, true)
	b.Foreach(n, func(lane.Value) {
		in := make([]lane.Value, operands)
		for i := range in {
			in[i] = b.Load(lane.Contiguous(i, n), lane.None)
		}
		b.Store(lane.Contiguous(out, n), lane.None, f(b, in))
	})
	return b.Program()
}

func run(t *testing.T, p *lane.Program, buffers ...ir.Array) {
	t.Helper()
	kernel, err := interp.Executor{}.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	frame := kernel.NewFrame()
	frame.Start(buffers, 0, p.Extent())
	for frame.Run(1 << 20) {
	}
}

// apply runs f on every element of xs, and of ys if f has two operands.
func apply[T float32 | float64](t *testing.T, f binary,
	operands ...[]T) []T {
	t.Helper()
	n := len(operands[0])
	p := elementwise(ir.DTypeOf[T](), n, len(operands), f)
	var buffers []ir.Array
	for _, x := range operands {
		buffers = append(buffers, ir.Wrap(x, n))
	}
	out := make([]T, n)
	run(t, p, append(buffers, ir.Wrap(out, n))...)
	return out
}

func apply1[T float32 | float64](t *testing.T, f unary, x []T) []T {
	t.Helper()
	return apply(t, func(b *lane.Builder, in []lane.Value) lane.Value { return f(b, in[0]) }, x)
}

// table reads testdata: columns of numbers.
func table(t *testing.T, name string) [][]float64 {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "elementary", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var columns [][]float64
	for s := bufio.NewScanner(file); s.Scan(); {
		fields := strings.Fields(s.Text())
		if columns == nil {
			columns = make([][]float64, len(fields))
		}
		for i, f := range fields {
			x, err := strconv.ParseFloat(f, 64)
			if err != nil {
				t.Fatal(err)
			}
			columns[i] = append(columns[i], x)
		}
	}
	return columns
}

// spread is some n bit patterns of float32 from all over.
func spread(n uint64) (x32 []float32, x64 []float64) {
	for bits := uint64(0); bits < 1<<32; bits += 1<<32/n + 1 {
		x := math.Float32frombits(uint32(bits))
		x32, x64 = append(x32, x), append(x64, float64(x))
	}
	return x32, x64
}

// ulp is the distance of float64s around x.
func ulp(x float64) float64 {
	_, e := math.Frexp(x)
	return math.Ldexp(1, max(e-53, -1074))
}

// error64 is the error of y in ulps, where value and rest ulps are exact.
func error64(y, value, rest float64) float64 {
	if y == value && math.Signbit(y) == math.Signbit(value) {
		return math.Abs(rest)
	}
	if e := math.Abs((y-value)/ulp(value) - rest); e == e {
		return e
	}
	return math.Inf(1)
}

// worst keeps the greatest error and its argument.
type worst struct {
	ulps float64
	at   []float64
}

func (w *worst) add(ulps float64, at ...float64) {
	if ulps > w.ulps {
		w.ulps, w.at = ulps, at
	}
}

func (w *worst) check(t *testing.T, bound float64) {
	t.Helper()
	if w.ulps > bound {
		t.Errorf("error of %.3f ulp at %x (%g), want at most %g", w.ulps, w.at, w.at, bound)
	} else if long() {
		t.Logf("worst error %.3f ulp at %x", w.ulps, w.at)
	}
}

func TestFloat64AgainstArbitraryPrecision(t *testing.T) {
	for _, f := range unaries {
		t.Run(f.name, func(t *testing.T) {
			data := table(t, f.name)
			var w worst
			for i, y := range apply1(t, f.f, data[0]) {
				w.add(error64(y, data[1][i], data[2][i]), data[0][i])
			}
			w.check(t, f.ulps)
		})
	}
	for _, f := range binaries {
		t.Run(f.name, func(t *testing.T) {
			data := table(t, f.name)
			var w worst
			for i, y := range apply(t, f.f, data[0], data[1]) {
				w.add(error64(y, data[2][i], data[3][i]), data[0][i], data[1][i])
			}
			w.check(t, f.ulps)
		})
	}
}

// error32 is the error of y in ulps of float32, where value is right to many more digits.
func error32(y float32, value float64) float64 {
	if math.IsNaN(value) {
		if y != y {
			return 0
		}
		return math.Inf(1)
	}
	if float64(y) == value {
		if math.Signbit(float64(y)) != math.Signbit(value) {
			return math.Inf(1)
		}
		return 0
	}
	const limit = 0x1p128
	// the next after the greatest
	if math.IsInf(float64(y), 0) && math.Abs(value) >= math.MaxFloat32 {
		y = 0
		return math.Abs(limit-math.Min(math.Abs(value), limit)) / 0x1p104
	}
	_, e := math.Frexp(value)
	unit := math.Ldexp(1, max(e-24, -149))
	if e := math.Abs(float64(y)-value) / unit; e == e {
		return e
	}
	return math.Inf(1)
}

// TestFloat32 compares with Float64, which the test above checks, on bit patterns from all over.
func TestFloat32(t *testing.T) {
	n := uint64(50_000)
	if long() {
		n = 1 << 24
	}
	x32, x64 := spread(n)
	for k := range uint32(1 << 15) { // around 1, where errors of float32 are greatest
		x := math.Float32frombits(math.Float32bits(0.25) + k*(3<<23>>15))
		x32, x64 = append(x32, x), append(x64, float64(x))
	}
	for k := range 1 << 17 { // near multiples of pi/2, for sin and cos
		x := float32(float64(k) * (math.Pi / 2))
		x32, x64 = append(x32, x), append(x64, float64(x))
	}
	for _, f := range unaries {
		t.Run(f.name, func(t *testing.T) {
			want := apply1(t, f.f, x64)
			var w worst
			for i, y := range apply1(t, f.f, x32) {
				w.add(error32(y, want[i]), x64[i])
			}
			w.check(t, 1)
		})
	}
	t.Run("pow", func(t *testing.T) {
		// x from all over; y such that the result is so too, and then sometimes integral.
		y32, y64 := make([]float32, len(x32)), make([]float64, len(x32))
		rng := rand.New(rand.NewPCG(1, 2))
		for i, x := range x64 {
			y := (rng.Float64()*192 - 104) / math.Log(math.Abs(x))
			if i%2 == 0 {
				y = math.Round(y)
			}
			y32[i], y64[i] = float32(y), float64(float32(y))
		}
		want := apply(t, pow, x64, y64)
		var w worst
		for i, y := range apply(t, pow, x32, y32) {
			w.add(error32(y, want[i]), x64[i], y64[i])
		}
		w.check(t, 1)
	})
	t.Run("atan2", func(t *testing.T) {
		y32, y64 := make([]float32, len(x32)), make([]float64, len(x32))
		rng := rand.New(rand.NewPCG(3, 4))
		for i, x := range x32 {
			y32[i] = x * float32(math.Exp2(60*rng.Float64()-30))
			y64[i] = float64(y32[i])
		}
		want := apply(t, atan2, y64, x64)
		var w worst
		for i, angle := range apply(t, atan2, y32, x32) {
			w.add(error32(angle, want[i]), y64[i], x64[i])
		}
		w.check(t, 1)
	})
}
