// Package implicit is what the solver loops share: a problem over one flat vector, kept apart
// from derivatives, the solution put back under the implicit function theorem, and the limits
// and outcomes of a loop.
package implicit

import (
	"math"

	"pullback/ad"
	"pullback/internal/control"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// Equations are F(y, θ) = 0 in a vector y, where θ are the values that F closes over.
type Equations struct {
	graph *ir.Graph
	theta []ad.Value
}

// Close records the equations f for unknowns like y.
func Close(f func(y ad.Value) ad.Value, y ad.Value) Equations {
	body := func(p []ir.Value) []ir.Value { return []ir.Value{f(p[0])} }
	g := record.Trace(body, []ir.Type{y.Type()})
	closed, free := g.Close()
	return Equations{closed, free}
}

// Type is that of F's result.
func (e Equations) Type() ir.Type { return e.graph.Out()[0].Type() }

// Residual is F at y for θ as a constant: what a solver iterates on and must not differentiate.
func (e Equations) Residual(y ad.Value) ad.Value {
	in := []ir.Value{y}
	for _, v := range e.theta {
		in = append(in, ad.StopGradient(v))
	}
	return transform.Run(e.graph, in)[0]
}

// Solution is y as a function of θ where ok, a scalar bool, holds: the numbers of the y that a
// solver found, with the derivatives that the equations imply. Elsewhere it is NaN, and so are its
// derivatives: a zero would hide from a gradient that there was nothing to differentiate.
func (e Equations) Solution(y, ok ad.Value) ad.Value {
	in := append([]ir.Value{ad.StopGradient(y)}, e.theta...)
	solution := record.Apply1(control.Implicit{F: e.graph}, in...)
	return ad.Mul(solution, ad.Where(ok, ad.Like(y, 1), ad.Like(y, math.NaN())))
}

// OneLine makes what is recorded with y stand in one place, that of this call, until done is
// called: for functions of a solver's own, all of whose operations are the user's one line. It is
// looked for once then, which is half of the time that recording them takes.
func OneLine(y ad.Value) (done func()) {
	g := y.Graph()
	if g == nil || g.Inherited() != nil {
		return func() {}
	}
	g.Inherit(ir.Here(1))
	return func() { g.Inherit(nil) }
}

// Jacobian is f(y) and the matrix ∂f/∂y at y, of shape (m, n) for a vector y of n and f(y) of
// m: one forward derivative a column.
func Jacobian(f func(ad.Value) ad.Value, y ad.Value) (value, jacobian ad.Value) {
	value, derivative := ad.Linearize(f, y)
	if y.Size() == 1 {
		return value, ad.ExpandDims(derivative(ad.OnesLike(y)), 1)
	}
	return value, ad.Transpose(ad.Vmap(derivative)(ad.Identity(y.DType(), y.Size())))
}
