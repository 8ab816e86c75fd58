package op_test

import (
	"fmt"
	"math"

	"pullback/internal/op"
	"pullback/internal/optest"
	"pullback/ir"
)

// The elementwise primitives: each at points where it is smooth, at special values of every
// element type that it takes, and without any elements.

func unary(f func(op.Value) op.Value) func([]op.Value) []op.Value {
	return func(x []op.Value) []op.Value { return []op.Value{f(x[0])} }
}

func binary(f func(x, y op.Value) op.Value) func([]op.Value) []op.Value {
	return func(x []op.Value) []op.Value { return []op.Value{f(x[0], x[1])} }
}

func vector(xs ...float64) ir.Array { return ir.Wrap(xs, len(xs)) }

// special is the numbers of type d at which arithmetic goes wrong first.
func special(d ir.DType) ir.Array {
	var xs []float64
	switch d {
	case ir.Float64, ir.Float32:
		xs = []float64{0, math.Copysign(0, -1), 1, -1, 0.5, 1.5, -2.5, 3, 1e-3, -700, 90, 1e30,
			math.Inf(1), math.Inf(-1), math.NaN(), math.MaxFloat64, math.SmallestNonzeroFloat64,
			math.MaxFloat32, math.SmallestNonzeroFloat32, 1 << 31, -1 << 63, 1 << 63, 1 << 32}
	case ir.Int32:
		return ir.Wrap([]int32{0, 1, -1, 2, 7, 31, 32, 33, math.MaxInt32, math.MinInt32}, 10)
	case ir.Int64:
		return ir.Wrap([]int64{0, 1, -1, 2, 7, 63, 64, 1<<53 + 1, math.MaxInt64, math.MinInt64}, 10)
	case ir.Uint32:
		return ir.Wrap([]uint32{0, 1, 2, 7, 31, 32, 33, math.MaxInt32, math.MaxUint32}, 9)
	case ir.Uint64:
		return ir.Wrap([]uint64{0, 1, 2, 7, 63, 64, 1<<53 + 1, math.MaxInt64, math.MaxUint64}, 9)
	case ir.Bool:
		xs = []float64{0, 1}
	}
	return optest.FromFloats(ir.Of(d, len(xs)), xs)
}

// pairs is every pair of a's elements, as two arrays.
func pairs(a ir.Array) []ir.Array {
	n := a.Len()
	across := op.Broadcast(ir.Known(a), []int{n, n}, []int{1}).Array()
	down := op.Broadcast(ir.Known(a), []int{n, n}, []int{0}).Array()
	return []ir.Array{across, down}
}

// atSpecial is value cases of a unary or binary do, one for each element type.
func atSpecial(
	name string, operands int, do func([]op.Value) []op.Value, types ...ir.DType,
) []optest.Case {
	var out []optest.Case
	for _, d := range types {
		in := []ir.Array{special(d)}
		if operands == 2 {
			in = pairs(in[0])
		}
		out = append(out,
			optest.Case{Name: name + "/" + d.String(), Do: do, In: in, ValuesOnly: true})
	}
	return out
}

var (
	floats   = []ir.DType{ir.Float64, ir.Float32}
	integers = []ir.DType{ir.Int32, ir.Int64, ir.Uint32, ir.Uint64}
	numbers  = append(append([]ir.DType(nil), floats...), integers...)
	bits     = append([]ir.DType{ir.Bool}, integers...)
)

// smooth is the cases of a float function at points: a vector, a scalar, nothing.
func smooth(name string, do func([]op.Value) []op.Value, in ...ir.Array) []optest.Case {
	scalars, empty := make([]ir.Array, len(in)), make([]ir.Array, len(in))
	for i, a := range in {
		scalars[i] = ir.Wrap([]float64{a.Number(0)})
		empty[i] = ir.NewArray(ir.Of(ir.Float64, 2, 0))
	}
	return []optest.Case{
		{Name: name, Do: do, In: in},
		{Name: name + "/scalar", Do: do, In: scalars},
		{Name: name + "/empty", Do: do, In: empty, Order: 1},
	}
}

func arithmeticCases() []optest.Case {
	var out []optest.Case
	x, y := vector(0.5, -1.25, 3, 2, -0.75), vector(1.5, 0.75, -2, 0.5, -1)
	for _, o := range []struct {
		name string
		do   func(x, y op.Value) op.Value
	}{
		{"add", op.Add}, {"sub", op.Sub}, {"mul", op.Mul}, {"div", op.Div},
		{"min", op.Min}, {"max", op.Max},
	} {
		out = append(out, smooth(o.name, binary(o.do), x, y)...)
		out = append(out, atSpecial(o.name, 2, binary(o.do), numbers...)...)
		// One value as both operands.
		out = append(out, optest.Case{Name: o.name + "/self", In: []ir.Array{x},
			Do: unary(func(x op.Value) op.Value { return o.do(x, op.Mul(x, x)) })})
	}
	for _, o := range []struct {
		name string
		do   func(op.Value) op.Value
	}{
		{"neg", op.Neg}, {"abs", op.Abs}, {"sign", op.Sign},
		{"integer_pow", func(x op.Value) op.Value { return op.IntegerPow(x, 5) }},
		{"integer_pow/0", func(x op.Value) op.Value { return op.IntegerPow(x, 0) }},
	} {
		out = append(out, smooth(o.name, unary(o.do), x)...)
		out = append(out, atSpecial(o.name, 1, unary(o.do), numbers...)...)
	}
	fma := func(x []op.Value) []op.Value { return []op.Value{op.FMA(x[0], x[1], x[2])} }
	out = append(out, smooth("fma", fma, x, y, vector(0.25, 3, -1, 0.5, 2))...)
	fused := binary(func(x, y op.Value) op.Value { return op.FMA(x, y, op.Neg(x)) })
	out = append(out, atSpecial("fma", 2, fused, floats...)...)
	inverseCube := unary(func(x op.Value) op.Value { return op.IntegerPow(x, -3) })
	out = append(out, smooth("integer_pow/-3", inverseCube, vector(1.5, -1.25, 3, 2, -1.75))...)
	out = append(out, atSpecial("integer_pow/-3", 1, inverseCube, floats...)...)
	return append(out, atSpecial("rem", 2, binary(op.Rem), integers...)...)
}

func functionCases() []optest.Case {
	var out []optest.Case
	anywhere := vector(0.3, -1.25, 2.5, 0.8, -0.05, 1)
	positive := vector(0.75, 1, 2.5, 7, 40)
	withZero := vector(0, 0.3, -1.25, 2.5, -8)
	inside := vector(0.2, -0.5, 0.75, 0, -0.85)
	for _, o := range []struct {
		name string
		do   func(op.Value) op.Value
		at   ir.Array
	}{
		{"exp", op.Exp, anywhere}, {"expm1", op.Expm1, anywhere},
		{"log", op.Log, positive}, {"log1p", op.Log1p, positive}, {"sqrt", op.Sqrt, positive},
		{"sin", op.Sin, anywhere}, {"cos", op.Cos, anywhere}, {"tanh", op.Tanh, anywhere},
		{"tan", op.Tan, inside}, {"asin", op.Asin, inside}, {"acos", op.Acos, inside},
		{"atan", op.Atan, anywhere}, {"sinh", op.Sinh, anywhere}, {"cosh", op.Cosh, anywhere},
		{"sigmoid", op.Sigmoid, withZero}, {"softplus", op.Softplus, withZero},
		{"erf", op.Erf, anywhere}, {"erfinv", op.ErfInv, inside},
		{"log_gamma", op.LogGamma, positive}, {"digamma", polygamma(0), positive},
		{"polygamma/1", polygamma(1), positive}, {"polygamma/4", polygamma(4), positive},
		{"floor", op.Floor, betweenSteps}, {"ceil", op.Ceil, betweenSteps},
		{"trunc", op.Trunc, betweenSteps}, {"round", op.Round, betweenSteps},
	} {
		out = append(out, smooth(o.name, unary(o.do), o.at)...)
		out = append(out, atSpecial(o.name, 1, unary(o.do), floats...)...)
	}

	for _, o := range []struct {
		name string
		do   func(x, y op.Value) op.Value
		x, y ir.Array
	}{
		{"log_add_exp", op.LogAddExp, vector(0.3, -1.25, 2, 0), vector(0.3, 1, -2, 0)},
		{"atan2", op.Atan2, vector(0.5, -1.25, 3, -2), vector(1.5, 0.75, -2, -0.5)},
	} {
		out = append(out, smooth(o.name, binary(o.do), o.x, o.y)...)
		out = append(out, atSpecial(o.name, 2, binary(o.do), floats...)...)
	}

	// XLA's polynomial has some 20 bits in float32, and by pieces.
	out = append(out,
		optest.Case{Name: "erfinv_xla", Do: unary(op.ErfInvXLA), In: []ir.Array{inside},
			Tolerance: 1e-5})
	out = append(out, atSpecial("erfinv_xla", 1, unary(op.ErfInvXLA), floats...)...)

	base, exponent := vector(0.75, 1.5, 3, 2, 1), vector(1.5, -0.75, 0.5, 3, -1)
	out = append(out, smooth("pow", binary(op.Pow), base, exponent)...)
	out = append(out, atSpecial("pow", 2, binary(op.Pow), floats...)...)
	// Of negative bases and at zero only the base has a derivative.
	for _, exponent := range []float64{0, 1, 2, 3, 4} {
		out = append(out, optest.Case{
			Name: fmt.Sprintf("pow/%v", exponent),
			Do: unary(func(x op.Value) op.Value {
				return op.Pow(x, ir.Known(ir.FillNumber(x.Type(), exponent)))
			}),
			In: []ir.Array{vector(-1.5, 0, 2, -0.5)},
		})
	}
	return out
}

func polygamma(n int) func(op.Value) op.Value {
	return func(x op.Value) op.Value { return op.Polygamma(n, x) }
}

// betweenSteps keeps away from where roundings jump.
var betweenSteps = vector(0.3, -1.3, 2.7, 0.8, -0.15)

func logicCases() []optest.Case {
	var out []optest.Case
	for _, o := range []struct {
		name  string
		do    func(x, y op.Value) op.Value
		types []ir.DType
	}{
		{"equal", op.Equal, ir.DTypes()}, {"not_equal", op.NotEqual, ir.DTypes()},
		{"less", op.Less, numbers}, {"less_equal", op.LessEqual, numbers},
		{"and", op.And, bits}, {"or", op.Or, bits}, {"xor", op.Xor, bits},
		{"shift_left", op.ShiftLeft, integers}, {"shift_right", op.ShiftRight, integers},
	} {
		out = append(out, atSpecial(o.name, 2, binary(o.do), o.types...)...)
	}
	out = append(out, atSpecial("not", 1, unary(op.Not), bits...)...)
	out = append(out, atSpecial("is_nan", 1, unary(op.IsNaN), floats...)...)
	out = append(out, atSpecial("is_finite", 1, unary(op.IsFinite), floats...)...)
	x, y := vector(0.5, -1.25, 3), vector(1.5, 0.75, -2)
	out = append(out, optest.Case{Name: "less/tangent", Do: binary(op.Less), In: []ir.Array{x, y}})
	words := ir.Wrap([]uint32{0, 1, 0x13198a2e, math.MaxUint32}, 4)
	return append(out, optest.Case{
		Name: "threefry2x32",
		Do: func(x []op.Value) []op.Value {
			y0, y1 := op.Threefry2x32(x[0], x[1], x[2], x[3])
			return []op.Value{y0, y1}
		},
		In: []ir.Array{words, ir.Fill(uint32(7), 4), ir.Wrap([]uint32{5, 6, 7, 8}, 4), words},
	})
}

func conversionCases() []optest.Case {
	var out []optest.Case
	choose := func(x []op.Value) []op.Value { return []op.Value{op.Select(x[0], x[1], x[2])} }
	cond := ir.Wrap([]bool{true, false, true}, 3)
	out = append(out,
		optest.Case{Name: "select", Do: choose,
			In: []ir.Array{cond, vector(0.5, -1.25, 3), vector(1.5, 0.75, -2)}},
		optest.Case{Name: "select/guard", In: []ir.Array{vector(-1, 0.5, 4)},
			Do: unary(func(x op.Value) op.Value {
				zero := ir.Known(ir.FillNumber(x.Type(), 0))
				positive := op.Less(zero, x)
				one := ir.Known(ir.FillNumber(x.Type(), 1))
				return op.Select(positive, op.Sqrt(op.Select(positive, x, one)), x)
			})},
	)
	for _, d := range ir.DTypes() {
		in := pairs(special(d))
		cond := ir.NewArray(in[0].Type().With(ir.Bool))
		for i := range ir.Stored[bool](cond) {
			ir.Stored[bool](cond)[i] = i%3 == 0
		}
		out = append(out, optest.Case{Name: "select/" + d.String(), Do: choose,
			In: []ir.Array{cond, in[0], in[1]}, ValuesOnly: true})
	}

	out = append(out, atSpecial("stop_gradient", 1, unary(op.StopGradient), ir.DTypes()...)...)

	for _, from := range ir.DTypes() {
		for _, to := range ir.DTypes() {
			if from == to {
				continue
			}
			name := "/" + from.String() + "/" + to.String()
			c := optest.Case{Name: "convert" + name, In: []ir.Array{special(from)},
				ValuesOnly: true, Do: unary(func(x op.Value) op.Value { return op.Convert(x, to) })}
			out = append(out, c)
			if from.Bits() == to.Bits() {
				c.Name = "bitcast" + name
				c.Do = unary(func(x op.Value) op.Value { return op.Bitcast(x, to) })
				out = append(out, c)
			}
		}
	}
	x := vector(0.5, -1.25, 3)
	return append(out,
		optest.Case{Name: "convert/narrow", In: []ir.Array{x},
			Do: unary(func(x op.Value) op.Value { return op.Convert(op.Mul(x, x), ir.Float32) })},
		optest.Case{Name: "convert/wide", In: []ir.Array{ir.Wrap([]float32{0.5, -1.25, 3}, 3)},
			Do: unary(func(x op.Value) op.Value { return op.Convert(op.Mul(x, x), ir.Float64) })},
		optest.Case{Name: "convert/integer", In: []ir.Array{vector(0.5, -1.25, 3.5)},
			Do: unary(func(x op.Value) op.Value { return op.Convert(x, ir.Int32) })},
		optest.Case{Name: "bitcast/integer", In: []ir.Array{x}, Only64: true,
			Do: unary(func(x op.Value) op.Value { return op.Bitcast(x, ir.Int64) })},
	)
}
