// Package rewrite turns a recorded program into a smaller one that computes the same bits.
package rewrite

import (
	"pullback/internal/record"
	"pullback/ir"
)

// Pass is one rewrite of a whole program, programs inside operations included.
type Pass struct {
	Name string
	Run  func(*ir.Graph) *ir.Graph
}

// Passes is the pipeline, in order.
func Passes() []Pass {
	return []Pass{
		// Rules are for derivatives, and those are taken by now. First, since what a rule hid
		// may be folded and shared like everything else.
		{"inline", inline},
		// What loops do not need, before simplify: operands that are known numbers go into their
		// programs, where they fold.
		{"dce", dce},
		// Folds constants on the way: a replay computes what is known. Before cse, so that
		// equal operands have one name.
		{"simplify", simplify},
		{"cse", cse},
		// After cse: what two branches compute, or one branch and somebody else, is not sunk.
		{"dce", dce},
		{"sink", sink},
		// The others leave behind what they replaced.
		{"dce", dce},
	}
}

// Program runs the pipeline on a closed graph.
func Program(g *ir.Graph) *ir.Graph {
	for _, p := range Passes() {
		g = p.Run(g)
	}
	return g
}

// replay records g anew, each node as visit gives it: visit gets the node with the operands it
// has in the new graph, and gives the values of its results there.
func replay(g *ir.Graph, visit func(n ir.Node, in []ir.Value) []ir.Value) *ir.Graph {
	return replayOpen(g, func(n ir.Node, get func([]ir.Value) []ir.Value) []ir.Value {
		return visit(n, get(n.In))
	})
}

// replayOpen is replay where visit asks for the values that it wants.
func replayOpen(g *ir.Graph,
	visit func(n ir.Node, get func([]ir.Value) []ir.Value) []ir.Value) *ir.Graph {
	return record.Trace(func(params []ir.Value) []ir.Value {
		env := make([]ir.Value, g.NumValues())
		for i, v := range g.In() {
			env[v.ID()] = params[i]
		}
		get := func(vs []ir.Value) []ir.Value {
			out := make([]ir.Value, len(vs))
			for i, v := range vs {
				if out[i] = v; v.Graph() == g {
					out[i] = env[v.ID()]
				}
			}
			return out
		}
		for _, n := range g.Nodes() {
			for i, v := range visit(n, get) {
				env[n.Out[i].ID()] = v
			}
		}
		return get(g.Out())
	}, ir.TypesOf(g.In()))
}

// within applies a pass to the programs that an operation holds.
func within(op ir.Op, pass func(*ir.Graph) *ir.Graph) ir.Evaluator {
	h, ok := op.(record.Holder)
	if !ok {
		return op.(ir.Evaluator)
	}
	graphs := h.Graphs()
	out := make([]*ir.Graph, len(graphs))
	for i, g := range graphs {
		out[i] = pass(g)
	}
	return h.WithGraphs(out)
}
