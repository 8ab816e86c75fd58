package op_test

import (
	"testing"

	"pullback/internal/op"
	"pullback/ir"
)

// (1+e)(1-e) - 1 is -e² with one rounding and 0 with two.
func TestFMAHasOneRounding(t *testing.T) {
	scalar := func(x float64) op.Value { return ir.Known(ir.Fill(x)) }
	y := op.FMA(scalar(1+0x1p-30), scalar(1-0x1p-30), scalar(-1))
	if y.Float() != -0x1p-60 {
		t.Errorf("got %x, want -0x1p-60", y.Float())
	}
}
