package op

import (
	"fmt"
	"math"
	"slices"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Pad puts zeros around and among x's elements: along axis i there are low[i] before the first,
// high[i] after the last and interior[i] between any two (XLA's Pad, without its negative
// counts: Slice takes away). A nil interior is 0 along every axis.
func Pad(x Value, low, high, interior []int) Value {
	if interior == nil {
		interior = repeated(0, len(low))
	}
	rank := x.Type().Rank()
	if len(low) == rank && len(high) == rank && len(interior) == rank &&
		allAre(0, low) && allAre(0, high) && allAre(0, interior) {
		return x
	}
	return record.Apply1(pad{slices.Clone(low), slices.Clone(high), slices.Clone(interior)}, x)
}

type pad struct{ Low, High, Interior []int }

var (
	_ record.Linear = pad{}
	_ record.Sharer = pad{}
	_ lane.Placer   = pad{}
	_ lane.Preparer = pad{}
)

func (pad) Name() string { return "pad" }

func (o pad) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(1, len(in)); err != nil {
		return nil, err
	}
	t := in[0]
	if len(o.Low) != t.Rank() || len(o.High) != t.Rank() || len(o.Interior) != t.Rank() {
		return nil, fmt.Errorf("low, high and interior counts are needed for each of %d axes, "+
			"and these are %v, %v and %v", t.Rank(), o.Low, o.High, o.Interior)
	}
	shape := make([]int, t.Rank())
	for a, n := range t.Shape {
		if o.Low[a] < 0 || o.High[a] < 0 || o.Interior[a] < 0 {
			return nil, fmt.Errorf("the counts %d, %d and %d along axis %d must not be negative; "+
				"use Slice to take away", o.Low[a], o.High[a], o.Interior[a], a)
		}
		shape[a] = o.Low[a] + paddedExtent(n, o.Interior[a]) + o.High[a]
	}
	return []ir.Type{{DType: t.DType, Shape: shape}}, nil
}

// paddedExtent is the extent of n elements with the given number of zeros between any two.
func paddedExtent(n, interior int) int { return n + interior*max(n-1, 0) }

// Place is the view by which a strided slice would read x's elements back.
func (o pad) Place(_ []ir.Type, out ir.Type) []lane.View {
	v := lane.Whole(out.Shape)
	for a := range v.Strides {
		v.Offset += o.Low[a] * v.Strides[a]
		v.Strides[a] *= o.Interior[a] + 1
	}
	return []lane.View{v}
}

func (o pad) Eval(in, out []ir.Array) {
	evalPlace(o.Place(nil, out[0].Type())[0], in[0], out[0])
}

func (o pad) Prepare(in []ir.Type, at []lane.View) (eval func(in, out []ir.Array), ok bool) {
	out, _ := o.Type(in)
	moves := preparePlaces(o, in, at, out[0])
	return func(in, out []ir.Array) {
		out[0].Clear()
		moves[0].run(out[0], in[0])
	}, true
}

// Share keeps zeros among zeros, and nothing among zeros.
func (o pad) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	if in[0].Len() > 0 && !(in[0].IsFill() && isPlusZero(in[0].Number(0))) {
		return nil, false
	}
	return []ir.Array{ir.FillNumber(out[0], 0)}, true
}

func isPlusZero(x float64) bool { return x == 0 && !math.Signbit(x) }

func (o pad) JVP(_, _ []Value, dx []record.Tangent) []record.Tangent {
	return record.Some(record.Apply1(o, dx[0].Value))
}

func (o pad) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	limit, stride := make([]int, len(o.Low)), make([]int, len(o.Low))
	for a, n := range x[0].Type.Shape {
		limit[a] = o.Low[a] + paddedExtent(n, o.Interior[a])
		stride[a] = o.Interior[a] + 1
	}
	return record.Some(Slice(ct[0].Value, o.Low, limit, stride))
}

func (o pad) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	y := Pad(x[0], append([]int{0}, o.Low...), append([]int{0}, o.High...),
		append([]int{0}, o.Interior...))
	return []Value{y}, nil
}
