package minimise

import (
	"pullback/ad"
	"pullback/internal/implicit"
)

// LBFGS is BFGS with little memory, for many unknowns: the model is what the last steps and the
// changes of the gradient along them say, and a multiple of the identity (Nocedal and Wright,
// Numerical Optimization, 2006, algorithms 7.4 and 7.5). The line search, what is done where the
// model fails and what is done in a box are those of BFGS: it is a projected method there, and not
// that of Byrd, Lu, Nocedal and Zhu (1995), which follows the gradient's path along the bounds
// first. The zero value works.
type LBFGS struct {
	RTol, ATol float64 // see Limits; if both are zero RTol is 1e-6 in float64 and 1e-4 in float32
	MaxSteps   int     // 200 if zero
	Memory     int     // so many steps are remembered, 10 if zero or less
}

var _ Method[LBFGSState] = LBFGS{}

// LBFGSState is a line search under way and the steps that led to its start, the newest first.
type LBFGSState struct {
	Descent
	Moves, Changes Value // of x and of the gradient, (memory, n)
	Inverses       Value // 1/yᵀs of each, (memory); 0 where there is none yet
}

// Limits are the fields.
func (m LBFGS) Limits() Limits { return Limits{RTol: m.RTol, ATol: m.ATol, MaxSteps: m.MaxSteps} }

// Init starts along the gradient.
func (m LBFGS) Init(p Problem, at Point) LBFGSState {
	defer implicit.OneLine(at.X)()
	memory := m.Memory
	if memory <= 0 {
		memory = 10
	}
	none := ad.Zeros(at.X.DType(), memory, at.X.Size())
	s := LBFGSState{newDescent(p, at), none, none, ad.Zeros(at.X.DType(), memory)}
	return s.begin(p, ad.Scalar(true))
}

// begin starts a line search from s.Point.
func (s LBFGSState) begin(p Problem, drop Value) LBFGSState {
	s.Descent = s.Descent.begin(p, drop, s.times(p.reduced(s.Point)))
	s.Inverses = ad.Where(s.Fresh, ad.ZerosLike(s.Inverses), s.Inverses)
	return s
}

// times is the model times x, by the two loops of algorithm 7.4. A pair that is not there changes
// nothing.
func (s LBFGSState) times(x Value) Value {
	memory := s.Inverses.Size()
	parts := make([]Value, memory)
	for i := range parts {
		parts[i] = ad.Mul(ad.At(s.Inverses, i), ad.Dot(ad.At(s.Moves, i), x))
		x = ad.Sub(x, ad.Mul(parts[i], ad.At(s.Changes, i)))
	}
	x = ad.Mul(x, s.Scale)
	for i := memory - 1; i >= 0; i-- {
		part := ad.Mul(ad.At(s.Inverses, i), ad.Dot(ad.At(s.Changes, i), x))
		x = ad.Add(x, ad.Mul(ad.Sub(parts[i], part), ad.At(s.Moves, i)))
	}
	return x
}

// Trial is the point the line search asks for.
func (LBFGS) Trial(p Problem, s LBFGSState) Value { return s.trial(p) }

// Step judges the trial: on with the line search or, once it is over, with the next direction.
func (LBFGS) Step(p Problem, s LBFGSState, trial Point) LBFGSState {
	defer implicit.OneLine(s.Point.X)()
	judged := s.judge(p, trial)
	next := s.update(p, judged.Search.Best)
	next = where(ad.And(judged.Over, judged.Found), next, s)
	next = next.begin(p, ad.Not(judged.Found))
	next.Descent = judged.settle(s.Descent, next.Descent)
	model := where(judged.Over, next, s)
	model.Descent = next.Descent
	return model
}

// update is the state at the new point: the newest step drives the oldest out, unless yᵀs is not
// positive or a number would be too great.
func (s LBFGSState) update(p Problem, at Point) LBFGSState {
	move := ad.Sub(at.X, s.Point.X)
	change := p.Reduce(s.Point, ad.Sub(at.G, s.Point.G))
	v, length := unit(change)
	along := ad.Dot(v, move) // yᵀs/|y|
	inverse := ad.Div(1, implicit.Divisor(ad.Mul(along, length)))
	scale := ad.Div(along, implicit.Divisor(length))
	sound := ad.And(ad.IsFinite(inverse), ad.And(ad.IsFinite(scale), ad.Greater(scale, 0)))
	usable := ad.And(ad.Greater(ad.Mul(along, length), 0), sound)

	push := func(rows, newest Value) Value {
		shape := rows.Shape()
		end, start := append([]int{}, shape...), make([]int, len(shape))
		end[0]--
		pushed := ad.Concatenate(0, ad.ExpandDims(newest, 0), ad.Slice(rows, start, end))
		return ad.Where(usable, pushed, rows)
	}
	s.Moves, s.Changes = push(s.Moves, move), push(s.Changes, change)
	s.Inverses = push(s.Inverses, inverse)
	s.Point = at
	s.Scale = ad.Where(usable, scale, s.Scale)
	s.Fresh = ad.And(s.Fresh, ad.Not(usable))
	s.Steps = ad.Add(s.Steps, 1)
	return s
}

// At is the best point.
func (LBFGS) At(s LBFGSState) Point { return s.best() }

// Accepted is the number of steps.
func (LBFGS) Accepted(s LBFGSState) Value { return s.Steps }

// Status is what the last step found.
func (LBFGS) Status(_ Problem, s LBFGSState) Value { return s.Code }
