package optim

import (
	"math"

	"pullback/ad"
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
	// RelativeGradient is the greatest element of the gradient at Value, as a relative change of F
	// by a relative change of that parameter, both measured at least by 1 (Dennis and Schnabel,
	// Numerical Methods for Unconstrained Optimization, 1983, equation 7.2.5).
	RelativeGradient Value
	// Status is a status.Code, an int32 scalar: Converged if RelativeGradient is below 1e-6 in
	// float64 and 1e-3 in float32, NotFinite, or else OutOfSteps.
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
func Run[T, S any](f func(T) Value, start T, m Transformation[S], steps int) Result[T] {
	if steps < 0 {
		panic(ad.Mistake("optim", nil, "%d steps cannot be made", steps))
	}
	x0, unravel := ad.Ravel(start)
	evaluate := ad.ValueAndGrad(func(x Value) Value { return f(unravel(x)) })
	step := func(s state[S], _ Value) (state[S], visited) {
		here := evaluate(s.X)
		update, method := m.Update(here.Grad, s.Method, s.X)
		return state[S]{ad.Add(s.X, update), method}, visited{s.X, here.Value}
	}
	end, path := ad.Scan(state[S]{x0, m.Init(x0)}, ad.Arange(ad.Int32, steps), step)

	last := evaluate(end.X)
	losses := ad.Concatenate(0, path.F, ad.Reshape(last.Value, 1))
	points := ad.Concatenate(0, path.X, ad.ExpandDims(end.X, 0))
	slope := relativeGradient(end.X, last)
	finite := ad.And(ad.All(ad.IsFinite(losses)), ad.All(ad.IsFinite(slope)))
	return Result[T]{
		Value:            unravel(ad.Where(finite, end.X, math.NaN())),
		F:                last.Value,
		Path:             ad.Vmap(unravel)(points),
		Losses:           losses,
		RelativeGradient: slope,
		Status:           outcome(finite, slope),
	}
}

func relativeGradient(x Value, at ad.ValueGrad[Value]) Value {
	size := ad.Max(ad.Abs(x), 1)
	return ad.Div(ad.MaxOf(ad.Mul(ad.Abs(at.Grad), size)), ad.Max(ad.Abs(at.Value), 1))
}

func outcome(finite, slope Value) Value {
	code := func(c status.Code) Value { return ad.Scalar(int32(c)) }
	small := 1e-6
	if slope.DType() == ad.Float32 {
		small = 1e-3
	}
	out := ad.Where(ad.LessEqual(slope, small), code(status.Converged), code(status.OutOfSteps))
	return ad.Where(finite, out, code(status.NotFinite))
}
