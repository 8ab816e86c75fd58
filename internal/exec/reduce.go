package exec

import (
	"slices"

	"pullback/internal/lane"
	"pullback/ir"
)

// Reductions of all elements to one, or of long rows, are part of the lane group that makes the
// elements: what is summed need never be stored. The kernel leaves accumulators, which the step
// finishes.

// shortRow is where rows are left to internal/dense: the lanes that run together are those of one
// row.
const shortRow = 32

// reduction says whether a node is a reduction that lanes can do, and over how many at a time: of
// all axes, or of the last ones.
func reduction(n ir.Node) (code lane.Code, row int, ok bool) {
	op, ok := n.Op.(lane.Reducer)
	if !ok {
		return 0, 0, false
	}
	code, axes := op.Reduction(ir.TypesOf(n.In))
	shape := n.In[0].Shape()
	row, last := 1, true
	for a := len(shape) - 1; a >= 0; a-- {
		switch isReduced := slices.Contains(axes, a); {
		case shape[a] == 1:
		case !isReduced:
			last = false
		case !last:
			return 0, 0, false
		default:
			row *= shape[a]
		}
	}
	size := n.In[0].Size()
	return code, row, size > 0 && row > 1 && (row == size || row >= shortRow)
}

// elements is the number of lanes that a node needs in a lane group.
func elements(n ir.Node) (size int, ok bool) {
	if _, _, ok := reduction(n); ok {
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
	t := k.b.Partials(k.b.Type(x))
	partials := k.program.newBuffer(t, temporary)
	k.b.Reduce(code, k.bind(partials, true), x, y)
	k.step.finish = append(k.step.finish,
		finish{partials, k.newResults(n)[0], lane.Finisher(code, t.DType)})
}

// takes says whether n may join a group as far as reductions go: all are over rows of one length.
func (gr *group) takes(n ir.Node) bool {
	_, row, ok := reduction(n)
	return !ok || gr.row == 0 || gr.row == row
}

func (gr *group) append(n ir.Node) {
	gr.nodes = append(gr.nodes, n)
	if _, row, ok := reduction(n); ok && !gr.divided {
		gr.row = row
	}
}
