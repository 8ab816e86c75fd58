package lane_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pullback/internal/lane"
	"pullback/ir"
)

func TestTree(t *testing.T) {
	combine := func(x, y string) string { return "(" + x + y + ")" }
	for n, want := range []string{"", "a", "(ab)", "((ab)c)", "((ab)(cd))", "(((ab)(cd))e)",
		"(((ab)(cd))(ef))", "(((ab)(cd))((ef)g))"} {
		xs := make([]string, n)
		for i := range xs {
			xs[i] = string(rune('a' + i))
		}
		if n > 0 && lane.Tree(xs, combine) != want {
			t.Errorf("%d: %s, want %s", n, xs[0], want)
		}
	}
}

// TestReduceOrder computes a sum in the stated order by hand.
func TestReduceOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{1, 5, 16, 17, 4096, 4097, 3*4096 + 100} {
		xs := make([]float64, n)
		for i := range xs {
			xs[i] = r.NormFloat64() * math.Ldexp(1, r.IntN(40))
		}
		var blocks []float64
		for block := range slices.Chunk(xs, 4096) {
			sums := make([]float64, 16)
			for k := range sums {
				for i := k; i < len(block); i += 16 {
					sums[k] += block[i]
				}
			}
			for width := 16; width > 1; width /= 2 {
				for k := range width / 2 {
					sums[k] = sums[2*k] + sums[2*k+1]
				}
			}
			blocks = append(blocks, sums[0])
		}
		want := blocks[0]
		switch len(blocks) {
		case 2:
			want = blocks[0] + blocks[1]
		case 4:
			want = (blocks[0] + blocks[1]) + (blocks[2] + blocks[3])
		}
		if got := lane.ReduceSlice(lane.Add, xs); got != want {
			t.Errorf("%d elements: ReduceSlice is %x, want %x", n, got, want)
		}
		if got := reduced(t, lane.Add, xs, nil); got != want {
			t.Errorf("%d elements: a program gives %x, want %x", n, got, want)
		}
	}
}

// reduced is a reduction of xs, or of its products with ys, by a lane program.
func reduced[T ir.Number](t *testing.T, code lane.Code, xs, ys []T) T {
	n, d := len(xs), ir.DTypeOf[T]()
	b := lane.NewBuilder()
	length := (n + lane.ReduceBlock - 1) / lane.ReduceBlock * lane.Accumulators
	partials := b.Buffer(d, length, true)
	buffers := []ir.Array{ir.NewArray(ir.Of(d, length)), ir.Wrap(xs, n)}
	b.Foreach(n, func(lane.Value) {
		x, y := b.Load(lane.Contiguous(b.Buffer(d, n, false), n), lane.None), lane.None
		if ys != nil {
			y = b.Load(lane.Contiguous(b.Buffer(d, n, false), n), lane.None)
			buffers = append(buffers, ir.Wrap(ys, n))
		}
		b.Reduce(code, partials, x, y)
	})
	run(t, b.Program(), buffers...)
	out := ir.NewArray(ir.Of(d))
	lane.Finisher(code, d)(buffers[0], out)
	return ir.Stored[T](out)[0]
}

// TestReduceProducts computes a sum of products in the stated order by hand.
func TestReduceProducts(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{1, 5, 17, 4096 + 20} {
		x, y := make([]float64, n), make([]float64, n)
		for i := range x {
			x[i], y[i] = r.NormFloat64(), r.NormFloat64()
		}
		accumulators := make([]float64, (n/4096+1)*16)
		for k := range accumulators {
			accumulators[k] = math.Copysign(0, -1)
		}
		for i := range x {
			k := i/4096*16 + i%16
			accumulators[k] = math.FMA(x[i], y[i], accumulators[k])
		}
		want := lane.Tree(accumulators, func(x, y float64) float64 { return x + y })
		if got := reduced(t, lane.FMA, x, y); got != want {
			t.Errorf("%d products: %x, want %x", n, got, want)
		}
	}
}

func TestReduceSigns(t *testing.T) {
	negative := math.Copysign(0, -1)
	for _, n := range []int{1, 3, 16, 5000} {
		if x := lane.ReduceSlice(lane.Add,
			slices.Repeat([]float64{negative}, n)); !math.Signbit(x) {
			t.Errorf("a sum of %d negative zeros is %v", n, x)
		}
	}
	if x := lane.ReduceSlice(lane.Add, []float64{}); x != 0 || math.Signbit(x) {
		t.Errorf("a sum of nothing is %v", x)
	}
}

func TestIdentity(t *testing.T) {
	for _, d := range ir.DTypes() {
		codes := []lane.Code{lane.Add, lane.Mul, lane.Min, lane.Max}
		if !d.IsFloat() {
			codes = append(codes, lane.And, lane.Or)
		}
		for _, code := range codes {
			if !code.Defined(d) {
				continue
			}
			identity := lane.IdentityBits(code, d)
			pairs(d, func(x, _ uint64) {
				got := lane.Scalar(code, d, d, [3]uint64{identity, x}, 0)
				if lane.Canonical(d, got) != lane.Canonical(d, x) {
					t.Fatalf("%v of the identity of %v and %#x is %#x", code, d, x, got)
				}
			})
		}
	}
}

func ExampleReduceSlice() {
	fmt.Println(lane.ReduceSlice(lane.Max, []float64{1, 3, 2}))
	// Output: 3
}
