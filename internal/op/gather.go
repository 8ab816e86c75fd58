package op

import (
	"fmt"
	"math"
	"slices"

	"pullback/internal/lane"
	"pullback/internal/parallel"
	"pullback/internal/record"
	"pullback/ir"
)

// Gather and ScatterAdd are each other's transpose. Both have leading batch axes, along which
// every problem has indices of its own:
//
//	x        [batch..., n, rest...]
//	indices  [batch..., places...]           int32 or int64
//	gathered [batch..., places..., rest...]
//
// An index outside [0, n) is moved to the nearest one inside, in both, so that they stay each
// other's transpose and no update is silently dropped. (JAX's default is to read NaN there, and
// not to write.)

// Gather is x[indices] along the first axis after batch leading ones.
func Gather(x, indices Value, batch int) Value {
	return record.Apply1(gather{batch}, x, indices)
}

// ScatterAdd is x with updates added at the indices along the first axis after batch leading
// ones. Updates for one place are added one after the other, in the order of the indices.
func ScatterAdd(x, indices, updates Value, batch int) Value {
	return record.Apply1(scatterAdd{batch}, x, indices, updates)
}

type gather struct {
	BatchAxes int // the number of batch axes
}

var (
	_ record.Linear       = gather{}
	_ lane.Preparer       = gather{}
	_ lane.PrivateLowerer = gather{}
	_ record.Sharer       = gather{}
)

func (gather) Name() string { return "gather" }

func (o gather) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(2, len(in)); err != nil {
		return nil, err
	}
	shape, err := gatheredShape(in[0], in[1], o.BatchAxes)
	return []ir.Type{{DType: in[0].DType, Shape: shape}}, err
}

// gatheredShape is [batch..., places..., rest...].
func gatheredShape(x, index ir.Type, batch int) ([]int, error) {
	if err := checkIndices(index); err != nil {
		return nil, err
	}
	if batch < 0 || x.Rank() <= batch {
		return nil, fmt.Errorf("%v has no axis %d to take from", x, batch)
	}
	if index.Rank() < batch || !slices.Equal(index.Shape[:batch], x.Shape[:batch]) {
		return nil, fmt.Errorf("the first %d extents of %v and of the indices %v differ",
			batch, x.Shape, index.Shape)
	}
	if x.Shape[batch] == 0 && index.Size() > 0 {
		return nil, fmt.Errorf("axis %d of %v has no elements to index", batch, x)
	}
	return slices.Concat(index.Shape, x.Shape[batch+1:]), nil
}

func checkIndices(t ir.Type) error {
	if t.DType != ir.Int32 && t.DType != ir.Int64 {
		return fmt.Errorf("an index is int32 or int64, not %v; convert it with ad.Convert", t.DType)
	}
	return nil
}

// blocks says where in x the blocks are that indices name.
type blocks struct {
	n, places int // of one problem
	size      int // of a block
}

func blocksOf(x, index ir.Type, batch int) blocks {
	size := func(shape []int) int { return ir.Of(x.DType, shape...).Size() }
	return blocks{x.Shape[batch], size(index.Shape[batch:]), size(x.Shape[batch+1:])}
}

// at is where the block of index i begins.
func (b blocks) at(index ir.Array, i int) int {
	return (i/b.places*b.n + clampIndex(indexAt(index, i), b.n)) * b.size
}

// indexAt is element i of an int32 or int64 array that is no fill.
func indexAt(a ir.Array, i int) int {
	if a.Type().DType == ir.Int32 {
		return int(ir.Stored[int32](a)[i])
	}
	// Where int has 32 bits the ends of its range are out of range as well.
	return int(max(math.MinInt, min(math.MaxInt, ir.Stored[int64](a)[i])))
}

// clampIndex is the index in [0, n) that is nearest to k.
func clampIndex(k, n int) int { return max(0, min(k, n-1)) }

func (o gather) Eval(in, out []ir.Array) { evalPrepared(o, in, out) }

func (o gather) Prepare(in []ir.Type, at []lane.View) (eval func(in, out []ir.Array), ok bool) {
	b := blocksOf(in[0], in[1], o.BatchAxes)
	n := in[1].Size()
	pool := new(parallel.Pool[gatherTask])
	return func(in, out []ir.Array) {
		pool.For(n, evalGrain/max(b.size, 1), gatherTask{b, in[0], in[1], out[0]})
	}, allWhole(in, at)
}

// gatherTask is one evaluation; its range is over the indices.
type gatherTask struct {
	blocks
	x, index, out ir.Array
}

func (t gatherTask) Run(lo, hi int) {
	for i := lo; i < hi; i++ {
		ir.CopyRange(t.out, i*t.size, t.x, t.at(t.index, i), t.size)
	}
}

// Share takes from equal elements without looking where.
func (o gather) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) { return shareView(in, out) }

// Private gives each lane blocks of its own to take from, by indices of its own.
func (o gather) Private(lanes int, in []ir.Type) (p lane.Private, ok bool) {
	g := blocksOf(in[0], in[1], o.BatchAxes)
	problems := ir.Of(ir.Bool, in[0].Shape[:o.BatchAxes]...).Size()
	return privateStack(problems, lanes, g.places*g.n*(g.size+1), in,
		func(b *lane.Builder, x [][]lane.Value) [][]lane.Value {
			var out []lane.Value
			for _, index := range x[1] {
				out = append(out, takeBlock(b, x[0], g.n, g.size, index)...)
			}
			return [][]lane.Value{out}
		})
}

// takeBlock selects the block, of n of the given size, that is nearest to the one of the index.
func takeBlock(b *lane.Builder, x []lane.Value, n, size int, index lane.Value) []lane.Value {
	out := append([]lane.Value{}, x[:size]...)
	for k := 1; k < n; k++ {
		below := b.Less(index, b.Int(b.Type(index), int64(k)))
		for i := range out {
			out[i] = b.Select(below, out[i], x[k*size+i])
		}
	}
	return out
}

func (o gather) JVP(x, _ []Value, dx []record.Tangent) []record.Tangent {
	return record.Some(Gather(dx[0].Value, x[1], o.BatchAxes))
}

func (o gather) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	return []record.Tangent{
		some(ScatterAdd(Zeros(x[0].Type), x[1].Value, ct[0].Value, o.BatchAxes)), {},
	}
}

// Batch adds a batch axis where x has one. Where only the indices have one it is one more axis
// of places, so that x is not repeated.
func (o gather) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	if batched[0] {
		x = alignBatch(n, x, batched)
		return []Value{Gather(x[0], x[1], o.BatchAxes+1)}, nil
	}
	y := Gather(x[0], MoveAxis(x[1], 0, o.BatchAxes), o.BatchAxes)
	return []Value{MoveAxis(y, o.BatchAxes, 0)}, nil
}

type scatterAdd struct {
	BatchAxes int // the number of batch axes
}

var (
	_ record.Linear = scatterAdd{}
	_ lane.Preparer = scatterAdd{}
)

func (scatterAdd) Name() string { return "scatter_add" }

func (o scatterAdd) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(3, len(in)); err != nil {
		return nil, err
	}
	if _, err := numbers(2, []ir.DType{in[0].DType, in[2].DType}); err != nil {
		return nil, err
	}
	shape, err := gatheredShape(in[0], in[1], o.BatchAxes)
	if err == nil && !slices.Equal(in[2].Shape, shape) {
		err = fmt.Errorf("the updates have shape %v and must have %v: "+
			"a block of the operand for each index", in[2].Shape, shape)
	}
	return in[:1], err
}

func (o scatterAdd) Eval(in, out []ir.Array) { evalPrepared(o, in, out) }

func (o scatterAdd) Prepare(in []ir.Type, at []lane.View) (eval func(in, out []ir.Array), ok bool) {
	b := blocksOf(in[0], in[1], o.BatchAxes)
	return func(in, out []ir.Array) {
		ir.Copy(out[0], in[0])
		switch out[0].Type().DType {
		case ir.Float64:
			addBlocks[float64](b, in[1], in[2], out[0])
		case ir.Float32:
			addBlocks[float32](b, in[1], in[2], out[0])
		case ir.Int32:
			addBlocks[int32](b, in[1], in[2], out[0])
		case ir.Int64:
			addBlocks[int64](b, in[1], in[2], out[0])
		case ir.Uint32:
			addBlocks[uint32](b, in[1], in[2], out[0])
		case ir.Uint64:
			addBlocks[uint64](b, in[1], in[2], out[0])
		}
		canonicalise(out[0])
	}, allWhole(in, at)
}

func addBlocks[T ir.Number](b blocks, index, updates, out ir.Array) {
	us, ys := ir.Stored[T](updates), ir.Stored[T](out)
	for i := range index.Len() {
		block := ys[b.at(index, i):][:b.size]
		for j, u := range us[i*b.size:][:b.size] {
			block[j] += u
		}
	}
}

func (o scatterAdd) JVP(x, _ []Value, dx []record.Tangent) []record.Tangent {
	if dx[2].IsZero() {
		return dx[:1]
	}
	return record.Some(ScatterAdd(dx[0].Dense(x[0].Type()), x[1], dx[2].Value, o.BatchAxes))
}

func (o scatterAdd) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	out := []record.Tangent{ct[0], {}, {}}
	if x[2].Linear {
		out[2] = some(Gather(ct[0].Value, x[1].Value, o.BatchAxes))
	}
	return out
}

func (o scatterAdd) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	x = alignBatch(n, x, batched)
	return []Value{ScatterAdd(x[0], x[1], x[2], o.BatchAxes+1)}, nil
}
