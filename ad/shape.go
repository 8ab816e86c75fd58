package ad

import (
	"slices"

	"pullback/internal/op"
)

// axis turns an axis counted from the end (-1 is the last) into one counted from the front.
func axis(name string, x Value, a, rank int) int {
	k := a
	if k < 0 {
		k += rank
	}
	switch {
	case rank == 0:
		panic(mistake(name, []Value{x}, "there is no axis %d; a scalar has none", a))
	case k < 0 || k >= rank:
		panic(mistake(name, []Value{x}, "there is no axis %d; axes go from 0 to %d, or from -1 "+
			"to %d counted from the end", a, rank-1, -rank))
	}
	return k
}

// axesOf lists the axes meant: all, if none is named.
func axesOf(name string, x Value, axes []int) []int {
	rank := x.Type().Rank()
	if len(axes) == 0 {
		return op.Range(0, rank)
	}
	out := make([]int, len(axes))
	for i, a := range axes {
		out[i] = axis(name, x, a, rank)
		if slices.Contains(out[:i], out[i]) {
			panic(mistake(name, []Value{x}, "axis %d is named twice", out[i]))
		}
	}
	return out
}

// Reshape is x's elements in row-major order under another shape; one extent may be -1.
func Reshape(x Value, shape ...int) Value {
	shape = append([]int{}, shape...)
	open := slices.Index(shape, -1)
	if open < 0 {
		return op.Reshape(x, shape)
	}
	if slices.Contains(shape[open+1:], -1) {
		panic(mistake("reshape", []Value{x},
			"only one extent of %v can be -1, which stands for what is left", shape))
	}
	known := sizeOf("reshape", slices.Delete(slices.Clone(shape), open, open+1))
	if known == 0 || x.Size()%known != 0 {
		panic(mistake("reshape", []Value{x}, "%d elements do not divide into groups of %d, which "+
			"is what the other extents hold", x.Size(), known))
	}
	shape[open] = x.Size() / known
	return op.Reshape(x, shape)
}

// Transpose permutes the axes: axis i of the result is axis perm[i] of x. Without a permutation
// it reverses them.
func Transpose(x Value, perm ...int) Value {
	rank := x.Type().Rank()
	if len(perm) == 0 {
		for a := rank - 1; a >= 0; a-- {
			perm = append(perm, a)
		}
	}
	return op.Transpose(x, perm)
}

// MoveAxis brings one axis to another place and keeps the order of the others.
func MoveAxis(x Value, from, to int) Value {
	rank := x.Type().Rank()
	return op.MoveAxis(x, axis("move_axis", x, from, rank), axis("move_axis", x, to, rank))
}

// ExpandDims inserts an axis of one element.
func ExpandDims(x Value, at int) Value {
	return op.ExpandDims(x, axis("expand_dims", x, at, x.Type().Rank()+1))
}

// BroadcastTo repeats x to a shape, by NumPy's rule.
func BroadcastTo(x Value, shape ...int) Value {
	if common, ok := commonShape(x.Type().Shape, shape); !ok || len(common) != len(shape) {
		panic(mistake("broadcast", []Value{x}, "it does not broadcast to %v", shape))
	}
	return broadcastTo(x, shape)
}

func refuseNone(name string, xs []Value) {
	if len(xs) == 0 {
		panic(mistake(name, nil, "there is nothing to join; give at least one Value"))
	}
}

// Concatenate joins arrays along an axis.
func Concatenate(a int, xs ...Value) Value {
	refuseNone("concatenate", xs)
	return op.Concatenate(axis("concatenate", xs[0], a, xs[0].Type().Rank()), xs...)
}

// Stack joins arrays of one shape along a new axis.
func Stack(a int, xs ...Value) Value {
	refuseNone("stack", xs)
	return op.Stack(axis("stack", xs[0], a, xs[0].Type().Rank()+1), xs...)
}

// Slice is the elements from start up to and without limit, on every axis.
func Slice(x Value, start, limit []int) Value { return op.Slice(x, start, limit, nil) }

// Flip reverses the order of the elements along the given axes or all.
func Flip(x Value, axes ...int) Value { return op.Reverse(x, axesOf("flip", x, axes)...) }

// Pad puts zeros around x: along axis i there are low[i] before and high[i] after it.
func Pad(x Value, low, high []int) Value { return op.Pad(x, low, high, nil) }

// Squeeze drops the given axes, each of one element.
func Squeeze(x Value, axes ...int) Value {
	if len(axes) == 0 {
		return x
	}
	return op.Squeeze(x, axesOf("squeeze", x, axes)...)
}
