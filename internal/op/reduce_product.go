package op

import (
	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// Prod multiplies x's elements along the given axes, which are distinct and non-negative;
// without axes it is x itself. The order depends on the reduced extents alone. A product of no
// elements is 1.
func Prod(x Value, axes ...int) Value {
	if len(axes) == 0 {
		return x
	}
	return record.Apply1(prod{sorted(axes)}, x)
}

type prod struct{ Axes []int }

var (
	_ record.Primitive = prod{}
	_ record.Sharer    = prod{}
	_ lane.Reducer     = prod{}
	_ lane.Preparer    = prod{}
)

func (prod) Name() string { return "reduce_prod" }

func (o prod) Type(in []ir.Type) ([]ir.Type, error) {
	if err := arity(1, len(in)); err != nil {
		return nil, err
	}
	return reducedNumbers(in[0], o.Axes)
}

func (o prod) Reduction([]ir.Type) (lane.Code, []int) { return lane.Mul, o.Axes }

func (o prod) Eval(in, out []ir.Array) { evalReduction(o, in[0], out[0]) }

func (o prod) Prepare(in []ir.Type, at []lane.View) (eval func(in, out []ir.Array), ok bool) {
	return prepareReduction(o, in[0], at[0])
}

func (o prod) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	return shareReduction(o, in[0], out[0])
}

// JVP differentiates a balanced tree of products: halves are multiplied element by element until
// one is left, and each multiplication has the product rule. Unlike Σ dxᵢ·y/xᵢ that divides by
// nothing, so it is right where elements are zero, at every order; and it is as linear in the
// number of elements, in 2·log₂ n steps over whole arrays.
func (o prod) JVP(x, y []Value, dx []record.Tangent) []record.Tangent {
	p, dp := reducedFirst(x[0], o.Axes), reducedFirst(dx[0].Value, o.Axes)
	n := p.Type().Shape[0]
	if n == 0 {
		return []record.Tangent{{}}
	}
	for n > 1 {
		h := n / 2
		a, b := rows(p, 0, h), rows(p, h, 2*h)
		da, db := rows(dp, 0, h), rows(dp, h, 2*h)
		products, tangents := []Value{Mul(a, b)}, []Value{Add(Mul(da, b), Mul(db, a))}
		if n%2 == 1 {
			products = append(products, rows(p, n-1, n))
			tangents = append(tangents, rows(dp, n-1, n))
		}
		p, dp = Concatenate(0, products...), Concatenate(0, tangents...)
		n -= h
	}
	return record.Some(Reshape(dp, y[0].Type().Shape))
}

func (o prod) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return []Value{Prod(x[0], shifted(o.Axes)...)}, nil
}

// reducedFirst is x with the given axes made one, and that first.
func reducedFirst(x Value, axes []int) Value {
	kept := keptAxes(x.Type().Rank(), axes)
	x = Transpose(x, append(append([]int{}, axes...), kept...))
	shape := []int{1}
	for i, n := range x.Type().Shape {
		if i < len(axes) {
			shape[0] *= n
		} else {
			shape = append(shape, n)
		}
	}
	return Reshape(x, shape)
}

// rows is x[lo:hi] along the first axis.
func rows(x Value, lo, hi int) Value {
	shape := x.Type().Shape
	start, limit := make([]int, len(shape)), append([]int{}, shape...)
	start[0], limit[0] = lo, hi
	return Slice(x, start, limit, nil)
}
