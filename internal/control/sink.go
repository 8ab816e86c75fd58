package control

import (
	"slices"

	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// Sink moves what one branch of a conditional alone needs into that branch.
//
// The branches of a conditional are functions without arguments, so that an operation in them
// on values from outside is recorded outside, where it would always run, and where its
// derivative would multiply a cotangent of zero by what may be infinite. Once a graph is
// finished all uses are known, and what only a branch uses belongs to it.
func Sink(g *ir.Graph) *ir.Graph {
	if !slices.ContainsFunc(g.Nodes(), isCond) {
		return g
	}
	owners := ownersOf(g)
	if !slices.ContainsFunc(owners, func(o owner) bool { return o.cond >= 0 }) {
		return g
	}
	return record.TraceLike(g, func(p []Value) []Value {
		env := map[Value]Value{}
		for i, v := range g.In() {
			env[v] = p[i]
		}
		for i, n := range g.Nodes() {
			if owners[i].cond >= 0 {
				continue
			}
			var out []Value
			if isCond(n) {
				out = sunk(g, i, owners, env)
			} else {
				out = record.ApplyAt(n.Pos, n.Op.(ir.Evaluator), lookup(env, n.In)...)
			}
			for k, v := range n.Out {
				env[v] = out[k]
			}
		}
		return lookup(env, g.Out())
	}, ir.TypesOf(g.In()))
}

func isCond(n ir.Node) bool {
	_, ok := n.Op.(Cond)
	return ok
}

// lookup is env of vs; values that it does not have stand for themselves.
func lookup(env map[Value]Value, vs []Value) []Value {
	out := make([]Value, len(vs))
	for i, v := range vs {
		if w, ok := env[v]; ok {
			v = w
		}
		out[i] = v
	}
	return out
}

// owner is where a node belongs: into a branch of the conditional that is node cond, or, if cond
// is negative, where it is (outside), or nowhere yet (unused).
type owner struct {
	cond int
	then bool
}

const (
	outside = -1
	unused  = -2
)

// and is where something belongs that is used at both places.
func (o owner) and(p owner) owner {
	switch {
	case o.cond == unused:
		return p
	case o == p || p.cond == unused:
		return o
	}
	return owner{cond: outside}
}

// ownersOf finds where each node belongs, the last first. What nobody uses stays.
func ownersOf(g *ir.Graph) []owner {
	of := make([]owner, g.NumValues()) // by value
	for i := range of {
		of[i].cond = unused
	}
	use := func(v Value, at owner) {
		if v.Graph() == g {
			of[v.ID()] = of[v.ID()].and(at)
		}
	}
	for _, v := range g.Out() {
		use(v, owner{cond: outside})
	}
	owners := make([]owner, len(g.Nodes()))
	for i, n := range slices.Backward(g.Nodes()) {
		at := owner{cond: unused}
		for _, v := range n.Out {
			at = at.and(of[v.ID()])
		}
		if at.cond == unused {
			at.cond = outside
		}
		owners[i] = at
		c, ok := n.Op.(Cond)
		for k, v := range n.In {
			switch {
			case !ok || at.cond >= 0:
				use(v, at) // within the branch it may sink deeper later
			case k == 0:
				use(v, owner{cond: outside})
			default:
				if uses(c.Then, k-1) {
					use(v, owner{i, true})
				}
				if uses(c.Else, k-1) {
					use(v, owner{i, false})
				}
			}
		}
	}
	return owners
}

// uses says whether g uses its i-th parameter.
func uses(g *ir.Graph, i int) bool {
	p := g.In()[i]
	return slices.Contains(g.Out(), p) || slices.ContainsFunc(g.Nodes(), func(n ir.Node) bool {
		return slices.Contains(n.In, p)
	})
}

// sunk records the conditional that is node i with the nodes that belong to its branches in them.
func sunk(g *ir.Graph, i int, owners []owner, env map[Value]Value) []Value {
	n := g.Nodes()[i]
	c := n.Op.(Cond)
	var operands []Value // of the new conditional, values of g
	at := map[Value]int{}
	belongs := func(then bool) (nodes []ir.Node) {
		made := map[Value]bool{}
		need := func(v Value) {
			if _, has := at[v]; !has && !v.IsKnown() && !made[v] {
				at[v] = len(operands)
				operands = append(operands, v)
			}
		}
		for k, o := range owners[:i] {
			if o == (owner{i, then}) {
				m := g.Nodes()[k]
				for _, v := range m.In {
					need(v)
				}
				for _, v := range m.Out {
					made[v] = true
				}
				nodes = append(nodes, m)
			}
		}
		branch := c.Else
		if then {
			branch = c.Then
		}
		for k, v := range n.In[1:] {
			if uses(branch, k) {
				need(v)
			}
		}
		return nodes
	}
	then, otherwise := belongs(true), belongs(false)
	branch := func(body *ir.Graph, nodes []ir.Node) *ir.Graph {
		return Sink(record.Trace(func(p []Value) []Value {
			inner := map[Value]Value{}
			for k, v := range operands {
				inner[v] = p[k]
			}
			for _, m := range nodes {
				out := record.ApplyAt(m.Pos, m.Op.(ir.Evaluator), lookup(inner, m.In)...)
				for k, v := range m.Out {
					inner[v] = out[k]
				}
			}
			in := lookup(inner, n.In[1:])
			for k, v := range in {
				if v.Graph() == g { // of the other branch: not used
					in[k] = zeros([]ir.Type{v.Type()})[0]
				}
			}
			return transform.Run(body, in)
		}, ir.TypesOf(operands)))
	}
	lowered := Cond{Then: branch(c.Then, then), Else: branch(c.Else, otherwise)}
	return record.ApplyAt(n.Pos, lowered, concat(lookup(env, n.In[:1]), lookup(env, operands))...)
}
