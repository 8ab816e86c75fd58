// Package root solves equations f(y) = 0, and differentiates the solution with respect to
// whatever f closes over.
//
// One loop, Find, counts the steps, watches for NaNs, and checks the point that it returns; a
// method is an Init and a Step over a state struct. Derivatives never go through the loop: they
// follow from the implicit function theorem at the solution, at any order.
package root

import (
	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/internal/op"
	"pullback/status"
)

// Value is an array.
type Value = ad.Value

// Result is how a solve ended. In a recording its fields are recorded like everything else.
type Result[T any] struct {
	// Value is the solution, or NaN where the solve did not succeed. It has derivatives.
	Value T
	// Last is the last iterate, whatever the outcome, and a constant to derivatives.
	Last T
	// Status is a status.Code, an int32 scalar.
	Status Value
	// Steps is the number of steps taken, an int32 scalar.
	Steps Value
	// Residual is the greatest |f| at Last, a scalar.
	Residual Value
}

// Outcome is the status of a solve of known numbers.
func (r Result[T]) Outcome() status.Code { return status.Code(r.Status.Int()) }

// Method is one way to find a root. It sees one flat vector y of n elements and f(y), a vector of n too.
type Method[S any] interface {
	// Init is the state before the first step; start is the user's guess.
	Init(p Problem, start Value) S
	// Step is the next state.
	Step(p Problem, s S) S
	// At is the state's iterate.
	At(s S) Value
	// Status is status.Running to go on, or why to stop, an int32 scalar.
	Status(p Problem, s S) Value
	// Limits are the tolerances and the number of steps asked for; zeros mean the defaults.
	Limits() Limits
}

// Limits say when a solution is good enough, and when to give up.
type Limits struct {
	RTol, ATol float64
	MaxSteps   int
}

// Problem is what a method sees of the equations.
type Problem struct {
	F          func(y Value) Value
	RTol, ATol Value // scalars of y's element type
}

// Small says whether every element of a step is within the tolerances at y.
func (p Problem) Small(step, y Value) Value {
	bound := ad.Add(p.ATol, ad.Mul(p.RTol, ad.Abs(y)))
	return ad.All(ad.LessEqual(ad.Abs(step), bound))
}

// loop is the state of Find.
type loop[S any] struct {
	Method S
	Steps  Value
	Status Value
}

// Find solves f(y) = 0 by m from a guess. y and f(y) are trees of floats of one type with
// equally many elements. Running out of steps, a NaN, a bracket that is none: these are
// statuses of the result. A mistake in shapes panics.
func Find[T, R, S any](f func(T) R, guess T, m Method[S]) Result[T] {
	start, unravel := ad.Ravel(guess)
	eq := implicit.Close(func(y Value) Value {
		r, _ := ad.Ravel(f(unravel(y)))
		return r
	}, start)
	start = ad.StopGradient(start)
	limits := m.Limits().orDefault(start.DType())
	p := Problem{F: eq.Residual, RTol: ad.Like(start, limits.RTol), ATol: ad.Like(start, limits.ATol)}

	first := m.Init(p, start)
	end := ad.While(
		loop[S]{first, ad.Scalar(int32(0)), m.Status(p, first)},
		func(l loop[S]) Value {
			return ad.And(ad.Equal(l.Status, int32(status.Running)), ad.Less(l.Steps, int32(limits.MaxSteps)))
		},
		func(l loop[S]) loop[S] {
			next := m.Step(p, l.Method)
			return loop[S]{next, ad.Add(l.Steps, 1), m.Status(p, next)}
		})

	y := m.At(end.Method)
	residual := p.F(y)
	code := check(p, start, y, residual, end.Status)
	ok := ad.Or(ad.Equal(code, int32(status.Converged)), ad.Equal(code, int32(status.AtPrecision)))
	solution := ad.Where(ok, eq.Solution(y), notANumber(y))
	return Result[T]{
		Value:    unravel(solution),
		Last:     unravel(y),
		Status:   code,
		Steps:    end.Steps,
		Residual: ad.MaxOf(ad.Abs(residual)),
	}
}

// check decides what is said of y. A solution is where the Newton correction J⁻¹f is within the
// tolerances, whatever the method went by, and where f is no greater than at the start, which
// it is beside a pole. Where the correction is greater but f is as small as rounding leaves it, y is
// at precision.
func check(p Problem, start, y, residual, said Value) Value {
	jacobian := implicit.Jacobian(p.F, y)
	correction := op.Solve(jacobian, residual)
	size := ad.MaxOf(ad.Abs(residual))
	zero := ad.Equal(size, 0)
	met := ad.Or(zero, p.Small(correction, y))

	// Moving y by one unit in its last place moves f by about ‖J‖·ε·‖y‖: f cannot be told
	// from zero below some of those.
	eps := epsilon(y.DType())
	slope := ad.MaxOf(ad.Sum(ad.Abs(jacobian), 1))
	floor := ad.Mul(ad.Mul(slope, ad.MaxOf(ad.Abs(y))), 16*eps)
	precise := ad.LessEqual(size, floor)

	grew := ad.Greater(size, ad.MaxOf(ad.Abs(p.F(start))))
	code := func(c status.Code) Value { return ad.Scalar(int32(c)) }
	running := ad.Equal(said, int32(status.Running))
	ended := ad.Equal(said, int32(status.Converged))

	out := ad.Where(running, code(status.OutOfSteps), said)
	out = ad.Where(ended, code(status.Unchecked), out)
	good := ad.Where(met, code(status.Converged), code(status.AtPrecision))
	out = ad.Where(ad.And(ad.Or(ended, running), ad.Or(met, precise)), good, out)
	out = ad.Where(ad.And(ad.And(ad.Or(ended, running), grew), ad.Not(zero)), code(status.Jump), out)
	finite := ad.And(ad.IsFinite(size), ad.All(ad.IsFinite(y)))
	return ad.Where(finite, out, code(status.NotFinite))
}

// orDefault fills in what was not asked for: the square root of the precision, as tolerances,
// is where quadratic convergence makes one more step exact.
func (l Limits) orDefault(d ad.DType) Limits {
	if l.RTol == 0 && l.ATol == 0 {
		l.RTol = 1e-8
		if d == ad.Float32 {
			l.RTol = 1e-4
		}
		l.ATol = l.RTol
	}
	if l.MaxSteps == 0 {
		l.MaxSteps = 100
	}
	return l
}

// epsilon is the distance from 1 to the next float.
func epsilon(d ad.DType) float64 {
	if d == ad.Float32 {
		return 0x1p-23
	}
	return 0x1p-52
}

func notANumber(like Value) Value { return ad.Full(like.DType(), nan(), like.Shape()...) }
