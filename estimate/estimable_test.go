package estimate_test

import (
	"fmt"
	"math"
	"testing"

	"pullback/ad"
	"pullback/estimate"
)

// pairs are predictions that show x₀ + 2x₁, x₂, and 3x₃ - 1e-3·x₄ only, each three times.
func pairs(x ad.Value) ad.Value {
	one := ad.Add(ad.At(x, 0), ad.Mul(2, ad.At(x, 1)))
	two := ad.Sub(ad.Mul(3, ad.At(x, 3)), ad.Mul(1e-3, ad.At(x, 4)))
	all := ad.Stack(0, one, ad.At(x, 2), two, ad.Add(one, two), ad.Sub(two, ad.At(x, 2)))
	return ad.Concatenate(0, all, all, all)
}

// TestEstimable is that what is separate is said separately: two directions and two combinations,
// and a parameter that is determined.
func TestEstimable(t *testing.T) {
	info := estimate.Of(pairs, ad.Vector(1., 2, 3, 4, 5), ad.Scalar(.5))
	if info.Rank != 3 || fmt.Sprint(info.Determined()) != "[false false true false false]" {
		t.Fatalf("rank %d, determined %v", info.Rank, info.Determined())
	}
	names := []string{"a", "b", "c", "d", "e"}
	check := func(what string, got [][]float64, want ...string) {
		t.Helper()
		if len(got) != len(want) {
			t.Fatalf("%s: %v", what, got)
		}
		for _, w := range want {
			found := false
			for _, g := range got {
				found = found || estimate.Combination(g, names) == w
			}
			if !found {
				t.Errorf("%s: %v; want %s", what, got, w)
			}
		}
	}
	check("flat", info.Unidentified(), "0.89443·a - 0.44721·b", "0.00033·d + e")
	check("estimable", info.Estimable(), "0.44721·a + 0.89443·b", "d - 0.00033·e")

	// c alone shows in c and in e - c; with the two sums free, the information about (s, c, u) is
	// 3/σ²·[2 0 1; 0 2 -1; 1 -1 3].
	want := .5 * math.Sqrt(5./8/3)
	for name, gradient := range map[string][]float64{
		"sum": {1, 2, 0, 0, 0}, "c": {0, 0, -1, 0, 0}} {
		got := info.StdErrOf(gradient)
		if !got.Known || math.Abs(got.Value-want) > 1e-14 {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	for _, gradient := range [][]float64{{1, 0, 0, 0, 0}, {0, 0, 1, 1, 0},
		{math.NaN(), 0, 0, 0, 0}} {
		if got := info.StdErrOf(gradient); got.Known {
			t.Errorf("%v has the standard error %v", gradient, got)
		}
	}
	nan := estimate.Of(pairs, ad.Vector(1., 2, 3, 4, math.NaN()), ad.Scalar(1.))
	if nan.Estimable() != nil || nan.Determined()[2] || nan.StdErrOf(make([]float64, 5)).Known {
		t.Error("a NaN identifies something")
	}
}

// TestNothing is a parameter without an effect beside one with: nothing else is estimable.
func TestNothing(t *testing.T) {
	info := estimate.OfScores(func(x ad.Value) ad.Value {
		return ad.Mul(ad.At(x, 0), ad.Vector(1., -2, 1))
	}, ad.Vector(1., 2))
	if info.Rank != 1 || len(info.Estimable()) != 0 || info.StdErrOf([]float64{0, 1}).Known ||
		math.Abs(info.StdErrOf([]float64{2, 0}).Value-2/math.Sqrt(6)) > 1e-15 {
		t.Errorf("%+v, estimable %v", info, info.Estimable())
	}
}

func ExampleInformation_Estimable() {
	// Of two parameters whose product alone is seen, the sum of their relative changes is known.
	product := func(x ad.Value) ad.Value {
		return ad.BroadcastTo(ad.Mul(ad.At(x, 0), ad.At(x, 1)), 3)
	}
	info := estimate.Of(product, ad.Vector(2., 1), ad.Scalar(.1))
	names := []string{"level", "slope"}
	for _, c := range info.Estimable() {
		fmt.Printf("%s ± %.4f\n", estimate.Combination(c, names), info.StdErrOf(c).Value)
	}
	// Output: 0.44721·level + 0.89443·slope ± 0.0258
}
