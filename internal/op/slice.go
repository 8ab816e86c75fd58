package op

import (
	"fmt"
	"slices"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Slice is x[start:limit:stride], axis by axis: the elements start, start + stride, ... below
// limit. A nil stride is 1 along every axis.
func Slice(x Value, start, limit, stride []int) Value {
	if stride == nil {
		stride = repeated(1, len(start))
	}
	o := slice{slices.Clone(start), slices.Clone(limit), slices.Clone(stride)}
	if shape := x.Type().Shape; allAre(0, start) && slices.Equal(limit, shape) &&
		len(start) == len(shape) && len(stride) == len(shape) && allAre(1, stride) {
		return x
	}
	return record.Apply1(o, x)
}

// repeated is a list of n times k.
func repeated(k, n int) []int { return slices.Repeat([]int{k}, n) }

func allAre(k int, xs []int) bool {
	return !slices.ContainsFunc(xs, func(x int) bool { return x != k })
}

type slice struct{ Start, Limit, Stride []int }

var (
	_ record.Linear = slice{}
	_ record.Sharer = slice{}
	_ lane.Viewer   = slice{}
)

func (slice) Name() string { return "slice" }

func (o slice) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(1, len(in)); err != nil {
		return nil, err
	}
	t := in[0]
	if len(o.Start) != t.Rank() || len(o.Limit) != t.Rank() || len(o.Stride) != t.Rank() {
		return nil, fmt.Errorf("a start, a limit and a stride are needed for each of %d axes, "+
			"and these are %v, %v and %v", t.Rank(), o.Start, o.Limit, o.Stride)
	}
	shape := make([]int, t.Rank())
	for a, n := range t.Shape {
		lo, hi, step := o.Start[a], o.Limit[a], o.Stride[a]
		if lo < 0 || hi < lo || hi > n {
			return nil, fmt.Errorf("[%d:%d] is not within axis %d, which has %d elements",
				lo, hi, a, n)
		}
		if step < 1 {
			return nil, fmt.Errorf("the stride along axis %d is %d and must be positive; "+
				"use Reverse to go backwards", a, step)
		}
		shape[a] = (hi - lo + step - 1) / step
	}
	return []ir.Type{{DType: t.DType, Shape: shape}}, nil
}

func (o slice) View(_ ir.Type, at lane.View) (v lane.View, ok bool) {
	v = lane.View{Offset: at.Offset, Strides: slices.Clone(at.Strides)}
	for a := range v.Strides {
		v.Offset += o.Start[a] * v.Strides[a]
		v.Strides[a] *= o.Stride[a]
	}
	return v, true
}

func (o slice) Eval(in, out []ir.Array) { evalView(o, in[0], out[0]) }

func (o slice) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) { return shareView(in, out) }

func (o slice) JVP(_, _ []Value, dx []record.Tangent) []record.Tangent {
	return record.Some(record.Apply1(o, dx[0].Value))
}

// Transpose lays the elements back where they came from, among zeros.
func (o slice) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	rank := len(o.Start)
	high, interior := make([]int, rank), make([]int, rank)
	for a, n := range ct[0].Type().Shape {
		interior[a] = o.Stride[a] - 1
		high[a] = x[0].Type.Shape[a] - o.Start[a] - paddedExtent(n, interior[a])
	}
	return record.Some(Pad(ct[0].Value, o.Start, high, interior))
}

func (o slice) Batch(n int, x []Value, _ []bool) ([]Value, []bool) {
	y := Slice(x[0], append([]int{0}, o.Start...), append([]int{n}, o.Limit...),
		append([]int{1}, o.Stride...))
	return []Value{y}, nil
}

// Reverse turns x around along the given axes, which are distinct and non-negative.
func Reverse(x Value, axes ...int) Value {
	if len(axes) == 0 {
		return x
	}
	return record.Apply1(reverse{sorted(axes)}, x)
}

type reverse struct{ Axes []int }

var (
	_ record.Linear = reverse{}
	_ record.Sharer = reverse{}
	_ lane.Viewer   = reverse{}
)

func (reverse) Name() string { return "reverse" }

func (o reverse) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(1, len(in)); err != nil {
		return nil, err
	}
	_, err := reducedType(in[0], o.Axes)
	return in[:1], err
}

func (o reverse) View(in ir.Type, at lane.View) (v lane.View, ok bool) {
	v = lane.View{Offset: at.Offset, Strides: slices.Clone(at.Strides)}
	for _, a := range o.Axes {
		v.Offset += (in.Shape[a] - 1) * v.Strides[a]
		v.Strides[a] = -v.Strides[a]
	}
	return v, true
}

func (o reverse) Eval(in, out []ir.Array) { evalView(o, in[0], out[0]) }

func (o reverse) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	return shareView(in, out)
}

func (o reverse) JVP(_, _ []Value, dx []record.Tangent) []record.Tangent {
	return record.Some(Reverse(dx[0].Value, o.Axes...))
}

func (o reverse) Transpose(ct []record.Tangent, _ []record.Operand) []record.Tangent {
	return record.Some(Reverse(ct[0].Value, o.Axes...))
}

func (o reverse) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return []Value{Reverse(x[0], shifted(o.Axes)...)}, nil
}
