// Package implicit is what the solver loops share: a problem over one flat vector, kept apart
// from derivatives, and the solution put back under the implicit function theorem.
package implicit

import (
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
	g := record.Trace(func(p []ir.Value) []ir.Value { return []ir.Value{f(p[0])} }, []ir.Type{y.Type()})
	closed, free := g.Close()
	return Equations{closed, free}
}

// Residual is F at y for θ as a constant: what a solver iterates on and must not differentiate.
func (e Equations) Residual(y ad.Value) ad.Value {
	in := []ir.Value{y}
	for _, v := range e.theta {
		in = append(in, ad.StopGradient(v))
	}
	return transform.Run(e.graph, in)[0]
}

// Solution is y as a function of θ: the numbers of the y that a solver found, with the
// derivatives that the equations imply.
func (e Equations) Solution(y ad.Value) ad.Value {
	in := append([]ir.Value{ad.StopGradient(y)}, e.theta...)
	return record.Apply1(control.Implicit{F: e.graph}, in...)
}

// Jacobian is the matrix ∂f/∂y at y, of shape (m, n) for a vector y of n and f(y) of m.
func Jacobian(f func(ad.Value) ad.Value, y ad.Value) ad.Value {
	g := record.Trace(func(p []ir.Value) []ir.Value { return []ir.Value{f(p[0])} }, []ir.Type{y.Type()})
	closed, free := g.Close()
	return control.Jacobian(closed, append([]ir.Value{y}, free...))
}
