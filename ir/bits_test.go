package ir_test

import (
	"math"
	"testing"

	"pullback/ir"
)

// TestBits reads what SetBits wrote, at the ends of each type.
func TestBits(t *testing.T) {
	for _, d := range ir.DTypes() {
		width := d.Bits()
		if d == ir.Bool {
			width = 1
		}
		a := ir.NewArray(ir.Of(d, 3))
		want := []uint64{1, 1 << (width - 1), math.MaxUint64 >> (64 - width)}
		for i, b := range want {
			a.SetBits(i, b)
		}
		for i, b := range want {
			if got := a.Bits(i); got != b {
				t.Errorf("%v: %#x was read and %#x was written", d, got, b)
			}
		}
	}
	if got := ir.Fill(int32(-1), 4).Bits(3); got != math.MaxUint32 {
		t.Errorf("a fill of -1 has %#x", got)
	}
}
