package op

import (
	"fmt"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Threefry2x32 encrypts the counter (x0, x1) under the key (key0, key1): the generator of
// Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011), with 20 rounds. All
// are uint32 of one shape.
func Threefry2x32(key0, key1, x0, x1 Value) (y0, y1 Value) {
	y := record.Apply(threefry2x32{}, key0, key1, x0, x1)
	return y[0], y[1]
}

type threefry2x32 struct{}

var (
	_ record.Primitive = threefry2x32{}
	_ record.Sharer    = threefry2x32{}
	_ lane.Lowerer     = threefry2x32{}
)

func (threefry2x32) Name() string { return "threefry2x32" }

func (threefry2x32) Type(in []ir.Type) ([]ir.Type, error) {
	t, err := elementwiseType(func(in []ir.DType) (ir.DType, error) {
		d, err := sameType(4, in)
		if err == nil && d != ir.Uint32 {
			err = fmt.Errorf("a key and a counter are uint32, not %v", d)
		}
		return d, err
	}, in)
	if err != nil {
		return nil, err
	}
	return []ir.Type{t[0], t[0]}, nil
}

func (threefry2x32) Lower(b *lane.Builder, in []lane.Value) []lane.Value {
	y0, y1 := b.Threefry2x32(in[0], in[1], in[2], in[3])
	return []lane.Value{y0, y1}
}

func (o threefry2x32) Eval(in, out []ir.Array) { evalLowered(o, in, out) }

func (o threefry2x32) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	return shareFill(o, in, out)
}

func (threefry2x32) JVP(_, _ []Value, _ []record.Tangent) []record.Tangent {
	return make([]record.Tangent, 2)
}

func (o threefry2x32) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	return record.Apply(o, alignBatch(n, x, batched)...), nil
}
