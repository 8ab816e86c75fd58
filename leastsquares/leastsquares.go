// Package leastsquares minimises sums of squares ½|r(x)|² of residuals r, and differentiates the
// minimum with respect to whatever the residuals close over.
//
// One loop, Find, counts steps and evaluations, watches for NaNs and checks the point that it
// returns; a method is an Init and a Step over a state struct, one evaluation of the residuals
// and their Jacobian a step. The derivative of a minimum follows from the implicit function
// theorem on the gradient Jᵀr, at any order.
package leastsquares

import (
	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/status"
)

// Value is an array.
type Value = ad.Value

// Result is how a search ended.
type Result[T any] struct {
	// Value is the minimiser, or NaN where the search did not succeed. It has derivatives.
	Value T
	// Last is the last iterate, whatever the outcome, and a constant to derivatives.
	Last T
	// Squares is the sum of squares |r|² at Last, a scalar.
	Squares Value
	// Gradient is Jᵀr at Last: that of half the sum of squares.
	Gradient T
	// Cosine is that of the angle at Last between r and the space that the columns of J span, of
	// the elements that no bound holds: the part of r that the linearised model could still
	// explain. It is the relative offset of Bates and Watts (Technometrics 23, 1981) and depends
	// on no units.
	Cosine Value
	// Status is a status.Code, an int32 scalar.
	Status Value
	// Steps is the number of steps accepted and Evaluations that of residuals and Jacobian on
	// the way, int32.
	Steps, Evaluations Value
}

// Outcome is the status of a search over known numbers.
func (r Result[T]) Outcome() status.Code { return status.Code(r.Status.Int()) }

// Method is one way to minimise. It sees one flat vector x of n elements and r(x), a vector of m.
type Method[S any] interface {
	// Init is the state at the start, where the residuals have been evaluated.
	Init(p Problem, at Point) S
	// Trial is the point that the method wants evaluated next. It lies in the box.
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

// Limits say when a minimum is good enough, and when to give up. The tolerance is in the units of
// the residuals, ATol + RTol·max(|r|, ε|r₀|), where r₀ are those at the start and ε is the
// element type's precision. A point is a minimum if the projection of r on the space that the
// columns of J span is no longer than that: without ATol, if Cosine is at most RTol.
type Limits = implicit.Limits

func defaults() implicit.Defaults {
	return implicit.Defaults{RTol: implicit.Tolerance{Float64: 1e-11, Float32: 1e-5}, MaxSteps: 200}
}

// Point is an evaluation: x is a vector of n, the residuals of m, the Jacobian a matrix (m, n).
type Point struct{ X, Residuals, Jacobian Value }

// Gradient is Jᵀr.
func (at Point) Gradient() Value { return ad.MatVec(ad.Transpose(at.Jacobian), at.Residuals) }

// finite says whether all of a point is.
func (at Point) finite() Value {
	return ad.And(ad.All(ad.IsFinite(at.X)), ad.And(ad.IsFinite(ad.Dot(at.Residuals, at.Residuals)),
		ad.All(ad.IsFinite(at.Jacobian))))
}

// Problem is what a method sees of the residuals.
type Problem struct {
	Residuals func(x Value) Value
	// Lower and Upper are the ends of the box, vectors like x, or zero Values if there is none.
	Lower, Upper Value
	RTol, ATol   Value // scalars of x's element type
	Start        Value // |r| at the start
	Mattered     Value // bools: the elements of x that moved r at the start
}

// Evaluate is r and its Jacobian at x.
func (p Problem) Evaluate(x Value) Point {
	r, jacobian := implicit.Jacobian(p.Residuals, x)
	return Point{x, r, jacobian}
}

// loop is the state of Find.
type loop[S any] struct {
	Method              S
	Evaluations, Status Value
}

// search is a problem made ready for a method: over one flat vector, kept apart from derivatives.
type search[T, S any] struct {
	problem  Problem
	bounds   bounds
	limits   Limits
	gradient func(Value) Value // with derivatives
	unravel  func(Value) T
	first    S
}

func begin[T, R, S any](residuals func(T) R, start T, box *Box[T], m Method[S]) search[T, S] {
	x0, unravel := ad.Ravel(start)
	limits := m.Limits().OrDefault("leastsquares", x0, defaults())
	g := search[T, S]{unravel: unravel, limits: limits}
	flat := func(x Value) Value {
		r, _ := ad.Ravel(residuals(unravel(x)))
		return r
	}
	g.gradient = ad.Grad(func(x Value) Value {
		r := flat(x)
		return ad.Mul(ad.Dot(r, r), .5)
	})
	closed := implicit.Close(flat, x0)
	if t := closed.Type(); t.DType != x0.DType() {
		panic(ad.Mistake("leastsquares", []Value{x0}, "the unknowns are %v and the residuals %v, "+
			"laid end to end; both must be of the same element type", x0.Type(), t))
	}
	p := Problem{Residuals: closed.Residual, RTol: ad.Like(x0, limits.RTol),
		ATol: ad.Like(x0, limits.ATol)}
	if box != nil {
		g.bounds = flatten(*box, x0)
		p.Lower, p.Upper = ad.StopGradient(g.bounds.lower), ad.StopGradient(g.bounds.upper)
	}
	at := p.Evaluate(p.Project(ad.StopGradient(x0)))
	p.Start = length(at.Residuals)
	p.Mattered = ad.Greater(columnLengths(at.Jacobian), 0)
	g.problem, g.first = p, m.Init(p, at)
	return g
}

// evaluationsPerStep bounds the work of a search whose steps are all hard to find.
const evaluationsPerStep = 10

// Find minimises ½|r|² by m from a start: a tree of floats of one type; the residuals are one
// too, of any number. Running out of steps, a NaN, a search that finds no better point: these are
// statuses of the result. On known numbers it goes operation by operation: where the residuals
// are costly, or there are many searches alike, call it in ad.Jit.
func Find[T, R, S any](residuals func(T) R, start T, m Method[S]) Result[T] {
	return begin(residuals, start, nil, m).run(m)
}

// FindIn is Find within a box: the residuals are evaluated nowhere else. The start is projected
// into it. At an end of the box the gradient counts only where descent would lead into the box.
func FindIn[T, R, S any](residuals func(T) R, start T, box Box[T], m Method[S]) Result[T] {
	return begin(residuals, start, &box, m).run(m)
}

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
			next := m.Step(p, l.Method, p.Evaluate(m.Trial(p, l.Method)))
			return loop[S]{next, ad.Add(l.Evaluations, 1), m.Status(p, next)}
		})

	// Evaluated anew, so that what is said of the point is true of the point returned.
	at := p.Evaluate(m.At(end.Method).X)
	code, cosine := check(p, at, end.Status)
	equations := p.equations(g.bounds, at, g.gradient)
	return Result[T]{
		Value:    g.unravel(equations.Solution(at.X, implicit.Succeeded(code))),
		Last:     g.unravel(at.X),
		Squares:  ad.Dot(at.Residuals, at.Residuals),
		Gradient: g.unravel(at.Gradient()), Cosine: cosine,
		Status: code, Steps: m.Accepted(end.Method), Evaluations: end.Evaluations,
	}
}
