package exec

import (
	"pullback/internal/lane"
	"pullback/ir"
)

// group is a set of nodes that become one kernel. Groups run in the order of their list.
type group struct {
	lanes   bool // a lane program over size lanes; otherwise a single operation
	divided bool // its lanes have parts of values, of any number of elements
	size    int
	nodes   []ir.Node
	parts   []division // of nodes, if divided
	row     int        // lanes over which some nodes are reductions, 0 if none are
}

// maxNodes bounds a lane group, so that the tables of its compilation stay in the cache and die
// young: one kernel of 60,000 nodes takes a third longer to compile than 60 of 1000. Kernels of 300
// nodes and more run equally fast, those of 100 slower, since what crosses to the next kernel goes
// through memory.
const maxNodes = 1000

// source is where a value comes from once views are looked through.
type source struct {
	base ir.Value // no view's result: computed, a parameter, or known
	view lane.View
}

// grouping sorts the nodes of a graph into groups.
//
// A lane node joins the last group of its size unless it needs something that is complete only
// later. It may be put before groups that are already there: what it needs comes earlier still.
type grouping struct {
	graph     *ir.Graph
	groups    []*group
	from      []source    // by value
	made      []int       // by value: the group that computes it, -1 for parameters
	last      map[int]int // the last lane group of each size
	partition *partition
}

func newGrouping(g *ir.Graph) *grouping {
	gr := &grouping{graph: g, last: map[int]int{}, partition: newPartition(g)}
	gr.from = make([]source, g.NumValues())
	gr.made = make([]int, g.NumValues())
	for _, v := range g.In() {
		gr.from[v.ID()] = direct(v)
		gr.made[v.ID()] = -1
	}
	for i, n := range g.Nodes() {
		gr.add(i, n)
	}
	return gr
}

func direct(v ir.Value) source {
	return source{v, lane.Whole(v.Type().Shape)}
}

// source is where v comes from.
func (gr *grouping) source(v ir.Value) source {
	if v.IsKnown() {
		return direct(v)
	}
	return gr.from[v.ID()]
}

// inLane says whether each of the given number of lanes finds its part of v in what it has of v's
// base: element i of either, if there are as many elements as lanes.
func (gr *grouping) inLane(v ir.Value, lanes int) bool {
	s := gr.source(v)
	if s.base.Size() == lanes && v.Size() == lanes {
		return s.view.IsWhole(v.Type().Shape)
	}
	p, ok := s.view.Parted(v.Type().Shape, lanes)
	return ok && s.base.Size()%lanes == 0 && p.Within(s.base.Size()/lanes)
}

// add puts node number i into a group.
func (gr *grouping) add(i int, n ir.Node) {
	size, isLane := elements(n)
	if op, ok := n.Op.(lane.Viewer); ok {
		s := gr.source(n.In[0])
		if view, ok := op.View(n.In[0].Type(), s.view); ok {
			gr.from[n.Out[0].ID()] = source{s.base, view}
			return
		}
		// The elements in order under another shape: lane i copies element i.
		size, isLane = n.Out[0].Size(), true
	}
	for _, v := range n.Out {
		gr.from[v.ID()] = direct(v)
	}
	at, divided := gr.addPart(i, n)
	if !divided && isLane {
		at = gr.lanes(size, n)
	}
	if divided || isLane {
		gr.groups[at].append(n)
	} else {
		gr.groups = append(gr.groups, &group{nodes: []ir.Node{n}})
		at = len(gr.groups) - 1
	}
	for _, v := range n.Out {
		gr.made[v.ID()] = at
	}
}

// lanes finds the group of the given size that n can join, or makes one.
func (gr *grouping) lanes(size int, n ir.Node) int {
	earliest := 0
	for _, v := range n.In {
		s := gr.source(v)
		if s.base.IsKnown() {
			continue
		}
		made := gr.made[s.base.ID()]
		inLane := gr.inLane(v, size)
		if made >= 0 && gr.groups[made].lanes && gr.groups[made].size == size && inLane {
			earliest = max(earliest, made)
		} else {
			earliest = max(earliest, made+1)
		}
	}
	joins := func(at int) bool {
		g := gr.groups[at]
		return at >= earliest && g.size == size && g.lanes && !g.divided &&
			len(g.nodes) < maxNodes && g.takes(n)
	}
	if _, _, ok := reduction(n); ok && earliest < len(gr.groups) && joins(earliest) {
		return earliest // what is reduced is made there
	}
	if at, ok := gr.last[size]; ok && joins(at) {
		return at
	}
	gr.groups = append(gr.groups, &group{lanes: true, size: size})
	gr.last[size] = len(gr.groups) - 1
	return len(gr.groups) - 1
}
