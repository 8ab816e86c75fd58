package ir_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pullback/ir"
)

// readsBack checks that an array's text gives the same bits again, save those of a NaN.
func readsBack[T ir.Element](t *testing.T, xs []T) {
	t.Helper()
	g := build(func(builder) []ir.Value { return []ir.Value{ir.Known(ir.Wrap(xs, len(xs)))} })
	h, err := ir.Parse(g.Text(ir.TextOptions{}), lookup)
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range ir.Slice[T](h.Out()[0]) {
		sameZero := fmt.Sprint(got) == fmt.Sprint(xs[i]) // tells -0 from 0
		if bothNaN := got != got && xs[i] != xs[i]; !bothNaN && (got != xs[i] || !sameZero) {
			t.Fatalf("%v reads back as %v", xs[i], got)
		}
	}
}

func TestNumbersReadBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	n := 2000
	f64 := []float64{0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(),
		math.MaxFloat64, math.SmallestNonzeroFloat64, 1e15, 1e15 - 0.125, 1e-4, 9.99999e-5, 1.0 / 3,
		123456789}
	f32 := []float32{math.MaxFloat32, math.SmallestNonzeroFloat32, 1 << 24, 0.1, -16777216}
	i32, i64 := []int32{math.MinInt32, math.MaxInt32}, []int64{math.MinInt64, math.MaxInt64}
	u32, u64 := []uint32{0, math.MaxUint32}, []uint64{0, math.MaxUint64, 1<<53 + 1}
	for range n {
		bits := r.Uint64()
		f64, f32 = append(f64, math.Float64frombits(bits)),
			append(f32, math.Float32frombits(uint32(bits)))
		i32, i64 = append(i32, int32(bits)), append(i64, int64(bits))
		u32, u64 = append(u32, uint32(bits)), append(u64, bits)
	}
	readsBack(t, f64)
	readsBack(t, f32)
	readsBack(t, i32)
	readsBack(t, i64)
	readsBack(t, u32)
	readsBack(t, u64)
	readsBack(t, []bool{true, false, true})
}

// TestChecksum has arrays of each element type that differ in one element's last bit.
func TestChecksum(t *testing.T) {
	seen := map[string]bool{}
	text := func(a ir.Array) string {
		return build(func(builder) []ir.Value { return []ir.Value{ir.Known(a)} }).String()
	}
	distinct := func(arrays ...ir.Array) {
		for _, a := range arrays {
			s := text(a)
			if seen[s] {
				t.Errorf("two arrays are %s", s)
			}
			seen[s] = true
		}
	}
	f64, i64, u64, b := make([]float64, 100), make([]int64, 100), make([]uint64, 100),
		make([]bool, 100)
	f64[50], i64[50], u64[50], b[50] = math.Copysign(0, -1), 1<<53+1, 1<<63+1, true
	distinct(ir.Wrap(f64, 100), ir.Wrap(i64, 100), ir.Wrap(u64, 100), ir.Wrap(b, 100),
		ir.Wrap(f64, 10, 10))
	distinct(ir.NewArray(ir.Of(ir.Float64, 100)), ir.NewArray(ir.Of(ir.Bool, 100)))
	i64, u64 = append([]int64(nil), i64...), append([]uint64(nil), u64...)
	i64[50], u64[50] = 1<<53, 1<<63
	distinct(ir.Wrap(i64, 100), ir.Wrap(u64, 100))

	nan, other := make([]float64, 100), make([]float64, 100)
	nan[3], other[3] = math.NaN(),
		math.Float64frombits(math.Float64bits(math.NaN())^0x8000000000000002)
	if text(ir.Wrap(nan, 100)) != text(ir.Wrap(other, 100)) {
		t.Error("two NaNs are told apart")
	}
}
