package exec

import (
	"pullback/internal/control"
	"pullback/internal/lane"
	"pullback/internal/native/target"
	"pullback/internal/rewrite"
	"pullback/ir"
)

// Compile turns a closed graph into a program. It panics with a *ir.UsageError where the
// environment asks for an executor that there is not: another would do, but not what was asked.
func Compile(g *ir.Graph) *Program {
	if _, err := target.Chosen(); err != nil {
		panic(&ir.UsageError{Reason: err.Error()})
	}
	return lower(rewrite.Program(g), nil)
}

// compiler lowers one graph.
type compiler struct {
	*grouping
	program *Program
	buffer  map[ir.Value]int // where values that are stored are
	copies  map[ir.Value]int // where views are that were copied out
	stored  []bool           // by value: whether its group must store it
	lanes   func(*laneStep, *lane.Program)
}

// lower makes the kernels of a rewritten graph. The lane programs are not kept, since they are
// large; lanes, if not nil, gets to see each.
func lower(g *ir.Graph, lanes func(*laneStep, *lane.Program)) *Program {
	c := &compiler{
		grouping: newGrouping(g), program: &Program{graph: g}, lanes: lanes,
		buffer: map[ir.Value]int{}, copies: map[ir.Value]int{},
	}
	c.findStored()
	for _, v := range g.In() {
		c.buffer[v] = c.program.newBuffer(v.Type(), parameter)
		c.program.in = append(c.program.in, c.buffer[v])
	}
	for at, gr := range c.groups {
		switch {
		case gr.divided:
			c.emitParts(at)
		case gr.lanes:
			c.emitLanes(gr)
		default:
			c.emitSingle(gr.nodes[0])
		}
	}
	for _, v := range g.Out() {
		c.program.out = append(c.program.out, c.result(v))
	}
	c.program.plan()
	return c.program
}

// lower makes the kernels of a program inside an operation.
func (c *compiler) lower(g *ir.Graph) *Program { return lower(g, c.lanes) }

// compileLanes makes the kernel of a step.
func (c *compiler) compileLanes(k *laneStep, p *lane.Program) {
	p = lane.Optimized(p)
	k.compile(p)
	if c.lanes != nil {
		c.lanes(k, p)
	}
}

// findStored marks the values of lane groups that somebody else reads.
func (c *compiler) findStored() {
	c.stored = make([]bool, c.graph.NumValues())
	for at, gr := range c.groups {
		for _, n := range gr.nodes {
			for i, v := range n.In {
				s := c.source(v)
				if s.base.IsKnown() {
					continue
				}
				if c.made[s.base.ID()] != at || !gr.lanes || isRows(n, i) || !c.inLane(v, gr.size) {
					c.stored[s.base.ID()] = true
				}
			}
		}
	}
	for _, v := range c.graph.Out() {
		if s := c.source(v); !s.base.IsKnown() && !c.storesView(v) {
			c.stored[s.base.ID()] = true
		}
	}
}

// place is where v's elements are; v's base is stored, a parameter, or known.
func (c *compiler) place(v ir.Value) place {
	s := c.source(v)
	at, ok := c.buffer[s.base]
	if !ok {
		at = c.program.constant(s.base.Array().Dense())
		c.buffer[s.base] = at
	}
	return place{at, s.view}
}

// array is a buffer that holds v's elements in order; views are copied out.
func (c *compiler) array(v ir.Value) int {
	at, ok := c.copies[v]
	if ok {
		return at
	}
	p := c.place(v)
	if p.whole(v.Type()) && c.program.buffers[p.buffer].typ.Size() == v.Size() {
		return p.buffer
	}
	at = c.copyOut(v, p)
	c.copies[v] = at
	return at
}

// copyOut makes a kernel that writes a view's elements in order.
func (c *compiler) copyOut(v ir.Value, p place) int {
	t := v.Type()
	at := c.program.newBuffer(t, temporary)
	if t.Size() == 0 {
		return at
	}
	b := lane.NewBuilder()
	from := c.program.buffers[p.buffer].typ
	b.Buffer(from.DType, from.Size(), false)
	b.Buffer(t.DType, t.Size(), true)
	b.Foreach(t.Size(), func(lane.Value) {
		x := b.Load(p.view.Access(0, t.Shape), lane.None)
		b.Store(lane.Contiguous(1, t.Size()), lane.None, x)
	})
	k := &laneStep{
		name: "copy", size: t.Size(), buffers: []int{p.buffer, at}, written: []bool{false, true},
	}
	c.compileLanes(k, b.Program())
	c.program.steps = append(c.program.steps, k)
	return at
}

// emitSingle makes the kernel of an operation that stands alone.
func (c *compiler) emitSingle(n ir.Node) {
	if op, ok := n.Op.(lane.Preparer); ok && c.emitPrepared(op, n) {
		return
	}
	in := make([]int, len(n.In))
	for i, v := range n.In {
		in[i] = c.array(v)
	}
	o := operands{in, c.newResults(n), ir.TypesOf(n.In), ir.TypesOf(n.Out)}
	var s step
	switch op := n.Op.(type) {
	case control.While:
		s = &whileStep{operands: o, op: op, cond: c.lower(op.Cond), body: c.lower(op.Body)}
	case control.Scan:
		s = &scanStep{operands: o, op: op, body: c.lower(op.Body)}
	case control.Cond:
		s = &condStep{operands: o, then: c.lower(op.Then), otherwise: c.lower(op.Else)}
	default:
		s = &evalStep{operands: o, op: n.Op.(ir.Evaluator)}
	}
	c.program.steps = append(c.program.steps, s)
}

// newResults makes buffers for the results of a node.
func (c *compiler) newResults(n ir.Node) []int {
	out := make([]int, len(n.Out))
	for i, v := range n.Out {
		out[i] = c.program.newBuffer(v.Type(), temporary)
		c.buffer[v] = out[i]
	}
	return out
}

// emitPrepared makes the kernel of an operation that reads operands where they lie. Those that
// it cannot read there are copied out, the first ones first.
func (c *compiler) emitPrepared(op lane.Preparer, n ir.Node) bool {
	types := ir.TypesOf(n.In)
	in, views := make([]int, len(n.In)), make([]lane.View, len(n.In))
	for i, v := range n.In {
		p := c.place(v)
		in[i], views[i] = p.buffer, p.view
		// The first elements of a longer array are in order too, but an operation that takes
		// its operands whole goes by their lengths.
		if p.view.IsWhole(types[i].Shape) && c.program.buffers[p.buffer].typ.Size() != v.Size() {
			in[i] = c.array(v)
		}
	}
	eval, ok := op.Prepare(types, views)
	for i := 0; i < len(in) && !ok; i++ {
		if views[i].IsWhole(types[i].Shape) {
			continue
		}
		in[i], views[i] = c.array(n.In[i]), lane.Whole(types[i].Shape)
		eval, ok = op.Prepare(types, views)
	}
	if ok {
		s := &preparedStep{op: n.Op, in: in, eval: eval, out: c.newResults(n)}
		c.program.steps = append(c.program.steps, s)
	}
	return ok
}

// result is a buffer of its own for a result: no parameter, constant, or other result.
func (c *compiler) result(v ir.Value) int {
	at := c.array(v)
	if c.program.buffers[at].kind != temporary {
		at = c.copyOut(v, place{at, lane.Whole(v.Type().Shape)})
	}
	c.program.buffers[at].kind = result
	return at
}
