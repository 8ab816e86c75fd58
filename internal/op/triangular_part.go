package op

import (
	"errors"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// LowerTriangle is x, a stack of matrices [batch..., m, n], with zeros above a diagonal: the main
// one for an offset of 0, the next one above it for 1, the next one below it for -1.
func LowerTriangle(x Value, offset int) Value {
	return record.Apply1(triangularPart{Offset: offset}, x)
}

// UpperTriangle is x with zeros below a diagonal; see LowerTriangle.
func UpperTriangle(x Value, offset int) Value {
	return record.Apply1(triangularPart{Upper: true, Offset: offset}, x)
}

type triangularPart struct {
	Upper  bool
	Offset int
}

var (
	_ record.Linear       = triangularPart{}
	_ lane.PrivateLowerer = triangularPart{}
)

func (triangularPart) Name() string { return "triangular_part" }

func (triangularPart) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(1, len(in)); err != nil {
		return nil, err
	}
	if in[0].Rank() < 2 {
		return nil, errors.New("it takes matrices")
	}
	return in, nil
}

func (o triangularPart) Eval(in, out []ir.Array) {
	x := in[0].Dense()
	batch, m, n := stackSize(x.Type())
	for row := range batch * m {
		// The diagonal meets this row at column d.
		d := row%m + o.Offset
		lo, hi := 0, max(0, min(d+1, n))
		if o.Upper {
			lo, hi = max(0, min(d, n)), n
		}
		ir.CopyRange(out[0], row*n+lo, x, row*n+lo, hi-lo)
	}
}

// Private gives each lane matrices of its own.
func (o triangularPart) Private(lanes int, in []ir.Type) (p lane.Private, ok bool) {
	batch, m, n := stackSize(in[0])
	return privateStack(batch, lanes, 0, in,
		func(b *lane.Builder, x [][]lane.Value) [][]lane.Value {
			zero := b.Bits(in[0].DType, 0)
			for i := range x[0] {
				row, column := i/n%m, i%n
				if o.Upper && column < row+o.Offset || !o.Upper && column > row+o.Offset {
					x[0][i] = zero
				}
			}
			return x
		})
}

func (o triangularPart) JVP(_, _ []Value, dx []record.Tangent) []record.Tangent {
	return record.Some(record.Apply1(o, dx[0].Value))
}

func (o triangularPart) Transpose(ct []record.Tangent, _ []record.Operand) []record.Tangent {
	return record.Some(record.Apply1(o, ct[0].Value))
}

func (o triangularPart) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return record.Apply(o, x[0]), nil
}
