package exec_test

import (
	"runtime"
	"testing"

	"pullback/ad"
	"pullback/internal/control"
	"pullback/internal/exec"
	"pullback/internal/record"
	"pullback/ir"
)

// chain is n rounds of x = sin(1.1 x + 0.3).
func chain(n int) func(ad.Value) ad.Value {
	return func(x ad.Value) ad.Value {
		for range n {
			x = ad.Sin(ad.Add(ad.Mul(x, 1.1), 0.3))
		}
		return x
	}
}

// TestLongProgram has several kernels where one could do, and the same bits.
func TestLongProgram(t *testing.T) {
	f := ad.Vmap(ad.Grad(chain(400)))
	x := ad.Arange(ad.Float64, 5)
	want, got := ir.Data[float64](f(x).Array()), ir.Data[float64](ad.Jit(f)(x).Array())
	for i := range want {
		if want[i] != got[i] {
			t.Errorf("element %d: %v and %v", i, want[i], got[i])
		}
	}
}

// compiled is the memory that compiling a loop over lanes of n rounds of a chain takes. A scan
// has one node, and so one kernel, however long its body.
func compiled(n int) float64 {
	body := record.Trace(func(x []ir.Value) []ir.Value { return []ir.Value{chain(n)(x[0])} },
		[]ir.Type{ir.Of(ir.Float64)})
	g := record.Trace(func(x []ir.Value) []ir.Value {
		return record.Apply(control.Scan{Length: 2, Carry: 1, Body: body}, x[0])
	}, []ir.Type{ir.Of(ir.Float64)})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	exec.Lower(g)
	runtime.ReadMemStats(&after)
	return float64(after.TotalAlloc - before.TotalAlloc)
}

// TestCompilingIsLinear takes memory for a measure of work, which repeats.
func TestCompilingIsLinear(t *testing.T) {
	compiled(10) // what is made once
	if short, long := compiled(250), compiled(1000); long > 5*short {
		t.Errorf("four times the program takes %.1f times the memory", long/short)
	}
}

func BenchmarkCompileLong(b *testing.B) {
	f, x := ad.Grad(chain(1000)), ad.Scalar(0.5)
	for b.Loop() {
		ad.Jit(f)(x)
	}
}
