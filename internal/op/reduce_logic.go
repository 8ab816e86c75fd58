package op

import (
	"fmt"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Any says whether one of x's elements, which are bools, is true along the given axes, which are
// distinct and non-negative; without axes it is x itself. Of no elements none is.
func Any(x Value, axes ...int) Value {
	if len(axes) == 0 {
		return x
	}
	return record.Apply1(reduceAny{sorted(axes)}, x)
}

// All says whether all of x's elements are true along the given axes; see Any. Of no elements
// all are.
func All(x Value, axes ...int) Value {
	if len(axes) == 0 {
		return x
	}
	return record.Apply1(reduceAll{sorted(axes)}, x)
}

type reduceAny struct{ Axes []int }

var (
	_ record.Primitive = reduceAny{}
	_ record.Sharer    = reduceAny{}
	_ lane.Reducer     = reduceAny{}
	_ lane.Preparer    = reduceAny{}
)

func (reduceAny) Name() string { return "reduce_any" }

func (o reduceAny) Type(in []ir.Type) ([]ir.Type, error) { return boolsType(in, o.Axes) }

func (o reduceAny) Reduction([]ir.Type) (lane.Code, []int) { return lane.Or, o.Axes }

func (o reduceAny) Eval(in, out []ir.Array) { evalReduction(o, in[0], out[0]) }

func (o reduceAny) Prepare(in []ir.Type, at []lane.View) (eval func(in, out []ir.Array), ok bool) {
	return prepareReduction(o, in[0], at[0])
}

func (o reduceAny) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	return shareReduction(o, in[0], out[0])
}

func (o reduceAny) JVP(_, _ []Value, _ []record.Tangent) []record.Tangent {
	return []record.Tangent{{}}
}

func (o reduceAny) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return []Value{Any(x[0], shifted(o.Axes)...)}, nil
}

type reduceAll struct{ Axes []int }

var (
	_ record.Primitive = reduceAll{}
	_ record.Sharer    = reduceAll{}
	_ lane.Reducer     = reduceAll{}
	_ lane.Preparer    = reduceAll{}
)

func (reduceAll) Name() string { return "reduce_all" }

func (o reduceAll) Type(in []ir.Type) ([]ir.Type, error) { return boolsType(in, o.Axes) }

func (o reduceAll) Reduction([]ir.Type) (lane.Code, []int) { return lane.And, o.Axes }

func (o reduceAll) Eval(in, out []ir.Array) { evalReduction(o, in[0], out[0]) }

func (o reduceAll) Prepare(in []ir.Type, at []lane.View) (eval func(in, out []ir.Array), ok bool) {
	return prepareReduction(o, in[0], at[0])
}

func (o reduceAll) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	return shareReduction(o, in[0], out[0])
}

func (o reduceAll) JVP(_, _ []Value, _ []record.Tangent) []record.Tangent {
	return []record.Tangent{{}}
}

func (o reduceAll) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return []Value{All(x[0], shifted(o.Axes)...)}, nil
}

func boolsType(in []ir.Type, axes []int) ([]ir.Type, error) {
	if err := arity(1, len(in)); err != nil {
		return nil, err
	}
	t := in[0]
	if t.DType != ir.Bool {
		return nil, fmt.Errorf("the elements are %v and must be bools; compare them first, "+
			"for example with ad.Less", t.DType)
	}
	out, err := reducedType(t, axes)
	return []ir.Type{out}, err
}
