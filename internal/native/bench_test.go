package native_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pullback/internal/lane"
	"pullback/internal/native"
	"pullback/internal/native/target"
	"pullback/ir"
)

// workloads are functions of one number, by the range of their arguments.
var workloads = []struct {
	name      string
	low, high float64
	f         func(b *lane.Builder, x lane.Value) lane.Value
}{
	{"chain", 0.5, 1, func(b *lane.Builder, x lane.Value) lane.Value {
		y := x
		for range 20 {
			y = b.FMA(y, x, b.Div(x, b.Add(y, x)))
		}
		return y
	}},
	{"fma", 0.5, 1, func(b *lane.Builder, x lane.Value) lane.Value {
		y := x
		for range 50 {
			y = b.FMA(y, x, b.FMA(x, y, x))
		}
		return y
	}},
	{"exp", -10, 10, (*lane.Builder).Exp},
	{"log", 0, 10, (*lane.Builder).Log},
	{"pow", 0, 10, func(b *lane.Builder, x lane.Value) lane.Value { return b.Pow(x, x) }},
	{"sin", -10, 10, (*lane.Builder).Sin},
	{"erf", -3, 3, (*lane.Builder).Erf},
	{"tanh", -3, 3, (*lane.Builder).Tanh},
	{"newton", 0.1, 3, func(b *lane.Builder, x lane.Value) lane.Value { // of e^y + y = x
		one, small := b.Float(b.Type(x), 1), b.Float(b.Type(x), 1e-5)
		s := b.While([]lane.Value{x, one},
			func(s []lane.Value) lane.Value { return b.Less(small, b.Abs(s[1])) },
			func(s []lane.Value) []lane.Value {
				e := b.Exp(s[0])
				step := b.Div(b.Sub(b.Add(e, s[0]), x), b.Add(e, one))
				return []lane.Value{b.Sub(s[0], step), step}
			})
		return s[0]
	}},
	{"terms", 0, 2, func(b *lane.Builder, x lane.Value) lane.Value {
		sin := b.Sin(x)
		return b.Add(b.Mul(b.Exp(b.Neg(b.Mul(x, x))), b.Log1p(x)), b.Mul(sin, sin))
	}},
}

// elementwise is f of each of n elements.
func elementwise(t ir.DType, n int, f func(*lane.Builder, lane.Value) lane.Value) *lane.Program {
	b := lane.NewBuilder()
	in, out := b.Buffer(t, n, false), b.Buffer(t, n, true)
	b.Foreach(n, func(lane.Value) {
		y := f(b, b.Load(lane.Contiguous(in, n), lane.None))
		b.Store(lane.Contiguous(out, n), lane.None, y)
	})
	return b.Program()
}

func BenchmarkElementwise(b *testing.B) {
	const n = 10000
	for _, t := range []ir.DType{ir.Float64, ir.Float32} {
		for _, w := range workloads {
			in := ir.NewArray(ir.Of(t, n))
			r := rand.New(rand.NewPCG(1, 2))
			for i := range n {
				x := w.low + (w.high-w.low)*r.Float64()
				bits := math.Float64bits(x)
				if t == ir.Float32 {
					bits = uint64(math.Float32bits(float32(x)))
				}
				in.SetBits(i, bits)
			}
			buffers := []ir.Array{in, ir.NewArray(ir.Of(t, n))}
			for _, x := range target.Supported()[1:] {
				b.Run(fmt.Sprint(t, "/", w.name, "/", x), func(b *testing.B) {
					k, err := native.Executor{Target: x}.Compile(elementwise(t, n, w.f))
					if err != nil {
						b.Fatal(err)
					}
					f := k.NewFrame()
					b.ReportAllocs()
					for b.Loop() {
						f.Start(buffers, 0, n)
						for f.Run(lane.Fuel) {
						}
					}
					b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/elem")
				})
			}
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	for _, w := range workloads {
		p := elementwise(ir.Float64, 10000, w.f)
		for _, x := range target.Supported()[1:] {
			b.Run(fmt.Sprint(w.name, "/", x), func(b *testing.B) {
				for b.Loop() {
					if _, err := (native.Executor{Target: x}).Code(p); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
