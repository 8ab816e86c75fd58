package ir

import "math"

// Bits is element i as bits, those of a narrow type in the low ones; true is 1.
func (a Array) Bits(i int) uint64 {
	if a.fill {
		i = 0
	}
	switch d := a.data.(type) {
	case []float64:
		return math.Float64bits(d[i])
	case []float32:
		return uint64(math.Float32bits(d[i]))
	case []int32:
		return uint64(uint32(d[i]))
	case []int64:
		return uint64(d[i])
	case []uint32:
		return uint64(d[i])
	case []uint64:
		return d[i]
	case []bool:
		if d[i] {
			return 1
		}
		return 0
	}
	panic("ir: the zero Array has no elements")
}

// SetBits writes element i, given as Bits gives it; a is no fill.
func (a Array) SetBits(i int, bits uint64) {
	switch d := a.data.(type) {
	case []float64:
		d[i] = math.Float64frombits(bits)
	case []float32:
		d[i] = math.Float32frombits(uint32(bits))
	case []int32:
		d[i] = int32(bits)
	case []int64:
		d[i] = int64(bits)
	case []uint32:
		d[i] = uint32(bits)
	case []uint64:
		d[i] = bits
	case []bool:
		d[i] = bits != 0
	default:
		panic("ir: the zero Array has no elements")
	}
}
