package rewrite

import (
	"slices"

	"pullback/internal/control"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// sink moves what only one branch of a conditional uses into that branch, so that it is computed
// only if the branch is taken. The user's functions compute outside what they close over.
func sink(g *ir.Graph) *ir.Graph {
	held := within(g, sink)
	if !slices.ContainsFunc(g.Nodes(), isCond) {
		if len(held) == 0 {
			return g
		}
		return replay(g, held, func(_ int, n ir.Node, in []ir.Value) []ir.Value {
			return same(n, in)
		})
	}
	users := usersOf(g)
	sunk := map[int]bool{}           // nodes that are in a branch now
	inside := map[int][2][]ir.Node{} // by the conditional's node: what goes into its branches
	for at, n := range slices.Backward(g.Nodes()) {
		c, ok := n.Op.(control.Cond)
		if !ok || sunk[at] {
			continue
		}
		var lists [2][]ir.Node
		then, otherwise := needed(c.Then, all(c.Then)), needed(c.Else, all(c.Else))
		for branch, needs := range [2][]bool{then, otherwise} {
			other := [2][]bool{otherwise, then}[branch]
			in := map[ir.Value]bool{} // the operands that this branch alone needs
			for i, v := range n.In[1:] {
				if needs[i] {
					in[v] = true
				}
			}
			for i, v := range n.In[1:] {
				if other[i] || v == n.In[0] {
					delete(in, v)
				}
			}
			own := map[int]bool{}
			for k, m := range slices.Backward(g.Nodes()[:at]) {
				if sunk[k] || !onlyUsed(m, users, func(user int, v ir.Value) bool {
					return own[user] || user == at && in[v]
				}) {
					continue
				}
				own[k], sunk[k] = true, true
				lists[branch] = append(lists[branch], m)
			}
			slices.Reverse(lists[branch])
		}
		inside[at] = lists
	}
	if len(held) == 0 && len(sunk) == 0 {
		return g
	}
	return replayOpen(g, held,
		func(at int, n ir.Node, get func([]ir.Value) []ir.Value) []ir.Value {
			if sunk[at] {
				return nil
			}
			if lists, ok := inside[at]; ok && len(lists[0])+len(lists[1]) > 0 {
				return sunkCond(n, n.Op.(control.Cond), lists, get)
			}
			return same(n, get(n.In))
		})
}

func isCond(n ir.Node) bool {
	_, ok := n.Op.(control.Cond)
	return ok
}

// result is the user of a program's results.
const result = -1

// usersOf lists the nodes that use each value.
func usersOf(g *ir.Graph) [][]int {
	users := make([][]int, g.NumValues())
	for at, n := range g.Nodes() {
		for _, v := range n.In {
			if v.Graph() == g {
				users[v.ID()] = append(users[v.ID()], at)
			}
		}
	}
	for _, v := range g.Out() {
		if v.Graph() == g {
			users[v.ID()] = append(users[v.ID()], result)
		}
	}
	return users
}

// onlyUsed says whether every use of m's results, of which there is one at least, is allowed.
func onlyUsed(m ir.Node, users [][]int, allowed func(user int, v ir.Value) bool) bool {
	some := false
	for _, v := range m.Out {
		for _, user := range users[v.ID()] {
			if some = true; !allowed(user, v) {
				return false
			}
		}
	}
	return some
}

// all lists the places of g's results.
func all(g *ir.Graph) []int {
	list := make([]int, len(g.Out()))
	for i := range list {
		list[i] = i
	}
	return list
}

// sunkCond is a conditional whose branches begin with the listed nodes. Its operands are what
// those nodes and the branches need from outside, each once.
func sunkCond(n ir.Node, c control.Cond, lists [2][]ir.Node,
	get func([]ir.Value) []ir.Value) []ir.Value {
	made := map[ir.Value]bool{}
	var free []ir.Value
	for _, list := range lists {
		for _, m := range list {
			for _, v := range m.Out {
				made[v] = true
			}
		}
	}
	see := func(vs []ir.Value) {
		for _, v := range vs {
			if !v.IsKnown() && !made[v] && !slices.Contains(free, v) {
				free = append(free, v)
			}
		}
	}
	for _, list := range lists {
		for _, m := range list {
			see(m.In)
		}
	}
	see(n.In[1:])
	branch := func(g *ir.Graph, list []ir.Node) *ir.Graph {
		return sink(record.Trace(func(p []ir.Value) []ir.Value {
			env := map[ir.Value]ir.Value{}
			for i, v := range free {
				env[v] = p[i]
			}
			inner := func(vs []ir.Value) []ir.Value {
				out := make([]ir.Value, len(vs))
				for i, v := range vs {
					switch w, ok := env[v]; {
					case ok:
						out[i] = w
					case v.IsKnown():
						out[i] = v
					default: // it is of the other branch
						out[i] = ir.Known(ir.FillNumber(v.Type(), 0))
					}
				}
				return out
			}
			for _, m := range list {
				for i, v := range record.ApplyAt(m.Pos, m.Op.(ir.Evaluator), inner(m.In)...) {
					env[m.Out[i]] = v
				}
			}
			return transform.Run(g, inner(n.In[1:]))
		}, ir.TypesOf(free)))
	}
	op := control.Cond{Then: branch(c.Then, lists[0]), Else: branch(c.Else, lists[1])}
	return record.ApplyAt(n.Pos, op, get(append(n.In[:1:1], free...))...)
}
