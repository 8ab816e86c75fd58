package tail_test

import (
	"math"
	"testing"

	"pullback/estimate/tail"
)

// TestProbabilities compares with closed forms: a chi-square with two degrees of freedom is
// exponential, and with four has a polynomial; T is Cauchy's with one degree and algebraic with
// two.
func TestProbabilities(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"normal 1.96", tail.Normal(-1.959963984540054), .05},
		{"normal 37", tail.Normal(37), 1.1451142445049154e-299},
		{"chi-square 1", tail.ChiSquare(3.841458820694124, 1), .05},
		{"chi-square 2", tail.ChiSquare(1380, 2), math.Exp(-690)},
		{"chi-square 4", tail.ChiSquare(1380, 4), math.Exp(-690) * 691},
		{"chi-square of less", tail.ChiSquare(-1, 3), 1},
		{"t 1", tail.StudentT(1, 1), .5},
		{"t 1, far", tail.StudentT(1e150, 1), 2 / math.Pi * 1e-150},
		{"t 2", tail.StudentT(3, 2), 1 - 3/math.Sqrt(11)},
		{"t 1e300", tail.StudentT(2, math.Inf(1)), tail.Normal(2)},
		{"F 2, 2", tail.F(3, 2, 2), .25},
		{"F 2, 10", tail.F(1e50, 2, 10), math.Pow(1+1e50/5, -5)},
		{"F at 0", tail.F(0, 2, 10), 1},
	} {
		if !(math.Abs(c.got/c.want-1) < 1e-12) {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
	for _, x := range []float64{tail.StudentT(1, 0), tail.ChiSquare(1, -1), tail.F(1, 0, 1),
		tail.StudentTCritical(2, 3), tail.ChiSquareCritical(.5, 0)} {
		if !math.IsNaN(x) {
			t.Errorf("what has no meaning is %v", x)
		}
	}
}

func TestCriticalValues(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"normal", tail.NormalCritical(.95), 1.959963984540054},
		{"t 1", tail.StudentTCritical(.95, 1), 12.706204736174698},
		{"t 13", tail.StudentTCritical(.95, 13), 2.1603686564610127},
		{"chi-square 1", tail.ChiSquareCritical(.95, 1), 3.841458820694124},
		{"chi-square 2", tail.ChiSquareCritical(.95, 2), -2 * math.Log(.05)},
	} {
		if !(math.Abs(c.got/c.want-1) < 1e-12) {
			t.Errorf("%s: %v, want %v", c.name, c.got, c.want)
		}
	}
}
