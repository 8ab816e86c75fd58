package record

import (
	"fmt"
	"os"
	"strings"
	"sync"

	"pullback/ir"
)

// DebugNaN says whether PULLBACK_DEBUG=nan is set: operations are then checked one by one.
func DebugNaN() bool { return debugNaN() }

// debugNaN reads the environment once a process.
var debugNaN = sync.OnceValue(func() bool {
	for _, word := range strings.Split(os.Getenv("PULLBACK_DEBUG"), ",") {
		if word == "nan" {
			return true
		}
	}
	return false
})

// NaNError is what PULLBACK_DEBUG=nan panics with: the first operation whose operands held no
// NaN and whose result does.
type NaNError struct {
	Pos *ir.Position
	Op  string
	In  []ir.Value

	placed bool // Pos is the operation's own or its rule's, and not the call's that ran it
}

func (e *NaNError) Error() string {
	in := make([]string, len(e.In))
	for i, v := range e.In {
		in[i] = v.String()
	}
	return fmt.Sprintf("%v: %s made a NaN from %s", e.Pos, e.Op, strings.Join(in, ", "))
}

// CheckNaN panics with a *NaNError if out holds a NaN and in does not. Where pos is nil the
// operation was applied by the caller.
func CheckNaN(pos *ir.Position, op ir.Op, in, out []ir.Array) {
	for _, a := range in {
		if hasNaN(a) {
			return
		}
	}
	for _, a := range out {
		if hasNaN(a) {
			e := &NaNError{Pos: pos, Op: op.Name(), In: known(in), placed: pos != nil}
			if pos == nil {
				e.Pos = ir.Here(1)
			}
			panic(e)
		}
	}
}

func hasNaN(a ir.Array) bool {
	if !a.Type().DType.IsFloat() {
		return false
	}
	if a.Type().DType == ir.Float32 {
		return slicesHasNaN(ir.Stored[float32](a))
	}
	return slicesHasNaN(ir.Stored[float64](a))
}

func slicesHasNaN[T float32 | float64](xs []T) bool {
	for _, x := range xs {
		if x != x {
			return true
		}
	}
	return false
}
