package ad

import "pullback/internal/op"

// At is element i along the leading axis; i may count from the end.
func At(x Value, i int) Value {
	t := x.Type()
	if t.Rank() == 0 {
		panic(mistake("at", []Value{x}, "a scalar has no elements to choose from"))
	}
	n := t.Shape[0]
	if i < -n || i >= n {
		panic(mistake("at", []Value{x}, "there is no element %d; there are %d, counted from 0", i,
			n))
	}
	if i < 0 {
		i += n
	}
	start, limit := make([]int, t.Rank()), x.Shape()
	start[0], limit[0] = i, i+1
	return op.Reshape(op.Slice(x, start, limit, nil), t.Shape[1:])
}

// DynamicSlice is a part of x of the given sizes that begins at computed indices, one integer
// scalar an axis; they are clamped so that the part lies inside x.
func DynamicSlice(x Value, start []Value, sizes ...int) Value {
	return op.DynamicSlice(x, start, sizes)
}

// Take picks elements along an axis by integer indices, which are clamped into the range.
func Take(x, indices Value, a int) Value {
	return op.Take(x, indices, axis("take", x, a, x.Type().Rank()))
}

// DynamicUpdateSlice is x with update, which has x's rank, in place of the part of update's shape
// that begins at computed indices, clamped as those of DynamicSlice.
func DynamicUpdateSlice(x, update Value, start []Value) Value {
	return op.DynamicUpdateSlice(x, update, start)
}

// ScatterAdd is x with updates added at integer indices along the leading axis: updates has the
// shape of indices, followed by that of an element of x. Indices are clamped into the range, and
// updates for one place are added one after the other.
func ScatterAdd(x, indices, updates Value) Value { return op.ScatterAdd(x, indices, updates, 0) }
