package interp

import (
	"fmt"
	"testing"

	"pullback/internal/lane"
	"pullback/ir"
)

type (
	build = lane.Builder
	value = lane.Value
)

// elementwise is y = f(x) over n lanes.
func elementwise(t ir.DType, n int, f func(b *build, x value) value) *lane.Program {
	b := lane.NewBuilder()
	x, y := b.Buffer(t, n, false), b.Buffer(t, n, true)
	b.Foreach(n, func(lane.Value) {
		b.Store(lane.Contiguous(y, n), lane.None, f(b, b.Load(lane.Contiguous(x, n), lane.None)))
	})
	return b.Program()
}

// newton solves x^3 = a for each lane by Newton's method: a loop whose lanes leave on their own.
func newton(b *lane.Builder, a lane.Value) lane.Value {
	t := b.Type(a)
	s := b.While([]lane.Value{b.Float(t, 5), b.Float(t, 1)}, func(s []lane.Value) lane.Value {
		return b.Less(b.Float(t, 1e-6), b.Abs(s[1]))
	}, func(s []lane.Value) []lane.Value {
		square := b.Mul(s[0], s[0])
		excess := b.Sub(b.Mul(square, s[0]), a)
		step := b.Div(excess, b.Mul(b.Float(t, 3), square))
		return []lane.Value{b.Sub(s[0], step), step}
	})
	return s[0]
}

func numbers(t ir.DType, n int) []ir.Array {
	x := ir.NewArray(ir.Of(t, n))
	for i := range n {
		switch d := x.Memory().(type) {
		case []float64:
			d[i] = 1 + float64(i*7919%1000)
		case []float32:
			d[i] = 1 + float32(i*7919%1000)
		case []int64:
			d[i] = int64(i)
		}
	}
	return []ir.Array{x, ir.NewArray(ir.Of(t, n))}
}

func BenchmarkOperation(b *testing.B) {
	const n, repeat = 1 << 14, 32
	for _, c := range []struct {
		code lane.Code
		t    ir.DType
		f    func(b *build, x, y value) value
	}{
		{lane.Add, ir.Float64, (*build).Add},
		{lane.Add, ir.Float32, (*build).Add},
		{lane.Add, ir.Int64, (*build).Add},
		{lane.Max, ir.Float64, (*build).Max},
		{lane.Div, ir.Float64, (*build).Div},
		{lane.Scale, ir.Float64, (*build).Scale},
		{lane.Round, ir.Float64, func(b *build, x, y value) value { return b.Round(x) }},
		{lane.Exponent, ir.Float64, func(b *build, x, y value) value { return b.Exponent(x) }},
		{lane.FMA, ir.Float64, func(b *build, x, y value) value { return b.FMA(x, y, y) }},
		{lane.FMA, ir.Float32, func(b *build, x, y value) value { return b.FMA(x, y, y) }},
		{lane.Select, ir.Float64, func(b *build, x, y value) value {
			return b.Select(b.Less(x, y), x, y)
		}},
	} {
		p := elementwise(c.t, n, func(b *build, x value) value {
			y := x
			for range repeat {
				x = c.f(b, x, y)
			}
			return x
		})
		b.Run(fmt.Sprintf("%v/%v", c.code, c.t), func(b *testing.B) {
			benchmark(b, p, c.t, n)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n/repeat, "ns/op-lane")
		})
	}
}

// BenchmarkElementary has more registers in use than the other programs.
func BenchmarkElementary(b *testing.B) {
	const n = 1 << 14
	for name, f := range map[string]func(b *build, x value) value{"exp": (*build).Exp,
		"log": (*build).Log, "power": func(b *build, x value) value { return b.Pow(x, x) }} {
		b.Run(name, func(b *testing.B) {
			benchmark(b, elementwise(ir.Float64, n, f), ir.Float64, n)
		})
	}
}

func BenchmarkNewton(b *testing.B) {
	for _, n := range []int{1, 16, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			benchmark(b, elementwise(ir.Float64, n, newton), ir.Float64, n)
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/solve")
		})
	}
}

func benchmark(b *testing.B, p *lane.Program, t ir.DType, n int) {
	for _, lanes := range []int{64, 128, 256, 512, 1024} {
		if n == 1 && lanes != 64 || lanes != 256 && testing.Short() {
			continue
		}
		b.Run(fmt.Sprint(lanes), func(b *testing.B) {
			k, err := Executor{Lanes: lanes}.Compile(p)
			if err != nil {
				b.Fatal(err)
			}
			frame, buffers := k.NewFrame(), numbers(t, n)
			b.ReportAllocs()
			for b.Loop() {
				frame.Start(buffers, 0, n)
				for frame.Run(lane.Fuel) {
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/lane")
		})
	}
}
