package interp

import (
	"math"

	"pullback/internal/lane"
	"pullback/ir"
)

// reduceOp is the op of a reduction.
func reduceOp(code lane.Code, t ir.DType) op {
	switch t {
	case ir.Float64:
		return numberReduction(code, math.Float64frombits(lane.NaN64))
	case ir.Float32:
		return numberReduction(code, math.Float32frombits(lane.NaN32))
	case ir.Int32:
		return integerReduction[int32](code)
	case ir.Int64:
		return integerReduction[int64](code)
	case ir.Uint32:
		return integerReduction[uint32](code)
	case ir.Uint64:
		return integerReduction[uint64](code)
	}
	if code == lane.And {
		return reduction(true, false, func(acc *accumulators[bool], x, _ []bool) {
			for k, x := range x {
				acc[k%lane.Accumulators] = acc[k%lane.Accumulators] && x
			}
		})
	}
	return reduction(false, false, func(acc *accumulators[bool], x, _ []bool) {
		for k, x := range x {
			acc[k%lane.Accumulators] = acc[k%lane.Accumulators] || x
		}
	})
}

type accumulators[T any] [lane.Accumulators]T

func numberReduction[T ir.Number](code lane.Code, nan T) op {
	identity := lane.Identity[T](code)
	if code == lane.FMA {
		return reduction(identity, nan, func(acc *accumulators[T], x, y []T) {
			lane.AddProducts(acc[:], x, y)
		})
	}
	return reduction(identity, nan, func(acc *accumulators[T], x, _ []T) {
		lane.Accumulate(code, (*[lane.Accumulators]T)(acc), x)
	})
}

func integerReduction[T int32 | int64 | uint32 | uint64](code lane.Code) op {
	switch code {
	case lane.And:
		return reduction(^T(0), 0, func(acc *accumulators[T], x, _ []T) {
			for k, x := range x {
				acc[k%lane.Accumulators] &= x
			}
		})
	case lane.Or:
		return reduction(0, 0, func(acc *accumulators[T], x, _ []T) {
			for k, x := range x {
				acc[k%lane.Accumulators] |= x
			}
		})
	}
	return numberReduction(code, T(0))
}

// reduction takes the current lanes into the accumulators, which are in the register out, and
// stores them when a block of lanes in the sense of lane.BlockOf ends; nan replaces any value that
// is not equal to itself. y is nil but for FMA.
func reduction[T comparable](identity, nan T, accumulate func(acc *accumulators[T], x, y []T)) op {
	return func(f *frame, i *instr) {
		acc := &lanes[accumulators[T]](f, i.out, 1)[0]
		if f.lane%i.row%lane.ReduceBlock == 0 {
			for j := range acc {
				acc[j] = identity
			}
		}
		n := f.count[i.block&1]
		var y []T
		if i.in[1] != none {
			y = lanes[T](f, i.in[1], n)
		}
		accumulate(acc, lanes[T](f, i.in[0], n), y)
		block, end := lane.BlockOf(i.row, f.lane)
		if f.lane+n < end {
			return
		}
		to := elements[T](f, i)[block*lane.Accumulators:]
		for j, x := range acc {
			if x != x {
				x = nan
			}
			to[j] = x
		}
	}
}
