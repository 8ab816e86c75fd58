// Package minimise finds minima of functions of many variables, and differentiates them with
// respect to whatever the function closes over.
//
// One loop, Find, and FindIn within bounds, counts steps and evaluations, watches for NaNs, keeps
// trials within the bounds and checks the point that it returns; a method is an Init and a Step
// over a state struct, one evaluation of the function and its gradient a step. The derivative of a
// minimum follows from the implicit function theorem on the gradient, at any order.
//
// TrustRegion is for few unknowns and the last digits, BFGS for some more, and LBFGS for many;
// NelderMead is for a function whose slopes lead astray.
package minimise

import (
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
	// changes, relatively, if a parameter changes relatively by one, to first order. In a box, by
	// one or as far as the box lets it fall, if that is less: not at all where it holds it.
	RelativeGradient Value
	// Gain is how far F is known to be above the minimum, from exact second derivatives at Last
	// and a step that follows from them. It is infinite where f has no curvature to go by.
	Gain Value
	// Status is a status.Code, an int32 scalar.
	Status Value
	// Steps is the number of steps accepted and Evaluations that of function and gradient on the
	// way, int32.
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
	// Status is status.Running to go on, or why to stop, an int32 scalar.
	Status(p Problem, s S) Value
	// Limits are the tolerances and the number of steps asked for; zeros mean the defaults.
	Limits() Limits
}

// Limits say when a minimum is good enough, and when to give up. The tolerance is
// ATol + RTol·s, in the units of f, where s is the fall of f since the start, at most
// max(|f|, 1). A point is a minimum if both are within it: |gᵢ|·max(|xᵢ|, 1) in every element, and
// what curvature says is still to be gained.
type Limits = implicit.Limits

func defaults() implicit.Defaults {
	return implicit.Defaults{RTol: implicit.Tolerance{Float64: 1e-6, Float32: 1e-4}, MaxSteps: 200}
}

// Point is an evaluation: x and the gradient are vectors of n, f a scalar.
type Point struct{ X, F, G Value }

// Problem is what a method sees of the function.
type Problem struct {
	F          func(x Value) Value
	F0         Value // f at the start
	RTol, ATol Value // scalars of x's element type
	// Lower and Upper are the ends of the box, vectors like x, or zero Values if there is none.
	// The loop evaluates a trial where it is projected into the box.
	Lower, Upper Value
}

// Evaluate is f and its gradient at x.
func (p Problem) Evaluate(x Value) Point {
	v := ad.ValueAndGrad(p.F)(x)
	return Point{x, v.Value, v.Grad}
}

// steepest is the greatest |gᵢ|·max(|xᵢ|, 1), Dennis and Schnabel's scaled gradient (Numerical
// Methods for Unconstrained Optimization, 1983, equation 7.2.5) with 1 for the typical size of x.
// In a box it is |gᵢ| times the way to the end that descent meets, where that is less.
func (p Problem) steepest(at Point) Value {
	return ad.MaxOf(ad.Mul(ad.Abs(at.G), p.reach(at)))
}

// tolerance is in the units of f, as Limits says. A fixed typical size of f would take a
// function in small units to be at its minimum everywhere, and the size of f one with a large
// constant.
func (p Problem) tolerance(f Value) Value {
	fall := ad.Min(ad.Sub(p.F0, f), ad.Max(ad.Abs(f), 1))
	return ad.Add(p.ATol, ad.Mul(p.RTol, ad.Max(fall, 0)))
}

// Minimal says whether a point is a minimum within the tolerances, where f could still fall by
// gain.
func (p Problem) Minimal(at Point, gain Value) Value {
	bound := p.tolerance(at.F)
	spent := ad.LessEqual(gain, ad.Max(bound, precision(at.F)))
	return ad.And(ad.LessEqual(p.steepest(at), bound), spent)
}

// precision is the gain below which rounding errors of f hide it: 16 units in f's last place.
func precision(f Value) Value {
	d := f.DType()
	return ad.Mul(ad.Max(ad.Abs(f), implicit.Tiny(d)), 16*implicit.Epsilon(d))
}

// loop is the state of Find.
type loop[S any] struct {
	Method              S
	Evaluations, Status Value
}

// search is a problem made ready for a method: over one flat vector, kept apart from derivatives.
type search[T, S any] struct {
	problem Problem
	limits  Limits
	unravel func(Value) T
	first   S
	// equations are those that the minimum found solves.
	equations func(at Point) implicit.Equations
}

// begin makes a search ready. There is no box if box is nil.
func begin[T, S any](f func(T) Value, start T, box *Box[T], m Method[S]) search[T, S] {
	x0, unravel := ad.Ravel(start)
	g := search[T, S]{unravel: unravel, limits: m.Limits().OrDefault("minimise", x0, defaults())}
	objective := func(x Value) Value { return f(unravel(x)) }
	if box == nil {
		gradient := implicit.Close(ad.Grad(objective), x0)
		g.equations = func(Point) implicit.Equations { return gradient }
	}
	value := implicit.Close(objective, x0)
	g.problem = problem(value, x0, g.limits)
	if box != nil {
		g.equations = g.problem.within(box.flatten(x0), objective)
	}
	x0 = ad.StopGradient(x0)
	at := g.problem.Evaluate(g.problem.Project(x0))
	g.problem.F0 = at.F
	g.first = m.Init(g.problem, at)
	return g
}

// problem is that of a function of vectors like x.
func problem(f implicit.Equations, x Value, limits Limits) Problem {
	return Problem{F: f.Residual, RTol: ad.Like(x, limits.RTol), ATol: ad.Like(x, limits.ATol)}
}

// evaluationsPerStep bounds the work of a search whose line searches are all hard.
const evaluationsPerStep = 20

// Find minimises f by m from a start: a tree of floats of one type. Running out of steps, a NaN,
// a search that finds no better point: these are statuses of the result. On known numbers it goes
// operation by operation: where f is costly, or there are many searches alike, call it in ad.Jit.
func Find[T, S any](f func(T) Value, start T, m Method[S]) Result[T] {
	return begin(f, start, nil, m).run(m)
}

// FindIn is Find within a box: f is evaluated nowhere else. The start is projected into it. At an
// end of the box the gradient counts only where descent would lead into the box; in all that is
// said of the minimum, elements that are held do not count. The derivative of an element that is
// held at an end is that of the end. Where the gradient of an element at an end is zero too, there
// are two derivatives, one to each side, and what is given is that of an element that is free.
func FindIn[T, S any](f func(T) Value, start T, box Box[T], m Method[S]) Result[T] {
	return begin(f, start, &box, m).run(m)
}

// evaluate is the evaluation of a trial of m.
func evaluate[S any](p Problem, m Method[S], x Value) Point {
	if _, ok := m.(derivativeFree); ok {
		return Point{x, p.F(x), ad.ZerosLike(x)}
	}
	return p.Evaluate(x)
}

// run is the loop.
func (g search[T, S]) run(m Method[S]) Result[T] {
	p, limits := g.problem, g.limits
	end := ad.While(
		loop[S]{g.first, ad.Scalar(int32(1)), m.Status(p, g.first)},
		func(l loop[S]) Value {
			more := ad.And(ad.Less(m.Accepted(l.Method), int32(limits.MaxSteps)),
				ad.Less(l.Evaluations, int32(limits.MaxSteps*evaluationsPerStep)))
			return ad.And(implicit.Is(l.Status, status.Running), more)
		},
		func(l loop[S]) loop[S] {
			next := m.Step(p, l.Method, evaluate(p, m, p.Project(m.Trial(p, l.Method))))
			return loop[S]{next, ad.Add(l.Evaluations, 1), m.Status(p, next)}
		})

	// Evaluated anew, so that what is said of the point is true of the point returned.
	at := p.Evaluate(m.At(end.Method).X)
	around := lookAround(p, at)
	code := check(p, at, around, end.Status)
	return Result[T]{
		Value: g.unravel(g.equations(at).Solution(at.X, implicit.Succeeded(code))),
		Last:  g.unravel(at.X),
		F:     at.F, Gradient: g.unravel(at.G),
		RelativeGradient: p.relativeGradient(at), Gain: around.Gain,
		Status: code, Steps: m.Accepted(end.Method), Evaluations: end.Evaluations,
	}
}
