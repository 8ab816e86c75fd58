package control

import (
	"fmt"

	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// Batched is N problems of an operation that is known by its rule: operand i has a leading axis
// of N where In[i], and all results have one. Every rule is the inner operation's own, batched.
type Batched struct {
	Inner record.Ruled
	N     int
	In    []bool
}

var (
	_ record.Linear = Batched{}
	_ record.Ruled  = Batched{}
)

// applyBatched is the batch rule of the operations that are known by their rule.
func applyBatched(inner record.Ruled, n int, x []Value, batched []bool) []Value {
	return record.Apply(Batched{inner, n, append([]bool(nil), batched...)}, x...)
}

func (Batched) Name() string { return "batched" }

// unbatched lists the types of the operands of one problem.
func (b Batched) unbatched(in []ir.Type) []ir.Type {
	out := make([]ir.Type, len(in))
	for i, t := range in {
		if out[i] = t; b.In[i] {
			out[i] = ir.Type{DType: t.DType, Shape: t.Shape[1:]}
		}
	}
	return out
}

func (b Batched) Type(in []ir.Type) ([]ir.Type, error) {
	for i, t := range in {
		if b.In[i] && (t.Rank() == 0 || t.Shape[0] != b.N) {
			return nil, fmt.Errorf("operand %d is %v and must have a leading axis of %d", i, t, b.N)
		}
	}
	types, err := b.Inner.Type(b.unbatched(in))
	if err != nil {
		return nil, err
	}
	out := make([]ir.Type, len(types))
	for i, t := range types {
		out[i] = t.Batched(b.N)
	}
	return out, nil
}

func (b Batched) Eval(in, out []ir.Array) {
	for i, v := range b.Primal(knownValues(in)) {
		ir.Copy(out[i], v.Array())
	}
}

func (b Batched) Primal(x []Value) []Value {
	g := record.Trace(b.Inner.Primal, b.unbatched(ir.TypesOf(x)))
	return transform.BatchAll(g, b.N, x, b.In)
}

func (b Batched) JVP(x, y []Value, dx []record.Tangent) []record.Tangent {
	active := nonzero(dx)
	dxs := pickTangents(dx, active)
	types, _ := b.Inner.Type(b.unbatched(ir.TypesOf(x)))
	var activeOut []bool
	g := record.Trace(func(p []Value) []Value {
		q := split(p, len(x), len(y))
		dy := b.Inner.JVP(q[0], q[1], spreadTangents(q[2], active))
		activeOut = nonzero(dy)
		return pickTangents(dy, activeOut)
	}, concat(b.unbatched(ir.TypesOf(x)), types, pick(b.unbatched(ir.TypesOf(x)), active)))
	flags := concat(b.In, transform.All(len(y)), pick(b.In, active))
	return spreadTangents(transform.BatchAll(g, b.N, concat(x, y, dxs), flags), activeOut)
}

// Transpose batches the inner transpose; the cotangent of an operand that all problems share is
// the sum over the problems.
func (b Batched) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	inner, ok := b.Inner.(record.Linear)
	if !ok {
		panic(&ir.UsageError{Op: b.Inner.Name(), In: operandTypes(x),
			Reason: "it has no transpose"})
	}
	active := nonzero(ct)
	cts := pickTangents(ct, active)
	known, linear := partition(x)
	types := b.unbatched(operandTypes(x))
	knownFlags := make([]bool, 0, len(known))
	knownTypes := make([]ir.Type, 0, len(known))
	for i, o := range x {
		if !o.Linear {
			knownFlags = append(knownFlags, b.In[i])
			knownTypes = append(knownTypes, types[i])
		}
	}
	results, _ := inner.Type(types)
	g := record.Trace(func(p []Value) []Value {
		values := fillKnown(x, p[:len(known)])
		operands := make([]record.Operand, len(x))
		for i, o := range x {
			operands[i] = record.Operand{Type: types[i], Value: values[i], Linear: o.Linear}
		}
		t := inner.Transpose(spreadTangents(p[len(known):], active), operands)
		return denseOperands(t, operands)
	}, concat(knownTypes, pick(results, active)))
	flags := concat(knownFlags, transform.All(len(cts)))
	out := spreadTangents(transform.BatchAll(g, b.N, concat(known, cts), flags), linear)
	for i := range out {
		if linear[i] && !b.In[i] {
			out[i] = record.Tangent{Value: op.Sum(out[i].Value, 0)}
		}
	}
	return out
}

func (b Batched) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	return applyBatched(b, n, x, batched), nil
}

// Jacobian is the matrix ∂F/∂y of a closed graph whose first parameter is the vector y of n
// elements and whose first result is a vector of m: shape (m, n), one forward derivative a column.
func Jacobian(f *ir.Graph, at []Value) Value {
	n := at[0].Type().Shape[0]
	active := make([]bool, len(at))
	active[0] = true
	y, lin := transform.Linearize(f, at, active)
	m := y[0].Type().Shape[0]
	if len(lin.Out) == 0 || lin.Out[0] != 0 {
		return ir.Known(ir.FillNumber(ir.Of(y[0].DType(), m, n), 0))
	}
	if n == 1 {
		one := ir.Known(ir.FillNumber(at[0].Type(), 1))
		return op.Reshape(transform.Run(lin.Graph, []Value{one})[0], []int{m, 1})
	}
	columns := transform.BatchAll(lin.Graph, n, []Value{op.Identity(at[0].DType(), n)},
		[]bool{true})
	return op.Transpose(columns[0], []int{1, 0})
}
