package dense

import (
	"math"
	"testing"
)

func TestFMAOfIntegersWraps(t *testing.T) {
	if got := fma[int32](math.MaxInt32, 2, 3); got != 1 {
		t.Error(got)
	}
	if got := fma[uint64](math.MaxUint64, math.MaxUint64, 1); got != 2 {
		t.Error(got)
	}
	if got := fma(0x1p-30+1, 0x1p-30+1, -1); got != 0x1p-29+0x1p-60 {
		t.Error(got)
	}
}
