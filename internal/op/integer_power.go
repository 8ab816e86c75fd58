package op

import (
	"errors"

	"pullback/internal/lane"
	"pullback/internal/record"
	"pullback/ir"
)

// IntegerPow is x to the n by repeated squaring, and for n < 0 the reciprocal of that: x² is one
// multiplication, and x to the n has an error of |n|/2 ulp or so. For an integer x, which wraps
// around, n is not negative.
func IntegerPow(x Value, n int) Value {
	if n == 1 {
		return x
	}
	return record.Apply1(integerPow{n}, x)
}

type integerPow struct{ N int }

var (
	_ record.Primitive = integerPow{}
	_ record.Sharer    = integerPow{}
	_ lane.Lowerer     = integerPow{}
)

func (integerPow) Name() string { return "integer_pow" }

func (o integerPow) Type(in []ir.Type) ([]ir.Type, error) {
	return elementwiseType(func(in []ir.DType) (ir.DType, error) {
		d, err := numbers(1, in)
		if err == nil && o.N < 0 && !d.IsFloat() {
			err = errors.New("an integer has no negative powers; convert it with ad.Convert")
		}
		return d, err
	}, in)
}

func (o integerPow) Lower(b *lane.Builder, in []lane.Value) []lane.Value {
	square, y := in[0], lane.None
	n := uint(o.N)
	if o.N < 0 {
		n = -n
	}
	for ; n > 0; n >>= 1 {
		switch {
		case n&1 == 0:
		case y == lane.None:
			y = square
		default:
			y = b.Mul(y, square)
		}
		if n > 1 {
			square = b.Mul(square, square)
		}
	}
	if y == lane.None {
		y = number(b, b.Type(in[0]), 1)
	}
	if o.N < 0 {
		y = b.Div(number(b, b.Type(y), 1), y)
	}
	return []lane.Value{y}
}

func (o integerPow) Eval(in, out []ir.Array) { evalLowered(o, in, out) }

func (o integerPow) Share(in []ir.Array, out []ir.Type) ([]ir.Array, bool) {
	return shareFill(o, in, out)
}

func (o integerPow) JVP(x, _ []Value, dx []record.Tangent) []record.Tangent {
	if o.N == 0 {
		return make([]record.Tangent, 1)
	}
	n := like(x[0], float64(o.N))
	return []record.Tangent{scaled(dx[0], Mul(n, IntegerPow(x[0], o.N-1)))}
}

func (o integerPow) Batch(_ int, x []Value, _ []bool) ([]Value, []bool) {
	return record.Apply(o, x...), nil
}
