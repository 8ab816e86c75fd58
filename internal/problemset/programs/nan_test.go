package programs

import (
	"strings"
	"testing"

	"pullback/ad"
	"pullback/ir"
)

// A NaN that PULLBACK_DEBUG=nan found is an error, and any other panic a panic.
func TestFoundNaNs(t *testing.T) {
	found := &ad.NaNError{Pos: ir.Here(0), Op: "log", In: []ir.Value{ad.Scalar(-1.0)}}
	_, err := both(func(ad.DType) int { panic(found) }).Float64()
	if err == nil ||
		!strings.HasPrefix(err.Error(), "PULLBACK_DEBUG=nan stops at the first NaN: ") ||
		!strings.HasSuffix(err.Error(), ": log made a NaN from -1") {
		t.Errorf("the error is %v", err)
	}
	defer func() {
		if recover() != "a bug" {
			t.Error("another panic was caught")
		}
	}()
	both(func(ad.DType) int { panic("a bug") }).Float32()
}
