package optim

import (
	"math"

	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/minimise"
	"pullback/status"
)

// Result is where the steps led. In a recording its fields are recorded like everything else.
type Result[T any] struct {
	// Value is the parameters after the last step, whether or not that is a minimum: Status says
	// so. NaN if a number was not finite on the way.
	Value T
	// F is the objective there, a scalar.
	F Value
	// Path is the parameters at the start and after each step: every Value has a new leading axis
	// of steps+1.
	Path T
	// Losses is the objective along the path, a vector of steps+1.
	Losses Value
	// RelativeGradient is the greatest |gᵢ|·max(|xᵢ|, 1) / max(|F|, 1) at Value, as in package
	// minimise.
	RelativeGradient Value
	// Status is a status.Code, an int32 scalar: what minimise.Check says of Value with its default
	// tolerances, Converged, AtPrecision or Saddle; NotFinite; or else OutOfSteps.
	Status Value
}

// Outcome is the status of a run on known numbers.
func (r Result[T]) Outcome() status.Code { return status.Code(r.Status.Int()) }

// state is what a step hands to the next.
type state[S any] struct {
	X      Value
	Method S
}

// visited is a point of the path.
type visited struct{ X, F Value }

// Run makes so many steps of m from start, to minimise f: a function of a tree of floats of one
// type whose result is one float. A NaN or an infinity is a status of the result.
//
// On known numbers it compiles the steps, which takes some milliseconds: to run anew from other
// numbers of the same shapes, compile the call of Run by ad.Jit once.
func Run[T, S any](f func(T) Value, start T, m Transformation[S], steps int) Result[T] {
	x0, unravel := ad.Ravel(start)
	switch {
	case steps < 0:
		panic(ad.Mistake("optim", nil, "%d steps cannot be made", steps))
	case !x0.DType().IsFloat():
		panic(ad.Mistake("optim", []Value{x0}, "the parameters are %v and must be floats; convert "+
			"them with ad.Convert", x0.DType()))
	case x0.Size() == 0:
		panic(ad.Mistake("optim", []Value{x0}, "there are no parameters"))
	}
	return implicit.Compiled(func(x0 Value) Result[T] { return run(f, x0, unravel, m, steps) }, x0)
}

// run is Run from a flat vector, which unravel makes a tree of.
func run[T, S any](
	f func(T) Value, x0 Value, unravel func(Value) T, m Transformation[S], steps int,
) Result[T] {
	objective := func(x Value) Value { return f(unravel(x)) }
	evaluate := ad.ValueAndGrad(objective)
	step := func(s state[S], _ Value) (state[S], visited) {
		here := evaluate(s.X)
		update, method := m.Update(here.Grad, s.Method, s.X)
		return state[S]{ad.Add(s.X, update), method}, visited{s.X, here.Value}
	}
	end, path := ad.Scan(state[S]{x0, m.Init(x0)}, ad.Arange(ad.Int32, steps), step)

	last := objective(end.X)
	losses := ad.Concatenate(0, path.F, ad.Reshape(last, 1))
	points := ad.Concatenate(0, path.X, ad.ExpandDims(end.X, 0))
	verdict := minimise.Check(objective, end.X, ad.At(losses, 0), minimise.Limits{})
	finite := ad.And(ad.All(ad.IsFinite(losses)),
		ad.Not(implicit.Is(verdict.Status, status.NotFinite)))
	return Result[T]{
		Value:            unravel(ad.Where(finite, end.X, math.NaN())),
		F:                last,
		Path:             ad.Vmap(unravel)(points),
		Losses:           losses,
		RelativeGradient: verdict.RelativeGradient,
		Status:           outcome(finite, verdict.Status),
	}
}

// outcome is a status for steps that were given beforehand: they end where they end.
func outcome(finite, said Value) Value {
	none := implicit.Is(said, status.Unchecked)
	code := ad.Where(none, implicit.Code(status.OutOfSteps), said)
	return ad.Where(finite, code, implicit.Code(status.NotFinite))
}
