package exec

import (
	"pullback/internal/control"
	"pullback/internal/lane"
	"pullback/ir"
)

// Reductions of all elements to one are part of the lane group that makes the elements: what is
// summed is never stored. The kernel leaves accumulators, which the step finishes.

// reduction says whether a node is a reduction of all elements of its operands, of which there
// are several, to one.
func reduction(n ir.Node) (code lane.Code, ok bool) {
	op, ok := n.Op.(lane.Reducer)
	if !ok || n.Out[0].Size() != 1 || n.In[0].Size() < 2 {
		return 0, false
	}
	code, _ = op.Reduction(ir.TypesOf(n.In))
	return code, true
}

// elements is the number of lanes that a node needs in a lane group.
func elements(n ir.Node) (size int, ok bool) {
	if _, ok := reduction(n); ok {
		return n.In[0].Size(), true
	}
	return laneSize(n)
}

// finish is what is left to do of a reduction when the lanes have run.
type finish struct {
	partials, out int // buffers
	combine       func(partials, out ir.Array)
}

// reduce appends a reduction.
func (k *laneKernel) reduce(n ir.Node, code lane.Code) {
	x, y := k.load(n.In[0]), lane.None
	if code == lane.FMA {
		y = k.load(n.In[1])
		if !k.b.Type(x).IsFloat() {
			code, x, y = lane.Add, k.b.Mul(x, y), lane.None
		}
	}
	t := ir.Of(k.b.Type(x), lane.Partials(k.step.size))
	partials := k.program.newBuffer(t, temporary)
	k.b.Reduce(code, k.bind(partials, true), x, y)
	k.step.finish = append(k.step.finish,
		finish{partials, k.newResults(n)[0], lane.Finisher(code, t.DType)})
}

// takes says whether n may join a group as far as reductions go. A few hundred lanes with loops
// are worth a thread, but with a reduction the lanes are divided into blocks of thousands: so a
// reduction reads what loops have stored, unless the group has blocks enough for all threads.
func (gr *group) takes(n ir.Node) bool {
	_, reduces := reduction(n)
	reduces, loops := reduces || gr.reduces, isLoop(n) || gr.loops
	return !reduces || !loops || gr.size <= loopGrain || gr.size >= manyBlocks
}

// manyBlocks is a number of lanes whose blocks share out among threads.
const manyBlocks = 16 * lane.ReduceBlock

func (gr *group) append(n ir.Node) {
	_, reduces := reduction(n)
	gr.nodes = append(gr.nodes, n)
	gr.reduces, gr.loops = gr.reduces || reduces, gr.loops || isLoop(n)
}

func isLoop(n ir.Node) bool {
	switch n.Op.(type) {
	case control.While, control.Scan:
		return true
	}
	return false
}
