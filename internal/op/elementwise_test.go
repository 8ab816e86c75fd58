package op_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

func known(xs ...float64) op.Value { return ir.Known(vector(xs...)) }

const gammaConstant = 0.57721566490153286060651209008240243 // Euler's

// TestMeaning checks that each constructor applies what its name says; how exactly, package
// lane's own tests check.
func TestMeaning(t *testing.T) {
	x, y := known(-2.5, 1, 3), known(2, 1, 0.5)
	i, j := ir.Known(ir.Wrap([]int32{-7, 12, 5}, 3)), ir.Known(ir.Wrap([]int32{2, 5, 0}, 3))
	p := ir.Known(ir.Wrap([]bool{false, true, true}, 3))
	q := ir.Known(ir.Wrap([]bool{true, true, false}, 3))
	nan, inf := math.NaN(), math.Inf(1)
	odd := known(nan, inf, 1)
	each := func(f func(x float64) float64) []float64 {
		out := x.Floats()
		for k := range out {
			out[k] = f(out[k])
		}
		return out
	}
	inverse := func(x float64) float64 { return math.Erfinv(math.Tanh(x)) }
	for _, c := range []struct {
		name string
		got  op.Value
		want []float64
	}{
		{"add", op.Add(x, y), []float64{-0.5, 2, 3.5}},
		{"sub", op.Sub(x, y), []float64{-4.5, 0, 2.5}},
		{"mul", op.Mul(x, y), []float64{-5, 1, 1.5}},
		{"div", op.Div(x, y), []float64{-1.25, 1, 6}},
		{"integer div", op.Div(i, j), []float64{-3, 2, -1}},
		{"rem", op.Rem(i, j), []float64{-1, 2, 5}},
		{"neg", op.Neg(x), []float64{2.5, -1, -3}},
		{"abs", op.Abs(x), []float64{2.5, 1, 3}},
		{"sign", op.Sign(x), []float64{-1, 1, 1}},
		{"integer sign", op.Sign(j), []float64{1, 1, 0}},
		{"min", op.Min(x, y), []float64{-2.5, 1, 0.5}},
		{"max", op.Max(x, y), []float64{2, 1, 3}},
		{"integer_pow", op.IntegerPow(x, 3), []float64{-15.625, 1, 27}},
		{"integer_pow -1", op.IntegerPow(y, -1), []float64{0.5, 1, 2}},
		{"integer_pow 0", op.IntegerPow(i, 0), []float64{1, 1, 1}},
		{"integer_pow of integers", op.IntegerPow(i, 2), []float64{49, 144, 25}},
		{"floor", op.Floor(x), []float64{-3, 1, 3}},
		{"ceil", op.Ceil(x), []float64{-2, 1, 3}},
		{"trunc", op.Trunc(x), []float64{-2, 1, 3}},
		{"round", op.Round(x), []float64{-2, 1, 3}},
		{"sqrt", op.Sqrt(op.Abs(x)),
			each(func(x float64) float64 { return math.Sqrt(math.Abs(x)) })},
		{"pow", op.Pow(op.Abs(x), y), []float64{6.25, 1, math.Sqrt(3)}},
		{"exp", op.Exp(x), each(math.Exp)},
		{"expm1", op.Expm1(x), each(math.Expm1)},
		{"log", op.Log(op.Abs(x)), each(func(x float64) float64 { return math.Log(math.Abs(x)) })},
		{"log1p", op.Log1p(op.Abs(x)),
			each(func(x float64) float64 { return math.Log1p(math.Abs(x)) })},
		{"sin", op.Sin(x), each(math.Sin)},
		{"cos", op.Cos(x), each(math.Cos)},
		{"tanh", op.Tanh(x), each(math.Tanh)},
		{"tan", op.Tan(x), each(math.Tan)},
		{"asin", op.Asin(op.Tanh(x)),
			each(func(x float64) float64 { return math.Asin(math.Tanh(x)) })},
		{"acos", op.Acos(op.Tanh(x)),
			each(func(x float64) float64 { return math.Acos(math.Tanh(x)) })},
		{"atan", op.Atan(x), each(math.Atan)},
		{"atan2", op.Atan2(x, y), []float64{math.Atan2(-2.5, 2), math.Pi / 4, math.Atan2(3, 0.5)}},
		{"sinh", op.Sinh(x), each(math.Sinh)},
		{"cosh", op.Cosh(x), each(math.Cosh)},
		{"sigmoid", op.Sigmoid(x), each(func(x float64) float64 { return 1 / (1 + math.Exp(-x)) })},
		{"sigmoid at the ends", op.Sigmoid(known(-700, 700, -inf)),
			[]float64{math.Exp(-700), 1, 0}},
		{"softplus", op.Softplus(x),
			each(func(x float64) float64 { return math.Log1p(math.Exp(x)) })},
		{"softplus at the ends", op.Softplus(known(-700, 1e300, inf)),
			[]float64{math.Exp(-700), 1e300, inf}},
		{"log_add_exp", op.LogAddExp(x, y),
			[]float64{math.Log(math.Exp(-2.5) + math.Exp(2)), 1 + math.Ln2,
				math.Log(math.Exp(3) + math.Exp(0.5))}},
		{"log_add_exp of infinities", op.LogAddExp(known(inf, -inf, -inf), known(inf, -inf, 3)),
			[]float64{inf, -inf, 3}},
		{"erf", op.Erf(x), each(math.Erf)},
		{"erfinv", op.ErfInv(op.Tanh(x)), each(inverse)},
		{"log_gamma", op.LogGamma(known(0.5, 1, 10)),
			[]float64{math.Log(math.Sqrt(math.Pi)), 0, math.Log(362880)}},
		{"digamma", op.Polygamma(0, known(1, 2)), []float64{-gammaConstant, 1 - gammaConstant}},
		{"polygamma 1", op.Polygamma(1, known(1, 2)),
			[]float64{math.Pi * math.Pi / 6, math.Pi*math.Pi/6 - 1}},
		{"erfinv_xla", op.ErfInvXLA(op.Tanh(x)), each(inverse)},
		{"equal", op.Equal(x, y), []float64{0, 1, 0}},
		{"equal of bools", op.Equal(p, q), []float64{0, 1, 0}},
		{"not_equal", op.NotEqual(x, y), []float64{1, 0, 1}},
		{"not_equal of bools", op.NotEqual(p, q), []float64{1, 0, 1}},
		{"less", op.Less(x, y), []float64{1, 0, 0}},
		{"less_equal", op.LessEqual(x, y), []float64{1, 1, 0}},
		{"is_nan", op.IsNaN(odd), []float64{1, 0, 0}},
		{"is_finite", op.IsFinite(odd), []float64{0, 0, 1}},
		{"and", op.And(i, j), []float64{0, 4, 0}},
		{"or", op.Or(i, j), []float64{-5, 13, 5}},
		{"xor", op.Xor(p, q), []float64{1, 0, 1}},
		{"not", op.Not(p), []float64{1, 0, 0}},
		{"shift_left", op.ShiftLeft(i, j), []float64{-28, 384, 5}},
		{"shift_right", op.ShiftRight(i, j), []float64{-2, 0, 5}},
		{"select", op.Select(p, x, y), []float64{2, 1, 3}},
		{"stop_gradient", op.StopGradient(x), []float64{-2.5, 1, 3}},
		{"convert", op.Convert(x, ir.Int32), []float64{-2, 1, 3}},
		{"convert to bool", op.Convert(j, ir.Bool), []float64{1, 1, 0}},
		{"bitcast", op.Bitcast(known(1), ir.Uint64), []float64{0x3ff << 52}},
	} {
		got := c.got.Floats()
		close := func(a, b float64) bool { return a == b || math.Abs(a-b) <= 1e-14*math.Abs(b) }
		if !slices.EqualFunc(got, c.want, close) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// TestThreefryKnownAnswers are those of the Random123 library (kat_vectors, threefry2x32 20).
func TestThreefryKnownAnswers(t *testing.T) {
	word := func(x uint32) op.Value { return ir.Known(ir.Fill(x)) }
	for _, c := range [][6]uint32{
		{0, 0, 0, 0, 0x6b200159, 0x99ba4efe},
		{^uint32(0), ^uint32(0), ^uint32(0), ^uint32(0), 0x1cb996fc, 0xbb002be7},
		{0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0},
	} {
		y0, y1 := op.Threefry2x32(word(c[0]), word(c[1]), word(c[2]), word(c[3]))
		if ir.Slice[uint32](y0)[0] != c[4] || ir.Slice[uint32](y1)[0] != c[5] {
			t.Errorf("%#x: %#x, %#x", c, ir.Slice[uint32](y0)[0], ir.Slice[uint32](y1)[0])
		}
	}
}

// slope is the derivative of f by operand i at the scalars x.
func slope(f func(x []op.Value) op.Value, i int) func(x []op.Value) op.Value {
	return func(x []op.Value) op.Value {
		g := record.Trace(func(x []op.Value) []op.Value { return []op.Value{f(x)} }, ir.TypesOf(x))
		dx := make([]record.Tangent, len(x))
		dx[i].Value = ir.Known(ir.FillNumber(x[i].Type(), 1))
		_, dy := transform.JVP(g, x, dx)
		return dy[0].Dense(x[i].Type())
	}
}

// TestDerivativesWhereTheyAreDelicate is about points that conformance cases keep away from.
func TestDerivativesWhereTheyAreDelicate(t *testing.T) {
	inf := math.Inf(1)
	of := func(f func(x, y op.Value) op.Value) func(x []op.Value) op.Value {
		return func(x []op.Value) op.Value { return f(x[0], x[1]) }
	}
	first := func(f func(x op.Value) op.Value) func(x []op.Value) op.Value {
		return func(x []op.Value) op.Value { return f(x[0]) }
	}
	pow, lowest, highest := of(op.Pow), of(op.Min), of(op.Max)
	for _, c := range []struct {
		name string
		f    func([]op.Value) op.Value
		by   []int // the operands to differentiate by, in turn
		x, y float64
		want float64
	}{
		{"x⁰ by x at 0", pow, []int{0}, 0, 0, 0},
		{"x⁰ by x", pow, []int{0}, 3, 0, 0},
		{"x¹ by x at 0", pow, []int{0}, 0, 1, 1},
		{"x² by x twice at 0", pow, []int{0, 0}, 0, 2, 2},
		{"x² by x three times at 0", pow, []int{0, 0, 0}, 0, 2, 0},
		{"√x by x at 0", pow, []int{0}, 0, 0.5, inf},
		{"x³ by x at -2", pow, []int{0}, -2, 3, 12},
		{"x² by y at 0", pow, []int{1}, 0, 2, 0},
		{"x² by y twice at 0", pow, []int{1, 1}, 0, 2, 0},
		{"x⁰ by y at 0", pow, []int{1}, 0, 0, -inf},
		{"1/x by y at 0", pow, []int{1}, 0, -1, -inf},
		{"xˣ by x at 0", first(func(x op.Value) op.Value { return op.Pow(x, x) }), []int{0}, 0, 0,
			-inf},
		{"x² by x and y at 0", pow, []int{0, 1}, 0, 2, 0},
		{"x⁰ by x and y", pow, []int{0, 1}, 4, 0, 0.25},
		{"x⁰ by y and x", pow, []int{1, 0}, 4, 0, 0.25},
		{"softplus at 0", first(op.Softplus), []int{0}, 0, 0, 0.5},
		{"softplus twice at 0", first(op.Softplus), []int{0, 0}, 0, 0, 0.25},
		{"softplus far out", first(op.Softplus), []int{0}, 1e308, 0, 1},
		{"sigmoid far out", first(op.Sigmoid), []int{0}, 40, 0, math.Exp(-40)},
		{"log(e^x+e^y) twice at a tie", of(op.LogAddExp), []int{0, 0}, 2, 2, 0.25},
		{"log(e^x+e^y) by both at a tie", of(op.LogAddExp), []int{0, 1}, 2, 2, -0.25},
		{"log(e^x+e^y) of impossible events", of(op.LogAddExp), []int{0}, -inf, -inf, 0.5},
		{"log(e^x+e^y) by an impossible event", of(op.LogAddExp), []int{0}, -inf, 1, 0},
		{"angle of a distant point", of(op.Atan2), []int{0}, 1e200, 1e200, 0.5e-200},
		{"angle of a near point", of(op.Atan2), []int{1}, 1e-200, 1e-200, -0.5e200},
		{"min by x at a tie", lowest, []int{0}, 2, 2, 0.5},
		{"min by y at a tie", lowest, []int{1}, 2, 2, 0.5},
		{"max by x at a tie", highest, []int{0}, 2, 2, 0.5},
		{"max by y at a tie", highest, []int{1}, 2, 2, 0.5},
		{"min by the loser", lowest, []int{0}, 3, 2, 0},
		{"max by the winner", highest, []int{0}, 3, 2, 1},
		{"|x| at 0", first(op.Abs), []int{0}, 0, 0, 0},
		{"stop", first(op.StopGradient), []int{0}, 3, 0, 0},
		{"x·stop(x)", first(func(x op.Value) op.Value { return op.Mul(x, op.StopGradient(x)) }),
			[]int{0}, 3, 0, 3},
		{"x·x three times", first(func(x op.Value) op.Value { return op.IntegerPow(x, 2) }),
			[]int{0, 0, 0}, 0, 0, 0},
		{"e^x - 1 far left", first(op.Expm1), []int{0}, -40, 0, math.Exp(-40)},
		{"select of an infinite slope", first(func(x op.Value) op.Value {
			zero := ir.Known(ir.FillNumber(x.Type(), 0))
			return op.Select(op.Less(zero, x), op.Sqrt(op.Max(x, zero)), x)
		}), []int{0}, 0, 0, 1},
	} {
		f := c.f
		for _, i := range c.by {
			f = slope(f, i)
		}
		got := f([]op.Value{ir.Known(ir.Fill(c.x)), ir.Known(ir.Fill(c.y))}).Float()
		if !(got == c.want || math.Abs(got-c.want) <= 1e-15*math.Abs(c.want)) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestMistakes(t *testing.T) {
	x := known(1, 2)
	i, p := op.Convert(x, ir.Int32), op.Convert(x, ir.Bool)
	for want, f := range map[string]func(){
		"the element types float64 and int32 differ":     func() { op.Add(x, i) },
		"the shapes [2] and [3] differ":                  func() { op.Add(x, known(1, 2, 3)) },
		"a bool is no number":                            func() { op.Mul(p, p) },
		"int32 is no float; convert it with ad.Convert":  func() { op.Exp(i) },
		"float64 is no integer":                          func() { op.ShiftLeft(x, x) },
		"float64 has no logic on bits":                   func() { op.And(x, x) },
		"the condition is float64 and must be bool":      func() { op.Select(x, x, x) },
		"the bits of float64 are not those of a float32": func() { op.Bitcast(x, ir.Float32) },
		"an integer has no negative powers":              func() { op.IntegerPow(i, -1) },
		"a key and a counter are uint32, not int32":      func() { op.Threefry2x32(i, i, i, i) },
		"it takes 2 operands, not 1": func() {
			add, _ := op.Lookup("add")
			record.Apply(add.(ir.Evaluator), x)
		},
	} {
		func() {
			defer func() {
				err, _ := recover().(error)
				var usage *ir.UsageError
				if !errors.As(err, &usage) || !strings.Contains(usage.Reason, want) ||
					!strings.HasPrefix(err.Error(), "elementwise_test.go:") {
					t.Errorf("want %q, got %v", want, err)
				}
			}()
			f()
		}()
	}
}
