package transform

import (
	"pullback/internal/record"
	"pullback/ir"
)

// LinearMap is the derivative of a program at a point, as a program: from the tangents of some
// of its parameters to those of some of its results. All other tangents are zero.
type LinearMap struct {
	Graph   *ir.Graph // open: it refers to the residuals, values of older graphs
	In, Out []int     // the parameters and results that Graph's own stand for
}

// Linearize runs g at x and records its derivative there with respect to the active parameters.
//
// Nothing here evaluates partially: what depends on tangents meets a newer graph than what does
// not, and each operation records into the newest graph among its operands.
func Linearize(g *ir.Graph, x []ir.Value, active []bool) (y []ir.Value, lin LinearMap) {
	var types []ir.Type
	for i, a := range active {
		if a && x[i].DType().IsFloat() {
			lin.In = append(lin.In, i)
			types = append(types, x[i].Type())
		}
	}
	lin.Graph = record.TraceLike(g, func(params []ir.Value) []ir.Value {
		dx := make([]record.Tangent, len(x))
		for k, i := range lin.In {
			dx[i] = record.Tangent{Value: params[k]}
		}
		var dy []record.Tangent
		y, dy = JVP(g, x, dx)
		var out []ir.Value
		for j, t := range dy {
			if !t.IsZero() {
				lin.Out = append(lin.Out, j)
				out = append(out, t.Value)
			}
		}
		return out
	}, types)
	return y, lin
}

// All marks n parameters as active.
func All(n int) []bool {
	out := make([]bool, n)
	for i := range out {
		out[i] = true
	}
	return out
}

// Apply is the map at dx, one tangent for each parameter of the program it came from; n is the
// number of that program's results.
func (l LinearMap) Apply(dx []record.Tangent, n int) []record.Tangent {
	in := make([]ir.Value, len(l.In))
	for k, i := range l.In {
		in[k] = dx[i].Dense(l.Graph.In()[k].Type())
	}
	out := make([]record.Tangent, n)
	for k, v := range Run(l.Graph, in) {
		out[l.Out[k]] = record.Tangent{Value: v}
	}
	return out
}

// Transpose is the transposed map at ct, one cotangent for each result; n is the number of the
// program's parameters.
func (l LinearMap) Transpose(ct []record.Tangent, n int) []record.Tangent {
	cts := make([]record.Tangent, len(l.Out))
	for k, j := range l.Out {
		cts[k] = ct[j]
	}
	out := make([]record.Tangent, n)
	params := l.Graph.In()
	for k, t := range Transpose(l.Graph, make([]ir.Value, len(params)), All(len(params)), cts) {
		out[l.In[k]] = t
	}
	return out
}
