package exec

import "pullback/ir"

// counts says whether an array is 0, 1, 2 and so on, of integers: the number of the lane, as the
// counters are from which random bits are made. No kernel need read it.
func counts(a ir.Array) bool {
	switch xs := a.Memory().(type) {
	case []int32:
		return areNumbered(xs)
	case []int64:
		return areNumbered(xs)
	case []uint32:
		return areNumbered(xs)
	case []uint64:
		return areNumbered(xs)
	}
	return false
}

func areNumbered[T int32 | int64 | uint32 | uint64](xs []T) bool {
	for i, x := range xs {
		if uint64(x) != uint64(i) {
			return false
		}
	}
	return true
}
