package lanetest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pullback/internal/lane"
	"pullback/ir"
)

// table is the one that lookups are tested with.
const table = 1

// Operations runs every code on every type it has, on all pairs of special values and on random
// ones, with each choice of uniform operands, and compares with lane.Scalar.
func Operations(t *testing.T, e lane.Executor) {
	for code := lane.Add; code <= lane.Lookup; code++ {
		for _, in := range ir.DTypes() {
			for _, out := range ir.DTypes() {
				if !code.Defined(in) || out != result(code, in, out) {
					continue
				}
				t.Run(fmt.Sprintf("%v/%v/%v", code, in, out), func(t *testing.T) {
					operation(t, e, code, in, out)
				})
			}
		}
	}
}

// result is the type of a code's result, the wanted one where there is a choice.
func result(code lane.Code, in, wanted ir.DType) ir.DType {
	switch code {
	case lane.Equal, lane.NotEqual, lane.Less, lane.LessEqual:
		return ir.Bool
	case lane.Convert:
		return wanted
	case lane.Lookup:
		if in == ir.Uint32 {
			return ir.Float32
		}
		return ir.Float64
	case lane.Bitcast:
		if wanted.Bits() == in.Bits() {
			return wanted
		}
	}
	return in
}

func operation(t *testing.T, e lane.Executor, code lane.Code, in, out ir.DType) {
	r := rand.New(rand.NewPCG(uint64(code), uint64(in)))
	n := code.Operands()
	types := [3]ir.DType{in, in, in}
	if code == lane.Select {
		types[0] = ir.Bool
	}
	columns := make([][]uint64, n)
	for _, x := range Special(in) {
		for _, y := range Special(in) {
			for k, v := range []uint64{x, y, Bits(r, in)}[:n] {
				if code == lane.Select && k == 0 {
					v = r.Uint64() & 1
				}
				columns[k] = append(columns[k], v)
			}
		}
	}
	for range 1000 {
		for k := range columns {
			columns[k] = append(columns[k], Bits(r, types[k]))
		}
	}
	for i := range 1000 {
		for k := range columns {
			x := Edge(r, types[k])
			if code == lane.Scale && k == 1 && i%2 == 0 {
				x = toSubnormal(r, in, columns[0][len(columns[1])])
			}
			columns[k] = append(columns[k], x)
		}
	}
	lanes := len(columns[0])
	for uniform := range 1 << n {
		for range 1 + min(uniform, 1) {
			first := r.IntN(lanes)
			got := run(t, e, code, types[:n], out, columns, uniform, first, lanes)
			for i := range lanes {
				x := inputs(columns, uniform, first, i)
				want := lane.Canonical(out, lane.Scalar(code, out, in, x, table))
				if got.Bits(i) != want {
					t.Fatalf("%v of %#x, uniform operands %b: %#x, want %#x", code, x[:n], uniform,
						got.Bits(i), want)
				}
			}
		}
	}
	for range 20 { // one lane alone
		first := r.IntN(lanes)
		got := run(t, e, code, types[:n], out, columns, 1<<n-1, first, 1)
		x := inputs(columns, 1<<n-1, first, 0)
		if want := lane.Canonical(out, lane.Scalar(code, out, in, x, table)); got.Bits(0) != want {
			t.Fatalf("%v of %#x in one lane: %#x, want %#x", code, x[:n], got.Bits(0), want)
		}
	}
}

func inputs(columns [][]uint64, uniform, first, i int) (x [3]uint64) {
	for k := range columns {
		x[k] = columns[k][i]
		if uniform>>k&1 != 0 {
			x[k] = columns[k][first]
		}
	}
	return x
}

func run(t *testing.T, e lane.Executor, code lane.Code, types []ir.DType, out ir.DType,
	columns [][]uint64, uniform, first, lanes int) ir.Array {
	b := lane.NewBuilder()
	buffers := make([]ir.Array, len(types)+1)
	for k, column := range columns {
		b.Buffer(types[k], len(column), false)
		buffers[k] = Array(types[k], column)
	}
	to := b.Buffer(out, lanes, true)
	buffers[to] = ir.NewArray(ir.Of(out, lanes))
	b.Foreach(lanes, func(lane.Value) {
		in := make([]lane.Value, len(types))
		for k := range in {
			a := lane.Contiguous(k, lanes)
			if uniform>>k&1 != 0 {
				a = lane.Access{Buffer: k, Offset: first}
			}
			in[k] = b.Load(a, lane.None)
		}
		b.Store(lane.Contiguous(to, lanes), lane.None, apply(b, code, out, in))
	})
	frame := compile(t, e, b.Program()).NewFrame()
	frame.Start(buffers, 0, lanes)
	for frame.Run(lane.Fuel) {
	}
	return buffers[to]
}

func compile(t *testing.T, e lane.Executor, p *lane.Program) lane.Kernel {
	t.Helper()
	k, err := e.Compile(p)
	if err != nil {
		t.Fatalf("%v\n%v", err, p)
	}
	return k
}

// apply builds one operation.
func apply(b *lane.Builder, code lane.Code, out ir.DType, in []lane.Value) lane.Value {
	switch code {
	case lane.Convert:
		if b.Type(in[0]) == out {
			return in[0]
		}
		return b.Convert(out, in[0])
	case lane.Bitcast:
		return b.Bitcast(out, in[0])
	case lane.Lookup:
		return b.Lookup(table, in[0])
	case lane.FMA:
		return b.FMA(in[0], in[1], in[2])
	case lane.Select:
		return b.Select(in[0], in[1], in[2])
	}
	unary := map[lane.Code]func(x lane.Value) lane.Value{
		lane.Sqrt: b.Sqrt, lane.Round: b.Round, lane.Floor: b.Floor, lane.Ceil: b.Ceil,
		lane.Trunc: b.Trunc, lane.Exponent: b.Exponent, lane.Mantissa: b.Mantissa,
		lane.Neg: b.Neg, lane.Abs: b.Abs, lane.Not: b.Not,
	}
	if f, ok := unary[code]; ok {
		return f(in[0])
	}
	binary := map[lane.Code]func(x, y lane.Value) lane.Value{
		lane.Add: b.Add, lane.Sub: b.Sub, lane.Mul: b.Mul, lane.Div: b.Div, lane.Rem: b.Rem,
		lane.Min: b.Min, lane.Max: b.Max, lane.Scale: b.Scale, lane.CopySign: b.CopySign,
		lane.Equal: b.Equal, lane.NotEqual: b.NotEqual, lane.Less: b.Less,
		lane.LessEqual: b.LessEqual, lane.And: b.And, lane.Or: b.Or, lane.Xor: b.Xor,
		lane.ShiftLeft: b.ShiftLeft, lane.ShiftRight: b.ShiftRight,
	}
	return binary[code](in[0], in[1])
}
