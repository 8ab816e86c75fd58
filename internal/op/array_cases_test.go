package op_test

import (
	"fmt"
	"math"

	"pullback/internal/op"
	"pullback/internal/optest"
	"pullback/ir"
)

// The primitives that move elements or combine them along axes: with axes in every position,
// for every element type that they take, and without any elements.

// spread is an array of numbers in [-2, 2], those next to each other far apart; up to 101 of them
// are distinct.
func spread(shape ...int) ir.Array {
	a := ir.NewArray(ir.Of(ir.Float64, shape...))
	for i := range ir.Stored[float64](a) {
		ir.Stored[float64](a)[i] = float64(i*37%101)/25 - 2
	}
	return a
}

// counted is an array of type d whose elements differ as far as d allows.
func counted(d ir.DType, shape ...int) ir.Array {
	xs := spread(shape...)
	for i := range ir.Stored[float64](xs) {
		ir.Stored[float64](xs)[i] = float64(i * 37 % 101 % (1 + 100*d.Bits()/16))
	}
	if d == ir.Bool {
		for i := range ir.Stored[float64](xs) {
			ir.Stored[float64](xs)[i] = float64(i / 2 % 2)
		}
	}
	return optest.FromFloats(ir.Of(d, shape...), ir.Data[float64](xs))
}

func longs(xs ...int64) ir.Array { return ir.Wrap(xs, len(xs)) }

func reductionCases() []optest.Case {
	var out []optest.Case
	add := func(name string, do func([]op.Value) []op.Value, in ...ir.Array) {
		out = append(out, optest.Case{Name: name, Do: do, In: in})
	}
	type reduction struct {
		name string
		do   func(x op.Value, axes ...int) op.Value
	}
	along := func(r reduction, axes ...int) func([]op.Value) []op.Value {
		return unary(func(x op.Value) op.Value { return r.do(x, axes...) })
	}
	ofNumbers := []reduction{
		{"sum", op.Sum}, {"prod", op.Prod}, {"max", op.ReduceMax}, {"min", op.ReduceMin},
	}
	for _, r := range ofNumbers {
		for _, axes := range [][]int{{0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}, {2, 1, 0}} {
			add(fmt.Sprint(r.name, axes), along(r, axes...), spread(2, 3, 4))
		}
		add(r.name+"/one element", along(r, 0), spread(1))
		add(r.name+"/many", along(r, 0), spread(67))
		add(r.name+"/no rows", along(r, 1), spread(0, 3))
		for _, d := range numbers {
			add(r.name+"/"+d.String(), along(r, 0), counted(d, 5, 2))
			out = append(out, optest.Case{Name: r.name + "/special " + d.String(), Do: along(r, 0),
				In: []ir.Array{special(d)}, ValuesOnly: true})
		}
		for _, shape := range [][]int{{4100, 2}, {2, 4100}, {2, 4100, 2}} {
			for axis := range shape {
				out = append(out, optest.Case{Name: fmt.Sprint(r.name, "/long", shape, axis),
					Do: along(r, axis), In: []ir.Array{spread(shape...)}, ValuesOnly: true})
			}
		}
	}
	for _, r := range ofNumbers[:2] {
		add(r.name+"/nothing", along(r, 0), spread(0))
		add(r.name+"/nothing between", along(r, 1), spread(2, 0, 3))
	}
	for zeros := 1; zeros <= 3; zeros++ {
		x := spread(7)
		for i := range zeros {
			ir.Stored[float64](x)[2*i] = 0
		}
		add(fmt.Sprint("prod/zeros ", zeros), along(ofNumbers[1], 0), x)
	}
	for _, r := range []reduction{{"any", op.Any}, {"all", op.All}} {
		for _, axes := range [][]int{{0}, {1}, {2}, {0, 2}} {
			add(fmt.Sprint(r.name, axes), along(r, axes...), counted(ir.Bool, 4, 2, 2))
		}
		add(r.name+"/nothing", along(r, 0), ir.NewArray(ir.Of(ir.Bool, 0, 2)))
	}
	for _, reverse := range []bool{false, true} {
		for axis := range 3 {
			do := unary(func(x op.Value) op.Value { return op.Cumsum(x, axis, reverse) })
			add(fmt.Sprint("cumsum", axis, reverse), do, spread(2, 3, 4))
			add(fmt.Sprint("cumsum/nothing", axis, reverse), do, spread(2, 0, 4))
			for _, d := range integers {
				add(fmt.Sprint("cumsum/", d, axis, reverse), do, counted(d, 2, 3, 2))
			}
		}
	}
	return out
}

func structureCases() []optest.Case {
	var out []optest.Case
	add := func(name string, do func(x op.Value) op.Value, shape ...int) {
		out = append(out, optest.Case{Name: name, Do: unary(do), In: []ir.Array{spread(shape...)}})
		for _, d := range ir.DTypes()[1:] {
			out = append(out, optest.Case{Name: name + "/" + d.String(), Do: unary(do),
				In: []ir.Array{counted(d, shape...)}, ValuesOnly: true})
		}
	}
	add("broadcast", func(x op.Value) op.Value {
		return op.Broadcast(x, []int{2, 4, 3, 2}, []int{0, 2})
	}, 2, 3)
	add("broadcast/scalar", func(x op.Value) op.Value { return op.Scalar(x, []int{2, 3}) })
	add("broadcast/nothing", func(x op.Value) op.Value {
		return op.Broadcast(x, []int{0, 3}, []int{1})
	}, 3)
	add("reshape", func(x op.Value) op.Value { return op.Reshape(x, []int{4, 3}) }, 2, 6)
	add("reshape/scalar", func(x op.Value) op.Value { return op.Reshape(x, nil) }, 1, 1)
	add("reshape/nothing", func(x op.Value) op.Value { return op.Reshape(x, []int{0, 7}) }, 2, 0)
	for _, perm := range [][]int{{0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		do := func(x op.Value) op.Value { return op.Transpose(x, perm) }
		add(fmt.Sprint("transpose", perm), do, 2, 3, 4)
		add(fmt.Sprint("transpose/nothing", perm), do, 2, 0, 4)
	}
	slice := func(start, limit, stride []int) func(op.Value) op.Value {
		return func(x op.Value) op.Value { return op.Slice(x, start, limit, stride) }
	}
	add("slice", slice([]int{1, 0}, []int{3, 4}, nil), 3, 5)
	add("slice/strides", slice([]int{0, 1}, []int{5, 7}, []int{2, 3}), 5, 8)
	add("slice/whole stride", slice([]int{0}, []int{5}, []int{9}), 5)
	add("slice/to nothing", slice([]int{1, 3}, []int{1, 5}, []int{2, 1}), 3, 5)
	add("slice/at the end", slice([]int{3, 0}, []int{3, 5}, nil), 3, 5)
	add("slice/of nothing", slice([]int{0, 1}, []int{0, 3}, []int{1, 2}), 0, 4)
	for _, axes := range [][]int{{0}, {1}, {2, 0}} {
		do := func(x op.Value) op.Value { return op.Reverse(x, axes...) }
		add(fmt.Sprint("reverse", axes), do, 2, 3, 4)
		add(fmt.Sprint("reverse/nothing", axes), do, 2, 0, 4)
	}
	pad := func(low, high, interior []int) func(op.Value) op.Value {
		return func(x op.Value) op.Value { return op.Pad(x, low, high, interior) }
	}
	add("pad", pad([]int{1, 0}, []int{0, 2}, nil), 2, 3)
	add("pad/interior", pad([]int{1, 0}, []int{2, 1}, []int{2, 1}), 3, 2)
	add("pad/one", pad([]int{0}, []int{0}, []int{5}), 1)
	add("pad/nothing", pad([]int{1, 0}, []int{2, 1}, []int{3, 1}), 0, 2)
	for axis := range 3 {
		for _, d := range ir.DTypes() {
			shape := func(n int) []int {
				s := []int{2, 3, 2}
				s[axis] = n
				return s
			}
			in := []ir.Array{
				counted(d, shape(2)...), counted(d, shape(0)...), counted(d, shape(3)...),
			}
			out = append(out, optest.Case{
				Name: fmt.Sprint("concatenate/", axis, d),
				Do: func(x []op.Value) []op.Value {
					return []op.Value{op.Concatenate(axis, x...), op.Stack(axis, x[2], x[2])}
				},
				In: in,
			})
		}
	}
	return append(out, optest.Case{Name: "iota", Do: func([]op.Value) []op.Value {
		return []op.Value{op.Iota(ir.Of(ir.Int32, 2, 3), 1)}
	}})
}

func indexingCases() []optest.Case {
	var out []optest.Case
	add := func(name string, do func([]op.Value) []op.Value, in ...ir.Array) {
		out = append(out, optest.Case{Name: name, Do: do, In: in})
	}
	// Some indices are out of range, some occur twice.
	indices := longs(2, -1, 0, 2, 7, 1)
	matrix := indices.Reshaped(2, 3)
	for _, k := range []struct {
		name string
		x    ir.Array
		at   ir.Array
		to   int // batch axes
	}{
		{"scalars", spread(3), indices, 0},
		{"rows", spread(3, 2), indices, 0},
		{"matrix of rows", spread(3, 2, 2), matrix, 0},
		{"one row", spread(3, 4), ir.Wrap([]int64{1}), 0},
		{"batch", spread(2, 4), matrix, 1},
		{"batch of rows", spread(2, 4, 3), matrix, 1},
		{"two batches", spread(2, 3, 4, 2), matrix, 2},
		{"int32", spread(3), ir.Wrap([]int32{2, math.MinInt32, 1, math.MaxInt32}, 4), 0},
		{"far", spread(3), longs(math.MinInt64, math.MaxInt64), 0},
		{"no indices", spread(3, 2), longs(), 0},
		{"no elements", spread(0, 2), longs(), 0},
		{"empty rows", spread(3, 0), indices, 0},
	} {
		do := binary(func(x, at op.Value) op.Value { return op.Gather(x, at, k.to) })
		add("gather/"+k.name, do, k.x, k.at)
		updates := spread(do([]op.Value{ir.Known(k.x), ir.Known(k.at)})[0].Type().Shape...)
		add("scatter_add/"+k.name, func(x []op.Value) []op.Value {
			return []op.Value{op.ScatterAdd(x[0], x[1], x[2], k.to)}
		}, k.x, k.at, updates)
	}
	for axis := range 3 {
		add(fmt.Sprint("take", axis), binary(func(x, at op.Value) op.Value {
			return op.Take(x, at, axis)
		}), spread(2, 3, 4), matrix)
	}
	for _, d := range ir.DTypes()[1:] {
		add("gather/"+d.String(), binary(func(x, at op.Value) op.Value {
			return op.Gather(x, at, 0)
		}), counted(d, 3, 2), indices)
		add("dynamic/"+d.String(), window(2), counted(d, 3, 4), counted(d, 2, 2),
			ir.Wrap([]int64{1}), ir.Wrap([]int64{9}))
		if d != ir.Bool {
			add("scatter_add/"+d.String(), func(x []op.Value) []op.Value {
				return []op.Value{op.ScatterAdd(x[0], x[1], x[2], 0)}
			}, counted(d, 3, 2), indices, counted(d, 6, 2))
		}
	}
	start := func(k int64) ir.Array { return ir.Wrap([]int64{k}) }
	add("dynamic/vector", window(1), spread(5), spread(2), start(3))
	add("dynamic/matrix", window(2), spread(3, 4), spread(2, 2), start(0), start(1))
	add("dynamic/row", window(2), spread(3, 4), spread(1, 4), start(2), start(0))
	add("dynamic/column", window(2), spread(3, 4), spread(3, 1), start(5), start(2))
	add("dynamic/before", window(2), spread(3, 4), spread(2, 2), start(-4), start(1))
	add("dynamic/beyond", window(2), spread(3, 4), spread(2, 2), start(1), start(math.MaxInt64))
	add("dynamic/block", window(3), spread(3, 2, 4), spread(2, 1, 4), start(1), start(1), start(0))
	add("dynamic/whole", window(2), spread(3, 4), spread(3, 4), start(1), start(1))
	add("dynamic/int32", window(1), spread(5), spread(2), ir.Wrap([]int32{2}))
	add("dynamic/nothing", window(2), spread(3, 4), spread(2, 0), start(1), start(1))
	add("dynamic/of nothing", window(2), spread(0, 4), spread(0, 2), start(1), start(1))
	add("dynamic/scalar", window(0), spread(), spread())
	return out
}

// window reads and writes a window: of x, update and starts it makes the window of x of update's
// shape, and x with update in it.
func window(rank int) func(x []op.Value) []op.Value {
	return func(x []op.Value) []op.Value {
		starts := x[2 : 2+rank]
		return []op.Value{
			op.DynamicSlice(x[0], starts, x[1].Shape()),
			op.DynamicUpdateSlice(x[0], x[1], starts),
		}
	}
}
