package dense

import (
	"math"
	"slices"
	"sync"

	"pullback/internal/lane"
	"pullback/internal/parallel"
	"pullback/ir"
)

// Kind is what a Reduction computes.
type Kind uint8

// The kinds of reduction. Max and Min are IEEE 754-2019 maximum and minimum: a NaN wins, and -0
// is less than +0. Sum, Product and Dot of integers wrap around. Of no elements Sum and Dot are 0,
// Product is 1, and Max and Min are the least and the greatest number, infinite for floats.
const (
	Sum Kind = iota
	Product
	Max
	Min
	Dot // the sum of products of two operands
)

// Reduction reduces the middle axis of arrays [Outer][N][Inner]. Several axes that lie next to
// each other are one. It keeps scratch from call to call and is safe for concurrent use.
//
// The order, for each output on its own, depends on N alone. The N elements are taken in blocks
// of 4096, the last maybe shorter. In a block element i goes into accumulator i mod 16, in order
// of i. An accumulator starts as its first element, for Dot as its first product, and takes the
// other products by fma. The accumulators that have an element are combined as a binary tree: 0
// with 1, 2 with 3, …, and the results likewise until one is left, an odd last one waiting for the
// next round. The results of the blocks are combined as a tree of the same form.
type Reduction[T ir.Number] struct {
	Kind            Kind
	Outer, N, Inner int

	tasks   parallel.Pool[reductionTask[T]]
	scratch sync.Pool // of *[]T, results of blocks
}

const (
	reductionBlock = lane.ReduceBlock
	accumulators   = lane.Accumulators
	// Wider rows are taken in strips of that many columns, whose accumulators stay in the
	// first-level cache.
	strip = 32
	// Elements below which dividing the work costs more than it saves.
	reductionGrain = 1 << 17
)

// Run reduces x, or for Dot x times y, to out of shape [Outer][Inner]. y is nil unless Dot.
func (r *Reduction[T]) Run(out, x, y []T) {
	check("Reduction", "out", len(out), r.Outer, r.Inner)
	check("Reduction", "x", len(x), r.Outer, r.N, r.Inner)
	if r.Kind == Dot {
		check("Reduction", "y", len(y), r.Outer, r.N, r.Inner)
	}
	if r.N == 0 {
		fill(out, identity[T](r.Kind))
		return
	}
	blocks := (r.N-1)/reductionBlock + 1
	t := reductionTask[T]{
		kind: r.Kind, n: r.N, inner: r.Inner, blocks: blocks,
		strips: (r.Inner + strip - 1) / strip,
		zero:   lane.Identity[T](lane.Add), out: out, x: x, y: y,
	}
	if blocks > 1 {
		scratch, _ := r.scratch.Get().(*[]T)
		if scratch == nil {
			scratch = new([]T)
		}
		defer r.scratch.Put(scratch)
		*scratch = slices.Grow((*scratch)[:0], r.Outer*blocks*r.Inner)
		t.out = (*scratch)[:r.Outer*blocks*r.Inner]
	}
	size := min(r.N, reductionBlock) * min(r.Inner, strip)
	r.tasks.For(r.Outer*blocks*t.strips, reductionGrain/max(size, 1), t)
	if blocks > 1 {
		for o := range r.Outer {
			results := t.out[o*blocks*r.Inner:][:blocks*r.Inner]
			tree(r.Kind, results, r.Inner)
			copy(out[o*r.Inner:][:r.Inner], results)
		}
	}
}

// reductionTask reduces x, seen as [outer][blocks][4096][inner], to out of shape
// [outer][blocks][inner]. Its range is over outer, blocks and strips of columns.
type reductionTask[T ir.Number] struct {
	kind                     Kind
	n, inner, blocks, strips int
	zero                     T // -0 of floats, which changes no sum
	out, x, y                []T
}

func (t reductionTask[T]) Run(lo, hi int) {
	var acc [accumulators * strip]T
	for i := lo; i < hi; i++ {
		block, column := i/t.strips, i%t.strips*strip
		o, row := block/t.blocks, block%t.blocks*reductionBlock
		rows, width := min(t.n-row, reductionBlock), min(t.inner-column, strip)
		used := min(rows, accumulators) * width
		t.accumulate(acc[:used], (o*t.n+row)*t.inner+column, rows, width)
		tree(t.kind, acc[:used], width)
		copy(t.out[block*t.inner+column:][:width], acc[:width])
	}
}

// accumulate takes rows of width elements, the first at x[at], into the accumulators, which are
// rows themselves.
func (t reductionTask[T]) accumulate(acc []T, at, rows, width int) {
	if t.kind == Dot {
		fill(acc, t.zero) // to which fma adds the first product
	}
	if width == t.inner {
		// The rows touch: 16 of them are like one long row.
		x := t.x[at:][:rows*width]
		if t.kind == Dot {
			lane.AddProducts(acc, x, t.y[at:][:rows*width])
		} else {
			copy(acc, x)
			combine(t.kind, acc, x[len(acc):])
		}
		return
	}
	for i := range rows {
		a, x := acc[i%accumulators*width:][:width], t.x[at+i*t.inner:][:width]
		switch {
		case t.kind == Dot:
			lane.AddProducts(a, x, t.y[at+i*t.inner:][:width])
		case i < accumulators:
			copy(a, x)
		default:
			combine(t.kind, a, x)
		}
	}
}

// tree combines rows of the given width into the first. Neighbours at a distance of 1, then 2,
// then 4, …: the tree of adjacent pairs, without moving an odd last row.
func tree[T ir.Number](kind Kind, rows []T, width int) {
	if width == 1 {
		treeOfNumbers(kind, rows)
		return
	}
	for d := width; d < len(rows); d *= 2 {
		for i := 0; i+d < len(rows); i += 2 * d {
			combine(kind, rows[i:][:width], rows[i+d:][:width])
		}
	}
}

// treeOfNumbers is tree for rows of one number, without a call for each.
func treeOfNumbers[T ir.Number](kind Kind, xs []T) {
	for n := len(xs); n > 1; n = (n + 1) / 2 {
		switch kind {
		case Sum, Dot:
			for i := range n / 2 {
				xs[i] = xs[2*i] + xs[2*i+1]
			}
		case Product:
			for i := range n / 2 {
				xs[i] = xs[2*i] * xs[2*i+1]
			}
		case Max:
			for i := range n / 2 {
				xs[i] = max(xs[2*i], xs[2*i+1])
			}
		case Min:
			for i := range n / 2 {
				xs[i] = min(xs[2*i], xs[2*i+1])
			}
		}
		if n%2 == 1 {
			xs[n/2] = xs[n-1]
		}
	}
}

// combine sets acc[i mod len(acc)] to its combination with x[i], in order of i.
func combine[T ir.Number](kind Kind, acc, x []T) {
	for len(x) > 0 {
		n := min(len(acc), len(x))
		a, v := acc[:n], x[:n]
		switch kind {
		case Sum, Dot:
			for i := range a {
				a[i] += v[i]
			}
		case Product:
			for i := range a {
				a[i] *= v[i]
			}
		case Max:
			for i := range a {
				a[i] = max(a[i], v[i])
			}
		case Min:
			for i := range a {
				a[i] = min(a[i], v[i])
			}
		}
		x = x[n:]
	}
}

// identity is the result for no elements.
func identity[T ir.Number](kind Kind) T {
	var least, greatest any
	switch any(T(0)).(type) {
	case float64:
		least, greatest = math.Inf(-1), math.Inf(1)
	case float32:
		least, greatest = float32(math.Inf(-1)), float32(math.Inf(1))
	case int32:
		least, greatest = int32(math.MinInt32), int32(math.MaxInt32)
	case int64:
		least, greatest = int64(math.MinInt64), int64(math.MaxInt64)
	case uint32:
		least, greatest = uint32(0), uint32(math.MaxUint32)
	case uint64:
		least, greatest = uint64(0), uint64(math.MaxUint64)
	}
	switch kind {
	case Product:
		return 1
	case Max:
		return least.(T)
	case Min:
		return greatest.(T)
	}
	return 0
}

// Any reduces the middle axis of x, of shape [outer][n][inner], to out of shape [outer][inner]:
// whether an element is true. Of no elements it is false.
func Any(out, x []bool, outer, n, inner int) { decide("Any", out, x, outer, n, inner, true) }

// All is like Any: whether every element is true. Of no elements it is true.
func All(out, x []bool, outer, n, inner int) { decide("All", out, x, outer, n, inner, false) }

// decide sets out to the deciding value where it occurs, else to the other.
func decide(function string, out, x []bool, outer, n, inner int, deciding bool) {
	check(function, "out", len(out), outer, inner)
	check(function, "x", len(x), outer, n, inner)
	fill(out, !deciding)
	for o := range outer {
		result := out[o*inner:][:inner]
		for i := range n {
			for j, v := range x[(o*n+i)*inner:][:inner] {
				if v == deciding {
					result[j] = deciding
				}
			}
		}
	}
}
