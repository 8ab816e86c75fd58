package root

import (
	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/status"
)

// Robust tries Newton's method, then Damped, then TrustRegion, each from the guess: the next where
// the one before fails or runs out of its steps. The result's Stage says which of Stages ended it.
// Where all fail it is the last one's failure. f must be finite at the guess. At a guess where no
// method knows which way to go, since ‖f‖ is stationary or has no finite slope there, they begin
// beside it. The zero value works.
type Robust struct {
	RTol, ATol float64 // 1e-8 in float64 and 1e-4 in float32 if both are zero
	MaxSteps   int     // of each stage: 200 if zero
}

var (
	_ Method[RobustState] = Robust{}
	_ staged[RobustState] = Robust{}
)

// RobustState is the state of a stage.
type RobustState struct {
	Start   Iterate // at the guess
	Current GlobalState
	Number  Value // int32: of the stage
	Steps   Value // int32: of the stage
}

// Stages are the names of the stages, in order.
func (Robust) Stages() []string { return []string{"Newton", "damped Newton", "trust region"} }

func (Robust) strategies() []strategy { return []strategy{fullSteps{}, Damped{}, TrustRegion{}} }

// Limits are the fields, with the steps of all stages.
func (m Robust) Limits() Limits {
	return Limits{RTol: m.RTol, ATol: m.ATol, MaxSteps: len(m.strategies()) * m.steps()}
}

func (m Robust) steps() int {
	if m.MaxSteps == 0 {
		return 2 * defaults().MaxSteps
	}
	return m.MaxSteps
}

// Init is at the guess, or beside it.
func (m Robust) Init(p Problem, start Value) RobustState {
	defer implicit.OneLine(start)()
	at, zero := iterate(p, start), ad.Scalar(int32(0))
	lost := ad.Or(ad.All(ad.Equal(at.Step, 0)), ad.Not(at.finite()))
	beside := iterate(p, ad.Add(start, aside(start)))
	lost = ad.And(ad.And(lost, ad.Any(ad.NotEqual(at.F, 0))), beside.finite())
	at = where(lost, beside, at)
	return RobustState{at, m.strategies()[0].begin(at), zero, zero}
}

// Step evaluates f and J once, where the stage wants them, and goes on to the next stage if need
// be.
func (m Robust) Step(p Problem, s RobustState) RobustState {
	defer implicit.OneLine(s.Start.Y)()
	now, stages := s.Current, m.strategies()
	trial := stages[0].trial(now)
	for i, stage := range stages[1:] {
		trial = ad.Where(ad.GreaterEqual(s.Number, int32(i+1)), stage.trial(now), trial)
	}
	there := iterate(p, trial)
	small := ad.And(now.At.Regular, p.Small(now.At.Step, now.At.Y))
	next := stages[0].judge(now, there, small)
	for i, stage := range stages[1:] {
		next = where(ad.GreaterEqual(s.Number, int32(i+1)), stage.judge(now, there, small), next)
	}

	// On to the next stage, unless this is the last, goes on or has found something.
	steps := ad.Add(s.Steps, 1)
	running := ad.And(implicit.Is(next.Code, status.Running), ad.Less(steps, int32(m.steps())))
	found := implicit.Is(next.Code, status.Converged)
	fails := ad.And(ad.Less(s.Number, int32(len(stages)-1)), ad.Not(ad.Or(running, found)))
	begun := stages[1].begin(s.Start)
	for i, stage := range stages[2:] {
		begun = where(ad.GreaterEqual(s.Number, int32(i+1)), stage.begin(s.Start), begun)
	}
	return RobustState{
		Start:   s.Start,
		Current: where(fails, begun, next),
		Number:  ad.Add(s.Number, ad.Convert(fails, ad.Int32)),
		Steps:   ad.Where(fails, ad.ZerosLike(steps), steps),
	}
}

// At is the stage's iterate.
func (Robust) At(s RobustState) Value { return s.Current.At.Y }

// Status is the last stage's, or a success.
func (Robust) Status(_ Problem, s RobustState) Value { return s.Current.Code }

// Stage is its number.
func (Robust) Stage(s RobustState) Value { return s.Number }

// fullSteps is Newton's method: every trial is accepted where there are numbers.
type fullSteps struct{}

func (fullSteps) begin(at Iterate) GlobalState {
	return starting(at, ad.Like(at.Y, 1), ad.OnesLike(at.Y))
}

func (fullSteps) trial(s GlobalState) Value { return ad.Sub(s.At.Y, s.At.Step) }

func (fullSteps) judge(s GlobalState, trial Iterate, small Value) GlobalState {
	accept := ad.And(s.At.Regular, trial.finite())
	next := s.conclude(trial, small, accept, s.Reach, ad.Not(accept))
	lost := implicit.Is(next.Code, status.Stalled)
	next.Code = ad.Where(lost, implicit.Code(status.NotFinite), next.Code)
	return next
}
