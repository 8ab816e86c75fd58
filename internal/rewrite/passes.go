// Package rewrite turns a recorded program into a smaller one that computes the same bits.
package rewrite

import (
	"slices"

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

// replay records g anew, each node as visit gives it: visit gets the node's number, the node with
// the operation that held has for it, and the operands it has in the new graph, in a list for
// this call alone; it gives the values of its results there. A pass that finds nothing to do gives
// back g itself instead, so that whoever holds g need not be recorded anew either.
func replay(g *ir.Graph, held map[int]ir.Op,
	visit func(at int, n ir.Node, in []ir.Value) []ir.Value) *ir.Graph {
	return replayOpen(g, held,
		func(at int, n ir.Node, get func([]ir.Value) []ir.Value) []ir.Value {
			return visit(at, n, get(n.In))
		})
}

// replayOpen is replay where visit asks for the values that it wants. The list that it is given
// is the same each time.
func replayOpen(g *ir.Graph, held map[int]ir.Op,
	visit func(at int, n ir.Node, get func([]ir.Value) []ir.Value) []ir.Value) *ir.Graph {
	return record.TraceLike(g, func(params []ir.Value) []ir.Value {
		env := make([]ir.Value, g.NumValues())
		for i, v := range g.In() {
			env[v.ID()] = params[i]
		}
		var list []ir.Value
		get := func(vs []ir.Value) []ir.Value {
			list = list[:0]
			for _, v := range vs {
				if v.Graph() == g {
					v = env[v.ID()]
				}
				list = append(list, v)
			}
			return list
		}
		for at, n := range g.Nodes() {
			if op, ok := held[at]; ok {
				n.Op = op
			}
			for i, v := range visit(at, n, get) {
				env[n.Out[i].ID()] = v
			}
		}
		return get(g.Out())
	}, ir.TypesOf(g.In()))
}

// same records a node as it is.
func same(n ir.Node, in []ir.Value) []ir.Value {
	return record.Replay(n, n.Op.(ir.Evaluator), in)
}

// within applies a pass to the programs that g's operations hold. It gives the operations that
// changed, by the numbers of their nodes.
func within(g *ir.Graph, pass func(*ir.Graph) *ir.Graph) map[int]ir.Op {
	changed := map[int]ir.Op{}
	for at, n := range g.Nodes() {
		h, ok := n.Op.(record.Holder)
		if !ok {
			continue
		}
		before := h.Graphs()
		after := make([]*ir.Graph, len(before))
		for i, p := range before {
			after[i] = pass(p)
		}
		if !slices.Equal(before, after) {
			changed[at] = h.WithGraphs(after)
		}
	}
	return changed
}
