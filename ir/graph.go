package ir

import (
	"slices"
	"sync/atomic"
)

// Graph is a program: nodes in an order in which each needs earlier results only. It is built
// by one goroutine, node by node, and immutable once Finish was called. A graph is closed if
// every operand is known or its own; while it is being built it may refer to older graphs.
type Graph struct {
	age      uint64
	types    []Type
	in       []Value
	nodes    []Node
	out      []Value
	finished bool
	busy     atomic.Bool
	inherit  *Position
	rest     []Value // memory for the lists of nodes to come
}

// Node is one operation and its results.
type Node struct {
	Op  Op
	In  []Value
	Out []Value
	Pos *Position
}

// clock orders graphs by birth. It is the one thing that all recordings of a process share: an
// operation records into the newest graph among its operands, so births must be comparable.
var clock atomic.Uint64

// NewGraph is an empty graph, newer than every other.
func NewGraph() *Graph { return &Graph{age: clock.Add(1)} }

// NewGraphLike is an empty graph with memory for as much as h has: for what is made from h.
func NewGraphLike(h *Graph) *Graph {
	g := NewGraph()
	g.types, g.nodes = make([]Type, 0, len(h.types)), make([]Node, 0, len(h.nodes))
	values := 0
	for i := range h.nodes {
		values += len(h.nodes[i].In) + len(h.nodes[i].Out)
	}
	g.rest = make([]Value, values)
	return g
}

// NewerThan says whether g was begun after h.
func (g *Graph) NewerThan(h *Graph) bool { return h == nil || g.age > h.age }

// In lists the parameters.
func (g *Graph) In() []Value { return g.in }

// Nodes lists the operations in order.
func (g *Graph) Nodes() []Node { return g.nodes }

// Out lists the results: own values, known ones, or in an open graph those of older graphs.
func (g *Graph) Out() []Value { return g.out }

// NumValues is one more than the greatest ID: the size of a table indexed by ID.
func (g *Graph) NumValues() int { return len(g.types) }

// Finished says whether the graph can still grow.
func (g *Graph) Finished() bool { return g.finished }

// Param adds a parameter.
func (g *Graph) Param(t Type) Value {
	v := g.value(t)
	g.in = append(g.in, v)
	return v
}

func (g *Graph) value(t Type) Value {
	g.types = append(g.types, t)
	return Value{graph: g, id: len(g.types) - 1}
}

// outlived says how a value comes to be used after its recording.
const outlived = "a value made inside a function given to Grad, Vmap, Jit or a control-flow " +
	"operation was kept and used after the function returned; return it from the function instead"

// Append adds a node whose results have the given types. It panics if the graph is finished,
// or if another goroutine is appending at this moment.
func (g *Graph) Append(op Op, in []Value, out []Type, pos *Position) []Value {
	g.begin(op, in, pos)
	defer g.busy.Store(false)
	results := g.list(len(out))
	for i, t := range out {
		results[i] = g.value(t)
	}
	g.node(op, in, results, pos)
	given := g.list(len(out)) // callers may change it
	copy(given, results)
	return given
}

// AppendLike is Append of op in place of n, a node of this graph or another: the results have
// the types that n's have. They come in the node's own list, which is not to be changed.
func (g *Graph) AppendLike(n Node, op Op, in []Value) []Value {
	g.begin(op, in, n.Pos)
	defer g.busy.Store(false)
	results := g.list(len(n.Out))
	for i, v := range n.Out {
		results[i] = g.value(v.Type())
	}
	g.node(op, in, results, n.Pos)
	return results
}

func (g *Graph) begin(op Op, in []Value, pos *Position) {
	if g.finished {
		panic(&UsageError{Pos: pos, Op: op.Name(), In: TypesOf(in), Reason: "an operand outlived " +
			"its recording: " + outlived})
	}
	if !g.busy.CompareAndSwap(false, true) {
		panic(&UsageError{Pos: pos, Op: op.Name(), In: TypesOf(in), Reason: "two goroutines " +
			"record into one recording; a function given to Grad, Vmap or Jit must run on one " +
			"goroutine"})
	}
}

// node adds a node. Callers may change the list of operands.
func (g *Graph) node(op Op, in, results []Value, pos *Position) {
	own := g.list(len(in))
	copy(own, in)
	g.nodes = append(g.nodes, Node{op, own, results, pos})
}

// list is memory for n values. It comes from blocks of many lists, since a graph has two or three
// short ones a node: about as many values as it has nodes, from 16 to 512.
func (g *Graph) list(n int) []Value {
	if n > len(g.rest) {
		g.rest = make([]Value, max(n, min(max(2*cap(g.nodes), 16), 512)))
	}
	list := g.rest[:n:n]
	g.rest = g.rest[n:]
	return list
}

// Finish sets the results and ends the building.
func (g *Graph) Finish(out []Value) {
	g.out = append([]Value(nil), out...)
	g.finished, g.rest = true, nil
}

// Inherit makes positions of nodes to come default to p, until it is set to nil: nodes that a
// rule makes stand where the node stood that the rule was applied to. It returns the former.
func (g *Graph) Inherit(p *Position) (former *Position) {
	former, g.inherit = g.inherit, p
	return former
}

// Inherited is the position that Inherit set.
func (g *Graph) Inherited() *Position { return g.inherit }

// Free lists the values of other graphs that g refers to, each once, in order of first use.
func (g *Graph) Free() []Value {
	var free []Value
	seen := map[Value]bool{}
	see := func(vs []Value) {
		for _, v := range vs {
			if v.graph != nil && v.graph != g && !seen[v] {
				seen[v] = true
				free = append(free, v)
			}
		}
	}
	for _, n := range g.nodes {
		see(n.In)
	}
	see(g.out)
	return free
}

// Close is g with every foreign value turned into a parameter after g's own, and the list of
// those values, to be passed as operands.
func (g *Graph) Close() (closed *Graph, free []Value) {
	free = g.Free()
	return g.CloseOver(free), free
}

// CloseFirst is Close with the foreign values before g's own parameters, as loops have them.
func (g *Graph) CloseFirst() (closed *Graph, free []Value) {
	free = g.Free()
	return g.closeOver(free, true), free
}

// CloseOver is g with the listed foreign values, which are all that it has or more, turned into
// parameters after its own.
func (g *Graph) CloseOver(free []Value) (closed *Graph) { return g.closeOver(free, false) }

func (g *Graph) closeOver(free []Value, first bool) (closed *Graph) {
	if len(free) == 0 {
		return g
	}
	closed = NewGraphLike(g)
	env := make([]Value, len(g.types))
	foreign := make(map[Value]Value, len(free))
	lists := [][]Value{g.in, free}
	if first {
		slices.Reverse(lists)
	}
	for _, v := range slices.Concat(lists...) {
		if p := closed.Param(v.Type()); v.graph == g {
			env[v.id] = p
		} else {
			foreign[v] = p
		}
	}
	var list []Value
	get := func(vs []Value) []Value {
		list = list[:0]
		for _, v := range vs {
			switch v.graph {
			case nil:
				list = append(list, v)
			case g:
				list = append(list, env[v.id])
			default:
				list = append(list, foreign[v])
			}
		}
		return list
	}
	for _, n := range g.nodes {
		for i, v := range closed.AppendLike(n, n.Op, get(n.In)) {
			env[n.Out[i].id] = v
		}
	}
	closed.Finish(get(g.out))
	return closed
}
