// Package lanetest holds every executor of lane programs to the reference: each operation on
// special values, and random programs, whole, in parts and interrupted.
package lanetest

import (
	"math"
	"math/rand/v2"

	"pullback/internal/lane"
	"pullback/ir"
)

// Special lists the bit patterns of a type on which operations go wrong.
func Special(t ir.DType) []uint64 {
	switch t {
	case ir.Float64:
		var out []uint64
		for _, x := range []float64{0, 1, 0.5, 1.5, 2.5, 3, 0.1, 1 << 31, 1<<31 - 1, 1 << 32,
			1 << 52, 1<<53 - 1, 1 << 62, 1 << 63, 1 << 64, 1e300, math.MaxFloat64, 0x1p-1022,
			0x1p-1074, 0x1.8p-1030, math.Inf(1), 126, 1023, 1075, 1030.5, 2200, 5000,
			0.49999999999999994} {
			out = append(out, math.Float64bits(x), math.Float64bits(-x))
		}
		return append(out, 0x7ff8_0000_0000_0000, 0xfff8_0000_0000_0000, 0x7ff0_0000_0000_0001,
			0xfff0_dead_beef_0001)
	case ir.Float32:
		var out []uint64
		for _, x := range []float32{0, 1, 0.5, 1.5, 2.5, 3, 0.1, 1 << 23, 1<<24 - 1, 1 << 31,
			1 << 32, 1 << 63, 1 << 64, 1e38, math.MaxFloat32, 0x1p-126, 0x1p-149,
			0x1.8p-130, float32(math.Inf(1)), 126, 150, 150.5, 300, 5000, 0.49999997} {
			out = append(out, uint64(math.Float32bits(x)), uint64(math.Float32bits(-x)))
		}
		return append(out, 0x7fc0_0000, 0xffc0_0000, 0x7f80_0001, 0xff80_beef)
	case ir.Bool:
		return []uint64{0, 1}
	}
	var out []uint64
	width := t.Bits()
	mask := ^uint64(0) >> (64 - width)
	for _, x := range []uint64{0, 1, 2, 3, 5, 7, 31, 32, 33, 63, 64, 65, 100, 1 << 31, 1<<31 - 1,
		1 << 24, 1<<24 + 1,
		1<<53 + 1, 1 << 62, 1<<63 - 1, 1 << 63, 1<<63 + 1<<10 + 1, 0x7fff_ffff_ffff_fdff} {
		out = append(out, x&mask, -x&mask, ^x&mask)
	}
	return out
}

// Bits is a random bit pattern of a type: any bits, a special value, or a small number.
func Bits(r *rand.Rand, t ir.DType) uint64 {
	switch r.IntN(8) {
	case 0:
		special := Special(t)
		return special[r.IntN(len(special))]
	case 2, 3:
		if t != ir.Bool {
			return r.Uint64() >> (64 - t.Bits())
		}
	}
	switch t {
	case ir.Float64:
		return math.Float64bits(r.NormFloat64() * math.Ldexp(1, r.IntN(12)-4))
	case ir.Float32:
		return uint64(math.Float32bits(float32(r.NormFloat64() * math.Ldexp(1, r.IntN(12)-4))))
	case ir.Bool:
		return r.Uint64() & 1
	}
	return uint64(r.IntN(41)-20) & (^uint64(0) >> (64 - t.Bits()))
}

// Edge is a random bit pattern near where rounding or saturation changes: an integer of a few bits
// in a row, a float with such a value or such a fraction, and at most two units more or less.
func Edge(r *rand.Rand, t ir.DType) uint64 {
	n := t.Bits()
	mask := ^uint64(0) >> (64 - n)
	row := r.Uint64() & mask >> r.IntN(n) << r.IntN(n) & mask
	value := math.Ldexp(float64(row), r.IntN(5)-2)
	if r.IntN(2) == 0 {
		row, value = -row, -value
	}
	exponents := map[ir.DType]uint64{ir.Float32: 0xff80_0000, ir.Float64: 0xfff0_0000_0000_0000}[t]
	switch {
	case t == ir.Bool:
		return row & 1
	case t.IsFloat() && r.IntN(2) == 0:
		row = row&^exponents | r.Uint64()&exponents
	case t == ir.Float64:
		row = math.Float64bits(value)
	case t == ir.Float32:
		row = uint64(math.Float32bits(float32(value)))
	}
	return (row + uint64(r.IntN(5)) - 2) & mask
}

// toSubnormal is n for which x*2^n is subnormal, or nearly.
func toSubnormal(r *rand.Rand, t ir.DType, x uint64) uint64 {
	if t == ir.Float32 {
		e := lane.Exponent32(math.Float32frombits(uint32(x)))
		return uint64(math.Float32bits(float32(r.IntN(120)-600)/4 - e))
	}
	e := lane.Exponent64(math.Float64frombits(x))
	return math.Float64bits(float64(r.IntN(240)-4320)/4 - e)
}

// Array is an array of the given bit patterns.
func Array(t ir.DType, bits []uint64) ir.Array {
	a := ir.NewArray(ir.Of(t, len(bits)))
	for i, b := range bits {
		a.SetBits(i, b)
	}
	return a
}
