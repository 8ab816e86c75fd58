// Package ad is what a user writes with: arrays, operations on them, and transformers of
// functions, which differentiate, batch and compile them.
//
// A function is ordinary Go over Values. Grad, Jacobian, Hessian, Vmap and Jit take a function
// of one argument with one result and return another, so that they compose: Jit(Vmap(Grad(f))).
// The argument and the result are trees: a Value, or a struct, array, slice or map that holds
// Values. Several arguments are a struct; what is not an argument is closed over.
//
// On numbers an operation computes at once. Inside a transformer it is recorded, and the
// recording is what is differentiated, batched or compiled. A value in a recording is not known
// yet: Go's if and for cannot depend on it, and Cond, While, ForI, Scan and Where can.
//
// A mistake in shapes or element types panics with an *Error that names the user's own line.
package ad

import (
	"pullback/internal/record"
	"pullback/ir"
)

// Value is an array of numbers: known, or recorded and still to be computed. Values are
// immutable.
type Value = ir.Value

// DType is the type of an array's elements.
type DType = ir.DType

// The element types.
const (
	Float64 = ir.Float64
	Float32 = ir.Float32
	Int32   = ir.Int32
	Int64   = ir.Int64
	Uint32  = ir.Uint32
	Uint64  = ir.Uint64
	Bool    = ir.Bool
)

// Error is a programmer's mistake with its place: what operations panic with and JitChecked
// returns.
type Error = ir.UsageError

// NaNError names the first operation that made a NaN, with its place and its operands. Where the
// environment has PULLBACK_DEBUG=nan, operations panic with it and JitChecked returns it.
type NaNError = record.NaNError
