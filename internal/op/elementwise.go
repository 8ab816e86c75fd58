package op

import (
	"errors"
	"fmt"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// scalarKernel is what tells one elementwise primitive from another. Implementations are empty structs.
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

// The result types that most kernels have.

func sameType(in []ir.DType) (ir.DType, error) {
	for _, d := range in[1:] {
		if d != in[0] {
			return 0, fmt.Errorf("the element types %v and %v differ; convert one with ad.Convert", in[0], d)
		}
	}
	return in[0], nil
}

func numbers(in []ir.DType) (ir.DType, error) {
	if in[0] == ir.Bool {
		return 0, errors.New("a bool is no number; convert it with ad.Convert")
	}
	return sameType(in)
}

func floats(in []ir.DType) (ir.DType, error) {
	if !in[0].IsFloat() {
		return 0, fmt.Errorf("the operand is %v, and this operation is for floats; convert it with ad.Convert", in[0])
	}
	return sameType(in)
}

func comparison(in []ir.DType) (ir.DType, error) {
	if _, err := sameType(in); err != nil {
		return 0, err
	}
	return ir.Bool, nil
}

func bits(in []ir.DType) (ir.DType, error) {
	if in[0].IsFloat() {
		return 0, fmt.Errorf("%v has no bit logic; it is for integers and bools", in[0])
	}
	return sameType(in)
}

func integers(in []ir.DType) (ir.DType, error) {
	if !in[0].IsInteger() {
		return 0, fmt.Errorf("the operand is %v, and this operation is for integers", in[0])
	}
	return sameType(in)
}

// noTangent is embedded by kernels whose result never has a tangent other than zero.
type noTangent struct{}

func (noTangent) JVP([]Value, Value, []record.Tangent) record.Tangent { return record.Tangent{} }
