package ad_test

import (
	"errors"
	"fmt"
	"sort"
	"testing"

	"pullback/ad"
	"pullback/ir"
)

// ranks is the place of each element of a vector among all, in ascending order, as the vector's
// element type; and a second result, the greatest plus an offset.
type ranks struct{ Offset float64 }

func (ranks) Name() string { return "ranks" }

func (ranks) Type(in []ir.Type) ([]ir.Type, error) {
	if len(in) != 2 || in[0].Rank() != 1 || !in[1].Equal(ir.Of(ir.Float64)) {
		return nil, errors.New("it takes a vector and a scalar")
	}
	return []ir.Type{in[0], ir.Of(ir.Float64)}, nil
}

func (r ranks) Eval(in, out []ir.Array) {
	xs, places := ir.Data[float64](in[0]), ir.Data[float64](out[0])
	order := make([]int, len(xs))
	for i := range order {
		order[i] = i
	}
	sort.Slice(order, func(i, j int) bool { return xs[order[i]] < xs[order[j]] })
	for place, i := range order {
		places[i] = float64(place)
	}
	ir.Data[float64](out[1])[0] = xs[order[len(xs)-1]] + ir.Data[float64](in[1])[0] + r.Offset
}

// square is x², by hand.
type square struct{}

func (square) Name() string                         { return "square_by_hand" }
func (square) Type(in []ir.Type) ([]ir.Type, error) { return in, nil }
func (square) Eval(in, out []ir.Array) {
	y := ir.Data[float64](out[0])
	for i, x := range ir.Data[float64](in[0]) {
		y[i] = x * x
	}
}

// An operation of one's own gets its derivative from CustomJVP.
func ExampleApply() {
	squared := ad.CustomJVP(
		func(x ad.Value) ad.Value { return ad.Apply(square{}, x)[0] },
		func(x, dx ad.Value) (y, dy ad.Value) {
			return ad.Apply(square{}, x)[0], ad.Mul(2, ad.Mul(x, dx))
		})
	fmt.Println(squared(ad.Vector(1., 2., 3.)))
	fmt.Println(ad.Jit(ad.Vmap(ad.Grad(squared)))(ad.Vector(1., 2., 3.)))
	// Output:
	// [1, 4, 9] float64
	// [2, 4, 6] float64
}

func TestApply(t *testing.T) {
	x, c := ad.Vector(3., 1, 2), ad.Scalar(10.)
	both := func(offset float64) func(a args) args {
		return func(a args) args {
			out := ad.Apply(ranks{offset}, a.X, a.Y)
			return args{out[0], out[1]}
		}
	}
	stack := ad.Matrix(2, 3, []float64{3, 1, 2, -4, -5, -6})
	for name, f := range map[string]func(args) args{
		"eager": both(0.5), "compiled": ad.Jit(both(0.5)),
	} {
		t.Run(name, func(t *testing.T) {
			y := f(args{x, c})
			near(t, y.X, 2, 0, 1)
			near(t, y.Y, 13.5)
			y = ad.Vmap(f)(args{stack, ad.Vector(10., 20)})
			near(t, y.X, 2, 0, 1, 2, 1, 0)
			near(t, y.Y, 13.5, 16.5)
			// One operand that all share, two levels, and no problems at all.
			shared := func(x ad.Value) ad.Value { return f(args{x, c}).Y }
			near(t, ad.Vmap(shared)(stack), 13.5, 6.5)
			near(t, ad.Vmap(ad.Vmap(shared))(ad.Reshape(stack, 2, 1, 3)), 13.5, 6.5)
			near(t, ad.Jit(ad.Vmap(ad.Vmap(shared)))(ad.Reshape(stack, 2, 1, 3)), 13.5, 6.5)
			near(t, ad.Jit(ad.Vmap(shared))(ad.Zeros(ad.Float64, 0, 3)))
		})
	}
	// Operations that differ in their fields alone are two.
	near(t, ad.Jit(func(a args) ad.Value { return ad.Sub(both(1)(a).Y, both(2)(a).Y) })(args{x, c}),
		-1)
	// What is not differentiated by needs no derivative.
	near(t, ad.Grad(func(c ad.Value) ad.Value {
		return ad.Mul(c, ad.Sum(both(0)(args{x, ad.StopGradient(c)}).X))
	})(c), 3)
}
