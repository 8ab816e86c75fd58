package exec

import (
	"slices"

	"pullback/internal/lane"
	"pullback/ir"
)

// partReduction combines elements of parts, each result those at a number of places.
type partReduction struct {
	code            lane.Code
	results, length int
	indexed         bool // the places of each result have one stride
	stride          int
	at              func(result, i int) int
}

// unrolled is the number of elements up to which a reduction is written out; a longer one is a
// loop, if its operand can be read in that.
const unrolled = 64

// reduce divides a reduction along axes that are no lanes'.
func (d *divider) reduce(part *division, op lane.Reducer, n ir.Node, lanes int, in []form) bool {
	code, axes := op.Reduction(ir.TypesOf(n.In))
	shape := n.In[0].Type().Shape
	p, _ := lane.Whole(shape).Parted(shape, lanes)
	var along, kept lane.View
	var extents, outer []int
	for i, extent := range p.Shape {
		if slices.Contains(axes, i+p.Axes) {
			along.Strides, extents = append(along.Strides, p.Strides[i]), append(extents, extent)
		} else {
			kept.Strides, outer = append(kept.Strides, p.Strides[i]), append(outer, extent)
		}
	}
	if len(extents) != len(axes) || p.Cut && slices.Contains(axes, p.Axes) {
		return false
	}
	r := &partReduction{
		code: code, results: ir.Type{Shape: outer}.Size(), length: ir.Type{Shape: extents}.Size(),
		at: func(result, i int) int { return kept.At(outer, result) + along.At(extents, i) },
	}
	r.stride, r.indexed = along.Stride(extents)
	r.indexed = r.indexed && in[0].indexed && r.length > unrolled
	part.cost = r.results * r.length
	if r.indexed {
		part.cost = r.results * 3 * lane.Accumulators
	}
	if r.length > eager {
		part.sum = r
	}
	part.emit = func(e *partEmitter, in []array) []array {
		return reduceTogether(e.b, []*partReduction{r}, in)
	}
	return r.length <= lane.ReduceBlock
}

// reduceTogether is several reductions of as many results of as many elements. They take elements
// by turns: what is made for one is still at hand for the next.
func reduceTogether(b *lane.Builder, rs []*partReduction, in []array) []array {
	out := make([][]lane.Value, len(rs))
	for result := range rs[0].results {
		sums := make([]*lane.Accumulation, len(rs))
		for k, r := range rs {
			sums[k] = b.Accumulate(r.code)
		}
		take := func(lo, hi int) {
			for i := lo; i < hi; i++ {
				for k, r := range rs {
					sums[k].Take(in[k].own(r.at(result, i)))
				}
			}
		}
		lo, hi := 0, rs[0].length
		if !slices.ContainsFunc(rs, func(r *partReduction) bool { return !r.indexed }) {
			take(0, lane.Accumulators)
			lo = hi - hi%lane.Accumulators
			sumRounds(b, rs, in, result, lo/lane.Accumulators, sums)
		}
		take(lo, hi)
		for k, s := range sums {
			out[k] = append(out[k], s.Result())
		}
	}
	arrays := make([]array, len(rs))
	for k, ys := range out {
		arrays[k] = values(ys)
	}
	return arrays
}

// sumRounds takes the elements of rounds 1 to n, of as many elements as there are accumulators.
func sumRounds(b *lane.Builder, rs []*partReduction, in []array, result, n int,
	sums []*lane.Accumulation) {
	read := make([]func(lane.Value) lane.Value, len(rs))
	var init []lane.Value
	for k := range rs {
		read[k] = in[k].indexed()
		init = append(init, sums[k].Accumulators()...)
	}
	number := func(n int) lane.Value { return b.Int(ir.Int64, int64(n)) }
	end := b.For(n-1, init, func(round lane.Value, state []lane.Value) []lane.Value {
		next := slices.Clone(state)
		first := b.Mul(b.Add(round, number(1)), number(lane.Accumulators))
		for i := range lane.Accumulators {
			index := b.Add(first, number(i))
			places := map[int]lane.Value{} // by stride
			for k, r := range rs {
				at, ok := places[r.stride]
				if !ok {
					at = b.Add(b.Mul(index, number(r.stride)), number(r.at(result, 0)))
					places[r.stride] = at
				}
				acc := k*lane.Accumulators + i
				next[acc] = sums[k].Combine(next[acc], read[k](at))
			}
		}
		return next
	})
	for k := range rs {
		sums[k].Set(n*lane.Accumulators, end[k*lane.Accumulators:][:lane.Accumulators])
	}
}

// inOrder goes through operations in an order in which reductions that do not depend on each other
// come together, and what waits for neither, before them. Loops stay where they are. base is what
// holds a value's elements.
func inOrder(nodes []ir.Node, parts []division, base func(ir.Value) ir.Value,
	visit func(together []int)) {
	if !slices.ContainsFunc(parts, func(p division) bool { return p.sum != nil }) {
		all := make([]int, len(nodes))
		for k := range all {
			all[k] = k
			visit(all[k : k+1])
		}
		return
	}
	rank := map[ir.Value]int{} // how many reductions, one after the other, a value waits for
	var order []int
	key := make([]int, len(nodes))
	flush := func() {
		slices.SortStableFunc(order, func(a, b int) int { return key[a] - key[b] })
		for len(order) > 0 {
			n := 1
			for n < len(order) && parts[order[0]].sum.goesWith(parts[order[n]].sum) &&
				key[order[n]] == key[order[0]] {
				n++
			}
			visit(order[:n])
			order = order[n:]
		}
		clear(rank)
	}
	for k, n := range nodes {
		if isLoop(n) {
			flush()
			visit([]int{k})
			continue
		}
		r := 0
		for _, v := range n.In {
			if !v.IsKnown() {
				r = max(r, rank[base(v)])
			}
		}
		if key[k] = 2 * r; parts[k].sum != nil {
			key[k]++
			r++
		}
		for _, v := range n.Out {
			rank[v] = r
		}
		order = append(order, k)
	}
	flush()
}

// goesWith says whether two reductions can take elements by turns.
func (r *partReduction) goesWith(s *partReduction) bool {
	return r != nil && s != nil && r.results == s.results && r.length == s.length &&
		r.indexed == s.indexed
}

// emitTogether writes operations that inOrder gave together, and gives the results of each.
func emitTogether(e *partEmitter, parts []division, together []int, in [][]array) [][]array {
	if len(together) == 1 {
		return [][]array{parts[together[0]].emit(e, in[0])}
	}
	var sums []*partReduction
	var operands []array
	for i, k := range together {
		sums, operands = append(sums, parts[k].sum), append(operands, in[i][0])
	}
	out := make([][]array, len(together))
	for i, a := range reduceTogether(e.b, sums, operands) {
		out[i] = []array{a}
	}
	return out
}
