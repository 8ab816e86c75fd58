package transform

import (
	"fmt"
	"slices"

	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/ir"
)

// Transpose runs g, which is linear in the parameters so marked, backwards: from the cotangents
// of its results to those of the marked parameters. x has the values of the other parameters.
func Transpose(g *ir.Graph, x []ir.Value, linear []bool, ct []record.Tangent) []record.Tangent {
	isLinear := make([]bool, g.NumValues())
	for i, v := range g.In() {
		isLinear[v.ID()] = linear[i]
	}
	of := func(v ir.Value) bool { return v.Graph() == g && isLinear[v.ID()] }

	// What depends on no linear parameter is run forward first.
	e := newEnv(g, x)
	for _, n := range g.Nodes() {
		if slices.ContainsFunc(n.In, of) {
			for _, v := range n.Out {
				isLinear[v.ID()] = true
			}
			continue
		}
		e.replay(n)
	}

	acc := make([]record.Tangent, g.NumValues())
	add := func(v ir.Value, t record.Tangent) {
		if of(v) && v.DType().IsFloat() {
			acc[v.ID()] = op.AddTangents(acc[v.ID()], t)
		}
	}
	for i, v := range g.Out() {
		add(v, ct[i])
	}
	graphs := record.GraphsOf(x, valuesOf(ct), g.Free())
	for _, n := range slices.Backward(g.Nodes()) {
		cts := make([]record.Tangent, len(n.Out))
		for i, v := range n.Out {
			cts[i] = acc[v.ID()]
		}
		if !record.AnyNonzero(cts) {
			continue
		}
		operands := make([]record.Operand, len(n.In))
		for i, v := range n.In {
			operands[i] = record.Operand{Type: v.Type(), Linear: of(v)}
			if !operands[i].Linear {
				operands[i].Value = e.get(v)
			}
		}
		record.Inheriting(graphs, n.Pos, func() {
			l, ok := n.Op.(record.Linear)
			if !ok {
				panic(irreversible(n))
			}
			for i, t := range l.Transpose(cts, operands) {
				if operands[i].Linear && !t.IsZero() {
					add(n.In[i], t)
				}
			}
		})
	}
	out := make([]record.Tangent, len(g.In()))
	for i, v := range g.In() {
		out[i] = acc[v.ID()]
	}
	return out
}

// irreversible is the refusal to differentiate n in reverse, at the user's line.
func irreversible(n ir.Node) error {
	why := "it has no transpose; differentiate forward, with ad.JVP"
	if f, ok := n.Op.(record.ForwardOnly); ok {
		why = f.ForwardOnly()
	}
	return &ir.UsageError{Pos: n.Pos,
		Reason: fmt.Sprintf("%s cannot be differentiated in reverse: %s", n.Op.Name(), why)}
}
