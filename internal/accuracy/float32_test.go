package accuracy_test

import (
	"math"
	"testing"

	"pullback/internal/lane"
	"pullback/ir"
)

// narrow is the program of f on the float32 whose bits follow each other from a number in a buffer
// on. It reduces the greatest error in units of the last place, as float64 says, which the other
// tests judge; and stores all of them if it is asked to.
func narrow(f operation, n int, store bool) *lane.Program {
	b := lane.NewBuilder()
	first := b.Buffer(ir.Uint32, 1, false)
	greatest := b.Buffer(ir.Float64, lane.Partials(n), true)
	errors := 0
	if store {
		errors = b.Buffer(ir.Float64, n, true)
	}
	base := b.Load(lane.Access{Buffer: first}, lane.None)
	b.Foreach(n, func(i lane.Value) {
		x := b.Bitcast(ir.Float32, b.Add(base, b.Convert(ir.Uint32, i)))
		y := f(b, []lane.Value{x})
		want := f(b, []lane.Value{b.Convert(ir.Float64, x)})
		e := ulps32(b, b.Convert(ir.Float64, y), want)
		b.Reduce(lane.Max, greatest, e, lane.None)
		if store {
			b.Store(lane.Contiguous(errors, n), lane.None, e)
		}
	})
	return b.Program()
}

// ulps32 is by how many units of the last place of Float32 the Float64 y, which is one, differs
// from want: infinitely many if one is NaN and the other is not, or if the signs of zeros or of
// infinities differ. Where want overflows y may be infinite.
func ulps32(b *lane.Builder, y, want lane.Value) lane.Value {
	t := ir.Float64
	number := func(x float64) lane.Value { return b.Float(t, x) }
	limit, infinity := number(0x1p128), number(math.Inf(1)) // the next after the greatest
	bounded := func(x lane.Value) lane.Value {
		return b.Max(b.Min(x, limit), number(-0x1p128))
	}
	e := b.Max(b.Exponent(bounded(want)), number(-126))
	e = b.Min(e, number(127))
	distance := b.Abs(b.Sub(bounded(y), bounded(want)))
	distance = b.Scale(distance, b.Sub(number(23), e))
	one := number(1)
	signs := b.Equal(b.CopySign(one, y), b.CopySign(one, want))
	zero := b.Equal(want, number(0))
	distance = b.Select(b.And(zero, b.Not(signs)), infinity, distance)
	nan, wanted := b.NotEqual(y, y), b.NotEqual(want, want)
	distance = b.Select(b.And(nan, wanted), number(0), distance)
	return b.Select(b.Xor(nan, wanted), infinity, distance)
}

// TestFloat32 tries all float32 in the long mode, and otherwise some thousands in a row at several
// places.
func TestFloat32(t *testing.T) {
	n, step := uint64(1<<12), uint64(1<<24+99991)
	if long() {
		n, step = 1<<22, 1<<22
	}
	for _, f := range functions() {
		if len(f.draw(source(0))) != 1 {
			continue
		}
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			p := narrow(f.f, int(n), false)
			k := compile(t, p)
			first := make([]uint32, 1)
			partials := make([]float64, lane.Partials(int(n)))
			buffers := []ir.Array{ir.Wrap(first, 1), ir.Wrap(partials, len(partials))}
			worst, at := 0.0, uint32(0)
			for start := uint64(0); start < 1<<32; start += step {
				first[0] = uint32(start)
				run(k, p, buffers)
				for _, e := range partials {
					if !(e <= worst) {
						worst, at = e, first[0]
					}
				}
			}
			if !(worst <= 1) {
				x := worstOf(t, f.f, int(n), at)
				t.Errorf("error of %.3f ulp at %x (%g), want at most 1", worst, x, x)
			} else if long() {
				t.Logf("worst error %.3f ulp", worst)
			}
		})
	}
}

// TestFloat32Pairs draws operands for the functions of two numbers.
func TestFloat32Pairs(t *testing.T) {
	n, rounds := 1<<12, 1
	if long() {
		n, rounds = 1<<17, 100_000_000>>17
	}
	for _, f := range functions() {
		if len(f.draw(source(0))) != 2 {
			continue
		}
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			r := source(3)
			x, errors := [2][]float32{make([]float32, n), make([]float32, n)}, make([]float64, n)
			b := lane.NewBuilder()
			buffers := []ir.Array{ir.Wrap(x[0], n), ir.Wrap(x[1], n), ir.Wrap(errors, n)}
			for k, a := range buffers {
				b.Buffer(a.Type().DType, n, k == 2)
			}
			b.Foreach(n, func(lane.Value) {
				var single, double []lane.Value
				for k := range x {
					v := b.Load(lane.Contiguous(k, n), lane.None)
					single, double = append(single, v), append(double, b.Convert(ir.Float64, v))
				}
				y := b.Convert(ir.Float64, f.f(b, single))
				b.Store(lane.Contiguous(2, n), lane.None, ulps32(b, y, f.f(b, double)))
			})
			k := compile(t, b.Program())
			worst, at := 0.0, [2]float32{}
			for range rounds {
				for i := range n {
					// An eighth of float64's exponents, and of the logarithms of powers.
					for k, v := range f.draw(r) {
						if f.name != "pow" || k == 0 {
							v = math.Copysign(math.Pow(math.Abs(v), 0.125), v)
						}
						x[k][i] = float32(v)
					}
				}
				run(k, b.Program(), buffers)
				for i, e := range errors {
					if !(e <= worst) {
						worst, at = e, [2]float32{x[0][i], x[1][i]}
					}
				}
			}
			if !(worst <= 1) {
				t.Errorf("error of %.3f ulp at %x (%g), want at most 1", worst, at, at)
			} else if long() {
				t.Logf("worst error %.3f ulp at %x", worst, at)
			}
		})
	}
}

// worstOf is the number with the greatest error among n whose bits follow each other.
func worstOf(t *testing.T, f operation, n int, first uint32) float32 {
	p := narrow(f, n, true)
	errors := make([]float64, n)
	partials := ir.NewArray(ir.Of(ir.Float64, lane.Partials(n)))
	run(compile(t, p), p, []ir.Array{ir.Wrap([]uint32{first}, 1), partials, ir.Wrap(errors, n)})
	worst := 0
	for i, e := range errors {
		if !(e <= errors[worst]) {
			worst = i
		}
	}
	return math.Float32frombits(first + uint32(worst))
}
