package ir

import (
	"fmt"
	"slices"
	"unsafe"
)

// Array is a block of numbers with a shape, in row-major order. A fill holds one element that
// stands for all: constants and zeros cost nothing, whatever their shape.
type Array struct {
	typ  Type
	data any  // []T for the T of typ.DType
	fill bool // data has one element, repeated
}

// NewArray is an array of zeros with memory of its own. It panics with a *UsageError where that
// would be more than MaxStored elements.
func NewArray(t Type) Array {
	n := t.Size()
	if n > MaxStored {
		panic(&UsageError{Pos: Here(1), Reason: fmt.Sprintf("the elements of a %v have to be "+
			"written out, and more than %d do not go into memory; compute with smaller parts of it",
			t, MaxStored)})
	}
	switch t.DType {
	case Float64:
		return Array{typ: t, data: make([]float64, n)}
	case Float32:
		return Array{typ: t, data: make([]float32, n)}
	case Int32:
		return Array{typ: t, data: make([]int32, n)}
	case Int64:
		return Array{typ: t, data: make([]int64, n)}
	case Uint32:
		return Array{typ: t, data: make([]uint32, n)}
	case Uint64:
		return Array{typ: t, data: make([]uint64, n)}
	case Bool:
		return Array{typ: t, data: make([]bool, n)}
	}
	panic("ir: " + t.DType.String() + " is no element type")
}

// Wrap is the array of the given shape over data, which it does not copy: whoever wraps gives
// the data away. It panics if the shape does not hold len(data) elements.
func Wrap[T Element](data []T, shape ...int) Array {
	t := Type{DTypeOf[T](), shape}
	if t.Size() != len(data) {
		panic(fmt.Sprintf("ir: %d elements do not fill %v", len(data), t))
	}
	return Array{typ: t, data: data}
}

// Fill is the array of shape t.Shape whose every element is x.
func Fill[T Element](x T, shape ...int) Array {
	return Array{typ: Type{DTypeOf[T](), shape}, data: []T{x}, fill: true}
}

// FillNumber is the array of type t whose every element is x converted to t's kind by Go's rules.
func FillNumber(t Type, x float64) Array {
	switch t.DType {
	case Float64:
		return Fill(x, t.Shape...)
	case Float32:
		return Fill(float32(x), t.Shape...)
	case Int32:
		return Fill(int32(x), t.Shape...)
	case Int64:
		return Fill(int64(x), t.Shape...)
	case Uint32:
		return Fill(uint32(x), t.Shape...)
	case Uint64:
		return Fill(uint64(x), t.Shape...)
	case Bool:
		return Fill(x != 0, t.Shape...)
	}
	panic("ir: " + t.DType.String() + " is no element type")
}

// Type is the array's element type and shape.
func (a Array) Type() Type { return a.typ }

// Len is the number of elements.
func (a Array) Len() int { return a.typ.Size() }

// IsFill says whether one element stands for all; Stored then has length one.
func (a Array) IsFill() bool { return a.fill }

// Reshaped is the same elements, in memory shared with a, under another shape of the same size.
func (a Array) Reshaped(shape ...int) Array {
	t := Type{a.typ.DType, shape}
	if t.Size() != a.Len() {
		panic(fmt.Sprintf("ir: %v does not reshape to %v", a.typ, t))
	}
	return Array{typ: t, data: a.data, fill: a.fill}
}

// Spread is the array of the given shape whose every element is a's one element; a has size one.
func (a Array) Spread(shape ...int) Array {
	if a.Len() != 1 && !a.fill {
		panic(fmt.Sprintf("ir: %v is not one element", a.typ))
	}
	return Array{typ: Type{a.typ.DType, shape}, data: a.data, fill: true}
}

// Dense is a itself, or a fill written out in full.
func (a Array) Dense() Array {
	if !a.fill {
		return a
	}
	out := NewArray(a.typ)
	Copy(out, a)
	return out
}

// Data is a's elements in row-major order: its own memory, not to be written by a reader, or
// for a fill a fresh slice. It panics if T is not a's element type.
func Data[T Element](a Array) []T { return a.Dense().data.([]T) }

// Stored is the memory of a: all elements, or the one of a fill.
func Stored[T Element](a Array) []T { return a.data.([]T) }

// Memory is Stored without its type: a []T.
func (a Array) Memory() any { return a.data }

// Clone is a copy of a with memory of its own.
func (a Array) Clone() Array {
	c := a
	switch d := a.data.(type) {
	case []float64:
		c.data = slices.Clone(d)
	case []float32:
		c.data = slices.Clone(d)
	case []int32:
		c.data = slices.Clone(d)
	case []int64:
		c.data = slices.Clone(d)
	case []uint32:
		c.data = slices.Clone(d)
	case []uint64:
		c.data = slices.Clone(d)
	case []bool:
		c.data = slices.Clone(d)
	}
	c.typ.Shape = slices.Clone(a.typ.Shape)
	return c
}

// Copy writes src over dst; both have the same element type and size, and dst is no fill.
func Copy(dst, src Array) {
	switch d := dst.data.(type) {
	case []float64:
		copyTo(d, src)
	case []float32:
		copyTo(d, src)
	case []int32:
		copyTo(d, src)
	case []int64:
		copyTo(d, src)
	case []uint32:
		copyTo(d, src)
	case []uint64:
		copyTo(d, src)
	case []bool:
		copyTo(d, src)
	}
}

func copyTo[T Element](dst []T, src Array) {
	from := src.data.([]T)
	if !src.fill {
		copy(dst, from)
		return
	}
	for i := range dst {
		dst[i] = from[0]
	}
}

// Number is element i as a float64; true is 1. Integers beyond 2^53 are rounded.
func (a Array) Number(i int) float64 {
	if a.fill {
		i = 0
	}
	switch d := a.data.(type) {
	case []float64:
		return d[i]
	case []float32:
		return float64(d[i])
	case []int32:
		return float64(d[i])
	case []int64:
		return float64(d[i])
	case []uint32:
		return float64(d[i])
	case []uint64:
		return float64(d[i])
	case []bool:
		if d[i] {
			return 1
		}
		return 0
	}
	panic("ir: the zero Array has no elements")
}

// Row is element i along the leading axis, in memory shared with a.
func (a Array) Row(i int) Array {
	t := Type{a.typ.DType, a.typ.Shape[1:]}
	if a.fill {
		return Array{typ: t, data: a.data, fill: true}
	}
	n := t.Size()
	lo, hi := i*n, (i+1)*n
	row := Array{typ: t}
	switch d := a.data.(type) {
	case []float64:
		row.data = d[lo:hi:hi]
	case []float32:
		row.data = d[lo:hi:hi]
	case []int32:
		row.data = d[lo:hi:hi]
	case []int64:
		row.data = d[lo:hi:hi]
	case []uint32:
		row.data = d[lo:hi:hi]
	case []uint64:
		row.data = d[lo:hi:hi]
	case []bool:
		row.data = d[lo:hi:hi]
	}
	return row
}

// Clear sets every element to zero or false; a is no fill.
func (a Array) Clear() {
	switch d := a.data.(type) {
	case []float64:
		clear(d)
	case []float32:
		clear(d)
	case []int32:
		clear(d)
	case []int64:
		clear(d)
	case []uint32:
		clear(d)
	case []uint64:
		clear(d)
	case []bool:
		clear(d)
	}
}

// CopyRange copies n elements of src from one index on to dst at another; neither is a fill.
func CopyRange(dst Array, to int, src Array, from, n int) {
	switch d := dst.data.(type) {
	case []float64:
		copy(d[to:to+n], src.data.([]float64)[from:])
	case []float32:
		copy(d[to:to+n], src.data.([]float32)[from:])
	case []int32:
		copy(d[to:to+n], src.data.([]int32)[from:])
	case []int64:
		copy(d[to:to+n], src.data.([]int64)[from:])
	case []uint32:
		copy(d[to:to+n], src.data.([]uint32)[from:])
	case []uint64:
		copy(d[to:to+n], src.data.([]uint64)[from:])
	case []bool:
		copy(d[to:to+n], src.data.([]bool)[from:])
	}
}

// Address is where a's memory begins: what executors work on, who must keep the array alive.
func (a Array) Address() unsafe.Pointer {
	switch d := a.data.(type) {
	case []float64:
		return unsafe.Pointer(unsafe.SliceData(d))
	case []float32:
		return unsafe.Pointer(unsafe.SliceData(d))
	case []int32:
		return unsafe.Pointer(unsafe.SliceData(d))
	case []int64:
		return unsafe.Pointer(unsafe.SliceData(d))
	case []uint32:
		return unsafe.Pointer(unsafe.SliceData(d))
	case []uint64:
		return unsafe.Pointer(unsafe.SliceData(d))
	case []bool:
		return unsafe.Pointer(unsafe.SliceData(d))
	}
	panic("ir: the zero Array has no elements")
}
