package minimise_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/minimise"
	"pullback/status"
)

// liar stays at the start and claims what it is told to.
type liar struct {
	claim  status.Code
	limits minimise.Limits
}

type liarState struct{ At minimise.Point }

func (m liar) Limits() minimise.Limits { return m.limits }
func (liar) Init(_ minimise.Problem, p minimise.Point) liarState {
	return liarState{p}
}
func (liar) Trial(_ minimise.Problem, s liarState) ad.Value { return s.At.X }
func (liar) At(s liarState) minimise.Point                  { return s.At }
func (liar) Accepted(liarState) ad.Value {
	return ad.Scalar(int32(0))
}
func (m liar) Status(minimise.Problem, liarState) ad.Value {
	return ad.Scalar(int32(m.claim))
}
func (liar) Step(_ minimise.Problem, s liarState, _ minimise.Point) liarState { return s }

func TestLiesAreCaught(t *testing.T) {
	valley := func(x ad.Value) ad.Value { // along it f falls by ½, and across it is steep
		return ad.Mul(.5, ad.Add(ad.Square(at(x, 0)), ad.Mul(1e8, ad.Square(at(x, 1)))))
	}
	plateau := func(x ad.Value) ad.Value { return ad.Neg(ad.Exp(ad.Neg(ad.Dot(x, x)))) }
	for _, c := range []struct {
		name string
		f    func(ad.Value) ad.Value
		at   []float64
		want status.Code
	}{
		{"far", rosenbrock, []float64{-1.2, 1}, status.Unchecked},
		{"in the valley", rosenbrock, []float64{.5, .25}, status.Unchecked},
		{"near", rosenbrock, []float64{.999, .998}, status.Unchecked},
		{"in a steep valley, the gradient across it", valley, []float64{1, 1e-8}, status.Unchecked},
		{"small units", func(x ad.Value) ad.Value { return ad.Mul(1e-12, rosenbrock(x)) },
			[]float64{-1.2, 1}, status.Unchecked},
		{"on a height", func(x ad.Value) ad.Value { return ad.Add(1e4, rosenbrock(x)) },
			[]float64{-1.2, 1}, status.Unchecked},
		{"on a plateau", plateau, []float64{6, 0}, status.Saddle},
		{"on a slope", func(x ad.Value) ad.Value { return ad.Sum(x) }, []float64{1, 2},
			status.Unchecked},
		{"on one side of a kink", func(x ad.Value) ad.Value { return ad.Sum(ad.Abs(x)) },
			[]float64{1e-3, 0}, status.Unchecked},
		{"at a saddle", func(x ad.Value) ad.Value { return ad.Mul(at(x, 0), at(x, 1)) },
			[]float64{0, 0}, status.Saddle},
		{"at a NaN", rosenbrock, []float64{math.NaN(), 0}, status.NotFinite},
		{"at the minimum", rosenbrock, []float64{1, 1}, status.Converged},
	} {
		for _, claim := range []status.Code{status.Converged, status.AtPrecision} {
			forBoth(t, c.name+"/"+claim.String()[:9], func(t *testing.T, d ad.DType) {
				r := minimise.Find(c.f, vector(d, c.at), liar{claim: claim})
				if r.Outcome() != c.want {
					t.Errorf("%v; gain %v", r.Outcome(), r.Gain)
				}
				if math.IsNaN(number(at(r.Value, 0))) == c.want.OK() {
					t.Errorf("the value is %v", r.Value)
				}
				same(t, "last", r.Last, vector(d, c.at))
			})
		}
	}
}

// A small gradient is not enough where the function is shallow.
func TestTheGainIsChecked(t *testing.T) {
	shallow := func(x ad.Value) ad.Value { return ad.Mul(.5e-8, ad.Sum(ad.Square(ad.Sub(x, 1e3)))) }
	lies := liar{status.Converged, minimise.Limits{ATol: 1e-4}}
	r := minimise.Find(shallow, ad.Vector(0.), lies)
	if r.Outcome() != status.Unchecked || math.Abs(number(r.Gain)-5e-3) > 1e-9 {
		t.Errorf("%v; gain %v", r.Outcome(), r.Gain)
	}
	lies.limits.ATol = 1e-2
	if r := minimise.Find(shallow, ad.Vector(0.), lies); r.Outcome() != status.Converged {
		t.Errorf("within the tolerances: %v", r.Outcome())
	}
}

// collapsed is BFGS whose model of the inverse Hessian shrinks to nothing after some steps, as
// that of a search led astray by rounding errors does: then it promises nothing more to gain.
type collapsed struct{ minimise.BFGS }

func (m collapsed) Step(p minimise.Problem, s minimise.BFGSState,
	trial minimise.Point) minimise.BFGSState {
	next := m.BFGS.Step(p, s, trial)
	gone := ad.GreaterEqual(next.Steps, int32(3))
	next.Inverse = ad.Where(gone, ad.ZerosLike(next.Inverse), next.Inverse)
	next.Scale = ad.Where(gone, ad.ZerosLike(next.Scale), next.Scale)
	next.D = ad.Where(gone, ad.ZerosLike(next.D), next.D)
	return next
}

// claiming says at once what a collapsed model suggests.
type claiming struct{ collapsed }

func (m claiming) Status(p minimise.Problem, s minimise.BFGSState) ad.Value {
	gone := ad.Equal(ad.MaxOf(ad.Abs(s.D)), 0)
	return ad.Where(gone, ad.Scalar(int32(status.AtPrecision)), m.BFGS.Status(p, s))
}

func TestCollapsedModelsAreCaught(t *testing.T) {
	forBoth(t, "Rosenbrock", func(t *testing.T, d ad.DType) {
		start := vector(d, []float64{-1.2, 1})
		for name, outcome := range map[string]status.Code{
			"silent": minimise.Find(rosenbrock, start, collapsed{minimise.BFGS{}}).Outcome(),
			"claiming": minimise.Find(rosenbrock, start,
				claiming{collapsed{minimise.BFGS{}}}).Outcome(),
		} {
			if outcome.OK() {
				t.Errorf("%s: %v", name, outcome)
			}
		}
	})
}

// amnesiac is BFGS whose model is spoilt once: it must find its way back.
type amnesiac struct {
	minimise.BFGS
	factor float64
}

func (m amnesiac) Step(p minimise.Problem, s minimise.BFGSState,
	trial minimise.Point) minimise.BFGSState {
	third := ad.Equal(s.Steps, int32(3))
	s.Inverse = ad.Where(third, ad.Mul(s.Inverse, m.factor), s.Inverse)
	return m.BFGS.Step(p, s, trial)
}

func TestCollapsedModelsAreDropped(t *testing.T) {
	forBoth(t, "Rosenbrock", func(t *testing.T, d ad.DType) {
		for _, factor := range []float64{0, 1e-30, -1, math.NaN()} {
			r := minimise.Find(rosenbrock, vector(d, []float64{-1.2, 1}), amnesiac{factor: factor})
			if !r.Outcome().OK() || number(r.F) > 1e-6 {
				t.Errorf("times %v: %v at %v, f %v", factor, r.Outcome(), r.Last, r.F)
			}
			if e := r.Evaluations.Int(); e > 70 {
				t.Errorf("times %v: %d evaluations", factor, e)
			}
		}
	})
}

func TestAtPrecision(t *testing.T) {
	// Tolerances beyond the precision of f: what is left to gain is below its rounding errors.
	f := func(x ad.Value) ad.Value { return ad.Add(ad.Sum(ad.Sub(ad.Exp(x), ad.Mul(2, x))), 100) }
	forBoth(t, "exponential", func(t *testing.T, d ad.DType) {
		r := minimise.Find(f, vector(d, []float64{0, 3}), minimise.BFGS{RTol: 1e-30})
		if steep := number(r.RelativeGradient); r.Outcome() != status.AtPrecision && steep != 0 {
			t.Errorf("%v, relative gradient %v", r.Outcome(), steep)
		}
		if number(r.Gain) > 16*0x1p-23*105 {
			t.Errorf("gain %v", r.Gain)
		}
		for i := range 2 {
			if got := number(at(r.Value, i)); math.Abs(got-math.Ln2) > 1e-2 {
				t.Errorf("x%d is %v", i, got)
			}
		}
	})
}

func TestMaxStepsIsAtMost(t *testing.T) {
	start := ad.Vector(-1.2, 1)
	free := minimise.Find(rosenbrock, start, minimise.BFGS{})
	steps := int(free.Steps.Int())
	sameResults(t, "just enough steps", minimise.Find(rosenbrock, start,
		minimise.BFGS{MaxSteps: steps}), free)
	r := minimise.Find(rosenbrock, start, minimise.BFGS{MaxSteps: 7})
	if r.Outcome() != status.OutOfSteps || r.Steps.Int() != 7 {
		t.Errorf("%v after %v steps", r.Outcome(), r.Steps)
	}
	if !math.IsNaN(number(at(r.Value, 0))) || math.IsNaN(number(at(r.Last, 0))) {
		t.Errorf("value %v, last %v", r.Value, r.Last)
	}
}

func TestDefaults(t *testing.T) {
	forBoth(t, "BFGS", func(t *testing.T, d ad.DType) {
		tolerance := map[ad.DType]float64{ad.Float64: 1e-6, ad.Float32: 1e-4}[d]
		start := vector(d, []float64{-1.2, 1})
		sameResults(t, "zero value", minimise.Find(rosenbrock, start, minimise.BFGS{}),
			minimise.Find(rosenbrock, start, minimise.BFGS{RTol: tolerance, MaxSteps: 200}))
	})
}

func TestMistakes(t *testing.T) {
	start := ad.Vector(1., 2.)
	for _, c := range []struct {
		name string
		call func()
		want string
	}{
		{"not a scalar", func() {
			minimise.Find(func(x ad.Value) ad.Value { return x }, start, minimise.BFGS{})
		}, "must be one float"},
		{"nothing", func() {
			minimise.Find(func(x ad.Value) ad.Value { return ad.Sum(x) }, ad.Vector[float64](),
				minimise.BFGS{})
		}, "minimise(float64[0]): there are no unknowns"},
		{"integers", func() { minimise.Find(rosenbrock, ad.Vector(1, 2), minimise.BFGS{}) },
			"must be floats"},
		{"negative tolerance", func() { minimise.Find(rosenbrock, start, minimise.BFGS{ATol: -1}) },
			"none may be negative"},
		{"negative steps", func() { minimise.Find(rosenbrock, start, minimise.BFGS{MaxSteps: -5}) },
			"none may be negative"},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer func() {
				err, ok := recover().(error)
				var mistake *ad.Error
				if !ok || !errors.As(err, &mistake) {
					t.Fatalf("%v is not an *ad.Error", err)
				}
				if !strings.Contains(err.Error(), c.want) ||
					!strings.Contains(err.Error(), "truth_test.go:") {
					t.Errorf("%q does not say %q with the user's line", err, c.want)
				}
			}()
			c.call()
		})
	}
}
