package interp

import (
	"math/bits"
	"unsafe"

	"pullback/internal/lane"
	"pullback/ir"
)

// reducer is a reduction in progress, in a frame's memory: the accumulators of the current block
// of lane.ReduceBlock elements, and the tree over the blocks before it. After n blocks subtree k
// has the result of 2^k blocks where bit k of n is set, as the digits of a binary counter.
type reducer[T any] struct {
	acc      [lane.Accumulators]T
	subtrees [64]T
	blocks   uint64
}

const reducerSize = unsafe.Sizeof(reducer[uint64]{})

// reduction is the ops of one reduction: reset before the first block of lanes, step after
// each, finish after the last.
type reduction struct{ reset, step, finish op }

func newReduction(code lane.Code, t ir.DType) reduction {
	identity := lane.IdentityBits(code, t)
	if code == lane.And || code == lane.Or {
		switch t.Bits() {
		case 64:
			return bitReduction(code, identity)
		case 32:
			return bitReduction(code, uint32(identity))
		}
		return bitReduction(code, uint8(identity))
	}
	switch t {
	case ir.Float64:
		return numberReduction[float64](code)
	case ir.Float32:
		return numberReduction[float32](code)
	case ir.Int32:
		return numberReduction[int32](code)
	case ir.Int64:
		return numberReduction[int64](code)
	case ir.Uint32:
		return numberReduction[uint32](code)
	}
	return numberReduction[uint64](code)
}

func numberReduction[T ir.Number](code lane.Code) reduction {
	empty := lane.Identity[T](code)
	if code == lane.Add {
		empty = 0 // +0, where the identity is -0
	}
	return newReducer(lane.Combine[T](code), lane.Identity[T](code), empty,
		func(acc *[lane.Accumulators]T, xs []T) { lane.Accumulate(code, acc, xs) })
}

func bitReduction[T uint8 | uint32 | uint64](code lane.Code, identity T) reduction {
	combine := func(x, y T) T { return x & y }
	if code == lane.Or {
		combine = func(x, y T) T { return x | y }
	}
	return newReducer(combine, identity, identity, func(acc *[lane.Accumulators]T, xs []T) {
		for k, x := range xs {
			acc[k%lane.Accumulators] = combine(acc[k%lane.Accumulators], x)
		}
	})
}

func newReducer[T any](combine func(x, y T) T, identity, empty T,
	accumulate func(acc *[lane.Accumulators]T, xs []T)) reduction {
	restart := func(r *reducer[T]) {
		for k := range r.acc {
			r.acc[k] = identity
		}
	}
	// closeBlock puts the accumulators' result into the tree.
	closeBlock := func(r *reducer[T]) {
		x, level := lane.Tree(r.acc[:], combine), 0
		for ; r.blocks>>level&1 != 0; level++ {
			x = combine(r.subtrees[level], x)
		}
		r.subtrees[level] = x
		r.blocks++
		restart(r)
	}
	return reduction{
		reset: func(f *frame, i *instr) {
			r := &lanes[reducer[T]](f, i.out, 1)[0]
			r.blocks = 0
			restart(r)
		},
		step: func(f *frame, i *instr) {
			r, n := &lanes[reducer[T]](f, i.out, 1)[0], f.count[i.block&1]
			accumulate(&r.acc, lanes[T](f, i.in[0], n))
			if (f.lane+n)%lane.ReduceBlock == 0 || f.lane+n == f.hi {
				closeBlock(r)
			}
		},
		finish: func(f *frame, i *instr) {
			r, x := &lanes[reducer[T]](f, i.in[0], 1)[0], empty
			// The last subtree waits until an earlier one has its size or more.
			if level := bits.TrailingZeros64(r.blocks); r.blocks != 0 {
				x = r.subtrees[level]
				for level++; r.blocks>>level != 0; level++ {
					if r.blocks>>level&1 != 0 {
						x = combine(r.subtrees[level], x)
					}
				}
			}
			lanes[T](f, i.out, 1)[0] = x
		},
	}
}
