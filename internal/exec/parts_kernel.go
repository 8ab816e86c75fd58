package exec

import (
	"pullback/internal/lane"
	"pullback/ir"
)

// partKernel is the kernel of a group of divided operations in the making.
type partKernel struct {
	*laneKernel
	lanes  int
	arrays map[ir.Value]array // made in the group
	loaded map[ir.Value]array // from memory
	period map[ir.Value]bool  // constants: whether all lanes have the same part
	// What writes operations that store no rows.
	emitter *partEmitter
}

// emitParts makes the kernel of such a group.
func (c *compiler) emitParts(at int) {
	gr := c.groups[at]
	k := &partKernel{
		laneKernel: &laneKernel{
			compiler: c, b: lane.NewBuilder(), bound: map[int]int{},
			step: &laneStep{name: namesOf(gr.nodes), size: gr.size},
		},
		lanes: gr.size, arrays: make(map[ir.Value]array, len(gr.nodes)),
		loaded: map[ir.Value]array{}, period: map[ir.Value]bool{},
	}
	k.emitter = &partEmitter{b: k.b, known: k.known, lanes: k.lanes}
	base := func(v ir.Value) ir.Value { return c.source(v).base }
	k.b.Foreach(gr.size, func(lane.Value) {
		inOrder(gr.nodes, gr.parts, base, func(together []int) { k.nodes(gr, together) })
		for _, v := range c.graph.Out() {
			if _, ok := c.copies[v]; !ok && c.storesView(v) && c.made[c.source(v).base.ID()] == at {
				c.copies[v] = c.program.newBuffer(v.Type(), temporary)
				k.storeAll(k.bind(c.copies[v], true), v, k.operand(v))
			}
		}
	})
	c.compileLanes(k.step, k.b.Program())
	c.program.steps = append(c.program.steps, k.step)
}

// nodes appends operations that go together and stores those of their results that others read.
func (k *partKernel) nodes(gr *group, together []int) {
	e := k.emitter
	in := make([][]array, len(together))
	for i, at := range together {
		in[i] = k.operands(gr.nodes[at])
	}
	if n := gr.nodes[together[0]]; isLoop(n) {
		e = &partEmitter{b: k.b, known: k.known, store: k.rowStore(n), lanes: k.lanes}
	}
	for i, out := range emitTogether(e, gr.parts, together, in) {
		for j, v := range gr.nodes[together[i]].Out {
			if k.arrays[v] = out[j]; k.stored[v.ID()] && out[j].own != nil {
				k.storeAll(k.written(v), v, out[j])
			}
		}
	}
}

// rowStore is how a scan stores elements of rows of its results.
func (k *partKernel) rowStore(n ir.Node) func(j int, row lane.Value, i int, x lane.Value) {
	written := map[int]int{}
	return func(j int, row lane.Value, i int, x lane.Value) {
		t := n.Out[j].Type()
		at, ok := written[j]
		if !ok {
			at = k.written(n.Out[j])
			written[j] = at
		}
		size := t.Size() / t.Shape[0]
		k.b.Store(k.element(at, i, size/k.lanes), k.times(row, size), x)
	}
}

// operands is what a node works on.
func (k *partKernel) operands(n ir.Node) []array {
	in := make([]array, len(n.In))
	for i, v := range n.In {
		if isRows(n, i) {
			p := k.place(v)
			in[i] = k.rows(p.buffer, p.view, v.Type())
		} else {
			in[i] = k.operand(v)
		}
	}
	return in
}

// storeAll stores the lanes' parts of v.
func (k *partKernel) storeAll(buffer int, v ir.Value, x array) {
	size := v.Size() / k.lanes
	for i := range size {
		k.b.Store(k.element(buffer, i, size), lane.None, x.own(i))
	}
}

// storesView says whether v, a result, is a view that a group of divided operations lays down
// itself.
func (c *compiler) storesView(v ir.Value) bool {
	s := c.source(v)
	if s.base.IsKnown() || c.made[s.base.ID()] < 0 {
		return false
	}
	gr := c.groups[c.made[s.base.ID()]]
	whole := s.base.Size() == v.Size() && s.view.IsWhole(v.Type().Shape)
	return gr.divided && !whole && c.partition.made[s.base.ID()].own && c.inLane(v, gr.size)
}

// element is the access of each lane to element i of its part of a buffer.
func (k *partKernel) element(buffer, i, size int) lane.Access {
	return lane.Access{Buffer: buffer, Offset: i, Dims: []lane.Dim{{Extent: k.lanes, Stride: size}}}
}

// operand is v as the lanes read it.
func (k *partKernel) operand(v ir.Value) array {
	if v.IsKnown() {
		return k.known(v, k.lanes, 0)
	}
	s := k.source(v)
	if a, ok := k.arrays[s.base]; ok {
		if s.base == v {
			return array{own: a.own, indexed: a.indexed}
		}
		p, _ := s.view.Parted(v.Type().Shape, k.lanes)
		return partView(k.b, a, p, k.viewForm(v, k.partition.made[s.base.ID()], k.lanes))
	}
	if a, ok := k.loaded[v]; ok {
		return a
	}
	p := k.place(v)
	a := k.memory(p.buffer, p.view, v.Type(), lane.None)
	if size := v.Size() / k.lanes; a.own != nil && size <= eager {
		a.own = values(collect(a.own, size)).own
	}
	k.loaded[v] = a
	return a
}

// memory is an array of type t that is in a buffer, at the addresses of a view that an index is
// added to.
func (k *partKernel) memory(buffer int, view lane.View, t ir.Type, index lane.Value) (a array) {
	at := k.bind(buffer, false)
	a.shared = func(i int) lane.Value {
		return k.b.Load(lane.Access{Buffer: at, Offset: view.At(t.Shape, i)}, index)
	}
	if p, ok := view.Parted(t.Shape, k.lanes); ok {
		a.own = func(i int) lane.Value {
			access := lane.Access{Buffer: at, Offset: p.At(p.Shape, i), Dims: p.Lanes}
			return k.b.Load(access, index)
		}
		if stride, ok := p.Stride(p.Shape); ok && index == lane.None {
			a.indexed = func() func(lane.Value) lane.Value {
				access := lane.Access{Buffer: at, Offset: p.Offset, Dims: p.Lanes}
				return func(i lane.Value) lane.Value { return k.b.Load(access, k.times(i, stride)) }
			}
		}
	}
	return a
}

// rows is an array that a scan goes through.
func (k *partKernel) rows(buffer int, view lane.View, t ir.Type) array {
	first := lane.View{Offset: view.Offset, Strides: view.Strides[1:]}
	row := ir.Type{DType: t.DType, Shape: t.Shape[1:]}
	return array{row: func(at lane.Value) array {
		return k.memory(buffer, first, row, k.times(at, view.Strides[0]))
	}}
}

// known is a constant, as one of the pieces reads it into which the lanes divide it.
func (k *partKernel) known(v ir.Value, lanes, piece int) (a array) {
	t, x := v.Type(), v.Array()
	constant := func(i int) lane.Value {
		return k.b.Bits(t.DType, lane.Canonical(t.DType, x.Bits(i)))
	}
	if a.shared = constant; t.Rank() > 0 {
		a.row = func(at lane.Value) array {
			p := k.place(v)
			return k.rows(p.buffer, p.view, t).row(at)
		}
	}
	if x.IsFill() {
		a.own = constant
		a.indexed = func() func(lane.Value) lane.Value {
			return func(lane.Value) lane.Value { return constant(0) }
		}
		return a
	}
	size, part := t.Size()/lanes, t.Size()/k.lanes
	from := func(i int) lane.Access {
		return k.element(k.bind(k.place(v).buffer, false), i+piece*size, part)
	}
	a.own = func(i int) lane.Value {
		if k.same(v, part) {
			return constant(i + piece*size)
		}
		return k.b.Load(from(i), lane.None)
	}
	a.indexed = func() func(lane.Value) lane.Value {
		first := from(0)
		return func(i lane.Value) lane.Value { return k.b.Load(first, i) }
	}
	return a
}

// same says whether all lanes have the same part of a constant.
func (k *partKernel) same(v ir.Value, size int) bool {
	same, ok := k.period[v]
	if !ok {
		same = true
		a := v.Array()
		for i := size; i < a.Len() && same; i++ {
			same = a.Bits(i) == a.Bits(i-size)
		}
		k.period[v] = same
	}
	return same
}
