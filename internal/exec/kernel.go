package exec

import (
	"pullback/internal/control"
	"pullback/internal/lane"
	"pullback/ir"
)

// laneKernel is the kernel of a lane group in the making.
type laneKernel struct {
	*compiler
	b     *lane.Builder
	lane  lane.Value // its number
	step  *laneStep
	bound map[int]int // buffers of the program -> of the kernel
	env   map[ir.Value]lane.Value
}

// emitLanes makes the kernel of a lane group.
func (c *compiler) emitLanes(gr *group) {
	k := &laneKernel{
		compiler: c, b: lane.NewBuilder(), step: &laneStep{name: namesOf(gr.nodes), size: gr.size},
		bound: map[int]int{}, env: map[ir.Value]lane.Value{},
	}
	e := &emitter{k.b, func(a ir.Array) int { return k.bind(c.program.constant(a), false) }}
	row := gr.row
	if row == 0 {
		row = gr.size
	}
	k.b.Rows(gr.size, row, func(number lane.Value) {
		k.lane = number
		for _, n := range gr.nodes {
			k.node(e, n)
		}
	})
	c.compileLanes(k.step, k.b.Program())
	c.program.steps = append(c.program.steps, k.step)
}

// node appends an operation and stores those of its results that others read.
func (k *laneKernel) node(e *emitter, n ir.Node) {
	if code, _, ok := reduction(n); ok {
		k.reduce(n, code)
		return
	}
	in := make([]lane.Value, len(n.In))
	for i, v := range n.In {
		if in[i] = lane.None; !isRows(n, i) {
			in[i] = k.load(v)
		}
	}
	r := rows{
		load: func(j int, round lane.Value) lane.Value { return k.loadRow(n.In[j], round) },
		store: func(j int, round, x lane.Value) {
			at := k.times(round, k.step.size)
			k.b.Store(lane.Contiguous(k.written(n.Out[j]), k.step.size), at, x)
		},
	}
	for i, x := range e.node(n, in, r) {
		v := n.Out[i]
		k.env[v] = x
		if k.stored[v.ID()] {
			k.b.Store(lane.Contiguous(k.written(v), k.step.size), lane.None, x)
		}
	}
}

// isRows says whether operand i of n is an array that a scan goes through, of which lanes read a
// row after the other.
func isRows(n ir.Node, i int) bool {
	s, ok := n.Op.(control.Scan)
	return ok && i >= s.Consts+s.Carry
}

// bind is the kernel's number of a buffer.
func (k *laneKernel) bind(at int, written bool) int {
	i, ok := k.bound[at]
	if !ok {
		t := k.program.buffers[at].typ
		i = k.b.Buffer(t.DType, t.Size(), written)
		k.bound[at] = i
		k.step.buffers = append(k.step.buffers, at)
		k.step.written = append(k.step.written, written)
	}
	return i
}

// written is the kernel's number of a new buffer for v.
func (k *laneKernel) written(v ir.Value) int {
	k.buffer[v] = k.program.newBuffer(v.Type(), temporary)
	return k.bind(k.buffer[v], true)
}

// load is v's element of the lane, or its only one.
func (k *laneKernel) load(v ir.Value) lane.Value {
	s := k.source(v)
	if x, ok := k.env[s.base]; ok && k.inLane(v, k.step.size) {
		return x
	}
	if x, ok := k.env[v]; ok {
		return x
	}
	var x lane.Value
	switch {
	case isOneNumber(s.base):
		x = emitConstant(k.b, s.base.Array())
	case s.base.IsKnown() && k.inLane(v, k.step.size) && counts(s.base.Array()):
		x = k.b.Convert(v.DType(), k.lane)
	default:
		p := k.place(v)
		x = k.b.Load(p.view.Access(k.bind(p.buffer, false), v.Type().Shape), lane.None)
	}
	k.env[v] = x
	return x
}

// loadRow is the lane's element of a row of v, or the row's only one.
func (k *laneKernel) loadRow(v ir.Value, row lane.Value) lane.Value {
	if isOneNumber(v) {
		return emitConstant(k.b, v.Array())
	}
	p := k.place(v)
	first := lane.View{Offset: p.view.Offset, Strides: p.view.Strides[1:]}
	at := k.times(row, p.view.Strides[0])
	return k.b.Load(first.Access(k.bind(p.buffer, false), v.Type().Shape[1:]), at)
}

// times is the address of a row.
func (k *laneKernel) times(row lane.Value, stride int) lane.Value {
	if stride == 1 {
		return row
	}
	return k.b.Mul(row, k.b.Int(ir.Int64, int64(stride)))
}
