package op

import (
	"fmt"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Convert is x as another element type. To an integer it saturates and drops the fraction, and
// NaN gives 0; between integers it keeps the low bits; to a bool it is x ≠ 0. Only between
// floats has it a derivative.
func Convert(x Value, d ir.DType) Value {
	if x.DType() == d {
		return x
	}
	return record.Apply1(convert{d}, x)
}

type convert struct{ DType ir.DType }

var (
	_ record.Linear = convert{}
	_ record.Sharer = convert{}
	_ lane.Lowerer  = convert{}
)

func (convert) Name() string { return "convert" }

func (o convert) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(1, len(in)); err != nil {
		return nil, err
	}
	return []ir.Type{in[0].With(o.DType)}, nil
}

func (o convert) Lower(b *lane.Builder, in []lane.Value) []lane.Value {
	return []lane.Value{b.Convert(o.DType, in[0])}
}

func (o convert) Eval(in, out []ir.Array) { evalLowered(o, in, out) }

func (o convert) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	return shareFill(o, in, out)
}

func (o convert) JVP(_, _ []Value, dx []record.Tangent) []record.Tangent {
	return record.Some(Convert(dx[0].Value, o.DType))
}

func (convert) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	return record.Some(Convert(ct[0].Value, x[0].Type.DType))
}

func (o convert) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return record.Apply(o, x...), nil
}

// Bitcast is the number whose bits are those of x, in a type of the same width. The bits of a
// NaN are the same for all NaNs.
func Bitcast(x Value, d ir.DType) Value {
	if x.DType() == d {
		return x
	}
	return record.Apply1(bitcast{d}, x)
}

type bitcast struct{ DType ir.DType }

var (
	_ record.Primitive = bitcast{}
	_ record.Sharer    = bitcast{}
	_ lane.Lowerer     = bitcast{}
)

func (bitcast) Name() string { return "bitcast" }

func (o bitcast) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(1, len(in)); err != nil {
		return nil, err
	}
	if in[0].DType == ir.Bool || in[0].DType.Bits() != o.DType.Bits() {
		return nil, fmt.Errorf("the bits of %v are not those of a %v", in[0].DType, o.DType)
	}
	return []ir.Type{in[0].With(o.DType)}, nil
}

func (o bitcast) Lower(b *lane.Builder, in []lane.Value) []lane.Value {
	return []lane.Value{b.Bitcast(o.DType, in[0])}
}

func (o bitcast) Eval(in, out []ir.Array) { evalLowered(o, in, out) }

func (o bitcast) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	return shareFill(o, in, out)
}

func (bitcast) JVP(_, _ []Value, _ []record.Tangent) []record.Tangent {
	return make([]record.Tangent, 1)
}

func (o bitcast) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return record.Apply(o, x...), nil
}
