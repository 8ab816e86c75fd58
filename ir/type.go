package ir

import (
	"slices"
	"strconv"
	"strings"
)

// Type is what is known of an array before it is computed: its element type and its shape.
// A scalar has an empty shape.
type Type struct {
	DType DType
	Shape []int
}

// Of is the Type with the given element type and shape.
func Of(d DType, shape ...int) Type { return Type{d, shape} }

// Size is the number of elements: the product of the shape, 1 for a scalar.
func (t Type) Size() int {
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	return n
}

// Rank is the number of axes.
func (t Type) Rank() int { return len(t.Shape) }

// Equal says whether both element type and shape agree.
func (t Type) Equal(u Type) bool { return t.DType == u.DType && slices.Equal(t.Shape, u.Shape) }

// With is t with another element type.
func (t Type) With(d DType) Type { return Type{d, t.Shape} }

// Batched is t with a new leading axis of n elements.
func (t Type) Batched(n int) Type {
	return Type{t.DType, append([]int{n}, t.Shape...)}
}

// String is, for example, "float32[100,3]"; a scalar is "float32[]".
func (t Type) String() string {
	var s strings.Builder
	s.WriteString(t.DType.String())
	s.WriteByte('[')
	for i, d := range t.Shape {
		if i > 0 {
			s.WriteByte(',')
		}
		s.WriteString(strconv.Itoa(d))
	}
	s.WriteByte(']')
	return s.String()
}

// TypesOf lists the types of values.
func TypesOf(vs []Value) []Type {
	ts := make([]Type, len(vs))
	for i, v := range vs {
		ts[i] = v.Type()
	}
	return ts
}
