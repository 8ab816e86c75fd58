package random

import (
	"cmp"
	"errors"
	"slices"

	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/ir"
)

// argsort is the order in which x's rows, along the last axis, increase: int64 indices. Equal
// elements keep their order, NaNs are last.
func argsort(x Value) Value { return record.Apply1(sorting{}, x) }

func cumulative(x Value) Value { return op.Cumsum(x, 0, false) }

// sorting is a primitive of its own because permutations are made by sorting. Its results are
// integers, so its derivatives are zero.
type sorting struct{}

var _ record.Primitive = sorting{}

func (sorting) Name() string { return "argsort" }

func (sorting) Type(in []ir.Type) ([]ir.Type, error) {
	if len(in) != 1 || in[0].Rank() == 0 {
		return nil, errors.New("one array with an axis to sort along is asked for")
	}
	switch in[0].DType {
	case ir.Uint32, ir.Float32, ir.Float64:
		return []ir.Type{in[0].With(ir.Int64)}, nil
	}
	return nil, errors.New("uint32 and floats are sorted only")
}

func (sorting) Eval(in, out []ir.Array) {
	switch in[0].Type().DType {
	case ir.Uint32:
		sortRows[uint32](in[0], out[0])
	case ir.Float32:
		sortRows[float32](in[0], out[0])
	case ir.Float64:
		sortRows[float64](in[0], out[0])
	}
}

func sortRows[T uint32 | float32 | float64](in, out ir.Array) {
	xs, orders := ir.Data[T](in), ir.Stored[int64](out)
	n := in.Type().Shape[in.Type().Rank()-1]
	for start := 0; start < len(xs); start += n {
		x, order := xs[start:start+n], orders[start:start+n]
		for i := range order {
			order[i] = int64(i)
		}
		slices.SortStableFunc(order, func(i, j int64) int { return nansLast(x[i], x[j]) })
	}
}

// nansLast is cmp.Compare, which has NaNs first, with NaNs last.
func nansLast[T cmp.Ordered](a, b T) int {
	if aNaN, bNaN := a != a, b != b; aNaN || bNaN {
		switch {
		case !bNaN:
			return 1
		case !aNaN:
			return -1
		}
		return 0
	}
	return cmp.Compare(a, b)
}

func (sorting) JVP(_, _ []ir.Value, _ []record.Tangent) []record.Tangent {
	return make([]record.Tangent, 1)
}

// Batch sorts along the last axis as before.
func (o sorting) Batch(_ int, x []ir.Value, _ []bool) ([]ir.Value, []bool) {
	return record.Apply(o, x...), nil
}
