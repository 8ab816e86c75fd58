// Package leastsquares minimises sums of squares ½‖r(x)‖² of residuals r, and differentiates the
// minimum with respect to whatever the residuals close over.
//
// One loop, Find, counts steps and checks the point that it returns; a method is an Init and a Step
// over a state struct. The derivative of a minimum follows from the implicit function theorem on
// the gradient Jᵀr, at any order.
package leastsquares

import (
	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/status"
)

// Value is an array.
type Value = ad.Value

// Result is how a minimisation ended.
type Result[T any] struct {
	// Value is the minimiser, or NaN where the search did not succeed. It has derivatives, unless
	// it is at a bound, where they are those that it would have without.
	Value T
	// Last is the last iterate, whatever the outcome, and a constant to derivatives.
	Last T
	// Squares is ‖r‖² at Last, a scalar.
	Squares Value
	// Cosine is the greatest |cos| of the angle between r and a column of its Jacobian at Last,
	// over the unknowns that are not held by a bound: zero at a minimum, whatever the units.
	Cosine Value
	// Status is a status.Code, an int32 scalar.
	Status Value
	// Steps is the number of steps accepted and Evaluations that of r and its Jacobian, int32.
	Steps, Evaluations Value
}

// Outcome is the status of a search over known numbers.
func (r Result[T]) Outcome() status.Code { return status.Code(r.Status.Int()) }

// Method is one way to minimise. It sees one flat vector x of n elements and r(x), one of m.
type Method[S any] interface {
	// Init is the state at the start, moved into the bounds, where r has been evaluated.
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
	// Limits are the tolerances and the number of steps asked for; zeros mean the defaults. RTol is
	// on Result.Cosine, and ATol on ‖r‖: what is as small is a perfect fit.
	Limits() Limits
	// Bounds of x, vectors of n; invalid Values where there are none.
	Bounds() (lower, upper Value)
}

// Limits say when a minimum is good enough, and when to give up.
type Limits = implicit.Limits

func defaults() implicit.Defaults {
	return implicit.Defaults{RTol: implicit.Tolerance{Float64: 1e-8, Float32: 1e-4}, MaxSteps: 500}
}

// Point is an evaluation: x of n, the residuals of m and their Jacobian, (m, n).
type Point struct{ X, R, J Value }

// half is ½‖r‖².
func (p Point) half() Value { return ad.Mul(ad.Sum(ad.Square(p.R)), 0.5) }

// gradient is Jᵀr.
func (p Point) gradient() Value { return ad.MatVec(ad.Transpose(p.J), p.R) }

// finite says whether everything is.
func (p Point) finite() Value {
	return ad.And(ad.All(ad.IsFinite(p.R)), ad.All(ad.IsFinite(p.J)))
}

// Problem is what a method sees of the residuals.
type Problem struct {
	R            func(x Value) Value
	Lower, Upper Value // vectors of n, infinite where there is no bound
	RTol, ATol   Value // scalars of x's element type
}

// Evaluate is r and its Jacobian at x.
func (p Problem) Evaluate(x Value) Point {
	r, j := implicit.Jacobian(p.R, x)
	return Point{x, r, j}
}

// Within is the point of the box nearest to x.
func (p Problem) Within(x Value) Value { return ad.Min(ad.Max(x, p.Lower), p.Upper) }

// Held says which unknowns cannot move downhill: bool, of n.
func (p Problem) Held(at Point) Value {
	g := at.gradient()
	lower := ad.And(ad.LessEqual(at.X, p.Lower), ad.GreaterEqual(g, 0))
	upper := ad.And(ad.GreaterEqual(at.X, p.Upper), ad.LessEqual(g, 0))
	return ad.Or(ad.Equal(p.Lower, p.Upper), ad.Or(lower, upper))
}

// Cosine is as in Result.
func (p Problem) Cosine(at Point) Value {
	g := ad.Where(p.Held(at), ad.ZerosLike(at.X), ad.Abs(at.gradient()))
	lengths := ad.Sqrt(ad.Sum(ad.Square(at.J), 0))
	size := ad.Mul(lengths, ad.Sqrt(ad.Sum(ad.Square(at.R))))
	return ad.MaxOf(ad.Div(g, implicit.Divisor(size)))
}

// loop is the state of Find.
type loop[S any] struct {
	Method              S
	Evaluations, Status Value
}

// evaluationsPerStep bounds the work of a search whose steps are mostly refused.
const evaluationsPerStep = 10

// Find minimises ½‖r‖² by m from a start: a tree of floats of one type. r gives a tree of floats of
// that type. Running out of steps, a NaN: these are statuses of the result. On known numbers it
// goes operation by operation: where r is costly, or there are many searches alike, call it in
// ad.Jit.
func Find[T, R, S any](r func(T) R, start T, m Method[S]) Result[T] {
	x0, unravel := ad.Ravel(start)
	limits := m.Limits().OrDefault("leastsquares", x0, defaults())
	residuals := func(x Value) Value {
		flat, _ := ad.Ravel(r(unravel(x)))
		return flat
	}
	half := func(x Value) Value { return ad.Mul(ad.Sum(ad.Square(residuals(x))), 0.5) }
	gradient := implicit.Close(ad.Grad(half), x0)
	closed := implicit.Close(residuals, x0)
	x0 = ad.StopGradient(x0)
	p := Problem{R: closed.Residual, RTol: ad.Like(x0, limits.RTol), ATol: ad.Like(x0, limits.ATol)}
	p.Lower, p.Upper = bounds(m, x0)

	at := p.Evaluate(p.Within(x0))
	first := m.Init(p, at)
	end := ad.While(
		loop[S]{first, ad.Scalar(int32(1)), m.Status(p, first)},
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
	at = p.Evaluate(m.At(end.Method).X)
	code := check(p, at, end.Status)
	return Result[T]{
		Value:   unravel(gradient.Solution(at.X, implicit.Succeeded(code))),
		Last:    unravel(at.X),
		Squares: ad.Sum(ad.Square(at.R)), Cosine: p.Cosine(at),
		Status: code, Steps: m.Accepted(end.Method), Evaluations: end.Evaluations,
	}
}
