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
		bits := make([]uint64, n)
		for i := range xs {
			xs[i] = r.NormFloat64() * math.Ldexp(1, r.IntN(40))
			bits[i] = math.Float64bits(xs[i])
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
		if got := lane.Reduce(lane.Add, ir.Float64, bits); got != math.Float64bits(want) {
			t.Errorf("%d elements: Reduce is %x, want %x", n, math.Float64frombits(got), want)
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
