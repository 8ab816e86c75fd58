package ir

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
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

// MaxSize is the greatest number of elements of a Type: the address in bytes of each is an int. An
// array of so many can be a fill, which is one number in memory; others have MaxStored.
const MaxSize = math.MaxInt / 16

// MaxStored is the greatest number of elements of an array in memory. It is what the largest
// machines have; one element more is taken for a mistake, and refused while there is memory left
// to say so.
const MaxStored = min(1<<31, MaxSize)

// Size is the number of elements: the product of the shape, 1 for a scalar. It panics with a
// *UsageError for a type that Check refuses.
func (t Type) Size() int {
	n := 1
	for _, d := range t.Shape {
		high, low := bits.Mul(uint(n), uint(d))
		if high != 0 || low > MaxSize {
			panic(&UsageError{Pos: Here(1), Reason: t.Check().Error()})
		}
		n = int(low)
	}
	return n
}

// Check says what is wrong with a type: no element type, a negative extent, or more than MaxSize
// elements, empty axes left out of account so that strides, too, are ints.
func (t Type) Check() error {
	if t.DType.Bits() == 0 {
		return errors.New("there is no such element type")
	}
	size := uint(1)
	for _, d := range t.Shape {
		if d < 0 {
			return fmt.Errorf("the shape %v has a negative extent", t.Shape)
		}
		high, low := bits.Mul(size, uint(max(d, 1)))
		if high != 0 || low > MaxSize {
			return fmt.Errorf("the shape %v has more elements than any machine holds", t.Shape)
		}
		size = low
	}
	return nil
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
