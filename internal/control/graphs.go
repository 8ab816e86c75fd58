package control

import (
	"slices"

	"pullback/internal/op"
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
	return record.TraceLike(g, func(p []Value) []Value { return f(transform.Run(g, p)) },
		ir.TypesOf(g.In()))
}

// batchGraph is g for n problems at once, every result batched; types are those of the
// operands, with the batch axis where batched.
func batchGraph(g *ir.Graph, n int, types []ir.Type, batched []bool) *ir.Graph {
	return record.TraceLike(g, func(p []Value) []Value {
		return transform.BatchAll(g, n, p, batched)
	}, types)
}

// batchedResults says which results of g depend on a batched parameter.
func batchedResults(g *ir.Graph, n int, batched []bool) (out []bool) {
	types := ir.TypesOf(g.In())
	for i, b := range batched {
		if b {
			types[i] = types[i].Batched(n)
		}
	}
	record.TraceLike(g, func(p []Value) []Value {
		_, out = transform.Batch(g, n, p, batched)
		return nil
	}, types)
	return out
}

// batchGraphAs is g for n problems at once with the flagged results batched.
func batchGraphAs(g *ir.Graph, n int, types []ir.Type, batched, out []bool) *ir.Graph {
	return record.TraceLike(g, func(p []Value) []Value {
		y, flags := transform.Batch(g, n, p, batched)
		for i, want := range out {
			if want && !flags[i] {
				y[i] = op.Lead(y[i], n)
			}
		}
		return y
	}, types)
}

// linearized is a closed graph taken apart: a primal program that also gives the residuals, and
// the linear program that needs them. Residuals that are parameters of g which the caller still
// has are not computed again but passed.
type linearized struct {
	primal   *ir.Graph // g's results, then the residuals that are computed
	linear   *ir.Graph // active tangents, computed residuals, passed ones -> tangents of out
	out      []int     // the results that have a tangent
	results  int       // g's number of results
	computed int       // the number of computed residuals
	passed   []int     // the parameters that are residuals
}

// linearizeGraph takes g apart with respect to its active parameters; pass says which parameters
// the caller still has where the linear program runs.
func linearizeGraph(g *ir.Graph, active []bool, pass func(param int) bool) *linearized {
	l := &linearized{results: len(g.Out())}
	l.primal = record.TraceLike(g, func(p []Value) []Value {
		y, lin := transform.Linearize(g, p, active)
		place := map[Value]int{}
		for i, v := range p {
			place[v] = i
		}
		var computed, passed []Value
		for _, v := range lin.Graph.Free() {
			if i, isParam := place[v]; isParam && pass(i) {
				passed = append(passed, v)
				l.passed = append(l.passed, i)
			} else {
				computed = append(computed, v)
			}
		}
		l.linear = lin.Graph.CloseOver(concat(computed, passed))
		l.out, l.computed = lin.Out, len(computed)
		return concat(y, computed)
	}, ir.TypesOf(g.In()))
	return l
}

// always and never are what linearizeGraph asks its callers.
func always(int) bool { return true }
func never(int) bool  { return false }

// residuals lists the types of the computed residuals.
func (l *linearized) residuals() []ir.Type { return ir.TypesOf(l.primal.Out()[l.results:]) }

// apply gives the tangents of all results.
func (l *linearized) apply(dx, computed, passed []Value) []record.Tangent {
	return spreadTangents(transform.Run(l.linear, concat(dx, computed, passed)),
		flagsAt(l.results, l.out))
}

// at lists the elements at the given places.
func at[T any](list []T, places []int) []T {
	out := make([]T, len(places))
	for k, i := range places {
		out[k] = list[i]
	}
	return out
}

// flagsAt is n flags, set at the given places.
func flagsAt(n int, places []int) []bool {
	out := make([]bool, n)
	for _, i := range places {
		out[i] = true
	}
	return out
}

// rowTypes lists the types of the elements along the leading axis.
func rowTypes(types []ir.Type) []ir.Type {
	out := make([]ir.Type, len(types))
	for i, t := range types {
		out[i] = ir.Type{DType: t.DType, Shape: t.Shape[1:]}
	}
	return out
}

// dependent says which results of g depend on a flagged parameter.
func dependent(g *ir.Graph, flags []bool) []bool {
	reached := make([]bool, g.NumValues())
	for i, v := range g.In() {
		reached[v.ID()] = flags[i]
	}
	of := func(v Value) bool { return v.Graph() == g && reached[v.ID()] }
	for _, n := range g.Nodes() {
		if slices.ContainsFunc(n.In, of) {
			for _, v := range n.Out {
				reached[v.ID()] = true
			}
		}
	}
	out := make([]bool, len(g.Out()))
	for i, v := range g.Out() {
		out[i] = of(v)
	}
	return out
}

// fixpoint grows flags by step until nothing changes.
func fixpoint(flags []bool, step func([]bool) []bool) []bool {
	flags = slices.Clone(flags)
	for {
		changed := false
		for i, f := range step(flags) {
			if f && !flags[i] {
				flags[i], changed = true, true
			}
		}
		if !changed {
			return flags
		}
	}
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

// knownOperands lists the values of the operands that are not linear.
func knownOperands(x []record.Operand) []Value {
	known, _ := partition(x)
	return known
}

func operandTypes(x []record.Operand) []ir.Type {
	types := make([]ir.Type, len(x))
	for i, o := range x {
		types[i] = o.Type
	}
	return types
}

func tangentsOf(vs []Value) []record.Tangent {
	out := make([]record.Tangent, len(vs))
	for i, v := range vs {
		out[i] = record.Tangent{Value: v}
	}
	return out
}
