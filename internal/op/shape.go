package op

import "slices"

// Rearrangements that are made of others.

// ExpandDims is x with a new axis of one element at the given place.
func ExpandDims(x Value, axis int) Value {
	return Reshape(x, slices.Insert(x.Shape(), axis, 1))
}

// Squeeze is x without the given axes, which are distinct and have one element each; if one has
// more, Reshape says so.
func Squeeze(x Value, axes ...int) Value {
	shape := []int{}
	for _, a := range keptAxes(x.Type().Rank(), axes) {
		shape = append(shape, x.Type().Shape[a])
	}
	return Reshape(x, shape)
}

// MoveAxis is x with one axis at another place; the others keep their order.
func MoveAxis(x Value, from, to int) Value {
	perm := keptAxes(x.Type().Rank(), []int{from})
	return Transpose(x, slices.Insert(perm, to, from))
}

// Stack joins operands of one shape along a new axis.
func Stack(axis int, xs ...Value) Value {
	rows := make([]Value, len(xs))
	for i, x := range xs {
		rows[i] = ExpandDims(x, axis)
	}
	return Concatenate(axis, rows...)
}

// Take is x[indices] along an axis: the indices' axes take the place of that axis. Indices are
// int32 or int64, and one out of range is moved to the nearest one in it.
func Take(x, indices Value, axis int) Value {
	y := Gather(MoveAxis(x, axis, 0), indices, 0)
	// y is [places..., before..., after...].
	places, rank := indices.Type().Rank(), y.Type().Rank()
	perm := slices.Concat(Range(places, places+axis), Range(0, places), Range(places+axis, rank))
	return Transpose(y, perm)
}
