package interp

import (
	"math"

	"pullback/internal/lane"
	"pullback/ir"
)

// computeOp is the op of a code that computes, on operands of type t, to a result of type out.
func computeOp(code lane.Code, out, t ir.DType) op {
	switch code {
	case lane.Convert:
		return convertOp(t, out)
	case lane.Bitcast:
		return bitcastOp(t)
	case lane.Iota:
		return laneNumbers
	case lane.And, lane.Or, lane.Xor, lane.Not, lane.Select:
		switch t.Bits() {
		case 64:
			return bitOp[uint64](code, math.MaxUint64)
		case 32:
			return bitOp[uint32](code, math.MaxUint32)
		}
		return bitOp[uint8](code, 1)
	}
	switch t {
	case ir.Float64:
		if code == lane.FMA {
			return fma64
		}
		return floatOp[float64](code)
	case ir.Float32:
		if code == lane.FMA {
			return fma32
		}
		return floatOp[float32](code)
	case ir.Int32:
		return integerOp[int32](code)
	case ir.Int64:
		return integerOp[int64](code)
	case ir.Uint32:
		return integerOp[uint32](code)
	case ir.Uint64:
		return integerOp[uint64](code)
	}
	return nil
}

// sized is the one of three ops for a type's width.
func sized(t ir.DType, op8, op32, op64 op) op {
	switch t.Bits() {
	case 64:
		return op64
	case 32:
		return op32
	}
	return op8
}

func moveOp(t ir.DType) op { return sized(t, move[uint8], move[uint32], move[uint64]) }

// memoryOp is the op of a code that reads or writes elements of type t.
func memoryOp(code lane.Code, t ir.DType, indexed bool) op {
	switch code {
	case lane.ScratchLoad:
		return sized(t, scratchLoad[uint8], scratchLoad[uint32], scratchLoad[uint64])
	case lane.ScratchStore:
		return sized(t, scratchStore[uint8], scratchStore[uint32], scratchStore[uint64])
	case lane.Load:
		if indexed {
			return sized(t, gather[uint8], gather[uint32], gather[uint64])
		}
		return sized(t, load[uint8], load[uint32], load[uint64])
	}
	nan64, nan32 := math.Float64frombits(lane.NaN64), math.Float32frombits(lane.NaN32)
	switch {
	case t == ir.Float64 && indexed:
		return scatter(nan64)
	case t == ir.Float64:
		return store(nan64)
	case t == ir.Float32 && indexed:
		return scatter(nan32)
	case t == ir.Float32:
		return store(nan32)
	case indexed:
		return sized(t, scatter[uint8](0), scatter[uint32](0), scatter[uint64](0))
	}
	return sized(t, store[uint8](0), store[uint32](0), store[uint64](0))
}

// forms says which operands of a code may be uniform while its result varies, one form to a
// bit: bit f stands for form f.
func forms(code lane.Code) uint8 {
	switch code {
	case lane.Sub, lane.Div, lane.Less, lane.LessEqual:
		return 1<<0 | 1<<1 | 1<<2
	case lane.Add, lane.Mul, lane.Min, lane.Max, lane.Equal, lane.NotEqual, lane.And, lane.Or,
		lane.Xor, lane.Rem, lane.ShiftLeft, lane.ShiftRight, lane.Scale, lane.CopySign:
		return 1<<0 | 1<<2
	case lane.FMA, lane.Select:
		return 1<<0 | 1<<2 | 1<<4 | 1<<6
	case lane.ScratchLoad, lane.ScratchStore:
		return 1<<0 | 1<<1
	}
	return 1 << 0
}

// commutes says whether the first two operands of a code may be exchanged.
func commutes(code lane.Code) bool {
	switch code {
	case lane.Add, lane.Mul, lane.Min, lane.Max, lane.Equal, lane.NotEqual, lane.And, lane.Or,
		lane.Xor, lane.FMA:
		return true
	}
	return false
}
