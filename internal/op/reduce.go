package op

import (
	"fmt"
	"slices"

	"pullback/internal/record"
	"pullback/ir"
)

// Sum adds x's elements along the given axes, which are distinct and non-negative; without axes
// it is x itself. The order of the additions depends on the reduced extents alone.
func Sum(x Value, axes ...int) Value {
	if len(axes) == 0 {
		return x
	}
	return record.Apply1(sum{sorted(axes)}, x)
}

func sorted(axes []int) []int {
	axes = slices.Clone(axes)
	slices.Sort(axes)
	return axes
}

type sum struct{ Axes []int }

var _ record.Linear = sum{}

func (sum) Name() string { return "reduce_sum" }

func (o sum) Type(in []ir.Type) ([]ir.Type, error) {
	if in[0].DType == ir.Bool {
		return nil, fmt.Errorf("a bool is no number; convert it with ad.Convert, or use ad.Any or ad.All")
	}
	t, err := reducedType(in[0], o.Axes)
	return []ir.Type{t}, err
}

func (o sum) Eval(in, out []ir.Array) { panic("TODO") }

func (o sum) JVP(_, _ []Value, dx []record.Tangent) []record.Tangent {
	return record.Some(Sum(dx[0].Value, o.Axes...))
}

func (o sum) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	return record.Some(Unreduce(ct[0].Value, x[0].Type.Shape, o.Axes))
}

func (o sum) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return []Value{Sum(x[0], shifted(o.Axes)...)}, nil
}

// Unreduce repeats y, a reduction of an array of the given shape, along the reduced axes.
func Unreduce(y Value, shape, axes []int) Value {
	return Broadcast(y, shape, keptAxes(len(shape), axes))
}

// reducedType is t without the given axes.
func reducedType(t ir.Type, axes []int) (ir.Type, error) {
	for i, a := range axes {
		if a < 0 || a >= t.Rank() || i > 0 && a == axes[i-1] {
			return t, fmt.Errorf("the axes %v are not distinct axes of %v", axes, t)
		}
	}
	shape := []int{}
	for _, a := range keptAxes(t.Rank(), axes) {
		shape = append(shape, t.Shape[a])
	}
	return ir.Type{DType: t.DType, Shape: shape}, nil
}

// keptAxes lists the axes of an array of the given rank that are not in axes.
func keptAxes(rank int, axes []int) []int {
	kept := []int{}
	for a := range rank {
		if !slices.Contains(axes, a) {
			kept = append(kept, a)
		}
	}
	return kept
}

// shifted is the axes after a leading axis was added.
func shifted(axes []int) []int {
	out := make([]int, len(axes))
	for i, a := range axes {
		out[i] = a + 1
	}
	return out
}
