package root_test

import (
	"fmt"
	"math"
	"testing"

	"pullback/ad"
	"pullback/root"
	"pullback/status"
)

// three has roots at 1, 2 and a.
func three(a ad.Value) func(y ad.Value) ad.Value {
	return func(y ad.Value) ad.Value {
		return ad.Mul(ad.Mul(ad.Sub(y, 1), ad.Sub(y, 2)), ad.Sub(y, a))
	}
}

func TestScanSelects(t *testing.T) {
	for _, c := range []struct {
		which root.Selection
		guess float64
		want  float64
	}{{root.Lowest, 0, 1}, {root.Highest, 0, 4}, {root.Nearest, 2.3, 2}, {root.Nearest, 9, 4}} {
		r := root.Find(three(ad.Scalar(4.)), ad.Scalar(c.guess), root.Scan{Lower: ad.Scalar(0.),
			Upper: ad.Scalar(10.), Points: 37, Select: c.which, RTol: 1e-13})
		if r.Outcome() != status.Converged || math.Abs(r.Value.Float()-c.want) > 1e-12 {
			t.Errorf("selection %d from %v: %v, %v", c.which, c.guess, r.Value, r.Outcome())
		}
	}
	unique := root.Scan{Lower: ad.Scalar(0.), Upper: ad.Scalar(10.)}
	r := root.Find(three(ad.Scalar(4.)), ad.Scalar(0.), unique)
	if r.Outcome() != status.Several || !math.IsNaN(r.Value.Float()) {
		t.Errorf("of three roots: %v, %v", r.Value, r.Outcome())
	}
}

// Roots that fall on points of the grid, its ends among them, count once.
func TestScanCountsRootsOnItsPoints(t *testing.T) {
	for _, points := range []int{1, 2, 5, 10, 20} {
		line := func(y ad.Value) ad.Value { return ad.Sub(y, 1) }
		for _, ends := range [][2]float64{{0, 10}, {1, 10}, {-9, 1}} {
			r := root.Find(line, ad.Scalar(0.), root.Scan{Lower: ad.Scalar(ends[0]),
				Upper: ad.Scalar(ends[1]), Points: points})
			if r.Outcome() != status.Converged || math.Abs(r.Value.Float()-1) > 1e-7 {
				t.Errorf("%d points in %v: %v, %v", points, ends, r.Value, r.Outcome())
			}
		}
	}
}

// A batch is each of its rows, and derivatives follow each row's choice.
func TestScanInABatch(t *testing.T) {
	highest := func(a ad.Value) ad.Value {
		return root.Find(three(a), ad.Like(a, 0), root.Scan{Lower: ad.Like(a, 0),
			Upper: ad.Like(a, 10), Points: 50, Select: root.Highest, RTol: 1e-13}).Value
	}
	at := ad.Vector(1.5, 3.25, 7, 2.5)
	all := ad.Jit(ad.Vmap(highest))(at).Floats()
	slopes := ad.Jit(ad.Vmap(ad.Grad(highest)))(at).Floats()
	for i, a := range at.Floats() {
		want, slope := a, 1.0
		if a < 2 {
			want, slope = 2, 0
		}
		if one := highest(ad.Scalar(a)).Float(); all[i] != one || math.Abs(one-want) > 1e-12 ||
			math.Abs(slopes[i]-slope) > 1e-12 {
			t.Errorf("a = %v: %v in the batch, %v alone, slope %v", a, all[i], one, slopes[i])
		}
	}
}

func TestRoots(t *testing.T) {
	got := root.Roots(three(ad.Scalar(4.)), 0, 10, 37)
	if len(got) != 3 {
		t.Fatalf("%v", got)
	}
	for i, want := range []float64{1, 2, 4} {
		if math.Abs(got[i]-want) > 1e-13 {
			t.Errorf("root %d is %v", i, got[i])
		}
	}
	if got := root.Roots(ad.Tan, 0.1, 6, 100); len(got) != 1 || math.Abs(got[0]-math.Pi) > 1e-13 {
		t.Errorf("the roots of tan, which has poles too, are %v", got)
	}
}

func ExampleScan() {
	// An excess demand with three equilibria.
	excess := func(p ad.Value) ad.Value {
		return ad.Mul(ad.Mul(ad.Sub(1, p), ad.Sub(2, p)), ad.Sub(4, p))
	}
	bracket := root.Scan{Lower: ad.Scalar(0.), Upper: ad.Scalar(10.)}
	fmt.Println(root.Find(excess, ad.Scalar(0.), bracket).Outcome())
	bracket.Select = root.Highest
	fmt.Printf("%.6f\n", root.Find(excess, ad.Scalar(0.), bracket).Value)
	// Output:
	// Several: there is more than one root in the bracket; narrow it, or choose the lowest, the highest or the nearest to a guess.
	// 4.000000
}
