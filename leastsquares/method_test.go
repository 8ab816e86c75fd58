package leastsquares_test

import (
	"errors"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/leastsquares"
	"pullback/status"
)

// liar is a method that stays at the start and claims what it is told to.
type liar struct{ claim status.Code }

func (liar) Init(_ leastsquares.Problem, at leastsquares.Point) leastsquares.Point { return at }
func (liar) Trial(_ leastsquares.Problem, s leastsquares.Point) ad.Value           { return s.X }
func (liar) Step(_ leastsquares.Problem, s, _ leastsquares.Point) leastsquares.Point {
	return s
}
func (liar) At(s leastsquares.Point) leastsquares.Point { return s }
func (liar) Accepted(leastsquares.Point) ad.Value       { return ad.Scalar(int32(0)) }
func (liar) Limits() leastsquares.Limits                { return leastsquares.Limits{} }
func (m liar) Status(_ leastsquares.Problem, _ leastsquares.Point) ad.Value {
	return ad.Scalar(int32(m.claim))
}

// What a method claims is checked at the point.
func TestClaimsAreChecked(t *testing.T) {
	for _, claim := range []status.Code{status.Converged, status.AtPrecision} {
		if c := leastsquares.Find(rosenbrock, ad.Vector(1.01, 1), liar{claim}).Outcome(); c !=
			status.Unchecked {
			t.Errorf("a lie is %v", c)
		}
	}
	if c := leastsquares.Find(rosenbrock, ad.Vector(1., 1), liar{status.Stalled}).Outcome(); c !=
		status.Converged {
		t.Errorf("a minimum is %v", c)
	}
}

func TestLimits(t *testing.T) {
	steps := func(m leastsquares.LevenbergMarquardt) int {
		r := leastsquares.Find(brownDennis, ad.Vector(25., 5, -5, -1), m)
		if m.MaxSteps == 0 && r.Outcome() != status.Converged {
			t.Error(r.Outcome())
		}
		return r.Steps.Int()
	}
	long := steps(leastsquares.LevenbergMarquardt{})
	if loose := steps(leastsquares.LevenbergMarquardt{RTol: 1e-3}); loose >= long {
		t.Errorf("%d steps with a loose tolerance, %d with a tight one", loose, long)
	}
	if loose := steps(leastsquares.LevenbergMarquardt{ATol: 1}); loose >= long {
		t.Errorf("%d steps with a loose tolerance, %d with a tight one", loose, long)
	}
	if few := steps(leastsquares.LevenbergMarquardt{MaxSteps: 3}); few != 3 {
		t.Errorf("%d steps and 3 were allowed", few)
	}
}

func TestMistakes(t *testing.T) {
	var m leastsquares.LevenbergMarquardt
	x := ad.Vector(1., 2)
	box := leastsquares.Box[ad.Value]{Lower: ad.Vector(1.), Upper: ad.Vector(2., 3)}
	for want, call := range map[string]func(){
		"same parts": func() { leastsquares.FindIn(rosenbrock, x, box, m) },
		"same element type": func() {
			leastsquares.Find(func(x ad.Value) ad.Value { return ad.Convert(x, ad.Float32) }, x, m)
		},
		"must be floats": func() { leastsquares.Find(rosenbrock, ad.Vector(1, 2), m) },
		"may be negative": func() {
			leastsquares.Find(rosenbrock, x, leastsquares.LevenbergMarquardt{RTol: -1})
		},
	} {
		func() {
			defer func() {
				var mistake *ad.Error
				err, _ := recover().(error)
				if !errors.As(err, &mistake) || !strings.Contains(err.Error(), want) ||
					!strings.Contains(err.Error(), "method_test.go") {
					t.Errorf("%q is not said of this file: %v", want, err)
				}
			}()
			call()
		}()
	}
}
