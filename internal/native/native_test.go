package native_test

import (
	"math/rand/v2"
	"testing"

	"pullback/internal/lane"
	"pullback/internal/lane/lanetest"
	"pullback/internal/native"
	"pullback/internal/native/target"
	"pullback/ir"
)

// strict is native code without the interpreter: what it leaves is an error.
func strict() (es []lane.Executor) {
	for _, x := range target.Supported() {
		if x != target.None {
			es = append(es, native.Executor{Target: x})
		}
	}
	return es
}

func TestOperations(t *testing.T) {
	for _, e := range strict() {
		t.Run(e.Name(), func(t *testing.T) { lanetest.Operations(t, e) })
	}
}

func TestPrograms(t *testing.T) {
	n := lanetest.Long(t, 300, 1_000_000)
	lanetest.Programs(t, n, strict()...)
}

// TestChains: programs do the same in fewer chains of instructions than they would have.
func TestChains(t *testing.T) {
	var es []lane.Executor
	for _, x := range target.Supported()[1:] {
		for _, n := range []int{1, 2} {
			es = append(es, native.InChains{Executor: native.Executor{Target: x}, Chains: n})
		}
	}
	lanetest.Programs(t, 150, es...)
}

// straight is a random program of what is supported: n operations on the given types, more of
// them alive at a time than there are registers.
func straight(r *rand.Rand, n int, types []ir.DType) *lane.Program {
	b := lane.NewBuilder()
	lanes := 1 + r.IntN(70)
	var values []lane.Value
	fresh := func(uniform bool) {
		t := types[r.IntN(len(types))]
		a := lane.Contiguous(0, lanes)
		a.Offset = r.IntN(3)
		if uniform {
			a.Dims = nil
		}
		a.Buffer = b.Buffer(t, a.Offset+lanes, false)
		values = append(values, b.Load(a, lane.None))
	}
	pick := func(t ir.DType) lane.Value {
		for range 1000 {
			if v := values[r.IntN(len(values))]; b.Type(v) == t {
				return v
			}
		}
		return b.Bits(t, lanetest.Bits(r, t))
	}
	operation := func() {
		t := types[r.IntN(len(types))]
		x, y, z := pick(t), pick(t), pick(t)
		if r.IntN(4) == 0 {
			y = b.Bits(t, lanetest.Bits(r, t))
		}
		var out lane.Value
		switch k := r.IntN(16); {
		case k == 0:
			out = b.Convert(types[r.IntN(len(types))], x)
		case k == 1:
			out = b.Select(pick(ir.Bool), x, y)
		case t == ir.Bool:
			out = []func(x, y lane.Value) lane.Value{b.And, b.Or, b.Xor}[r.IntN(3)](x, y)
			if r.IntN(3) == 0 {
				out = b.Not(out)
			}
		case k == 2 && t.Bits() == 64:
			to := []ir.DType{ir.Float64, ir.Int64, ir.Uint64}
			out = b.Bitcast(to[r.IntN(3)], x)
		case k == 2:
			out = b.Bitcast([]ir.DType{ir.Float32, ir.Int32, ir.Uint32}[r.IntN(3)], x)
		case t.IsInteger():
			binary := []func(x, y lane.Value) lane.Value{b.Add, b.Sub, b.Mul, b.Min, b.Max, b.And,
				b.Or, b.Xor, b.ShiftLeft, b.ShiftRight, b.Less, b.LessEqual, b.Equal, b.NotEqual}
			if out = binary[r.IntN(len(binary))](x, y); b.Type(out) != ir.Bool && r.IntN(3) == 0 {
				out = []func(x lane.Value) lane.Value{b.Not, b.Neg, b.Abs}[r.IntN(3)](out)
			}
		case k < 6:
			out = b.FMA(x, y, z)
			if r.IntN(3) == 0 {
				out = b.FMA(x, z, y)
			}
		case k < 8:
			compare := []func(x, y lane.Value) lane.Value{b.Less, b.LessEqual, b.Equal, b.NotEqual}
			out = compare[r.IntN(4)](x, y)
		case k < 10:
			out = []func(x lane.Value) lane.Value{b.Sqrt, b.Neg, b.Abs, b.Round, b.Floor,
				b.Exponent, b.Mantissa}[r.IntN(7)](x)
		default:
			out = []func(x, y lane.Value) lane.Value{b.Add, b.Sub, b.Mul, b.Div, b.Min, b.Max,
				b.Scale, b.CopySign}[r.IntN(8)](x, y)
		}
		values = append(values, out)
	}
	for range r.IntN(4) {
		fresh(true)
	}
	if len(values) > 0 {
		for range r.IntN(10) {
			operation()
		}
	}
	b.Foreach(lanes, func(number lane.Value) {
		if r.IntN(4) == 0 {
			values = append(values, number)
		}
		for range 1 + r.IntN(20) {
			fresh(r.IntN(4) == 0)
		}
		for range n {
			operation()
		}
		for _, v := range values {
			if r.IntN(3) > 0 {
				b.Store(lane.Contiguous(b.Buffer(b.Type(v), lanes, true), lanes), lane.None, v)
			}
		}
	})
	return b.Program()
}

// TestStraight holds programs that must be native to the reference.
func TestStraight(t *testing.T) {
	n := lanetest.Long(t, 300, 100_000)
	lanetest.Generated(t, n, func(seed int, r *rand.Rand) *lane.Program {
		types := ir.DTypes()
		switch seed % 4 {
		case 0:
			types = []ir.DType{ir.Float64, ir.Bool}
		case 1:
			types = []ir.DType{ir.Float32, ir.Bool}
		case 2:
			types = []ir.DType{ir.Float32, ir.Int32, ir.Uint32, ir.Bool}
		}
		return straight(r, r.IntN(150), types)
	}, strict()...)
}

// TestBounds: what is known of a number's size takes account of how it was rounded, and that it
// may have overflowed.
func TestBounds(t *testing.T) {
	for seed := range uint64(50) {
		b := lane.NewBuilder()
		const lanes = 100
		b.Foreach(lanes, func(lane.Value) {
			var in [2]lane.Value
			for k := range in {
				c := lane.Contiguous(b.Buffer(ir.Float32, lanes, false), lanes)
				in[k] = b.Load(c, lane.None)
			}
			limit := b.Float(ir.Float32, 3e30)
			y := b.Max(b.Min(in[1], limit), b.Neg(limit))
			near := b.Max(b.Min(y, b.Float(ir.Float32, 126)), b.Float(ir.Float32, 1))
			for _, n := range []lane.Value{b.Mul(y, y), b.Add(b.Mul(y, limit), y),
				b.Sub(b.Round(near), b.Float(ir.Float32, 100))} {
				out := lane.Contiguous(b.Buffer(ir.Float32, lanes, true), lanes)
				b.Store(out, lane.None, b.Scale(in[0], n))
			}
		})
		lanetest.Program(t, b.Program(), seed, strict()...)
	}
}

// TestFarAway reads and writes elements that no displacement of an instruction reaches.
func TestFarAway(t *testing.T) {
	const far, lanes = 1<<24 + 100, 70
	b := lane.NewBuilder()
	in, out := b.Buffer(ir.Bool, far+lanes, false), b.Buffer(ir.Bool, far+lanes, true)
	at := lane.Access{Offset: far, Dims: []lane.Dim{{Extent: lanes, Stride: 1}}}
	b.Foreach(lanes, func(i lane.Value) {
		from, to := at, at
		from.Buffer, to.Buffer = in, out
		b.Store(to, lane.None, b.Not(b.Load(from, lane.None)))
	})
	for _, e := range strict() {
		k, err := e.Compile(b.Program())
		if err != nil {
			t.Fatal(err)
		}
		x, y := ir.NewArray(ir.Of(ir.Bool, far+lanes)), ir.NewArray(ir.Of(ir.Bool, far+lanes))
		ir.Stored[bool](x)[far+3] = true
		frame := k.NewFrame()
		frame.Start([]ir.Array{x, y}, 0, lanes)
		for frame.Run(lane.Fuel) {
		}
		for i, got := range ir.Stored[bool](y) {
			if want := i >= far && i != far+3; got != want {
				t.Fatalf("%s: element %d is %v", e.Name(), i, got)
			}
		}
	}
}
