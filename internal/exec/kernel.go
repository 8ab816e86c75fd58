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
	row := gr.row
	if row == 0 {
		row = gr.size
	}
	k.b.Rows(gr.size, row, func(number lane.Value) {
		k.lane = number
		for _, n := range gr.nodes {
			k.node(n)
		}
	})
	c.compileLanes(k.step, k.b.Program())
	c.program.steps = append(c.program.steps, k.step)
}

// node appends an operation and stores those of its results that others read.
func (k *laneKernel) node(n ir.Node) {
	if code, _, ok := reduction(n); ok {
		k.reduce(n, code)
		return
	}
	xs := make([]lane.Value, len(n.In))
	for i, v := range n.In {
		xs[i] = k.load(v)
	}
	if op, ok := n.Op.(lane.Lowerer); ok {
		xs = op.Lower(k.b, xs)
	} // else a view that is a copy
	for i, v := range n.Out {
		k.env[v] = xs[i]
		if k.stored[v.ID()] {
			k.b.Store(lane.Contiguous(k.written(v), k.step.size), lane.None, xs[i])
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

// times is the address of a row.
func (k *laneKernel) times(row lane.Value, stride int) lane.Value {
	if stride == 1 {
		return row
	}
	return k.b.Mul(row, k.b.Int(ir.Int64, int64(stride)))
}
