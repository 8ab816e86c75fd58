package minimise

import (
	"math"
	"math/rand/v2"
	"testing"

	"pullback/ad"
	"pullback/internal/implicit"
)

// wave is a random function along a line that falls at 0 and rises in the end, with its slope.
type wave struct{ quartic, square, line, height, frequency, phase, shift float64 }

func randomWave(r *rand.Rand) wave {
	return wave{
		quartic: r.Float64() * math.Exp(4*r.NormFloat64()), square: r.NormFloat64(),
		line:   -math.Exp(3 * r.NormFloat64()),
		height: r.Float64(), frequency: 10 * r.Float64(), phase: 6 * r.Float64(),
		shift: []float64{0, 1, 1e4}[r.IntN(3)],
	}
}

func (w wave) at(a float64) (f, slope float64) {
	s, c := math.Sincos(w.frequency*a + w.phase)
	// The slope of the sine at 0 is taken away, so that the line alone says the slope there.
	tilt := w.height * w.frequency * math.Cos(w.phase)
	f = w.shift + w.quartic*a*a*a*a + w.square*a*a + (w.line-tilt)*a + w.height*s
	return f, 4*w.quartic*a*a*a + 2*w.square*a + w.line - tilt + w.height*w.frequency*c
}

// Every accepted step satisfies the strong Wolfe conditions or, where rounding errors hide the
// change of f, the approximate ones on the slopes alone.
func TestAcceptedStepsAreStrongWolfe(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, d := range []ad.DType{ad.Float64, ad.Float32} {
		number := func(x float64) ad.Value { return ad.Full(d, x) }
		plain := func(v ad.Value) float64 { return ad.Convert(v, ad.Float64).Float() }
		accepted, strict, tries := 0, 0, 0
		for range 300 {
			w := randomWave(r)
			f, s := w.at(0)
			search := newWolfe(number(f), number(s))
			f0, s0 := plain(search.F0), plain(search.S0)
			for range maxTries {
				alpha := plain(search.Alpha)
				f, s := w.at(alpha)
				said, next := search.next(number(f), number(s))
				tries++
				if !said.Accept.Bool() {
					search = next
					continue
				}
				accepted++
				f, s = plain(number(f)), plain(number(s))
				noise := 4 * implicit.Epsilon(d) * max(math.Abs(f0), math.Abs(f))
				falls := f <= f0+1e-4*alpha*s0*(1-1e-6)
				level := math.Abs(f-f0) <= noise*(1+1e-6) && s <= (2e-4-1)*s0*(1-1e-6)+noise
				if falls {
					strict++
				}
				if !(falls || level) || !(math.Abs(s) <= .9*math.Abs(s0)*(1+1e-6)) || !(alpha > 0) {
					t.Errorf("%+v in %v: step %v from f %v, slope %v leads to f %v, slope %v", w, d,
						alpha, f0, s0, f, s)
				}
				break
			}
		}
		t.Logf("%v: %d of 300 accepted, %d strictly, after %d trials", d, accepted, strict, tries)
		if accepted < 295 || strict < 250 || tries > 300*8 {
			t.Errorf("%v: %d of 300 accepted, %d strictly, after %d trials", d, accepted, strict,
				tries)
		}
	}
}

// A bracket always holds: Lo is the best step that falls enough, and its slope points to Hi.
func TestTheBracketHolds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		w := randomWave(r)
		w.shift = 0
		f, s := w.at(0)
		search := newWolfe(ad.Scalar(f), ad.Scalar(s))
		for range 12 {
			f, s := w.at(search.Alpha.Float())
			_, search = search.next(ad.Scalar(f), ad.Scalar(s))
			if !search.Bracketed.Bool() {
				continue
			}
			lo, hi, alpha := search.Lo, search.Hi, search.Alpha.Float()
			a, b := min(lo.Alpha.Float(), hi.Alpha.Float()), max(lo.Alpha.Float(), hi.Alpha.Float())
			if lo.Slope.Float()*(hi.Alpha.Float()-lo.Alpha.Float()) > 0 {
				t.Fatalf("%+v: Lo %v rises towards Hi %v", w, lo, hi)
			}
			if !(a <= alpha && alpha <= b) {
				t.Fatalf("%+v: the trial %v is outside [%v, %v]", w, alpha, a, b)
			}
		}
	}
}

func TestNotFiniteTrialsAreLeft(t *testing.T) {
	// f is -α up to 0.01, and NaN, or an infinity, beyond.
	for _, beyond := range []float64{math.NaN(), math.Inf(1)} {
		search := newWolfe(ad.Scalar(0.), ad.Scalar(-1.))
		for range 20 {
			f, s := beyond, math.NaN()
			if a := search.Alpha.Float(); a < .01 {
				f, s = -a+20*a*a, 40*a-1
			}
			said, next := search.next(ad.Scalar(f), ad.Scalar(s))
			if said.Accept.Bool() {
				if a := search.Alpha.Float(); a >= .01 || a <= 0 {
					t.Errorf("accepted the step %v", a)
				}
				break
			}
			search = next
		}
		if search.Tries.Int() > 10 {
			t.Errorf("%v tries", search.Tries)
		}
	}
}

func TestTheFirstCondition(t *testing.T) {
	for _, c := range []struct {
		f0, s0, f, s float64
		accept       bool
	}{
		{1, -1, 1 - 2e-4, .5, true},
		{1, -1, 1 - 5e-5, .5, false},        // too small a fall
		{1, -1, .5, -.95, false},            // still falling steeply
		{1, -1, .5, .95, false},             // rising steeply
		{1e6, -1e-10, 1e6 + 2e-10, 0, true}, // no change beyond rounding errors: the slopes decide
		{1e6, -1e-10, 1e6 + 1e-8, 0, false},
		{1, -1, math.NaN(), 0, false},
		{1, -1, math.Inf(-1), 0, false},
	} {
		said, _ := newWolfe(ad.Scalar(c.f0), ad.Scalar(c.s0)).next(ad.Scalar(c.f), ad.Scalar(c.s))
		if said.Accept.Bool() != c.accept {
			t.Errorf("%+v", c)
		}
	}
}

// Where the gradient does not grow along the step there is no positive curvature to learn, and
// the model stays.
func TestUpdatesWithoutCurvatureAreSkipped(t *testing.T) {
	model := ad.Matrix(2, 2, []float64{2, 1, 1, 3})
	s := BFGSState{Inverse: model, Descent: Descent{
		Point: Point{ad.Vector(0., 0.), ad.Scalar(5.), ad.Vector(-1., -1.)},
		Scale: ad.Scalar(7.), Fresh: ad.Scalar(false), Steps: ad.Scalar(int32(4)),
	}}
	none := Problem{}
	next := s.update(none, Point{ad.Vector(1., 1.), ad.Scalar(1.), ad.Vector(-2., -2.)},
		ad.Scalar(true))
	if next.Inverse.String() != model.String() || next.Scale.Float() != 7 || next.Steps.Int() != 5 {
		t.Errorf("%+v", next)
	}
	// Otherwise the secant equation holds: the model takes y to s.
	next = s.update(none, Point{ad.Vector(1., 1.), ad.Scalar(1.), ad.Vector(1., .5)},
		ad.Scalar(true))
	if got := ad.MatVec(next.Inverse,
		ad.Vector(2., 1.5)); math.Abs(ad.At(got, 0).Float()-1) > 1e-12 ||
		math.Abs(ad.At(got, 1).Float()-1) > 1e-12 {
		t.Errorf("the model takes y to %v and should to the step", got)
	}
}
