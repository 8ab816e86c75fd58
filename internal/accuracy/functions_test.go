package accuracy_test

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"pullback/internal/lane"
	"pullback/internal/native"
	"pullback/ir"
)

type operation = func(b *lane.Builder, x []lane.Value) lane.Value

// function is an elementary function of float64 and how its results are judged.
type function struct {
	name string
	f    operation
	// ulps is by how many units of its last place y differs from the value at x.
	ulps func(c calculator, x []lane.Value, y lane.Value) lane.Value
	draw func(r *rand.Rand) []float64 // arguments
	// most is the bound that random points are held to. The contract is 2.
	most float64
}

func of(f func(b *lane.Builder, x lane.Value) lane.Value) operation {
	return func(b *lane.Builder, x []lane.Value) lane.Value { return f(b, x[0]) }
}

func pow(b *lane.Builder, x []lane.Value) lane.Value   { return b.Pow(x[0], x[1]) }
func atan2(b *lane.Builder, x []lane.Value) lane.Value { return b.Atan2(x[0], x[1]) }

// between draws from an interval, and as often a number with a random exponent in [low, high).
func between(from, to float64, low, high int) func(r *rand.Rand) []float64 {
	return func(r *rand.Rand) []float64 {
		for {
			x := from + (to-from)*r.Float64()
			if r.IntN(2) == 0 {
				x = math.Ldexp(1+r.Float64(), low+r.IntN(high-low))
				if r.IntN(2) == 0 {
					x = -x
				}
			}
			if from <= x && x <= to {
				return []float64{x}
			}
		}
	}
}

// drawPow has results from all over the range in which a double has all its bits, and numbers near
// 1 with great exponents.
func drawPow(r *rand.Rand) []float64 {
	x := math.Ldexp(1+r.Float64(), r.IntN(2040)-1020)
	if r.IntN(2) == 0 {
		x = 1 + math.Ldexp(r.Float64()-0.5, -r.IntN(50))
	}
	if x == 1 {
		x = 1.5
	}
	return []float64{x, (r.Float64()*1367 - 660) / math.Log(x)}
}

func drawAtan2(r *rand.Rand) []float64 {
	y := math.Ldexp(r.Float64()-0.5, r.IntN(200)-100)
	x := math.Ldexp(r.Float64()-0.5, r.IntN(200)-100)
	if r.IntN(2) == 0 {
		x = y * (r.Float64()*8 - 4)
	}
	return []float64{y, x}
}

func functions() []function {
	return []function{
		{"exp", of((*lane.Builder).Exp), calculator.exp, between(-660, 709, -60, 10), 0.95},
		{"exp2", of((*lane.Builder).Exp2), calculator.exp2, between(-960, 1023, -60, 10), 0.95},
		{"expm1", of((*lane.Builder).Expm1), calculator.expm1, between(-40, 709, -60, 10), 1.1},
		{"log", of((*lane.Builder).Log), calculator.log, between(0x1p-1022, 3, -1022, 1023), 0.9},
		{"log1p", of((*lane.Builder).Log1p), calculator.log1p, between(-1, 3, -60, 1000), 0.9},
		{"log2", of((*lane.Builder).Log2), calculator.log2,
			between(0x1p-1022, 3, -1022, 1023), 1.1},
		{"pow", pow, calculator.pow, drawPow, 1.3},
		{"sin", of((*lane.Builder).Sin), calculator.sin, between(-1e6, 1e6, -60, 21), 0.9},
		{"cos", of((*lane.Builder).Cos), calculator.cos, between(-1e6, 1e6, -60, 21), 0.9},
		{"tan", of((*lane.Builder).Tan), calculator.tan, between(-1e6, 1e6, -60, 21), 0.9},
		{"asin", of((*lane.Builder).Asin), calculator.asin, between(-1, 1, -60, 0), 0.9},
		{"acos", of((*lane.Builder).Acos), calculator.acos, between(-1, 1, -60, 0), 0.9},
		{"atan", of((*lane.Builder).Atan), calculator.atan, between(-10, 10, -60, 60), 0.9},
		{"atan2", atan2, calculator.atan2, drawAtan2, 1},
		{"sinh", of((*lane.Builder).Sinh), calculator.sinh, between(-700, 700, -60, 10), 1},
		{"cosh", of((*lane.Builder).Cosh), calculator.cosh, between(-700, 700, -60, 10), 1},
		{"tanh", of((*lane.Builder).Tanh), calculator.tanh, between(-25, 25, -60, 5), 1},
		{"cbrt", of((*lane.Builder).Cbrt), calculator.cbrt, between(-9, 9, -900, 900), 0.9},
		{"erf", of((*lane.Builder).Erf), calculator.erf, between(-5.9, 5.9, -60, 3), 1},
		{"erfinv", of((*lane.Builder).ErfInv), calculator.erfinv,
			between(-1+0x1p-53, 1-0x1p-53, -60, 0), 1.6},
	}
}

func long() bool { return os.Getenv("PULLBACK_LONG") != "" }

// run executes p, compiled to k.
func run(k native.Compiled, p *lane.Program, buffers []ir.Array) {
	frame := k.NewFrame()
	frame.Start(buffers, 0, p.Extent())
	for frame.Run(lane.Fuel) {
	}
}

// compile is for the executor that this process runs programs on.
func compile(t testing.TB, p *lane.Program) native.Compiled {
	t.Helper()
	k, err := native.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	return k
}
