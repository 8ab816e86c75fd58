package lane

import (
	"fmt"
	"math"

	"pullback/ir"
)

// The order of a reduction depends on the number of elements alone. They are taken in blocks of
// ReduceBlock; the last may be short. Inside a block element i is combined into accumulator
// i mod Accumulators, in order, as acc = acc op element; every accumulator starts as the
// identity of the operation, which for a sum of floats is -0, and so one that gets no element
// changes nothing. Tree combines the 16 accumulators to the block's result, and Tree again the
// blocks' results; as 16 is a power of two, that is Tree of all accumulators one block after the
// other. A sum of no elements is +0. FMA is the sum of the products of two sequences, which are
// added by fused multiply-adds.
const (
	ReduceBlock  = 4096
	Accumulators = 16
)

// BlockOf is the block of a lane, for rows of the given number of lanes: its number, and the lane
// after its last one. It has the next ReduceBlock lanes of the row, or those that are left.
func BlockOf(row, lane int) (number, end int) {
	column := lane % row
	first := column / ReduceBlock
	number = lane/row*(Partials(row)/Accumulators) + first
	return number, lane - column + min((first+1)*ReduceBlock, row)
}

// Partials is the number of accumulators of a reduction over a row of lanes.
func Partials(row int) int { return (row + ReduceBlock - 1) / ReduceBlock * Accumulators }

// Partials is the number of accumulators of a reduction.
func (f *Foreach) Partials() int {
	if f.Extent == 0 {
		return 0
	}
	return f.Extent / f.Row * Partials(f.Row)
}

// Tree combines neighbours, 0 with 1, 2 with 3 and so on, and then the results in the same way
// until one is left; an odd last one waits for the next round. It overwrites xs, which is not
// empty.
func Tree[T any](xs []T, combine func(x, y T) T) T {
	for len(xs) > 1 {
		n := len(xs) / 2
		for i := range n {
			xs[i] = combine(xs[2*i], xs[2*i+1])
		}
		if len(xs)%2 == 1 {
			xs[n] = xs[2*n]
			n++
		}
		xs = xs[:n]
	}
	return xs[0]
}

// ReduceSlice combines xs by Add, Mul, Min or Max in the fixed order. (And and Or give the same
// in any order.)
func ReduceSlice[T ir.Number](code Code, xs []T) T {
	if len(xs) == 0 && code == Add {
		return 0
	}
	identity := Identity[T](code)
	blocks := make([]T, 0, len(xs)/ReduceBlock+1)
	for {
		block := xs[:min(len(xs), ReduceBlock)]
		var acc [Accumulators]T
		for i := range acc {
			acc[i] = identity
		}
		Accumulate(code, &acc, block)
		blocks = append(blocks, Tree(acc[:], Combine[T](code)))
		xs = xs[len(block):]
		if len(xs) == 0 {
			return Tree(blocks, Combine[T](code))
		}
	}
}

// Accumulate combines element i of xs into accumulator i mod Accumulators.
func Accumulate[T ir.Number](code Code, acc *[Accumulators]T, xs []T) {
	for len(xs) > 0 {
		n := min(len(xs), Accumulators)
		acc, x := acc[:n], xs[:n]
		switch code {
		case Add:
			for i := range acc {
				acc[i] += x[i]
			}
		case Mul:
			for i := range acc {
				acc[i] *= x[i]
			}
		case Min:
			for i := range acc {
				acc[i] = min(acc[i], x[i])
			}
		case Max:
			for i := range acc {
				acc[i] = max(acc[i], x[i])
			}
		default:
			panic(undefined(code, ir.DTypeOf[T]()))
		}
		xs = xs[n:]
	}
}

// Combine is the operation of Add, Mul, Min or Max as a function; for FMA that of Add.
func Combine[T ir.Number](code Code) func(x, y T) T {
	switch code {
	case Add, FMA:
		return func(x, y T) T { return x + y }
	case Mul:
		return func(x, y T) T { return T(x * y) }
	case Min:
		return func(x, y T) T { return min(x, y) }
	case Max:
		return func(x, y T) T { return max(x, y) }
	}
	panic(undefined(code, ir.DTypeOf[T]()))
}

// Identity is what combines with any x to x, bit for bit.
func Identity[T ir.Number](code Code) T {
	bits := IdentityBits(code, ir.DTypeOf[T]())
	var x T
	switch p := any(&x).(type) {
	case *float64:
		*p = math.Float64frombits(bits)
	case *float32:
		*p = math.Float32frombits(uint32(bits))
	case *int32:
		*p = int32(bits)
	case *int64:
		*p = int64(bits)
	case *uint32:
		*p = uint32(bits)
	case *uint64:
		*p = bits
	}
	return x
}

// IdentityBits is the identity of a reduction's code as a bit pattern of type t: -0 for a sum
// of floats, since +0 would turn a sum of negative zeros positive.
func IdentityBits(code Code, t ir.DType) uint64 {
	ones := ^uint64(0) >> (64 - t.Bits())
	if t == ir.Bool {
		ones = 1
	}
	minimum, maximum := uint64(0), ones
	switch {
	case t == ir.Float64:
		minimum, maximum = math.Float64bits(math.Inf(-1)), math.Float64bits(math.Inf(1))
	case t == ir.Float32:
		minimum, maximum = 0xff80_0000, 0x7f80_0000
	case t == ir.Int32 || t == ir.Int64:
		minimum, maximum = ones/2+1, ones/2
	}
	switch {
	case (code == Add || code == FMA) && t.IsFloat():
		return 1 << (t.Bits() - 1)
	case code == Add || code == Or:
		return 0
	case code == Mul:
		return convert(t, ir.Int32, 1)
	case code == And:
		return ones
	case code == Min:
		return maximum
	case code == Max:
		return minimum
	}
	panic(fmt.Sprintf("lane: %v is no reduction", code))
}
