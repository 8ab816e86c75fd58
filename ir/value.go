package ir

import "fmt"

// Value is an array: either known, that is a block of numbers, or recorded, that is a result
// of a node in a Graph and known only when the graph runs. Values are immutable. The zero
// Value is no array; using it panics.
type Value struct {
	array *Array
	graph *Graph
	id    int
}

// Known is the Value of the given numbers. The array is not copied.
func Known(a Array) Value { return Value{array: &a} }

// IsValid is false for the zero Value only.
func (v Value) IsValid() bool { return v.array != nil || v.graph != nil }

// IsKnown says whether v is numbers rather than a result that is still to be computed.
func (v Value) IsKnown() bool { return v.array != nil }

// Graph is the graph that v is recorded in, nil if v is known.
func (v Value) Graph() *Graph { return v.graph }

// ID numbers the values of one graph from 0, in the order they were recorded.
func (v Value) ID() int { return v.id }

// Type is v's element type and shape.
func (v Value) Type() Type {
	switch {
	case v.array != nil:
		return v.array.typ
	case v.graph != nil:
		return v.graph.types[v.id]
	}
	panic(&UsageError{Pos: Here(1), Reason: "a Value was used that was never set; " +
		"make one with ad.Scalar, ad.Vector or another constructor"})
}

// DType is v's element type.
func (v Value) DType() DType { return v.Type().DType }

// Shape is v's shape, a copy.
func (v Value) Shape() []int { return append([]int(nil), v.Type().Shape...) }

// Size is v's number of elements.
func (v Value) Size() int { return v.Type().Size() }

// Array is the numbers of a known value, in memory shared with v: not to be written. It
// panics where v is recorded, since Go code cannot depend on what is not yet computed.
func (v Value) Array() Array {
	if v.array == nil {
		t := v.Type() // panics for the zero Value
		if v.graph.finished {
			panic(&UsageError{Pos: Here(1), Reason: fmt.Sprintf("the numbers of a %v were asked "+
				"for that outlived its recording: %s", t, outlived)})
		}
		panic(&UsageError{Pos: Here(1), Reason: fmt.Sprintf("the numbers of a recorded %v were "+
			"asked for; inside Grad, Vmap or Jit a value is known only when the program runs: "+
			"decide with ad.Cond, ad.While or ad.Where instead of Go's if and for", t)})
	}
	return *v.array
}

// Float is the one element of a known scalar, as a float64.
func (v Value) Float() float64 {
	a := v.Array()
	if a.Len() != 1 {
		panic(&UsageError{Pos: Here(1), Reason: fmt.Sprintf("Float needs one element, and this "+
			"is %v; choose one with ad.At, or read all with Floats", a.typ)})
	}
	return a.Number(0)
}

// Int is the one element of a known scalar of integers or bools, as an int.
func (v Value) Int() int {
	a := v.Array()
	instead := "use Float"
	if a.Len() != 1 {
		instead = "choose one with ad.At, or read all with Floats"
	}
	if a.Len() != 1 || a.typ.DType.IsFloat() {
		panic(&UsageError{Pos: Here(1),
			Reason: fmt.Sprintf("Int needs one integer, and this is %v; %s",
				a.typ, instead)})
	}
	switch d := a.data.(type) {
	case []int64:
		return int(d[0])
	case []uint64:
		return int(d[0])
	}
	return int(a.Number(0))
}

// Bool is the one element of a known scalar: true if it is not zero.
func (v Value) Bool() bool {
	a := v.Array()
	if a.Len() != 1 {
		panic(&UsageError{Pos: Here(1), Reason: fmt.Sprintf("Bool needs one element, and this is "+
			"%v; reduce it with ad.All or ad.Any, or choose one with ad.At", a.typ)})
	}
	return a.Number(0) != 0
}

// Floats is a copy of a known value's elements as float64, in row-major order.
func (v Value) Floats() []float64 {
	a := v.Array()
	out := make([]float64, a.Len())
	for i := range out {
		out[i] = a.Number(i)
	}
	return out
}

// Slice is a copy of a known value's elements, in row-major order. T must be its element type.
func Slice[T Element](v Value) []T {
	a := v.Array()
	if a.typ.DType != DTypeOf[T]() {
		panic(&UsageError{Pos: Here(1),
			Reason: fmt.Sprintf("a slice of %v was asked of a %v; convert it first",
				DTypeOf[T](), a.typ)})
	}
	return append([]T(nil), Data[T](a)...)
}
