package op_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pullback/internal/lane"
	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// floatsIn is a float64 value of the given shape.
func floatsIn(shape []int, xs ...float64) op.Value { return ir.Known(ir.Wrap(xs, shape...)) }

func ints(xs ...int64) op.Value { return ir.Known(longs(xs...)) }

// filled is x everywhere in the given shape.
func filled(x float64, shape ...int) op.Value { return ir.Known(ir.Fill(x, shape...)) }

func scalarInt(x int64) op.Value { return ir.Known(ir.Wrap([]int64{x})) }

// to is 0, 1, ... in the given shape.
func to(shape ...int) op.Value {
	n := ir.Of(ir.Float64, shape...).Size()
	return op.Reshape(op.Iota(ir.Of(ir.Float64, n), 0), shape)
}

func TestArrayValues(t *testing.T) {
	x := to(2, 3) // 0 1 2 / 3 4 5
	nan, inf := math.NaN(), math.Inf(1)
	for _, c := range []struct {
		name  string
		got   op.Value
		shape []int
		want  []float64
	}{
		{"sum 0", op.Sum(x, 0), []int{3}, []float64{3, 5, 7}},
		{"sum 1", op.Sum(x, 1), []int{2}, []float64{3, 12}},
		{"sum 1 0", op.Sum(x, 1, 0), nil, []float64{15}},
		{"sum 0 2", op.Sum(to(2, 2, 2), 0, 2), []int{2}, []float64{0 + 1 + 4 + 5, 2 + 3 + 6 + 7}},
		{"sum of nothing", op.Sum(to(2, 0), 1), []int{2}, []float64{0, 0}},
		{"sum of a fill", op.Sum(filled(3, 2, 5), 1), []int{2}, []float64{15, 15}},
		{"prod", op.Prod(x, 1), []int{2}, []float64{0, 60}},
		{"prod of nothing", op.Prod(to(2, 0), 1), []int{2}, []float64{1, 1}},
		{"max", op.ReduceMax(x, 0), []int{3}, []float64{3, 4, 5}},
		{"min", op.ReduceMin(x, 1), []int{2}, []float64{0, 3}},
		{"max with NaN", op.ReduceMax(floatsIn([]int{3}, 1, nan, inf), 0), nil, []float64{nan}},
		{"any", op.Convert(op.Any(op.Less(x, filled(1, 2, 3)), 1), ir.Float64),
			[]int{2}, []float64{1, 0}},
		{"all", op.Convert(op.All(op.Less(x, filled(4, 2, 3)), 1), ir.Float64),
			[]int{2}, []float64{1, 0}},
		{"cumsum 0", op.Cumsum(x, 0, false), []int{2, 3}, []float64{0, 1, 2, 3, 5, 7}},
		{"cumsum 1", op.Cumsum(x, 1, false), []int{2, 3}, []float64{0, 1, 3, 3, 7, 12}},
		{"cumsum 1 reverse", op.Cumsum(x, 1, true), []int{2, 3}, []float64{3, 3, 2, 12, 9, 5}},
		{"reshape", op.Reshape(x, []int{3, 2}), []int{3, 2}, []float64{0, 1, 2, 3, 4, 5}},
		{"transpose", op.Transpose(x, []int{1, 0}), []int{3, 2}, []float64{0, 3, 1, 4, 2, 5}},
		{"slice", op.Slice(x, []int{1, 0}, []int{2, 3}, []int{1, 2}), []int{1, 2}, []float64{3, 5}},
		{"reverse", op.Reverse(x, 1), []int{2, 3}, []float64{2, 1, 0, 5, 4, 3}},
		{"pad", op.Pad(to(2), []int{1}, []int{2}, []int{1}), []int{6}, []float64{0, 0, 0, 1, 0, 0}},
		{"pad of nothing", op.Pad(to(0), []int{1}, []int{2}, []int{5}), []int{3},
			[]float64{0, 0, 0}},
		{"concatenate", op.Concatenate(1, x, to(2, 1)), []int{2, 4},
			[]float64{0, 1, 2, 0, 3, 4, 5, 1}},
		{"stack 0", op.Stack(0, to(2), to(2)), []int{2, 2}, []float64{0, 1, 0, 1}},
		{"stack 1", op.Stack(1, to(2), to(2)), []int{2, 2}, []float64{0, 0, 1, 1}},
		{"iota", op.Iota(ir.Of(ir.Float64, 2, 3), 0), []int{2, 3}, []float64{0, 0, 0, 1, 1, 1}},
		{"expand", op.ExpandDims(x, 2), []int{2, 3, 1}, []float64{0, 1, 2, 3, 4, 5}},
		{"squeeze", op.Squeeze(to(1, 2, 1), 0, 2), []int{2}, []float64{0, 1}},
		{"move axis", op.MoveAxis(to(2, 1, 2), 0, 2), []int{1, 2, 2}, []float64{0, 2, 1, 3}},
		{"take 0", op.Take(x, ints(1, 0, -3, 9), 0), []int{4, 3},
			[]float64{3, 4, 5, 0, 1, 2, 0, 1, 2, 3, 4, 5}},
		{"take 1", op.Take(x, ints(2, 0), 1), []int{2, 2}, []float64{2, 0, 5, 3}},
		{"take one", op.Take(x, scalarInt(1), 1), []int{2}, []float64{1, 4}},
		{"gather in a batch", op.Gather(x, ir.Known(longs(2, 0).Reshaped(2, 1)), 1), []int{2, 1},
			[]float64{2, 3}},
		{"scatter", op.ScatterAdd(to(3), ints(1, 1, 9, -9), floatsIn([]int{4}, 10, 20, 30, 40), 0),
			[]int{3}, []float64{40, 31, 32}},
		{"dynamic slice", op.DynamicSlice(x, []op.Value{scalarInt(-1), scalarInt(9)}, []int{1, 2}),
			[]int{1, 2}, []float64{1, 2}},
		{"dynamic update", op.DynamicUpdateSlice(x, floatsIn([]int{1, 2}, 8, 9),
			[]op.Value{scalarInt(1), scalarInt(1)}), []int{2, 3}, []float64{0, 1, 2, 3, 8, 9}},
	} {
		if !slices.Equal(c.got.Shape(), c.shape) || !equalOrNaN(c.got.Floats(), c.want) {
			t.Errorf("%s: got %v %v, want %v %v",
				c.name, c.got.Shape(), c.got.Floats(), c.shape, c.want)
		}
	}
}

func equalOrNaN(x, y []float64) bool {
	return slices.EqualFunc(x, y, func(a, b float64) bool { return a == b || a != a && b != b })
}

// TestPadKeepsSigns: what is padded is not taken for zeros that it is not.
func TestPadKeepsSigns(t *testing.T) {
	y := op.Pad(filled(math.Copysign(0, -1), 1), []int{1}, []int{0}, nil).Floats()
	if math.Signbit(y[0]) || !math.Signbit(y[1]) {
		t.Errorf("0 and -0 became %v", y)
	}
}

// TestReductionOrder holds sums and products to the order of lane.ReduceSlice, whatever the axes.
func TestReductionOrder(t *testing.T) {
	const n = 9000
	xs := make([]float64, n)
	for i := range xs {
		xs[i] = 1 + 1/float64(3+i*i%1009)
	}
	column := op.Broadcast(floatsIn([]int{n}, xs...), []int{n, 2}, []int{0})
	split := op.Broadcast(op.Reshape(floatsIn([]int{n}, xs...), []int{90, 100}),
		[]int{90, 2, 100}, []int{0, 2})
	for _, c := range []struct {
		do   func(op.Value, ...int) op.Value
		code lane.Code
	}{{op.Sum, lane.Add}, {op.Prod, lane.Mul}} {
		want := lane.ReduceSlice(c.code, xs)
		inOrder := xs[0]
		for _, x := range xs[1:] {
			if c.code == lane.Add {
				inOrder += x
			} else {
				inOrder *= x
			}
		}
		if want == inOrder {
			t.Error("the numbers do not tell orders apart")
		}
		for i, got := range []op.Value{
			c.do(floatsIn([]int{n}, xs...), 0), c.do(column, 0), c.do(split, 0, 2),
		} {
			if y := got.Floats()[0]; y != want {
				t.Errorf("code %v, layout %d: %v, want %v", c.code, i, y, want)
			}
		}
	}
}

// gradient is the derivative of a scalar function of x.
func gradient(f func(op.Value) op.Value, x op.Value) op.Value {
	g := record.Trace(unary(f), []ir.Type{x.Type()})
	y, lin := transform.Linearize(g, []ir.Value{x}, []bool{true})
	one := ir.Known(ir.FillNumber(y[0].Type(), 1))
	return lin.Transpose([]record.Tangent{{Value: one}}, 1)[0].Dense(x.Type())
}

func TestReductionGradients(t *testing.T) {
	sum0 := func(f func(op.Value, ...int) op.Value) func(op.Value) op.Value {
		return func(x op.Value) op.Value { return f(x, 0) }
	}
	for _, c := range []struct {
		name    string
		do      func(op.Value, ...int) op.Value
		x, want []float64
	}{
		{"prod", op.Prod, []float64{2, 3, 5}, []float64{15, 10, 6}},
		{"prod, a zero", op.Prod, []float64{2, 0, 5}, []float64{0, 10, 0}},
		{"prod, two zeros", op.Prod, []float64{0, 3, 0}, []float64{0, 0, 0}},
		{"prod of one", op.Prod, []float64{0}, []float64{1}},
		{"max", op.ReduceMax, []float64{1, 4, 2}, []float64{0, 1, 0}},
		{"max, a tie", op.ReduceMax, []float64{4, 1, 4, 4, 4}, []float64{.25, 0, .25, .25, .25}},
		{"min, a tie", op.ReduceMin, []float64{4, 1, 1}, []float64{0, .5, .5}},
	} {
		got := gradient(sum0(c.do), floatsIn([]int{len(c.x)}, c.x...)).Floats()
		if !equalOrNaN(got, c.want) {
			t.Errorf("%s: gradient %v, want %v", c.name, got, c.want)
		}
	}
}

// TestUnchanged: a constructor that would change nothing gives its operand.
func TestUnchanged(t *testing.T) {
	record.Trace(func(p []ir.Value) []ir.Value {
		x := p[0]
		for i, y := range []op.Value{
			op.Sum(x), op.Prod(x), op.ReduceMax(x), op.ReduceMin(x), op.Any(x), op.All(x),
			op.Reshape(x, []int{2, 3}), op.Transpose(x, []int{0, 1}), op.Reverse(x),
			op.Slice(x, []int{0, 0}, []int{2, 3}, nil), op.Pad(x, []int{0, 0}, []int{0, 0}, nil),
			op.Concatenate(1, x), op.MoveAxis(x, 1, 1), op.Squeeze(x),
			op.Broadcast(x, []int{2, 3}, []int{0, 1}),
		} {
			if y != x {
				t.Errorf("constructor %d made a node", i)
			}
		}
		return nil
	}, []ir.Type{ir.Of(ir.Float64, 2, 3)})
}

func TestArrayErrors(t *testing.T) {
	x, b := to(2, 3), op.Less(to(2), to(2))
	i := scalarInt(0)
	for _, c := range []struct {
		do   func()
		want string
	}{
		{func() { op.Sum(b, 0) },
			"reduce_sum(bool[2]): a bool is no number; convert it with ad.Convert, or use ad.Any"},
		{func() { op.Sum(x, 2) }, "the axes [2] are not distinct axes of float64[2,3]"},
		{func() { op.Prod(x, 1, 1) }, "the axes [1 1] are not distinct axes"},
		{func() { op.ReduceMax(to(2, 0), 1) }, "there is no greatest of no elements"},
		{func() { op.ReduceMin(b, 0) }, "a bool is no number"},
		{func() { op.Any(x, 0) }, "the elements are float64 and must be bools"},
		{func() { op.Cumsum(x, 2, false) }, "there is no axis 2 in an operand of rank 2"},
		{func() { op.Cumsum(b, 0, false) }, "a bool is no number"},
		{func() { op.Reshape(x, []int{4}) }, "6 elements do not fill the shape [4], which holds 4"},
		{func() { op.Reshape(x, []int{-2, -3}) }, "the shape [-2 -3] has a negative extent"},
		{func() { op.Squeeze(x, 0) }, "6 elements do not fill the shape [3]"},
		{func() { op.Transpose(x, []int{0, 0}) }, "[0 0] is no order of the 2 axes"},
		{func() { op.Transpose(x, []int{0}) }, "[0] is no order of the 2 axes"},
		{func() { op.Slice(x, []int{0, 2}, []int{2, 4}, nil) },
			"[2:4] is not within axis 1, which has 3 elements"},
		{func() { op.Slice(x, []int{0}, []int{2}, nil) }, "needed for each of 2 axes"},
		{func() { op.Slice(x, []int{0, 0}, []int{2, 3}, []int{1, 0}) },
			"the stride along axis 1 is 0"},
		{func() { op.Reverse(x, -1) }, "the axes [-1] are not distinct axes"},
		{func() { op.Pad(x, []int{0, -1}, []int{0, 0}, nil) }, "must not be negative"},
		{func() { op.Pad(x, []int{1}, []int{0}, nil) }, "needed for each of 2 axes"},
		{func() { op.Concatenate(0) }, "there is nothing to concatenate"},
		{func() { op.Concatenate(1, to(2)) }, "there is no axis 1 in an operand of rank 1"},
		{func() { op.Concatenate(0, x, to(2, 4)) },
			"the shapes [2 3] and [2 4] differ along other axes than 0"},
		{func() { op.Concatenate(0, x, to(3)) }, "the shapes [2 3] and [3] differ"},
		{func() { op.Concatenate(0, b, to(2)) }, "the element types bool and float64 differ"},
		{func() { op.Iota(ir.Of(ir.Bool, 2), 0) }, "bools do not count"},
		{func() { op.Iota(ir.Of(ir.Int64), 0) }, "there is no axis 0"},
		{func() { op.Gather(x, to(2), 0) }, "an index is int32 or int64, not float64"},
		{func() { op.Gather(x, i, 1) },
			"the first 1 extents of [2 3] and of the indices [] differ"},
		{func() { op.Gather(x, i, 2) }, "float64[2,3] has no axis 2 to take from"},
		{func() { op.Gather(to(0), i, 0) }, "axis 0 of float64[0] has no elements to index"},
		{func() { op.ScatterAdd(x, i, to(2), 0) }, "the updates have shape [2] and must have [3]"},
		{func() { op.ScatterAdd(x, i, b, 0) }, "the element types float64 and bool differ"},
		{func() { op.DynamicSlice(x, []op.Value{i}, []int{1, 1}) },
			"1 starts and 2 sizes are given for the 2 axes"},
		{func() { op.DynamicSlice(x, []op.Value{i, i}, []int{1, 4}) },
			"a window of 4 elements does not fit axis 1, which has 3"},
		{func() { op.DynamicSlice(x, []op.Value{i, ints(1)}, []int{1, 1}) },
			"start 1 has shape [1] and must have []"},
		{func() { op.DynamicSlice(x, []op.Value{i, to()}, []int{1, 1}) },
			"start 1: an index is int32 or int64, not float64"},
		{func() { op.DynamicUpdateSlice(x, to(2), []op.Value{i, i}) },
			"an update of shape [2] is no window of the shape [2 3]"},
		{func() { op.DynamicUpdateSlice(x, op.Convert(x, ir.Int32), []op.Value{i, i}) },
			"the element types float64 and int32 differ"},
		{func() { op.Broadcast(x, []int{2, 4}, []int{0, 1}) },
			"the shape [2 3] does not broadcast to [2 4]"},
	} {
		if got := mistake(c.do); !strings.Contains(got, c.want) {
			t.Errorf("got %q, want %q in it", got, c.want)
		}
	}
}

// mistake is what a *ir.UsageError that f panics with says.
func mistake(f func()) (said string) {
	defer func() {
		var u *ir.UsageError
		if err, ok := recover().(error); ok && errors.As(err, &u) {
			said = u.Error()
		}
	}()
	f()
	return "no panic"
}
