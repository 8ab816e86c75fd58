package interp

import (
	"math"

	"pullback/internal/lane"
	"pullback/ir"
)

// convertOp is the op of Convert from a type to another.
func convertOp(from, to ir.DType) op {
	switch from {
	case ir.Float64:
		return fromFloat[float64](to)
	case ir.Float32:
		return fromFloat[float32](to)
	case ir.Int32:
		return fromInteger[int32](to)
	case ir.Int64:
		return fromInteger[int64](to)
	case ir.Uint32:
		return fromInteger[uint32](to)
	case ir.Uint64:
		return fromInteger[uint64](to)
	}
	return fromInteger[uint8](to) // a Bool is a byte, 0 or 1
}

func fromFloat[S lane.Float](to ir.DType) op {
	switch to {
	case ir.Float64:
		return converted[S, float64]
	case ir.Float32:
		return converted[S, float32]
	case ir.Int32:
		return saturated[S, int32]
	case ir.Int64:
		return saturated[S, int64]
	case ir.Uint32:
		return saturated[S, uint32]
	case ir.Uint64:
		return saturated[S, uint64]
	}
	return nonzero[S]
}

func fromInteger[S lane.Integer | uint8](to ir.DType) op {
	switch to {
	case ir.Float64:
		return converted[S, float64]
	case ir.Float32:
		return converted[S, float32]
	case ir.Int32, ir.Uint32:
		return converted[S, uint32]
	case ir.Int64, ir.Uint64:
		return converted[S, uint64]
	}
	return nonzero[S]
}

// converted is Convert where Go's conversion does the same.
func converted[S, T ir.Number | uint8](f *frame, i *instr) {
	n := f.count[i.block&1]
	d, a := lanes[T](f, i.out, n), lanes[S](f, i.in[0], n)
	for k := range d {
		d[k] = T(a[k])
	}
}

// saturated is Convert from a float to an integer.
func saturated[S lane.Float, T lane.Integer](f *frame, i *instr) {
	n := f.count[i.block&1]
	d, a := lanes[T](f, i.out, n), lanes[S](f, i.in[0], n)
	for k := range d {
		d[k] = lane.Saturate[T](a[k])
	}
}

// nonzero is Convert to a Bool.
func nonzero[S ir.Number | uint8](f *frame, i *instr) {
	n := f.count[i.block&1]
	d, a := lanes[bool](f, i.out, n), lanes[S](f, i.in[0], n)
	for k := range d {
		d[k] = a[k] != 0
	}
}

// bitcastOp is the op of Bitcast from a type: a copy, or of a float one that looks for NaN.
func bitcastOp(from ir.DType) op {
	switch from {
	case ir.Float64:
		return canonical(math.Float64frombits(lane.NaN64))
	case ir.Float32:
		return canonical(math.Float32frombits(lane.NaN32))
	}
	return moveOp(from)
}

func canonical[T lane.Float](nan T) op {
	return func(f *frame, i *instr) {
		n := f.count[i.block&1]
		d, a := lanes[T](f, i.out, n), lanes[T](f, i.in[0], n)
		for k, x := range a {
			if x != x {
				x = nan
			}
			d[k] = x
		}
	}
}
