// Package minimise finds minima of functions of many variables, and differentiates them with
// respect to whatever the function closes over.
//
// One loop, Find, counts steps and evaluations, watches for NaNs and checks the point that it
// returns; a method is an Init and a Step over a state struct, one evaluation of the function
// and its gradient a step. The derivative of a minimum follows from the implicit function
// theorem on the gradient, at any order.
package minimise

import (
	"math"

	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/status"
)

// Value is an array.
type Value = ad.Value

// Result is how a minimisation ended.
type Result[T any] struct {
	// Value is the minimiser, or NaN where the search did not succeed. It has derivatives.
	Value T
	// Last is the last iterate, whatever the outcome, and a constant to derivatives.
	Last T
	// F is the function at Last, a scalar.
	F Value
	// Gradient is the function's gradient at Last.
	Gradient T
	// RelativeGradient is the greatest |gᵢ|·max(|xᵢ|, 1) / max(|f|, 1) at Last: by how much f
	// changes, relatively, if a parameter changes relatively by one, to first order.
	RelativeGradient Value
	// Gain is an estimate of how far F is above the minimum, from the gradient and the exact
	// curvature along it and along the last direction.
	Gain Value
	// Status is a status.Code, an int32 scalar.
	Status Value
	// Steps is the number of steps accepted and Evaluations that of function and gradient, int32.
	Steps, Evaluations Value
}

// Outcome is the status of a search over known numbers.
func (r Result[T]) Outcome() status.Code { return status.Code(r.Status.Int()) }

// Method is one way to minimise. It sees one flat vector x of n elements.
type Method[S any] interface {
	// Init is the state at the start, where f has been evaluated.
	Init(p Problem, at Point) S
	// Trial is the point that the method wants evaluated next.
	Trial(p Problem, s S) Value
	// Step takes the evaluation of the trial and gives the next state.
	Step(p Problem, s S, trial Point) S
	// At is the best point so far, Accepted the number of steps, an int32 scalar.
	At(s S) Point
	Accepted(s S) Value
	// Direction is the last descent direction, a vector of n: the check looks along it.
	Direction(s S) Value
	// Status is status.Running to go on, or why to stop, an int32 scalar.
	Status(p Problem, s S) Value
	// Limits are the tolerances and the number of steps asked for; zeros mean the defaults.
	Limits() Limits
}

// Limits say when a minimum is good enough, and when to give up. A point is good enough if its
// relative gradient is within ATol/max(|f|, 1) + RTol.
type Limits struct {
	RTol, ATol float64
	MaxSteps   int
}

// Point is an evaluation: x and the gradient are vectors of n, f a scalar.
type Point struct{ X, F, G Value }

// Problem is what a method sees of the function.
type Problem struct {
	F          func(x Value) Value
	RTol, ATol Value // scalars of x's element type
	MaxSteps   int
}

// Evaluate is f and its gradient at x.
func (p Problem) Evaluate(x Value) Point {
	v := ad.ValueAndGrad(p.F)(x)
	return Point{x, v.Value, v.Grad}
}

// relativeGradient is Dennis and Schnabel's scaled gradient (Numerical Methods for
// Unconstrained Optimization, 1983, equation 7.2.5), with 1 for the typical size of x and f.
func relativeGradient(at Point) Value {
	size := ad.Max(ad.Abs(at.X), 1)
	return ad.Div(ad.MaxOf(ad.Mul(ad.Abs(at.G), size)), ad.Max(ad.Abs(at.F), 1))
}

// Flat says whether the gradient is within the tolerances.
func (p Problem) Flat(at Point) Value {
	bound := ad.Add(p.RTol, ad.Div(p.ATol, ad.Max(ad.Abs(at.F), 1)))
	return ad.LessEqual(relativeGradient(at), bound)
}

// precision is the gain below which rounding errors of f hide it: 16 units in f's last place.
func precision(f Value) Value { return ad.Mul(ad.Max(ad.Abs(f), ad.Like(f, tiny(f))), 16*epsilon(f)) }

// loop is the state of Find.
type loop[S any] struct {
	Method              S
	Evaluations, Status Value
}

// evaluationsPerStep bounds the work of a search whose line searches are all hard.
const evaluationsPerStep = 20

// Find minimises f by m from a start: a tree of floats of one type. Running out of steps, a NaN,
// a search that finds no better point: these are statuses of the result.
func Find[T, S any](f func(T) Value, start T, m Method[S]) Result[T] {
	x0, unravel := ad.Ravel(start)
	limits := m.Limits().orDefault(x0.DType())
	objective := func(x Value) Value { return f(unravel(x)) }
	gradient := implicit.Close(func(x Value) Value { return ad.Grad(objective)(x) }, x0)
	value := implicit.Close(func(x Value) Value { return ad.Reshape(objective(x), 1) }, x0)
	p := Problem{
		F:    func(x Value) Value { return ad.Reshape(value.Residual(x)) },
		RTol: ad.Like(x0, limits.RTol), ATol: ad.Like(x0, limits.ATol), MaxSteps: limits.MaxSteps,
	}

	x0 = ad.StopGradient(x0)
	first := m.Init(p, p.Evaluate(x0))
	end := ad.While(
		loop[S]{first, ad.Scalar(int32(1)), m.Status(p, first)},
		func(l loop[S]) Value {
			more := ad.And(ad.Less(m.Accepted(l.Method), int32(limits.MaxSteps)),
				ad.Less(l.Evaluations, int32(limits.MaxSteps*evaluationsPerStep)))
			return ad.And(ad.Equal(l.Status, int32(status.Running)), more)
		},
		func(l loop[S]) loop[S] {
			next := m.Step(p, l.Method, p.Evaluate(m.Trial(p, l.Method)))
			return loop[S]{next, ad.Add(l.Evaluations, 1), m.Status(p, next)}
		})

	// Evaluated anew, so that what is said of the point is true of the point returned.
	at := p.Evaluate(m.At(end.Method).X)
	gain := gain(p, at, m.Direction(end.Method))
	code := check(p, at, gain, end.Status)
	ok := ad.Or(ad.Equal(code, int32(status.Converged)), ad.Equal(code, int32(status.AtPrecision)))
	solution := ad.Where(ok, gradient.Solution(at.X), ad.Like(at.X, math.NaN()))
	return Result[T]{
		Value: unravel(solution), Last: unravel(at.X), F: at.F, Gradient: unravel(at.G),
		RelativeGradient: relativeGradient(at), Gain: gain,
		Status: code, Steps: m.Accepted(end.Method), Evaluations: end.Evaluations,
	}
}

// gain is how much f can fall along the gradient and along the method's direction d, by the
// exact curvature there: (gᵀv)² / 2vᵀ∇²f v for v = g and v = d. It does not depend on the
// method's own model, which may have collapsed. Infinite where the curvature is negative.
func gain(p Problem, at Point, d Value) Value {
	along := func(v Value) Value {
		slope := dot(at.G, v)
		curvature := dot(v, ad.HVP(p.F, at.X, v))
		flat := ad.Equal(slope, 0)
		fall := ad.Div(ad.Mul(slope, slope), ad.Mul(curvature, 2))
		fall = ad.Where(ad.Greater(curvature, 0), fall, ad.Like(fall, math.Inf(1)))
		return ad.Where(flat, ad.Like(fall, 0), fall)
	}
	// The gradient is scaled to unit length, lest its square overflow a float32.
	norm := ad.MaxOf(ad.Abs(at.G))
	unit := ad.Div(at.G, ad.Where(ad.Greater(norm, 0), norm, ad.Like(norm, 1)))
	return ad.Max(along(unit), along(d))
}

// check decides what is said of the point. Converged needs a gradient within the tolerances;
// AtPrecision needs the possible gain to be below the rounding errors of f.
func check(p Problem, at Point, gain, said Value) Value {
	code := func(c status.Code) Value { return ad.Scalar(int32(c)) }
	out := ad.Where(ad.Equal(said, int32(status.Running)), code(status.OutOfSteps), said)
	out = ad.Where(ad.Or(ad.Equal(said, int32(status.Converged)), ad.Equal(said, int32(status.AtPrecision))),
		code(status.Unchecked), out)
	out = ad.Where(ad.LessEqual(gain, precision(at.F)), code(status.AtPrecision), out)
	out = ad.Where(p.Flat(at), code(status.Converged), out)
	finite := ad.And(ad.IsFinite(at.F), ad.All(ad.IsFinite(at.G)))
	return ad.Where(finite, out, code(status.NotFinite))
}

// orDefault fills in what was not asked for.
func (l Limits) orDefault(d ad.DType) Limits {
	if l.RTol == 0 && l.ATol == 0 {
		l.RTol = 1e-6
		if d == ad.Float32 {
			l.RTol = 1e-3
		}
		l.ATol = l.RTol
	}
	if l.MaxSteps == 0 {
		l.MaxSteps = 200
	}
	return l
}

func dot(x, y Value) Value { return ad.Dot(x, y) }

// epsilon is the distance from 1 to the next float.
func epsilon(v Value) float64 {
	if v.DType() == ad.Float32 {
		return 0x1p-23
	}
	return 0x1p-52
}

// tiny is the smallest normal float.
func tiny(v Value) float64 {
	if v.DType() == ad.Float32 {
		return 0x1p-126
	}
	return 0x1p-1022
}
