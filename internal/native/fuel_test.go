package native_test

import (
	"testing"

	"pullback/internal/lane"
	"pullback/ir"
)

// TestFuelOfSlowInstructions: what is done lane by lane, or from many places, costs more fuel than
// other instructions, so that a call stays short.
func TestFuelOfSlowInstructions(t *testing.T) {
	const n, rows = 1 << 16, 256
	contiguous := lane.Contiguous(0, n)
	columns := lane.Access{Dims: []lane.Dim{
		{Extent: rows, Stride: 1}, {Extent: n / rows, Stride: rows},
	}}
	for name, c := range map[string]struct {
		from, to lane.Access
		op       func(b *lane.Builder, x lane.Value) lane.Value
		most     int // lanes a call
	}{
		"quotients": {contiguous, contiguous, func(b *lane.Builder, x lane.Value) lane.Value {
			return b.Div(x, b.Int(ir.Int64, 3))
		}, 1 << 13},
		"gathers":  {columns, contiguous, nil, 1 << 15},
		"scatters": {contiguous, columns, nil, 1 << 15},
	} {
		b := lane.NewBuilder()
		c.from.Buffer, c.to.Buffer = b.Buffer(ir.Int64, n, false), b.Buffer(ir.Int64, n, true)
		b.Foreach(n, func(lane.Value) {
			x := b.Load(c.from, lane.None)
			if c.op != nil {
				x = c.op(b, x)
			}
			b.Store(c.to, lane.None, x)
		})
		for _, e := range strict() {
			k, err := e.Compile(b.Program())
			if err != nil {
				t.Fatal(err)
			}
			buffers := []ir.Array{ir.NewArray(ir.Of(ir.Int64, n)), ir.NewArray(ir.Of(ir.Int64, n))}
			f, calls := k.NewFrame(), 1
			for f.Start(buffers, 0, n); f.Run(lane.Fuel); calls++ {
			}
			if n/calls > c.most {
				t.Errorf("%s, %s: %d lanes a call", e.Name(), name, n/calls)
			}
		}
	}
}
