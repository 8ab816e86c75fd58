package op

import (
	"errors"
	"fmt"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// scalarKernel is what tells one elementwise primitive from another. Implementations are empty
// structs.
type scalarKernel interface {
	Name() string
	// Result is the result's element type for operands of the given ones, or what is wrong.
	Result(in []ir.DType) (ir.DType, error)
	// Lower is the meaning: the one definition that every executor runs.
	Lower(b *lane.Builder, in []lane.Value) lane.Value
	// JVP is the tangent; it is asked only where the result is a float and a tangent is not zero.
	JVP(x []Value, y Value, dx []record.Tangent) record.Tangent
}

// linearKernel is a scalarKernel that is linear in some operands.
type linearKernel interface {
	scalarKernel
	Transpose(ct Value, x []record.Operand) []record.Tangent
}

// elementwise makes a primitive of a scalar kernel: all operands have one shape, and so has the
// result, each of whose elements depends on the operands' elements there.
type elementwise[K scalarKernel] struct{}

// linear is elementwise for kernels that can be transposed.
type linear[K linearKernel] struct{ elementwise[K] }

func (elementwise[K]) Name() string {
	var k K
	return k.Name()
}

func (elementwise[K]) Type(in []ir.Type) ([]ir.Type, error) {
	var k K
	return elementwiseType(k.Result, in)
}

func (elementwise[K]) Lower(b *lane.Builder, in []lane.Value) []lane.Value {
	var k K
	return []lane.Value{k.Lower(b, in)}
}

func (e elementwise[K]) Eval(in, out []ir.Array) { evalLowered(e, in, out) }

func (e elementwise[K]) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	return shareFill(e, in, out)
}

func (elementwise[K]) JVP(x, y []Value, dx []record.Tangent) []record.Tangent {
	var k K
	return []record.Tangent{k.JVP(x, y[0], dx)}
}

func (e elementwise[K]) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	return record.Apply(e, alignBatch(n, x, batched)...), nil
}

// Batch is elementwise's, and stays linear.
func (l linear[K]) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	return record.Apply(l, alignBatch(n, x, batched)...), nil
}

func (linear[K]) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	var k K
	return k.Transpose(ct[0].Value, x)
}

// elementwiseType checks that the operands have one shape, and asks result for the element type.
func elementwiseType(result func([]ir.DType) (ir.DType, error), in []ir.Type) ([]ir.Type, error) {
	kinds := make([]ir.DType, len(in))
	for i, t := range in {
		kinds[i] = t.DType
	}
	d, err := result(kinds)
	if err != nil {
		return nil, err
	}
	for _, t := range in[1:] {
		if !t.Equal(in[0].With(t.DType)) {
			return nil, fmt.Errorf("the shapes %v and %v differ", in[0].Shape, t.Shape)
		}
	}
	return []ir.Type{in[0].With(d)}, nil
}

// alignBatch gives every operand the batch axis.
func alignBatch(n int, x []Value, batched []bool) []Value {
	out := make([]Value, len(x))
	for i, v := range x {
		if out[i] = v; !batched[i] {
			out[i] = Lead(v, n)
		}
	}
	return out
}

// The result types that most kernels have, for n operands.

func sameType(n int, in []ir.DType) (ir.DType, error) {
	if err := arity(n, len(in)); err != nil {
		return 0, err
	}
	for _, d := range in[1:] {
		if d != in[0] {
			return 0, fmt.Errorf("the element types %v and %v differ; convert one with ad.Convert",
				in[0], d)
		}
	}
	return in[0], nil
}

// arity checks the number of operands, which can be wrong only in a graph that was read from text.
func arity(n, got int) error {
	if got != n {
		return fmt.Errorf("it takes %d operands, not %d", n, got)
	}
	return nil
}

func numbers(n int, in []ir.DType) (ir.DType, error) {
	d, err := sameType(n, in)
	if err == nil && d == ir.Bool {
		err = errors.New("a bool is no number; convert it with ad.Convert")
	}
	return d, err
}

func floats(n int, in []ir.DType) (ir.DType, error) {
	d, err := sameType(n, in)
	if err == nil && !d.IsFloat() {
		err = fmt.Errorf("%v is no float; convert it with ad.Convert", d)
	}
	return d, err
}

// bits are the types with logic on bits: integers, and bools as one bit.
func bits(n int, in []ir.DType) (ir.DType, error) {
	d, err := sameType(n, in)
	if err == nil && d.IsFloat() {
		err = fmt.Errorf("%v has no logic on bits; it is for integers and bools", d)
	}
	return d, err
}

func integers(n int, in []ir.DType) (ir.DType, error) {
	d, err := sameType(n, in)
	if err == nil && !d.IsInteger() {
		err = fmt.Errorf("%v is no integer; convert it with ad.Convert", d)
	}
	return d, err
}

// noTangent is embedded by kernels whose result never has a tangent other than zero.
type noTangent struct{}

func (noTangent) JVP([]Value, Value, []record.Tangent) record.Tangent { return record.Tangent{} }

// like is the number c in the type and shape of x: a fill, which costs nothing.
func like(x Value, c float64) Value { return ir.Known(ir.FillNumber(x.Type(), c)) }

// some is a tangent that is not zero.
func some(v Value) record.Tangent { return record.Tangent{Value: v} }

// number is the constant n in a lane program.
func number(b *lane.Builder, t ir.DType, n int64) lane.Value {
	if t.IsFloat() {
		return b.Float(t, float64(n))
	}
	return b.Int(t, n)
}
