package ir

import "fmt"

// DType is the type of an array's elements. The zero value is Float64, the default.
type DType uint8

// The element types, complete: a switch over them needs no default.
const (
	Float64 DType = iota
	Float32
	Int32
	Int64
	Uint32
	Uint64
	Bool
)

// DTypes lists every element type.
func DTypes() []DType { return []DType{Float64, Float32, Int32, Int64, Uint32, Uint64, Bool} }

// Element is a Go type that an array's elements can have.
type Element interface {
	float64 | float32 | int32 | int64 | uint32 | uint64 | bool
}

// Number is an Element that can be computed with.
type Number interface {
	float64 | float32 | int32 | int64 | uint32 | uint64
}

func (d DType) String() string {
	switch d {
	case Float64:
		return "float64"
	case Float32:
		return "float32"
	case Int32:
		return "int32"
	case Int64:
		return "int64"
	case Uint32:
		return "uint32"
	case Uint64:
		return "uint64"
	case Bool:
		return "bool"
	}
	return fmt.Sprintf("DType(%d)", uint8(d))
}

// IsFloat says whether d has derivatives.
func (d DType) IsFloat() bool { return d == Float64 || d == Float32 }

// IsInteger says whether d is a signed or unsigned integer.
func (d DType) IsInteger() bool { return d >= Int32 && d <= Uint64 }

// IsSigned says whether d has negative numbers.
func (d DType) IsSigned() bool { return d <= Int64 }

// Bits is the width of one element; a bool counts as 8.
func (d DType) Bits() int {
	switch d {
	case Float64, Int64, Uint64:
		return 64
	case Float32, Int32, Uint32:
		return 32
	case Bool:
		return 8
	}
	return 0
}

// DTypeOf is the DType of a Go element type.
func DTypeOf[T Element]() DType {
	var zero T
	switch any(zero).(type) {
	case float64:
		return Float64
	case float32:
		return Float32
	case int32:
		return Int32
	case int64:
		return Int64
	case uint32:
		return Uint32
	case uint64:
		return Uint64
	}
	return Bool
}
