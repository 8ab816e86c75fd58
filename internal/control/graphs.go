package control

import (
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// evalGraph runs a closed graph on numbers.
func evalGraph(g *ir.Graph, in, out []ir.Array) {
	for i, v := range transform.Run(g, knownValues(in)) {
		ir.Copy(out[i], v.Array())
	}
}

func knownValues(arrays []ir.Array) []Value {
	vs := make([]Value, len(arrays))
	for i, a := range arrays {
		vs[i] = ir.Known(a)
	}
	return vs
}

// withOutputs is g with its results changed by f.
func withOutputs(g *ir.Graph, f func(out []Value) []Value) *ir.Graph {
	return record.Trace(func(p []Value) []Value { return f(transform.Run(g, p)) }, ir.TypesOf(g.In()))
}

// batchGraph is g for n problems at once, every result batched; types are those of the
// operands, with the batch axis where batched.
func batchGraph(g *ir.Graph, n int, types []ir.Type, batched []bool) *ir.Graph {
	return record.Trace(func(p []Value) []Value {
		return transform.BatchAll(g, n, p, batched)
	}, types)
}

// linearized is a closed graph taken apart: a primal program that also gives the residuals, and
// the linear program that needs them.
type linearized struct {
	primal    *ir.Graph // g's results, then the residuals
	linear    *ir.Graph // active tangents, then the residuals -> tangents of out
	out       []int     // the results that have a tangent
	results   int       // g's number of results
	residuals int
}

// linearizeGraph takes g apart with respect to its active parameters.
func linearizeGraph(g *ir.Graph, active []bool) *linearized {
	l := &linearized{results: len(g.Out())}
	l.primal = record.Trace(func(p []Value) []Value {
		y, lin := transform.Linearize(g, p, active)
		closed, free := lin.Graph.Close()
		l.linear, l.out, l.residuals = closed, lin.Out, len(free)
		return append(append([]Value(nil), y...), free...)
	}, ir.TypesOf(g.In()))
	return l
}

// apply gives the tangents of all results, from the residuals and the active tangents.
func (l *linearized) apply(residuals, dx []Value) []record.Tangent {
	dy := make([]record.Tangent, l.results)
	for k, v := range transform.Run(l.linear, concat(dx, residuals)) {
		dy[l.out[k]] = record.Tangent{Value: v}
	}
	return dy
}

func zeros(types []ir.Type) []Value {
	out := make([]Value, len(types))
	for i, t := range types {
		out[i] = ir.Known(ir.FillNumber(t, 0))
	}
	return out
}

// nonzero flags the tangents that are not the structural zero.
func nonzero(ts []record.Tangent) []bool {
	out := make([]bool, len(ts))
	for i, t := range ts {
		out[i] = !t.IsZero()
	}
	return out
}

// denseValues lists the tangents flagged active, of values like x, zeros written out.
func denseValues(dx []record.Tangent, active []bool, x []Value) []Value {
	return densePick(dx, active, pick(ir.TypesOf(x), active))
}

// densePick lists the flagged tangents; types are those of the flagged ones.
func densePick(ts []record.Tangent, flags []bool, types []ir.Type) []Value {
	var out []Value
	for i, f := range flags {
		if f {
			out = append(out, ts[i].Dense(types[len(out)]))
		}
	}
	return out
}

// pickTangents lists the values of the flagged tangents, none of which is zero.
func pickTangents(ts []record.Tangent, flags []bool) []Value {
	var out []Value
	for i, f := range flags {
		if f {
			out = append(out, ts[i].Value)
		}
	}
	return out
}

// spreadTangents puts values back at the flagged places.
func spreadTangents(vs []Value, flags []bool) []record.Tangent {
	out := make([]record.Tangent, len(flags))
	k := 0
	for i, f := range flags {
		if f {
			out[i] = record.Tangent{Value: vs[k]}
			k++
		}
	}
	return out
}

// partition lists the values of the operands that are not linear, and flags those that are.
func partition(x []record.Operand) (known []Value, linear []bool) {
	linear = make([]bool, len(x))
	for i, o := range x {
		if linear[i] = o.Linear; !o.Linear {
			known = append(known, o.Value)
		}
	}
	return known, linear
}

// fillKnown lists one value an operand, those of linear operands left out.
func fillKnown(x []record.Operand, known []Value) []Value {
	out := make([]Value, len(x))
	k := 0
	for i, o := range x {
		if !o.Linear {
			out[i] = known[k]
			k++
		}
	}
	return out
}

// denseOperands lists the cotangents of the linear operands, zeros written out.
func denseOperands(ts []record.Tangent, x []record.Operand) []Value {
	var out []Value
	for i, o := range x {
		if o.Linear {
			out = append(out, ts[i].Dense(o.Type))
		}
	}
	return out
}
