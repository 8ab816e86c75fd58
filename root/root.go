// Package root solves equations f(y) = 0, and differentiates the solution with respect to
// whatever f closes over.
//
// One loop, Find, counts the steps, watches for NaNs, and checks the point that it returns; a
// method is an Init and a Step over a state struct. Derivatives never go through the loop: they
// follow from the implicit function theorem at the solution, at any order.
package root

import (
	"math"

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
	// Stage says which of a method's stages ended the solve, an int32 scalar: 0 is the first, and
	// the only one of most methods.
	Stage Value
}

// Outcome is the status of a solve of known numbers.
func (r Result[T]) Outcome() status.Code { return status.Code(r.Status.Int()) }

// Method is one way to find a root. It sees one flat vector y of n elements and f(y), a vector
// of n too.
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

// staged is a method that tries one way after the other.
type staged[S any] interface {
	// Stage is the number of the way that it is on, an int32 scalar.
	Stage(s S) Value
}

// referring is a method that knows a better point to compare |f| with at the end than its first.
type referring[S any] interface {
	// Reference is a point near the solution, beside which |f| tells a root from a pole.
	Reference(s S) Value
}

// Limits say when a solution is good enough, and when to give up.
type Limits = implicit.Limits

// defaults: quadratic convergence makes one more step exact where the last was of the square
// root of the precision.
func defaults() implicit.Defaults {
	tolerance := implicit.Tolerance{Float64: 1e-8, Float32: 1e-4}
	return implicit.Defaults{RTol: tolerance, ATol: tolerance, MaxSteps: 100}
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
// statuses of the result. A mistake in shapes panics. On known numbers it goes operation by
// operation: where f is costly, or there are many solves alike, call it in ad.Jit.
func Find[T, R, S any](f func(T) R, guess T, m Method[S]) Result[T] {
	start, unravel := ad.Ravel(guess)
	limits := m.Limits().OrDefault("root", start, defaults())
	eq := implicit.Close(func(y Value) Value {
		r, _ := ad.Ravel(f(unravel(y)))
		return r
	}, start)
	if !eq.Type().Equal(start.Type()) {
		panic(ad.Mistake("root", []Value{start}, "the unknowns are %v and the equations %v, laid "+
			"end to end; there must be as many equations as unknowns, and of the same element type",
			start.Type(), eq.Type()))
	}
	start = ad.StopGradient(start)
	p := Problem{F: eq.Residual, RTol: ad.Like(start, limits.RTol),
		ATol: ad.Like(start, limits.ATol)}

	first := m.Init(p, start)
	end := ad.While(
		loop[S]{first, ad.Scalar(int32(0)), m.Status(p, first)},
		func(l loop[S]) Value {
			return ad.And(implicit.Is(l.Status, status.Running),
				ad.Less(l.Steps, int32(limits.MaxSteps)))
		},
		func(l loop[S]) loop[S] {
			next := m.Step(p, l.Method)
			return loop[S]{next, ad.Add(l.Steps, 1), m.Status(p, next)}
		})

	defer implicit.OneLine(end.Status)()
	y := m.At(end.Method)
	reference, stage := m.At(first), ad.Scalar(int32(0))
	if r, ok := any(m).(referring[S]); ok {
		reference = r.Reference(end.Method)
	}
	if s, ok := any(m).(staged[S]); ok {
		stage = s.Stage(end.Method)
	}
	code, residual := check(p, reference, y, end.Status)
	return Result[T]{
		Value:    unravel(eq.Solution(y, implicit.Succeeded(code))),
		Last:     unravel(y),
		Status:   code,
		Steps:    end.Steps,
		Residual: residual,
		Stage:    stage,
	}
}

// correction is J⁻¹f, Newton's. It is zero where f is, also if J is singular.
func correction(jacobian, f Value) Value {
	solved := ad.All(ad.Equal(f, 0))
	identity := ad.Identity(f.DType(), f.Size())
	return op.Solve(ad.Where(solved, identity, jacobian), f)
}

// roundings is how many roundings of f's terms are allowed for in what is called zero.
const roundings = 16

// check decides what is said of y, where the method said so, and gives the greatest |f| there.
//
// A solution is where the Newton correction c = J⁻¹f is within the tolerances, whatever the
// method went by. Where it is not but f is as small as rounding leaves it, y is at precision.
// Beside a pole the correction is small too, but f has grown since the first iterate, and the
// correction takes it to more than 1/e of itself, whatever the pole's order; at a root of any
// multiplicity to at most that.
//
// Where f has come to be exactly zero all around, it may have vanished by underflow, as exp(-y)
// does, and that is no solution.
func check(p Problem, first, y, said Value) (code, size Value) {
	defer implicit.OneLine(y)()
	f, jacobian := implicit.Jacobian(p.F, y)
	size = ad.MaxOf(ad.Abs(f))
	correction := correction(jacobian, f)
	zero := ad.Equal(size, 0)
	met := ad.Or(zero, p.Small(correction, y))

	// Moving each yⱼ by a unit in its last place moves fᵢ by up to ε·Σⱼ|Jᵢⱼ·yⱼ|: fᵢ cannot be
	// told from zero below some of those, each equation by its own unknowns. That |f| be no more
	// than some times the first |f|, which a start at the solution may have put at the rounding
	// errors, keeps this from poles.
	start := p.F(first)
	initial := ad.MaxOf(ad.Abs(start))
	moved := ad.Sum(ad.Mul(ad.Abs(jacobian), ad.Abs(y)), 1)
	noise := ad.Mul(moved, roundings*implicit.Epsilon(y.DType()))
	precise := ad.And(ad.All(ad.LessEqual(ad.Abs(f), noise)),
		ad.LessEqual(size, ad.Mul(initial, 4*roundings)))

	falls := ad.LessEqual(ad.MaxOf(ad.Abs(p.F(ad.Sub(y, correction)))), ad.Mul(size, 0.37))
	solved := ad.And(met, ad.Or(ad.LessEqual(size, initial), ad.Or(falls, precise)))
	jump := ad.Or(met, ad.GreaterEqual(size, initial))

	running, ended := implicit.Is(said, status.Running), implicit.Is(said, status.Converged)
	code = ad.Where(running, implicit.Code(status.OutOfSteps), said)
	refuted := ad.Where(jump, implicit.Code(status.Jump), implicit.Code(status.Unchecked))
	code = ad.Where(ended, refuted, code)
	code = ad.Where(precise, implicit.Code(status.AtPrecision), code)
	code = ad.Where(solved, implicit.Code(status.Converged), code)
	gone := ad.And(vanished(p, start, y, f, jacobian), implicit.Succeeded(code))
	code = ad.Where(gone, implicit.Code(status.Unchecked), code)
	elsewhere := ad.Or(implicit.Is(said, status.NoBracket), implicit.Is(said, status.Several))
	code = ad.Where(elsewhere, said, code)
	finite := ad.And(ad.IsFinite(size), ad.All(ad.IsFinite(y)))
	return ad.Where(finite, code, implicit.Code(status.NotFinite)), size
}

// vanished says whether an equation that was not zero at the start is zero at y together with all
// its derivatives, and still on both sides of y, by steps of half the digits, each unknown's of a
// size of its own. At a root of any multiplicity it is not, unless that underflows.
func vanished(p Problem, start, y, f, jacobian Value) Value {
	flat := ad.And(ad.Equal(f, 0), ad.All(ad.Equal(jacobian, 0), 1))
	flat = ad.And(flat, ad.NotEqual(start, 0))
	step := aside(y)
	sides := ad.Vmap(p.F)(ad.Stack(0, ad.Sub(y, step), ad.Add(y, step)))
	return ad.Any(ad.And(flat, ad.Any(ad.Equal(sides, 0), 0)))
}

// aside is a step of half the digits, each unknown's of a size of its own.
func aside(y Value) Value {
	n := y.Size()
	shares := ad.Div(ad.Add(ad.Convert(ad.Arange(ad.Int64, n), y.DType()), 1), n)
	typical := ad.Mul(ad.Max(ad.Abs(y), 1), math.Sqrt(implicit.Epsilon(y.DType())))
	return ad.Mul(typical, shares)
}
