package leastsquares

import (
	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/status"
)

// LevenbergMarquardt takes the steps of K. Levenberg (Quart. Appl. Math. 2, 1944) and D. W.
// Marquardt (SIAM J. Appl. Math. 11, 1963), with columns scaled to unit length, the damping of H.
// B. Nielsen (Damping Parameter in Marquardt's Method, Technical University of Denmark, 1999), and
// QR in place of normal equations. A step follows the geodesic's curvature, by exact second
// derivatives, and is refused where that bends it by more than its own length: so the search does
// not run away to where parameters have no effect (M. K. Transtrum and J. P. Sethna, "Geodesic
// acceleration and the small-curvature approximation for nonlinear least squares", 2012). Unknowns
// at a bound that the gradient points beyond stay there (D. P. Bertsekas, SIAM J. Control Optim.
// 20, 1982), and steps are cut off at the bounds. The zero value works.
type LevenbergMarquardt struct {
	Lower, Upper Value   // bounds, vectors of n in the order of ad.Ravel; none if they are not set
	RTol, ATol   float64 // see Method; if both are zero RTol is 1e-8 in float64, 1e-4 in float32
	MaxSteps     int     // 500 if zero
	// Damping of the first step, a scalar, 10 if it is not set: a great one makes short steps along
	// the gradient, a small one those of Gauss and Newton. From a bad start it can decide which of
	// several minima is found.
	Damping Value
}

var _ Method[LevenbergMarquardtState] = LevenbergMarquardt{}

// LevenbergMarquardtState is an accepted point and the damping of the next step.
type LevenbergMarquardtState struct {
	Point           Point
	Diag            Value // the greatest lengths that J's columns have had, of n
	Move            Value // the next step, before it is cut off at the bounds
	Bent            Value // bool: it bends too much to be taken
	Damping, Growth Value // of the unit diagonal; by which it grows if the step is refused
	Steps           Value // int32
	Code            Value // int32, a status.Code
}

// Limits are the fields.
func (m LevenbergMarquardt) Limits() Limits {
	return Limits{RTol: m.RTol, ATol: m.ATol, MaxSteps: m.MaxSteps}
}

// Bounds are the fields.
func (m LevenbergMarquardt) Bounds() (lower, upper Value) { return m.Lower, m.Upper }

const (
	firstDamping = 10
	leastDamping = 1e-20
	mostDamping  = 1e20
	mostGrowth   = 1e4
	mostBend     = 0.75 // twice the correction's length over the step's
	accepted     = 1e-4 // the part of the promised decrease that a step must bring
)

// Init starts with the first damping.
func (m LevenbergMarquardt) Init(p Problem, at Point) LevenbergMarquardtState {
	half := at.half()
	s := LevenbergMarquardtState{Point: at, Diag: at.lengths(), Damping: m.Damping,
		Growth: ad.Like(half, 2), Steps: ad.Scalar(int32(0))}
	if !s.Damping.IsValid() {
		s.Damping = ad.Like(half, firstDamping)
	}
	s.Code = m.judge(p, s)
	return s.propose(p)
}

// propose is the damped step with half its second-order correction.
func (s LevenbergMarquardtState) propose(p Problem) LevenbergMarquardtState {
	at := s.Point
	velocity := p.step(at, at.R, s.Damping, s.Diag)
	along := func(x Value) Value {
		_, slope := ad.JVP(p.R, x, velocity)
		return slope
	}
	_, bend := ad.JVP(along, at.X, velocity)
	known := ad.All(ad.IsFinite(bend))
	bend = ad.Where(known, bend, ad.ZerosLike(bend))
	acceleration := ad.Mul(p.step(at, bend, s.Damping, s.Diag), 0.5)
	size := func(v Value) Value { return ad.Sum(ad.Square(ad.Mul(v, s.Diag))) }
	s.Bent = ad.Greater(size(acceleration), ad.Mul(size(velocity), mostBend*mostBend/4))
	s.Move = ad.Add(velocity, acceleration)
	return s
}

// Trial is the point the step leads to.
func (m LevenbergMarquardt) Trial(p Problem, s LevenbergMarquardtState) Value {
	return p.Within(ad.Add(s.Point.X, s.Move))
}

// Step accepts the trial if the squares fall by enough of what was promised.
func (m LevenbergMarquardt) Step(p Problem, s LevenbergMarquardtState,
	trial Point) LevenbergMarquardtState {
	defer implicit.OneLine(trial.X)()
	velocity := p.step(s.Point, s.Point.R, s.Damping, s.Diag)
	promised := s.Point.promise(ad.Sub(p.Within(ad.Add(s.Point.X, velocity)), s.Point.X))
	// ½‖r‖² - ½‖r'‖², without the difference of two that are nearly equal.
	fall := ad.Mul(ad.Dot(ad.Sub(s.Point.R, trial.R), ad.Add(s.Point.R, trial.R)), 0.5)
	ratio := ad.Div(fall, implicit.Divisor(promised))
	falls := ad.And(ad.Greater(promised, 0), ad.Greater(ratio, accepted))
	good := ad.And(trial.finite(), ad.And(falls, ad.Not(s.Bent)))
	ratio = ad.Where(good, ratio, ad.OnesLike(ratio))

	centred := ad.Sub(ad.Mul(ratio, 2), 1)
	shrink := ad.Max(ad.Sub(1, ad.Mul(ad.Square(centred), centred)), 1./3)
	pick := func(a, b Value) Value { return ad.Where(good, a, b) }
	next := LevenbergMarquardtState{
		Point: Point{pick(trial.X, s.Point.X), pick(trial.R, s.Point.R), pick(trial.J, s.Point.J)},
		Damping: pick(ad.Max(ad.Mul(s.Damping, shrink), leastDamping),
			ad.Mul(s.Damping, s.Growth)),
		Growth: pick(ad.Like(s.Growth, 2), ad.Min(ad.Mul(s.Growth, 2), mostGrowth)),
		Steps:  ad.Add(s.Steps, ad.Convert(good, ad.Int32)),
	}
	next.Diag = pick(ad.Max(s.Diag, next.Point.lengths()), s.Diag)
	next.Code = m.judge(p, next)
	return next.propose(p)
}

// judge says whether a state is an end.
func (m LevenbergMarquardt) judge(p Problem, s LevenbergMarquardtState) Value {
	code := ad.Where(ad.Greater(s.Damping, mostDamping), implicit.Code(status.Stalled),
		implicit.Code(status.Running))
	squares := ad.Sum(ad.Square(s.Point.R))
	perfect := ad.LessEqual(ad.Sqrt(squares), p.ATol)
	met := ad.Or(perfect, ad.LessEqual(p.Cosine(s.Point), p.RTol))
	code = ad.Where(met, implicit.Code(status.Converged), code)
	return ad.Where(s.Point.finite(), code, implicit.Code(status.NotFinite))
}

// At is the accepted point.
func (LevenbergMarquardt) At(s LevenbergMarquardtState) Point { return s.Point }

// Accepted is the number of steps.
func (LevenbergMarquardt) Accepted(s LevenbergMarquardtState) Value { return s.Steps }

// Status is what the last step found.
func (LevenbergMarquardt) Status(_ Problem, s LevenbergMarquardtState) Value { return s.Code }
