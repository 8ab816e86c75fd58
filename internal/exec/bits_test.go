package exec_test

import (
	"math"

	"pullback/ir"
)

// bitsOf is element i as bits, the same for all NaNs.
func bitsOf(a ir.Array, i int) uint64 {
	switch d := a.Memory().(type) {
	case []float64:
		if d[i] != d[i] {
			return math.Float64bits(math.NaN())
		}
		return math.Float64bits(d[i])
	case []float32:
		if d[i] != d[i] {
			return uint64(math.Float32bits(float32(math.NaN())))
		}
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
	}
	return 0
}
