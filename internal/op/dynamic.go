package op

import (
	"fmt"
	"slices"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// A window is a block of an array at a place that is computed: starts has one int32 or int64
// scalar for each axis. A start that would let the window stand out is moved until it fits, as
// in JAX (but a negative start is not counted from the end: it becomes 0).
//
// Both operations have leading batch axes: x is [batch..., extents...], each start [batch...],
// and every problem of the batch has a window of its own.

// DynamicSlice is the window of the given sizes that begins at starts.
func DynamicSlice(x Value, starts []Value, sizes []int) Value {
	return dynamicSliceOf(x, starts, sizes, 0)
}

func dynamicSliceOf(x Value, starts []Value, sizes []int, batch int) Value {
	return record.Apply1(dynamicSlice{slices.Clone(sizes), batch}, append([]Value{x}, starts...)...)
}

// DynamicUpdateSlice is x with update, which has x's rank, in place of the window of update's
// shape that begins at starts.
func DynamicUpdateSlice(x, update Value, starts []Value) Value {
	return dynamicUpdateSliceOf(x, update, starts, 0)
}

func dynamicUpdateSliceOf(x, update Value, starts []Value, batch int) Value {
	return record.Apply1(dynamicUpdateSlice{batch}, append([]Value{x, update}, starts...)...)
}

type dynamicSlice struct {
	Sizes     []int
	BatchAxes int // the number of batch axes
}

var (
	_ record.Linear = dynamicSlice{}
	_ record.Sharer = dynamicSlice{}
	_ lane.Preparer = dynamicSlice{}
)

func (dynamicSlice) Name() string { return "dynamic_slice" }

func (o dynamicSlice) Type(in []ir.Type) ([]ir.Type, error) {
	if len(in) == 0 {
		return nil, arity(1, 0)
	}
	if err := checkWindow(in[0], o.Sizes, in[1:], o.BatchAxes); err != nil {
		return nil, err
	}
	shape := append(slices.Clone(in[0].Shape[:o.BatchAxes]), o.Sizes...)
	return []ir.Type{{DType: in[0].DType, Shape: shape}}, nil
}

func (o dynamicSlice) Eval(in, out []ir.Array) { evalPrepared(o, in, out) }

func (o dynamicSlice) Prepare(in []ir.Type, at []lane.View) (
	eval func(in, out []ir.Array), ok bool) {
	w := windowsOf(in[0], o.Sizes, o.BatchAxes)
	window := newMovement(o.Sizes, lane.Whole(o.Sizes), lane.View{Strides: w.strides})
	return func(in, out []ir.Array) {
		m := window
		for i := range w.problems {
			m.write, m.read = i*w.size, w.at(in[1:], i)
			m.run(out[0], in[0])
		}
	}, allWhole(in, at)
}

func (o dynamicSlice) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	return shareView(in, out)
}

func (o dynamicSlice) JVP(x, _ []Value, dx []record.Tangent) []record.Tangent {
	return record.Some(dynamicSliceOf(dx[0].Value, x[1:], o.Sizes, o.BatchAxes))
}

func (o dynamicSlice) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	out := make([]record.Tangent, len(x))
	out[0].Value = dynamicUpdateSliceOf(Zeros(x[0].Type), ct[0].Value, valuesOf(x[1:]), o.BatchAxes)
	return out
}

// valuesOf lists the values of operands that are not linear.
func valuesOf(x []record.Operand) []Value {
	vs := make([]Value, len(x))
	for i, operand := range x {
		vs[i] = operand.Value
	}
	return vs
}

// Batch adds a batch axis where x has one.
func (o dynamicSlice) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	if !batched[0] {
		return o.gathered(n, x[0], alignBatch(n, x[1:], batched[1:]))
	}
	x = alignBatch(n, x, batched)
	return []Value{dynamicSliceOf(x[0], x[1:], o.Sizes, o.BatchAxes+1)}, nil
}

// gathered is the windows of one x for n batches of starts, without n copies of x: a gather of
// the elements, or of the blocks of them that the windows have whole.
func (o dynamicSlice) gathered(n int, x Value, starts []Value) ([]Value, []bool) {
	shape := x.Type().Shape
	lead, extents := shape[:o.BatchAxes], shape[o.BatchAxes:]
	cut := len(extents) // the axes that the window does not have whole end here
	for cut > 0 && extents[cut-1] == o.Sizes[cut-1] {
		cut--
	}
	if cut == 0 {
		return []Value{x}, []bool{false}
	}
	sizes := o.Sizes[:cut]
	strides := lane.RowMajor(extents[:cut])
	places := ir.Type{DType: ir.Int64, Shape: slices.Concat([]int{n}, lead, sizes)}
	index := Zeros(places)
	for a := range sizes {
		start := Convert(starts[a], ir.Int64)
		start = Min(Max(start, Zeros(start.Type())), filled(start.Type(), extents[a]-sizes[a]))
		first := Broadcast(start, places.Shape, Range(0, start.Type().Rank()))
		at := Add(first, Iota(places, len(lead)+1+a))
		index = Add(index, Mul(at, filled(places, strides[a])))
	}
	flat := slices.Concat(lead, []int{ir.Of(ir.Int64, extents[:cut]...).Size()}, extents[cut:])
	return gather{o.BatchAxes}.Batch(n, []Value{Reshape(x, flat), index}, []bool{false, true})
}

// filled is the array of type t whose elements are all k.
func filled(t ir.Type, k int) Value { return ir.Known(ir.FillNumber(t, float64(k))) }

type dynamicUpdateSlice struct {
	BatchAxes int // the number of batch axes
}

var (
	_ record.Linear = dynamicUpdateSlice{}
	_ lane.Preparer = dynamicUpdateSlice{}
)

func (dynamicUpdateSlice) Name() string { return "dynamic_update_slice" }

func (o dynamicUpdateSlice) Type(in []ir.Type) ([]ir.Type, error) {
	if len(in) < 2 {
		return nil, arity(2, len(in))
	}
	x, update := in[0], in[1]
	if x.DType != update.DType {
		return nil, fmt.Errorf("the element types %v and %v differ; convert one with ad.Convert",
			x.DType, update.DType)
	}
	if x.Rank() != update.Rank() || o.BatchAxes < 0 || x.Rank() < o.BatchAxes ||
		!slices.Equal(x.Shape[:o.BatchAxes], update.Shape[:o.BatchAxes]) {
		return nil, fmt.Errorf("an update of shape %v is no window of the shape %v",
			update.Shape, x.Shape)
	}
	if err := checkWindow(x, update.Shape[o.BatchAxes:], in[2:], o.BatchAxes); err != nil {
		return nil, err
	}
	return in[:1], nil
}

func (o dynamicUpdateSlice) Eval(in, out []ir.Array) { evalPrepared(o, in, out) }

func (o dynamicUpdateSlice) Prepare(in []ir.Type, at []lane.View) (
	eval func(in, out []ir.Array), ok bool) {
	sizes := in[1].Shape[o.BatchAxes:]
	w := windowsOf(in[0], sizes, o.BatchAxes)
	window := newMovement(sizes, lane.View{Strides: w.strides}, lane.Whole(sizes))
	return func(in, out []ir.Array) {
		m := window
		ir.Copy(out[0], in[0])
		for i := range w.problems {
			m.write, m.read = w.at(in[2:], i), i*w.size
			m.run(out[0], in[1])
		}
	}, allWhole(in, at)
}

func (o dynamicUpdateSlice) JVP(x, _ []Value, dx []record.Tangent) []record.Tangent {
	return record.Some(dynamicUpdateSliceOf(dx[0].Dense(x[0].Type()), dx[1].Dense(x[1].Type()),
		x[2:], o.BatchAxes))
}

// Transpose gives x what is outside the window and update what is in it.
func (o dynamicUpdateSlice) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	out := make([]record.Tangent, len(x))
	starts, update := valuesOf(x[2:]), x[1].Type
	if x[0].Linear {
		out[0].Value = dynamicUpdateSliceOf(ct[0].Value, Zeros(update), starts, o.BatchAxes)
	}
	if x[1].Linear {
		out[1].Value = dynamicSliceOf(ct[0].Value, starts, update.Shape[o.BatchAxes:], o.BatchAxes)
	}
	return out
}

func (o dynamicUpdateSlice) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	x = alignBatch(n, x, batched)
	return []Value{dynamicUpdateSliceOf(x[0], x[1], x[2:], o.BatchAxes+1)}, nil
}

// checkWindow says what is wrong with a window of x of the given sizes.
func checkWindow(x ir.Type, sizes []int, starts []ir.Type, batch int) error {
	if batch < 0 || batch > x.Rank() {
		return fmt.Errorf("%v has no %d batch axes", x, batch)
	}
	extents := x.Shape[batch:]
	if len(starts) != len(extents) || len(sizes) != len(extents) {
		return fmt.Errorf("%d starts and %d sizes are given for the %d axes of the shape %v",
			len(starts), len(sizes), len(extents), extents)
	}
	for a, t := range starts {
		if err := checkIndices(t); err != nil {
			return fmt.Errorf("start %d: %w", a, err)
		}
		if !slices.Equal(t.Shape, x.Shape[:batch]) {
			return fmt.Errorf("start %d has shape %v and must have %v", a, t.Shape, x.Shape[:batch])
		}
		if sizes[a] < 0 || sizes[a] > extents[a] {
			return fmt.Errorf("a window of %d elements does not fit axis %d, which has %d",
				sizes[a], a, extents[a])
		}
	}
	return nil
}

// windows says where windows of given sizes can be in an array of one block for each problem.
type windows struct {
	problems, block int   // the number of problems, and the elements of each
	size            int   // of a window
	room            []int // by axis: how many places there are
	strides         []int
}

func windowsOf(x ir.Type, sizes []int, batch int) windows {
	size := func(shape []int) int { return ir.Of(ir.Bool, shape...).Size() }
	extents := x.Shape[batch:]
	w := windows{size(x.Shape[:batch]), size(extents), size(sizes), nil, lane.RowMajor(extents)}
	for a, n := range extents {
		w.room = append(w.room, n-sizes[a]+1)
	}
	return w
}

// at is where problem i's window begins.
func (w windows) at(starts []ir.Array, i int) int {
	at := i * w.block
	for a, s := range starts {
		at += clampIndex(indexAt(s, i), w.room[a]) * w.strides[a]
	}
	return at
}
