package op

import (
	"fmt"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Cumsum is the sums of x's elements up to each one along an axis, itself included; from the end
// backwards if reverse. They are added one after the other.
func Cumsum(x Value, axis int, reverse bool) Value {
	return record.Apply1(cumsum{axis, reverse}, x)
}

type cumsum struct {
	Axis    int
	Reverse bool
}

var (
	_ record.Linear       = cumsum{}
	_ lane.PrivateLowerer = cumsum{}
)

func (cumsum) Name() string { return "cumsum" }

func (o cumsum) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(1, len(in)); err != nil {
		return nil, err
	}
	if _, err := numbers(1, []ir.DType{in[0].DType}); err != nil {
		return nil, err
	}
	if o.Axis < 0 || o.Axis >= in[0].Rank() {
		return nil, fmt.Errorf("there is no axis %d in an operand of rank %d", o.Axis, in[0].Rank())
	}
	return in, nil
}

func (o cumsum) Eval(in, out []ir.Array) {
	switch in[0].Type().DType {
	case ir.Float64:
		accumulate[float64](o, in[0], out[0])
		canonicalNaNs(ir.Stored[float64](out[0]))
	case ir.Float32:
		accumulate[float32](o, in[0], out[0])
		canonicalNaNs(ir.Stored[float32](out[0]))
	case ir.Int32:
		accumulate[int32](o, in[0], out[0])
	case ir.Int64:
		accumulate[int64](o, in[0], out[0])
	case ir.Uint32:
		accumulate[uint32](o, in[0], out[0])
	case ir.Uint64:
		accumulate[uint64](o, in[0], out[0])
	}
}

// accumulate adds rows, each of what lies behind one coordinate of the axis, to those before.
func accumulate[T ir.Number](o cumsum, in, out ir.Array) {
	xs, ys := ir.Data[T](in), ir.Stored[T](out)
	shape := in.Type().Shape
	n, size := shape[o.Axis], lane.RowMajor(shape)[o.Axis]
	copy(ys, xs)
	for start := 0; start < len(ys); start += n * size {
		for k := 1; k < n; k++ {
			at, before := k, k-1
			if o.Reverse {
				at, before = n-1-k, n-k
			}
			row, sums := ys[start+at*size:][:size], ys[start+before*size:][:size]
			for i, s := range sums {
				row[i] += s
			}
		}
	}
}

// Private gives each lane sums of its own.
func (o cumsum) Private(lanes int, in []ir.Type) (p lane.Private, ok bool) {
	t := in[0]
	n, size := t.Shape[o.Axis], lane.RowMajor(t.Shape)[o.Axis]
	stacks := ir.Of(t.DType, t.Shape[:o.Axis]...).Size()
	return privateStack(stacks, lanes, n*size, in,
		func(b *lane.Builder, x [][]lane.Value) [][]lane.Value {
			y := x[0]
			for k := 1; k < n; k++ {
				at, before := k*size, (k-1)*size
				if o.Reverse {
					at, before = (n-1-k)*size, (n-k)*size
				}
				for i := range size {
					y[at+i] = b.Add(y[at+i], y[before+i])
				}
			}
			return [][]lane.Value{y}
		})
}

func (o cumsum) JVP(_, _ []Value, dx []record.Tangent) []record.Tangent {
	return record.Some(Cumsum(dx[0].Value, o.Axis, o.Reverse))
}

func (o cumsum) Transpose(ct []record.Tangent, _ []record.Operand) []record.Tangent {
	return record.Some(Cumsum(ct[0].Value, o.Axis, !o.Reverse))
}

func (o cumsum) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return []Value{Cumsum(x[0], o.Axis+1, o.Reverse)}, nil
}
