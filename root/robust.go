package root

import (
	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/status"
)

// Robust solves systems from bad starts. It tries three methods, each from the guess, until one
// converges:
//
//  1. Newton's method with full steps.
//  2. Newton's method with damped steps: a step is taken as far as it makes the next Newton
//     correction shorter (P. Deuflhard, Newton Methods for Nonlinear Problems, 2004, the natural
//     monotonicity test).
//  3. A trust region: the step of K. Levenberg (Quart. Appl. Math. 2, 1944) and D. W. Marquardt
//     towards the least sum of squares of f, which also gets past points where J is singular. It
//     begins beside the guess, which may be a point where all derivatives vanish.
//
// Result.Stage says which of them it was, from zero, in the order of Stages. The zero value works.
type Robust struct {
	RTol, ATol float64 // 1e-8 in float64 and 1e-4 in float32 if both are zero
	MaxSteps   int     // of all together, 400 if zero
}

var _ Method[RobustState] = Robust{}

// RobustState is an iterate of one of the methods.
type RobustState struct {
	Start   Value // the guess
	Y       Value // a vector of n
	Stage   Value // int32 scalars, like all below but Damping
	Steps   Value // in this stage
	Code    Value
	Damping Value // the part of a step in stage 1, the weight of the diagonal in stage 2
	Diag    Value // of stage 2: the greatest column lengths of J so far, a vector of n
}

// The steps that each stage may take before the next one begins.
const (
	fullSteps   = 30
	dampedSteps = 100
	robustSteps = 400
)

// Stages names the methods in their order.
func (Robust) Stages() []string {
	return []string{"Newton", "damped Newton", "trust region"}
}

// Limits are the fields.
func (m Robust) Limits() Limits {
	if m.MaxSteps == 0 {
		m.MaxSteps = robustSteps
	}
	return Limits{RTol: m.RTol, ATol: m.ATol, MaxSteps: m.MaxSteps}
}

// Init is at the guess, with full steps.
func (Robust) Init(_ Problem, start Value) RobustState {
	zero := ad.Scalar(int32(0))
	return RobustState{Start: start, Y: start, Stage: zero, Steps: zero,
		Code: implicit.Code(status.Running), Damping: ad.Like(ad.At(start, 0), 1),
		Diag: ad.ZerosLike(start)}
}

// Step is the stage's, or the beginning of the next one where it got stuck.
func (m Robust) Step(p Problem, s RobustState) RobustState {
	defer implicit.OneLine(s.Y)()
	f, jacobian := implicit.Jacobian(p.F, s.Y)
	newton := correction(jacobian, f)
	full, damped, region := s.full(p, newton), s.damped(p, jacobian, newton),
		s.region(p, f, jacobian, newton)
	next := s.choose(full, s.choose(damped, region, 1), 0)
	next.Steps = ad.Add(s.Steps, 1)
	return s.orNextStage(next)
}

// choose is a in the stage, and b in later ones.
func (s RobustState) choose(a, b RobustState, stage int32) RobustState {
	here := ad.Equal(s.Stage, stage)
	pick := func(a, b Value) Value { return ad.Where(here, a, b) }
	return RobustState{Start: s.Start, Y: pick(a.Y, b.Y), Stage: s.Stage, Steps: s.Steps,
		Code: pick(a.Code, b.Code), Damping: pick(a.Damping, b.Damping),
		Diag: pick(a.Diag, b.Diag)}
}

// orNextStage begins the next method where this one failed or took too long. The last one's
// failure is that of all.
func (s RobustState) orNextStage(next RobustState) RobustState {
	failed := ad.And(ad.Not(implicit.Is(next.Code, status.Running)),
		ad.Not(implicit.Succeeded(next.Code)))
	late := ad.Greater(next.Steps, ad.Where(ad.Equal(s.Stage, int32(0)),
		ad.Scalar(int32(fullSteps)), ad.Scalar(int32(dampedSteps))))
	late = ad.And(late, ad.Not(implicit.Succeeded(next.Code)))
	on := ad.And(ad.Or(failed, late), ad.Less(s.Stage, int32(2)))
	damping := ad.Where(ad.Equal(s.Stage, int32(0)), ad.Like(s.Damping, 1),
		ad.Like(s.Damping, firstDamping))
	pick := func(a, b Value) Value { return ad.Where(on, a, b) }
	again := ad.Where(ad.Equal(s.Stage, int32(0)), s.Start, beside(s.Start))
	return RobustState{Start: s.Start, Y: pick(again, next.Y),
		Stage:   ad.Add(s.Stage, ad.Convert(on, ad.Int32)),
		Steps:   pick(ad.Scalar(int32(0)), next.Steps),
		Code:    pick(implicit.Code(status.Running), next.Code),
		Damping: pick(damping, next.Damping), Diag: pick(ad.ZerosLike(next.Diag), next.Diag)}
}

// beside is a point near the guess, moved in every unknown by a share of its own.
func beside(y Value) Value {
	n := y.Size()
	share := ad.Div(ad.Add(ad.Convert(ad.Arange(ad.Int64, n), y.DType()), 1), 10*n)
	return ad.Add(y, ad.Mul(ad.Max(ad.Abs(y), 1), share))
}

// full takes the whole step.
func (s RobustState) full(p Problem, newton Value) RobustState {
	y := ad.Sub(s.Y, newton)
	finite := ad.All(ad.IsFinite(y))
	code := ad.Where(p.Small(newton, y), implicit.Code(status.Converged),
		implicit.Code(status.Running))
	next := s
	next.Y = ad.Where(finite, y, s.Y)
	next.Code = ad.Where(finite, code, implicit.Code(status.NotFinite))
	return next
}

// leastDamped is the part of a step below which damping has failed.
const leastDamped = 0x1p-30

// damped takes the part of the step if the correction from there, with the same J, is shorter, and
// otherwise halves the part.
func (s RobustState) damped(p Problem, jacobian, newton Value) RobustState {
	y := ad.Sub(s.Y, ad.Mul(newton, s.Damping))
	again := correction(jacobian, p.F(y))
	finite := ad.And(ad.All(ad.IsFinite(newton)), ad.All(ad.IsFinite(again)))
	scale := ad.Max(ad.Abs(s.Y), 1)
	size := func(v Value) Value { return ad.MaxOf(ad.Div(ad.Abs(v), scale)) }
	before := size(ad.Where(finite, newton, ad.ZerosLike(newton)))
	after := size(ad.Where(finite, again, ad.OnesLike(newton)))
	shorter := ad.LessEqual(after, ad.Mul(before, ad.Sub(1, ad.Mul(s.Damping, 0.25))))
	done := ad.And(p.Small(newton, s.Y), finite)
	good := ad.And(finite, ad.Or(shorter, done))
	next := s
	next.Y = ad.Where(good, y, s.Y)
	next.Damping = ad.Where(good, ad.Min(ad.Mul(s.Damping, 2), 1), ad.Mul(s.Damping, 0.5))
	stuck := ad.Or(ad.Less(next.Damping, leastDamped), ad.Not(ad.All(ad.IsFinite(newton))))
	code := ad.Where(stuck, implicit.Code(status.Stalled), implicit.Code(status.Running))
	next.Code = ad.Where(done, implicit.Code(status.Converged), code)
	return next
}

// firstDamping is the weight of the diagonal at the beginning of the trust region's stage, and
// mostDamping that at which a step no longer moves anything.
const (
	firstDamping = 1e-2
	mostDamping  = 1e30
)

// region takes the step of (JᵀJ + λD²)p = -Jᵀf if it makes the sum of squares smaller, and
// otherwise a shorter one.
func (s RobustState) region(p Problem, f, jacobian, newton Value) RobustState {
	lengths := ad.Sqrt(ad.Sum(ad.Square(jacobian), 0))
	diag := ad.Max(s.Diag, lengths)
	scale := ad.Where(ad.Greater(diag, 0), diag, ad.OnesLike(diag))
	scaled := ad.Div(jacobian, scale) // columns
	gradient := ad.MatVec(ad.Transpose(scaled), f)
	normal := ad.Add(ad.MatMul(ad.Transpose(scaled), scaled),
		ad.Mul(ad.Identity(f.DType(), f.Size()), s.Damping))
	step := ad.Div(correction(normal, gradient), scale)
	y := ad.Sub(s.Y, step)
	squares := ad.Sum(ad.Square(f))
	there := ad.Sum(ad.Square(p.F(y)))
	good := ad.And(ad.Less(there, squares), ad.All(ad.IsFinite(y)))
	done := ad.And(ad.All(ad.IsFinite(newton)), p.Small(newton, s.Y))
	still := ad.And(p.Small(step, s.Y), ad.LessEqual(s.Damping, 1))
	next := s
	next.Diag = diag
	next.Y = ad.Where(good, y, s.Y)
	next.Damping = ad.Where(good, ad.Mul(s.Damping, 0.1), ad.Mul(s.Damping, 4))
	stuck := ad.Or(still, ad.Greater(next.Damping, mostDamping))
	code := ad.Where(stuck, implicit.Code(status.Stalled), implicit.Code(status.Running))
	code = ad.Where(ad.Or(done, ad.Equal(squares, 0)), implicit.Code(status.Converged), code)
	next.Code = ad.Where(ad.IsFinite(squares), code, implicit.Code(status.NotFinite))
	return next
}

// At is the iterate.
func (Robust) At(s RobustState) Value { return s.Y }

// Status is what the last step found.
func (Robust) Status(_ Problem, s RobustState) Value { return s.Code }

// StageOf is the stage that the state is in.
func (Robust) StageOf(s RobustState) Value { return s.Stage }

// staged is a method of several stages.
type staged[S any] interface {
	StageOf(s S) Value
	Stages() []string
}

var _ staged[RobustState] = Robust{}

// stageOf is which of a method's stages ended the solve.
func stageOf[S any](m Method[S], s S) Value {
	if several, ok := m.(staged[S]); ok {
		return several.StageOf(s)
	}
	return ad.Scalar(int32(0))
}
