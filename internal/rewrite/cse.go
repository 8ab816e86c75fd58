package rewrite

import (
	"slices"

	"pullback/internal/record"
	"pullback/ir"
)

// cse computes equal operations on equal operands once.
func cse(g *ir.Graph) *ir.Graph {
	held := within(g, cse)
	first := duplicates(g)
	if len(held) == 0 && len(first) == 0 {
		return g
	}
	return replayOpen(g, held,
		func(at int, n ir.Node, get func([]ir.Value) []ir.Value) []ir.Value {
			if k, ok := first[at]; ok {
				return get(g.Nodes()[k].Out)
			}
			return same(n, get(n.In))
		})
}

// duplicates gives the nodes that do again what an earlier one did, and that one. Operations that
// hold programs are not compared.
func duplicates(g *ir.Graph) map[int]int {
	nodes := g.Nodes()
	name := make([]ir.Value, g.NumValues()) // by value: the first that equals it
	named := func(v ir.Value) ir.Value {
		if v.Graph() == g {
			return name[v.ID()]
		}
		return v
	}
	first := map[int]int{}
	newest := make(map[uint64]int, len(nodes)) // of the nodes of a hash
	earlier := make([]int, len(nodes))         // the one before it, -1 if there is none
	for _, v := range g.In() {
		name[v.ID()] = v
	}
	for at, n := range nodes {
		for _, v := range n.Out {
			name[v.ID()] = v
		}
		if _, holds := n.Op.(record.Holder); holds {
			continue
		}
		h := hash(n, named)
		k, ok := newest[h]
		for ; ok && k >= 0; k = earlier[k] {
			if equal(n, nodes[k], named) {
				break
			}
		}
		if ok && k >= 0 {
			first[at] = k
			for i, v := range nodes[k].Out {
				name[n.Out[i].ID()] = v
			}
			continue
		}
		if earlier[at] = -1; ok {
			earlier[at] = newest[h]
		}
		newest[h] = at
	}
	return first
}

// equal says whether two nodes do the same. The text of their operations is compared last, since
// it takes long to write.
func equal(m, n ir.Node, named func(ir.Value) ir.Value) bool {
	operands := slices.EqualFunc(m.In, n.In, func(v, w ir.Value) bool {
		v, w = named(v), named(w)
		return v == w || v.IsKnown() && w.IsKnown() && equalArrays(v.Array(), w.Array())
	})
	return operands && ir.Printable(m.Op) && ir.Printable(n.Op) &&
		ir.Format(m.Op) == ir.Format(n.Op)
}

// equalArrays compares fills by their numbers and tells other arrays apart by where they are.
func equalArrays(a, b ir.Array) bool {
	if !a.Type().Equal(b.Type()) || a.IsFill() != b.IsFill() {
		return false
	}
	return a.Address() == b.Address() || a.IsFill() && a.Bits(0) == b.Bits(0)
}

// hash is the same for nodes that are equal (FNV-1a).
func hash(n ir.Node, named func(ir.Value) ir.Value) uint64 {
	h := uint64(14695981039346656037)
	add := func(x uint64) { h = (h ^ x) * 1099511628211 }
	for _, c := range []byte(n.Op.Name()) {
		add(uint64(c))
	}
	for _, v := range n.In {
		switch v = named(v); {
		case !v.IsKnown():
			add(uint64(v.ID()))
		case v.Array().IsFill():
			add(v.Array().Bits(0))
		}
	}
	return h
}
