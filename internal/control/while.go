package control

import (
	"fmt"
	"slices"

	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// While repeats Body for as long as Cond holds. Its operands are the constants of Cond, those
// of Body, and the state; Cond's parameters are its constants and the state, and likewise Body's.
//
// In a batched loop the condition has a shape, which is a prefix of the shape of every part of
// the state: each problem leaves when its own condition fails and keeps its state from then on.
type While struct {
	Cond, Body             *ir.Graph
	CondConsts, BodyConsts int
}

var (
	_ record.Linearizer  = While{}
	_ record.ForwardOnly = While{}
	_ record.Holder      = While{}
)

func (While) Name() string { return "while" }

// Operands splits the list of operands.
func (w While) Operands(x []Value) (condConsts, bodyConsts, state []Value) {
	parts := split(x, w.CondConsts, w.BodyConsts)
	return parts[0], parts[1], parts[2]
}

func (w While) Type(in []ir.Type) ([]ir.Type, error) {
	state := in[w.CondConsts+w.BodyConsts:]
	pred := w.Cond.Out()[0].Type()
	if pred.DType != ir.Bool {
		return nil, fmt.Errorf("the condition gives %v and must give a bool", pred)
	}
	for _, t := range state {
		if t.Rank() < pred.Rank() || !slices.Equal(t.Shape[:pred.Rank()], pred.Shape) {
			return nil, fmt.Errorf("the condition gives %v and must give a scalar", pred)
		}
	}
	if next := ir.TypesOf(w.Body.Out()); !typesEqual(next, state) {
		return nil, fmt.Errorf("the body turns the state %v into %v; both must have the same types",
			state, next)
	}
	return state, nil
}

func (w While) Eval(in, out []ir.Array) {
	condConsts, bodyConsts, state := w.Operands(knownValues(in))
	for {
		pred := transform.Run(w.Cond, concat(condConsts, state))[0]
		going := ir.Data[bool](pred.Array())
		if !anyTrue(going) {
			break
		}
		next := transform.Run(w.Body, concat(bodyConsts, state))
		if slices.Contains(going, false) {
			for i, v := range next {
				next[i] = SelectPrefix(pred, v, state[i])
			}
		}
		state = next
	}
	for i, v := range state {
		ir.Copy(out[i], v.Array())
	}
}

// SelectPrefix is x where pred holds, else y; pred's shape is a prefix of theirs.
func SelectPrefix(pred, x, y Value) Value {
	shape := x.Type().Shape
	return op.Select(op.Broadcast(pred, shape, op.Range(0, pred.Type().Rank())), x, y)
}

// JVP is never asked: Linearize is.
func (w While) JVP(x, _ []Value, dx []record.Tangent) []record.Tangent {
	_, dy := w.Linearize(x, dx)
	return dy
}

// Linearize carries the tangents of the state beside it. The number of rounds is not known, so
// there is no place to keep residuals: where the tangents are recorded apart, their loop
// computes the state once more.
func (w While) Linearize(x []Value, dx []record.Tangent) ([]Value, []record.Tangent) {
	_, bodyConsts, _ := w.Operands(x)
	parts := split(dx, w.CondConsts, w.BodyConsts)
	constsActive, active := nonzero(parts[1]), w.activeState(nonzero(parts[1]), nonzero(parts[2]))
	if !anyTrue(active) {
		return record.Apply(w, x...), make([]record.Tangent, len(active))
	}
	n, state := len(active), x[w.CondConsts+w.BodyConsts:]
	dState := denseValues(parts[2], active, state)
	dConsts := denseValues(parts[1], constsActive, bodyConsts)

	condTypes := concat(ir.TypesOf(w.Cond.In()), ir.TypesOf(dState))
	both := While{CondConsts: w.CondConsts, BodyConsts: w.BodyConsts + len(dConsts)}
	both.Cond = record.Trace(func(p []Value) []Value {
		return transform.Run(w.Cond, p[:len(w.Cond.In())])
	}, condTypes)
	bodyTypes := concat(ir.TypesOf(bodyConsts), ir.TypesOf(dConsts), ir.TypesOf(state),
		ir.TypesOf(dState))
	both.Body = record.Trace(func(p []Value) []Value {
		q := split(p, len(bodyConsts), len(dConsts), n)
		dIn := concat(spreadTangents(q[1], constsActive), spreadTangents(q[3], active))
		y, dy := transform.JVP(w.Body, concat(q[0], q[2]), dIn)
		return concat(y, densePick(dy, active, ir.TypesOf(dState)))
	}, bodyTypes)

	operands := concat(x[:w.CondConsts+len(bodyConsts)], dConsts, state, dState)
	results := record.Apply(both, operands...)
	y := results[:n]
	if g := record.Newest(x); record.Newest(operands) != g {
		y = record.Apply(w, x...) // the loop above waits for its tangents; this one does not
	}
	return y, spreadTangents(results[n:], active)
}

// activeState is which parts of the state have a tangent in some round: the least fixed point.
func (w While) activeState(consts, state []bool) []bool {
	return fixpoint(state, func(state []bool) []bool {
		return flagsAt(len(state), linearizeGraph(w.Body, concat(consts, state), never).out)
	})
}

// ForwardOnly says what to use where reverse mode is needed.
func (While) ForwardOnly() string {
	return "the number of its rounds is not known in advance, so its intermediate states cannot " +
		"be kept; use ad.ForI or ad.Scan, whose length is fixed, root.Find for the solution of " +
		"an equation, ad.CustomVJP for a derivative of your own, or differentiate forward with " +
		"ad.JVP"
}

// Batch gives every problem its own condition if conditions differ, and otherwise runs the
// batched body under the common one.
func (w While) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	parts := split(batched, w.CondConsts, w.BodyConsts)
	flags := fixpoint(parts[2], func(state []bool) []bool {
		return batchedResults(w.Body, n, concat(parts[1], state))
	})
	pred := w.Cond.Out()[0].Type()
	own := pred.Rank() > 0 || batchedResults(w.Cond, n, concat(parts[0], flags))[0]
	if own {
		flags = transform.All(len(flags))
	}
	condConsts, bodyConsts, state := w.Operands(x)
	state = slices.Clone(state)
	types := make([]ir.Type, len(state))
	for i, v := range state {
		if flags[i] && !parts[2][i] {
			state[i] = op.Lead(v, n)
		}
		types[i] = state[i].Type()
	}
	out := While{CondConsts: w.CondConsts, BodyConsts: w.BodyConsts}
	condTypes := concat(ir.TypesOf(condConsts), types)
	if own {
		out.Cond = batchGraph(w.Cond, n, condTypes, concat(parts[0], flags))
	} else {
		out.Cond = record.Trace(func(p []Value) []Value {
			y, _ := transform.Batch(w.Cond, n, p, concat(parts[0], flags))
			return y
		}, condTypes)
	}
	out.Body = batchGraphAs(w.Body, n, concat(ir.TypesOf(bodyConsts), types),
		concat(parts[1], flags), flags)
	return record.Apply(out, concat(condConsts, bodyConsts, state)...), flags
}

// Graphs lists the condition and the body.
func (w While) Graphs() []*ir.Graph { return []*ir.Graph{w.Cond, w.Body} }

// WithGraphs is w with another condition and body.
func (w While) WithGraphs(g []*ir.Graph) record.Primitive {
	w.Cond, w.Body = g[0], g[1]
	return w
}
