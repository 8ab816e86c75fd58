package exec

import (
	"pullback/internal/control"
	"pullback/internal/lane"
	"pullback/ir"
)

// A lane may have more than one element of a value. A value of shape [lanes, n, m] is divided
// along its leading axes, and each lane has a part of n·m elements, which it holds one by one:
// operations on parts are unrolled. So the problems of a batch are lanes, with their small vectors
// and matrices in registers and their loops inside, each lane leaving on its own.

// form is how a lane can get at the elements of a value.
type form struct {
	own     bool // those of its part
	shared  bool // all of them, which all lanes have in common
	indexed bool // those of its part by a number that is known only as the lane runs
	// Elements are computed when they are first read, which is not to happen in a block inside
	// the one that the value belongs to.
	loose bool
}

// array is a value while the work of a lane is written. Each function emits what it takes to have
// an element; it is nil where the value has no such form.
type array struct {
	own, shared func(i int) lane.Value
	// indexed gives, for the block in which it is called and for those inside, a way to read
	// the lane's part.
	indexed func() (at func(index lane.Value) lane.Value)
	row     func(k lane.Value) array // row k, of an array that a scan goes through
}

// division is an operation as each of a number of lanes computes it.
type division struct {
	out  []form
	cost int // about how many instructions
	emit func(e *partEmitter, in []array) []array
	sum  *partReduction // if that is what it is, of many elements
}

// partEmitter writes what a lane does.
type partEmitter struct {
	b     *lane.Builder
	known func(v ir.Value, lanes, piece int) array
	store func(result int, row lane.Value, i int, x lane.Value) // into a row of a scan's result
	// The work is that of one piece of as many as there are: a lane's, or that of one of the
	// problems that a lane has in a loop.
	lanes, piece int
}

// divider divides operations among lanes.
type divider struct{ instructions map[costKey]int }

// divides says whether an array can be divided among lanes.
func divides(t ir.Type, lanes int) bool { return t.Size() > 0 && lane.Divides(t.Shape, lanes) }

// placedForm is the form of an array that is in memory, or known.
func placedForm(t ir.Type, lanes int) form {
	own := divides(t, lanes)
	return form{own: own, shared: true, indexed: own}
}

// dividedGraph is a closed graph as each of a number of lanes computes it.
type dividedGraph struct {
	graph *ir.Graph
	nodes []division
	out   []form
	cost  int
}

// graph divides a program whose parameters have the given forms.
func (d *divider) graph(g *ir.Graph, lanes int, in []form) (dg dividedGraph, ok bool) {
	dg.graph = g
	env := make([]form, g.NumValues())
	for i, v := range g.In() {
		env[v.ID()] = in[i]
	}
	get := func(vs []ir.Value) []form {
		out := make([]form, len(vs))
		for i, v := range vs {
			if out[i] = placedForm(v.Type(), lanes); !v.IsKnown() {
				out[i] = env[v.ID()]
			}
		}
		return out
	}
	for _, n := range g.Nodes() {
		forms := get(n.In)
		if s, ok := n.Op.(control.Scan); ok && !innerRows(s, n, forms) {
			return dg, false
		}
		part, ok := d.node(n, lanes, forms)
		if !ok || part.cost > maxCost(n, lanes) {
			return dg, false
		}
		for i, v := range n.Out {
			env[v.ID()] = part.out[i]
		}
		dg.nodes = append(dg.nodes, part)
		dg.cost += part.cost
	}
	dg.out = get(g.Out())
	return dg, true
}

// emit writes the program.
func (dg *dividedGraph) emit(e *partEmitter, in []array) []array {
	nodes := dg.graph.Nodes()
	env := make([]array, dg.graph.NumValues())
	for i, v := range dg.graph.In() {
		env[v.ID()] = in[i]
	}
	get := func(vs []ir.Value) []array {
		out := make([]array, len(vs))
		for i, v := range vs {
			if v.IsKnown() {
				out[i] = e.known(v, e.lanes, e.piece)
			} else {
				out[i] = env[v.ID()]
			}
		}
		return out
	}
	itself := func(v ir.Value) ir.Value { return v }
	inOrder(nodes, dg.nodes, itself, func(together []int) {
		in := make([][]array, len(together))
		for i, k := range together {
			in[i] = get(nodes[k].In)
		}
		for i, out := range emitTogether(e, dg.nodes, together, in) {
			for j, v := range nodes[together[i]].Out {
				env[v.ID()] = out[j]
			}
		}
	})
	return get(dg.graph.Out())
}

// node divides an operation. Its results are parts if its operands can be read so, and the same in
// all lanes if those are.
func (d *divider) node(n ir.Node, lanes int, in []form) (part division, ok bool) {
	switch op := n.Op.(type) {
	case control.While:
		return d.while(op, n, lanes, in)
	case control.Scan:
		return d.scan(op, n, lanes, in)
	case control.Cond:
		return d.cond(op, n, lanes, in)
	}
	for _, vs := range [][]ir.Value{n.In, n.Out} {
		for _, v := range vs {
			if v.Size() == 0 {
				return part, false
			}
		}
	}
	if op, ok := n.Op.(lane.Viewer); ok {
		return d.view(op, n, lanes, in)
	}
	if part, ok = d.compute(n, lanes, in); ok {
		return part, true
	}
	return d.computeShared(n, in)
}

// compute divides an operation whose results are parts.
func (d *divider) compute(n ir.Node, lanes int, in []form) (part division, ok bool) {
	for _, v := range n.Out {
		if !divides(v.Type(), lanes) {
			return part, false
		}
	}
	part.out = make([]form, len(n.Out))
	for i := range part.out {
		part.out[i].own = true
	}
	if op, ok := n.Op.(lane.PrivateLowerer); ok {
		p, ok := op.Private(lanes, ir.TypesOf(n.In))
		for i := 0; i < len(in) && ok; i++ {
			ok = p.Own[i] && in[i].own || !p.Own[i] && in[i].shared
		}
		part.cost, part.emit = p.Cost, emitPrivate(p, n, lanes)
		return part, ok
	}
	for _, f := range in {
		if !f.own {
			return part, false
		}
	}
	switch op := n.Op.(type) {
	case lane.Lowerer:
		ok = d.elementwise(&part, op, n, lanes, in)
		return part, ok
	case lane.Reducer:
		ok = d.reduce(&part, op, n, lanes, in)
		return part, ok
	case lane.Placer:
		for _, f := range in {
			part.out[0].loose = part.out[0].loose || f.loose
		}
		part.emit, ok = emitPlaces(op, n, lanes)
		return part, ok
	}
	return part, false
}

// computeShared is compute for operands that all lanes have in common, each of which computes the
// same: as if it were alone.
func (d *divider) computeShared(n ir.Node, in []form) (part division, ok bool) {
	alone := make([]form, len(in))
	for i, f := range in {
		alone[i] = form{own: f.shared, shared: f.shared, loose: f.loose}
	}
	if part, ok = d.compute(n, 1, alone); !ok {
		return part, false
	}
	for i, f := range part.out {
		part.out[i] = form{shared: true, loose: f.loose}
	}
	emit := part.emit
	part.sum = nil
	part.emit = func(e *partEmitter, in []array) []array {
		alone := make([]array, len(in))
		for i, a := range in {
			alone[i] = array{own: a.shared, shared: a.shared}
		}
		out := emit(e, alone)
		for i, a := range out {
			out[i] = array{shared: a.own}
		}
		return out
	}
	return part, true
}
