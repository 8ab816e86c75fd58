package lane_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pullback/internal/lane"
	"pullback/ir"
)

// TestParted compares a part's addresses with those that its lane has in row-major order, for
// views of all kinds.
func TestParted(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	shapes := [][]int{{6}, {2, 3}, {3, 2}, {6, 1, 2}, {1, 6, 2}, {12, 2}, {4, 3}, {2, 6, 1}, {3, 4}}
	divided := 0
	for range 400 {
		shape := shapes[r.IntN(len(shapes))]
		v := lane.View{Offset: r.IntN(5), Strides: make([]int, len(shape))}
		for i := range v.Strides {
			v.Strides[i] = r.IntN(7) - 3
		}
		lanes := []int{1, 2, 3, 4, 6, 12}[r.IntN(6)]
		p, ok := v.Parted(shape, lanes)
		if ok != lane.Divides(shape, lanes) {
			t.Fatalf("%v in %d: %v", shape, lanes, ok)
		}
		if !ok {
			continue
		}
		divided++
		size := ir.Type{Shape: shape}.Size() / lanes
		within := true
		for l := range lanes {
			access := lane.Access{Dims: p.Lanes}
			for i := range size {
				at := access.Address(l) + p.At(p.Shape, i)
				if want := v.At(shape, l*size+i); at != want {
					t.Fatalf("%v over %v: element %d of lane %d of %d is at %d, want %d", v, shape,
						i, l, lanes, at, want)
				}
				within = within && p.At(p.Shape, i) >= 0 && p.At(p.Shape, i) < size &&
					at == l*size+p.At(p.Shape, i)
			}
		}
		if p.Size() != size || p.Within(size) != within {
			t.Fatalf("%v over %v in %d: %d elements, within %v; want %d, %v", v, shape, lanes,
				p.Size(), p.Within(size), size, within)
		}
	}
	if divided < 100 {
		t.Errorf("only %d were divided", divided)
	}
	for _, shape := range [][]int{{4}, {4, 3}, {}, {2, 5}} {
		if _, ok := lane.Whole(shape).Parted(shape, 3); ok {
			t.Errorf("%v is divided among 3", shape)
		}
	}
}

// TestAccumulate sums values of a lane one by one, all of them at once and with some taken
// elsewhere.
func TestAccumulate(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 3))
	for _, n := range []int{1, 2, 5, 15, 16, 17, 50, 4096, 4099} {
		xs := make([]float64, n)
		for i := range xs {
			xs[i] = r.NormFloat64() * math.Ldexp(1, r.IntN(40))
		}
		for _, code := range []lane.Code{lane.Add, lane.Mul, lane.Min, lane.Max} {
			want := lane.ReduceSlice(code, xs)
			for _, apart := range []int{0, 16, 32} {
				if apart > n {
					continue
				}
				got := accumulate(code, xs, apart)
				if math.Float64bits(got) != math.Float64bits(want) {
					t.Errorf("%v of %d, %d apart: %v, want %v", code, n, apart, got, want)
				}
			}
		}
	}
}

// accumulate reduces xs in a lane program; the first elements, as many as apart says, are taken by
// hand.
func accumulate(code lane.Code, xs []float64, apart int) float64 {
	b := lane.NewBuilder()
	from, to := b.Buffer(ir.Float64, len(xs), false), b.Buffer(ir.Float64, 1, true)
	load := func(i int) lane.Value {
		return b.Load(lane.Access{Buffer: from, Offset: i}, lane.None)
	}
	sum := b.Accumulate(code)
	for i := range min(apart, lane.Accumulators) {
		sum.Take(load(i))
	}
	if apart > 0 {
		acc := sum.Accumulators()
		for i := lane.Accumulators; i < apart; i++ {
			acc[i%lane.Accumulators] = sum.Combine(acc[i%lane.Accumulators], load(i))
		}
		sum.Set(apart, acc)
	}
	for i := apart; i < len(xs); i++ {
		sum.Take(load(i))
	}
	b.Store(lane.Access{Buffer: to}, lane.None, sum.Result())
	out := []float64{0}
	lane.Reference(b.Program(), []ir.Array{ir.Wrap(slices.Clone(xs), len(xs)), ir.Wrap(out, 1)})
	return out[0]
}
