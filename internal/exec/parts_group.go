package exec

import (
	"slices"

	"pullback/internal/control"
	"pullback/ir"
)

// partition chooses what of a graph is divided among lanes: where there is a loop whose problems
// can be lanes, whatever else can be divided among so many and is small enough.
type partition struct {
	divider
	lanes []int       // the numbers of lanes to divide among, the best first
	joins []int       // by node: among how many it is divided, 0 if it is not
	used  []bool      // by value: whether anybody reads it
	made  []form      // by value, of those that groups make
	last  map[int]int // the last group of divided operations by the number of lanes
	costs map[int]int // of that group
}

// Bounds of what is unrolled, in instructions of a lane.
const (
	maxLoopCost  = 30000 // of a loop with what is inside
	maxNodeCost  = 2048  // of another operation
	maxAloneCost = 128   // of one for a single lane, which has no others to share it with
	fewLanes     = 8     // fewer than these do not fill a vector
	maxGroupCost = 60000 // of a group
	maxCarried   = 256   // elements that a loop carries from round to round
	// Parts of more elements are computed only where nobody but the lanes needs them: sums
	// over observations, for example.
	maxStored = 8
)

// newPartition is nil if nothing is to be divided.
func newPartition(g *ir.Graph) *partition {
	candidates := loopLanes(g)
	if len(candidates) == 0 {
		return nil
	}
	p := &partition{
		divider: divider{instructions: map[costKey]int{}},
		joins:   make([]int, len(g.Nodes())), made: make([]form, g.NumValues()),
		used: make([]bool, g.NumValues()),
		last: map[int]int{}, costs: map[int]int{},
	}
	p.use(g.Out())
	for _, n := range g.Nodes() {
		p.use(n.In)
	}
	// Lanes that suit many loops come first: what can be one kernel is to be one.
	loops, suited := map[int]int{}, make([][]int, len(g.Nodes()))
	for i, n := range g.Nodes() {
		if !isLoop(n) {
			continue
		}
		for _, lanes := range candidates {
			if p.fits(n, lanes) {
				loops[lanes]++
				suited[i] = append(suited[i], lanes)
			}
		}
	}
	slices.SortStableFunc(candidates, func(a, b int) int {
		if a == 1 || b == 1 {
			return b - a
		}
		return loops[b] - loops[a]
	})
	for i := range g.Nodes() {
		for _, lanes := range candidates {
			if slices.Contains(suited[i], lanes) {
				if p.joins[i] = lanes; !slices.Contains(p.lanes, lanes) {
					p.lanes = append(p.lanes, lanes)
				}
				break
			}
		}
	}
	for _, n := range g.Nodes() {
		if isDecision(n) && !slices.Contains(p.lanes, 1) && p.fits(n, 1) {
			p.lanes = append(p.lanes, 1)
		}
	}
	if len(p.lanes) == 0 {
		return nil
	}
	p.choose(g)
	return p
}

func (p *partition) use(vs []ir.Value) {
	for _, v := range vs {
		if !v.IsKnown() {
			p.used[v.ID()] = true
		}
	}
}

// isLoop says whether an operation is a loop.
func isLoop(n ir.Node) bool {
	switch n.Op.(type) {
	case control.While, control.Scan:
		return true
	}
	return false
}

// isDecision says whether an operation is a conditional between single numbers.
func isDecision(n ir.Node) bool {
	_, ok := n.Op.(control.Cond)
	return ok && !slices.ContainsFunc(n.Out, func(v ir.Value) bool { return v.Size() != 1 })
}

// loopLanes lists the numbers of problems that loops have, ascending.
func loopLanes(g *ir.Graph) []int {
	var out []int
	add := func(n int) {
		if n > 0 && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	for _, n := range g.Nodes() {
		switch op := n.Op.(type) {
		case control.While:
			if pred := op.Cond.Out()[0].Size(); pred > 1 {
				add(pred)
				continue
			}
			add(1)
		case control.Scan:
			add(1)
		case control.Cond:
			if isDecision(n) {
				add(1)
			}
			continue
		default:
			continue
		}
		for _, v := range n.Out {
			if shape := v.Type().Shape; len(shape) > 0 {
				add(shape[0])
				break
			}
		}
	}
	slices.Sort(out)
	return out
}

// fits says whether an operation can be divided, if its operands are in memory, and is small
// enough for that.
func (p *partition) fits(n ir.Node, lanes int) bool {
	forms := make([]form, len(n.In))
	for i, v := range n.In {
		forms[i] = memoryForm(n, i, v.Type(), lanes)
	}
	part, ok := p.node(n, lanes, forms)
	for i, f := range part.out {
		// What all lanes have in common none of them can store.
		ok = ok && (f.own || isRowsOut(n, i) || !p.used[n.Out[i].ID()])
	}
	return ok && part.cost <= maxCost(n, lanes)
}

// isRowsOut says whether result i of n is an array that a scan stores row by row.
func isRowsOut(n ir.Node, i int) bool {
	s, ok := n.Op.(control.Scan)
	return ok && i >= s.Carry
}

// maxCost bounds the instructions of an operation.
func maxCost(n ir.Node, lanes int) int {
	switch {
	case isLoop(n):
		return maxLoopCost
	case lanes == 1:
		return maxAloneCost
	}
	return maxNodeCost
}

// memoryForm is the form of operand i of n that is in memory.
func memoryForm(n ir.Node, i int, t ir.Type, lanes int) form {
	if isRows(n, i) {
		t = ir.Type{DType: t.DType, Shape: t.Shape[1:]}
	}
	return placedForm(t, lanes)
}

// choose decides for each node. Long parts are divided where everything that needs them is and
// takes them as they come: loops want what they read again and again in memory.
func (p *partition) choose(g *ir.Graph) {
	const unread, elsewhere = 0, -1
	readers := make([]int, g.NumValues()) // by value: the lanes of all that read it
	read := func(vs []ir.Value, by int) {
		for _, v := range vs {
			switch {
			case v.IsKnown():
			case readers[v.ID()] == unread:
				readers[v.ID()] = by
			case readers[v.ID()] != by:
				readers[v.ID()] = elsewhere
			}
		}
	}
	read(g.Out(), elsewhere)
	for i, n := range slices.Backward(g.Nodes()) {
		if isLoop(n) {
			read(n.In, elsewhere)
			continue
		}
		by := elsewhere
		for _, lanes := range p.lanes {
			within := true
			for _, v := range n.Out {
				short := v.Size() <= maxStored*lanes
				within = within && (short || readers[v.ID()] == lanes)
			}
			if within && p.fits(n, lanes) {
				p.joins[i], by = lanes, lanes
				break
			}
		}
		read(n.In, by)
	}
}

// addPart puts node number i into a group of divided operations, if it is to be in one.
func (gr *grouping) addPart(i int, n ir.Node) (at int, ok bool) {
	p := gr.partition
	if p == nil || p.joins[i] == 0 {
		return 0, false
	}
	lanes := p.joins[i]
	var part division
	if at, ok = p.last[lanes]; ok {
		part, ok = gr.joinable(n, at, lanes)
	}
	if !ok || p.costs[lanes]+part.cost > maxGroupCost {
		at = len(gr.groups)
		if part, ok = gr.joinable(n, at, lanes); !ok {
			return 0, false // for what it reads has strides that make it too long
		}
		gr.groups = append(gr.groups, &group{lanes: true, divided: true, size: lanes})
		p.last[lanes], p.costs[lanes] = at, 0
	}
	p.costs[lanes] += part.cost
	gr.groups[at].parts = append(gr.groups[at].parts, part)
	for i, v := range n.Out {
		p.made[v.ID()] = part.out[i]
	}
	return at, true
}

// joinable divides n among the lanes of a group, and says whether it can be in it.
func (gr *grouping) joinable(n ir.Node, at, lanes int) (part division, ok bool) {
	for _, v := range n.In {
		if base := gr.source(v).base; !base.IsKnown() && gr.made[base.ID()] > at {
			return part, false
		}
	}
	part, ok = gr.partition.node(n, lanes, gr.partForms(n, at, lanes))
	return part, ok && part.cost <= maxCost(n, lanes)
}

// partForms is how the lanes of a group read n's operands: what the group makes itself, each lane
// has its part of; all else is in memory.
func (gr *grouping) partForms(n ir.Node, at, lanes int) []form {
	forms := make([]form, len(n.In))
	for i, v := range n.In {
		s := gr.source(v)
		if s.base.IsKnown() || gr.made[s.base.ID()] != at {
			forms[i] = memoryForm(n, i, v.Type(), lanes)
			forms[i].indexed = forms[i].own && !isRows(n, i) && gr.straight(v, lanes)
		} else if !isRows(n, i) && gr.inLane(v, lanes) {
			forms[i] = gr.viewForm(v, gr.partition.made[s.base.ID()], lanes)
		}
	}
	return forms
}

// straight says whether a lane's part of v has one stride.
func (gr *grouping) straight(v ir.Value, lanes int) bool {
	p, _ := gr.source(v).view.Parted(v.Type().Shape, lanes)
	_, ok := p.Stride(p.Shape)
	return ok
}

// viewForm is the form of v where lanes have their parts of its base, in the given form.
func (gr *grouping) viewForm(v ir.Value, base form, lanes int) form {
	p, _ := gr.source(v).view.Parted(v.Type().Shape, lanes)
	stride, straight := p.Stride(p.Shape)
	f := form{own: base.own, loose: base.loose}
	f.indexed = f.own && straight && (stride == 0 || base.indexed)
	return f
}
