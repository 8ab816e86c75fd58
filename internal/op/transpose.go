package op

import (
	"fmt"
	"slices"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Transpose reorders x's axes: axis i of the result is axis perm[i] of x.
func Transpose(x Value, perm []int) Value {
	if len(perm) == x.Type().Rank() && isIdentity(perm) {
		return x
	}
	return record.Apply1(transpose{slices.Clone(perm)}, x)
}

func isIdentity(perm []int) bool {
	for i, a := range perm {
		if a != i {
			return false
		}
	}
	return true
}

type transpose struct{ Perm []int }

var (
	_ record.Linear = transpose{}
	_ record.Sharer = transpose{}
	_ lane.Viewer   = transpose{}
)

func (transpose) Name() string { return "transpose" }

func (o transpose) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(1, len(in)); err != nil {
		return nil, err
	}
	if len(o.Perm) != in[0].Rank() || !isIdentity(sorted(o.Perm)) {
		return nil, fmt.Errorf("%v is no order of the %d axes of %v", o.Perm, in[0].Rank(), in[0])
	}
	return []ir.Type{{DType: in[0].DType, Shape: permuted(in[0].Shape, o.Perm)}}, nil
}

// permuted lists xs[perm[i]].
func permuted(xs, perm []int) []int {
	out := make([]int, len(perm))
	for i, a := range perm {
		out[i] = xs[a]
	}
	return out
}

func (o transpose) View(_ ir.Type, at lane.View) (v lane.View, ok bool) {
	return at.Permuted(o.Perm), true
}

func (o transpose) Eval(in, out []ir.Array) { evalView(o, in[0], out[0]) }

func (o transpose) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	return shareView(in, out)
}

func (o transpose) JVP(_, _ []Value, dx []record.Tangent) []record.Tangent {
	return record.Some(Transpose(dx[0].Value, o.Perm))
}

func (o transpose) Transpose(ct []record.Tangent, _ []record.Operand) []record.Tangent {
	inverse := make([]int, len(o.Perm))
	for i, a := range o.Perm {
		inverse[a] = i
	}
	return record.Some(Transpose(ct[0].Value, inverse))
}

func (o transpose) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return []Value{Transpose(x[0], append([]int{0}, shifted(o.Perm)...))}, nil
}
