package lane_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pullback/internal/lane"
	"pullback/internal/lane/lanetest"
	"pullback/ir"
)

// halving halves each element until it is below the first of another buffer, and counts the
// elements for which that took a round, or says at least whether the last did.
func halving() *lane.Program {
	b := lane.NewBuilder()
	x, limit := b.Buffer(ir.Float64, 6, false), b.Buffer(ir.Float64, 1, false)
	y, count := b.Buffer(ir.Float64, 6, true), b.Buffer(ir.Int32, 1, true)
	rounds := b.Buffer(ir.Int32, lane.Accumulators, true)
	s := b.Scratch(ir.Float64, 2)
	least := b.Load(lane.Access{Buffer: limit}, lane.None)
	b.Foreach(6, func(i lane.Value) {
		columns := []lane.Dim{{Extent: 2, Stride: 1}, {Extent: 3, Stride: 2}}
		v := b.Load(lane.Access{Buffer: x, Dims: columns}, lane.None)
		b.ScratchStore(s, b.And(i, b.Int(ir.Int64, 1)), v)
		out := b.While([]lane.Value{v, b.Int(ir.Int32, 0)}, func(s []lane.Value) lane.Value {
			return b.LessEqual(least, s[0])
		}, func(s []lane.Value) []lane.Value {
			return []lane.Value{b.Mul(s[0], b.Float(ir.Float64, 0.5)), b.Int(ir.Int32, 1)}
		})
		b.Store(lane.Contiguous(y, 6), lane.None, out[0])
		b.Reduce(lane.Add, rounds, out[1], lane.None)
	})
	last := b.Load(lane.Access{Buffer: rounds, Offset: 5}, lane.None)
	b.Store(lane.Access{Buffer: count}, lane.None, last)
	return b.Program()
}

const halvingText = `program {
	b0: float64[6]
	b1: float64[1]
	b2: float64[6] written
	b3: int32[1] written
	b4: int32[16] written
	s0: scratch float64[2]
	v0 float64 = load b1[0]
	foreach 6 {
		v1 int64* = iota
		v2 float64* = load b0[0 + 2×1 + 3×2]
		v3 int64 = const 1
		v4 int64* = and v1, v3
		scratch_store s0[v4], v2
		v5 int32 = const 0
		v6, v7 = while v2, v5 {
			v8 bool* = less_equal v0, v6
			test v8
		} do {
			v9 float64 = const 0.5
			v10 float64* = mul v6, v9
			v11 int32 = const 1
			next v10, v11
		}
		store b2[0 + 6×1], v6
	}
	reduce add b4, v7
	v12 int32 = load b4[5]
	store b3[0], v12
}
`

func TestPrint(t *testing.T) {
	if got := halving().String(); got != halvingText {
		t.Errorf("got\n%s\nwant\n%s", got, halvingText)
	}
}

func TestReference(t *testing.T) {
	y, count := ir.NewArray(ir.Of(ir.Float64, 6)), ir.NewArray(ir.Of(ir.Int32, 1))
	rounds := ir.NewArray(ir.Of(ir.Int32, lane.Accumulators))
	lane.Reference(halving(), []ir.Array{ir.Wrap([]float64{1, 2, 3, 4, 0.5, 6}, 6),
		ir.Wrap([]float64{2}, 1), y, count, rounds})
	for i, want := range []float64{1, 1.5, 0.5, 1, 1, 1.5} {
		if y.Number(i) != want {
			t.Errorf("element %d is %v, want %v", i, y.Number(i), want)
		}
	}
	if count.Number(0) != 1 {
		t.Error("the last element was not halved")
	}
	if lane.Finisher(lane.Add, ir.Int32)(rounds, count); count.Number(0) != 4 {
		t.Errorf("%v elements were halved, want 4", count.Number(0))
	}
}

func TestVaries(t *testing.T) {
	b := lane.NewBuilder()
	x := b.Buffer(ir.Float64, 8, false)
	var counter, sum, left, broadcast lane.Value
	b.Foreach(8, func(i lane.Value) {
		v := b.Load(lane.Contiguous(x, 8), lane.None)
		broadcast = b.Load(lane.Access{Buffer: x, Dims: []lane.Dim{{Extent: 8}}}, lane.None)
		sum = b.For(3, []lane.Value{v}, func(i lane.Value, s []lane.Value) []lane.Value {
			counter = i
			return []lane.Value{b.Add(s[0], v)}
		})[0]
		left = b.While([]lane.Value{b.Int(ir.Int64, 0)}, func(s []lane.Value) lane.Value {
			return b.Less(s[0], i)
		}, func(s []lane.Value) []lane.Value {
			return []lane.Value{b.Add(s[0], b.Int(ir.Int64, 1))}
		})[0]
	})
	varies := b.Program().Varies()
	if varies[counter] || varies[broadcast] || !varies[sum] || !varies[left] {
		t.Errorf("counter %v, broadcast %v, sum %v, left %v", varies[counter], varies[broadcast],
			varies[sum], varies[left])
	}
}

func TestRandomProgramsVerify(t *testing.T) {
	for seed := range uint64(200) {
		p := lanetest.Random(rand.New(rand.NewPCG(seed, 7)))
		if err := lane.Verify(p); err != nil {
			t.Fatalf("%v\n%v", err, p)
		}
		for v, varies := range p.Varies() {
			if varies && !p.Varying[v] {
				t.Fatalf("v%d varies\n%v", v, p)
			}
		}
	}
}

func TestVerifyRefuses(t *testing.T) {
	at := func(p *lane.Program, k int) *lane.Instr { return foreach(p).Body[k].(*lane.Instr) }
	while := func(p *lane.Program) *lane.While { return foreach(p).Body[6].(*lane.While) }
	for _, c := range []struct {
		name, want string
		spoil      func(p *lane.Program)
	}{
		{"nothing", "", func(p *lane.Program) {}},
		{"use before definition", "v5, which is not defined", func(p *lane.Program) {
			at(p, 3).In[1] = 5
		}},
		{"use of a loop's inside", "v10, which is not defined", func(p *lane.Program) {
			at(p, 7).In[1] = 10
		}},
		{"use after the foreach", "v7, which is not defined", func(p *lane.Program) {
			p.Body[3].(*lane.Instr).In[1] = 7
		}},
		{"two definitions", "v1 is defined twice", func(p *lane.Program) { at(p, 3).Out = 1 }},
		{"mixed types", "wrongly typed", func(p *lane.Program) { at(p, 3).In[1] = 2 }},
		{"a code without that type", "wrongly typed", func(p *lane.Program) {
			at(p, 3).Code = lane.CopySign
		}},
		{"a constant too wide", "wrongly typed", func(p *lane.Program) { at(p, 5).Imm = 1 << 32 }},
		{"too many operands", "with operand 2", func(p *lane.Program) { at(p, 3).In[2] = 1 }},
		{"uniform made of varying", "v4 is uniform", func(p *lane.Program) {
			p.Varying[4] = false
		}},
		{"uniform state", "v6", func(p *lane.Program) { p.Varying[6] = false }},
		{"varying outside", "varies outside", func(p *lane.Program) { p.Varying[0] = true }},
		{"test of another type", "the test of a while", func(p *lane.Program) {
			while(p).Test = 6
		}},
		{"state of another type", "becomes", func(p *lane.Program) { while(p).Next[0] = 7 }},
		{"too few states", "a while of", func(p *lane.Program) {
			while(p).Next = while(p).Next[:1]
		}},
		{"address below", "leaves its 6", func(p *lane.Program) { at(p, 1).Access.Offset = -1 }},
		{"address above", "leaves its 6", func(p *lane.Program) {
			at(p, 1).Access.Dims[0].Stride = 2
		}},
		{"wrong number of lanes", "spans 4 lanes of 6", func(p *lane.Program) {
			at(p, 1).Access.Dims[1].Extent = 2
		}},
		{"store to one address", "several lanes", func(p *lane.Program) {
			at(p, 7).Access.Dims[0].Stride = 0
		}},
		{"store to an input", "not written", func(p *lane.Program) {
			p.Buffers[2].Written = false
		}},
		{"store of another type", "does not fit", func(p *lane.Program) {
			p.Buffers[2].DType = ir.Float32
		}},
		{"no such buffer", "no buffer", func(p *lane.Program) { at(p, 1).Access.Buffer = 5 }},
		{"too much scratch", "is more than", func(p *lane.Program) { p.Scratch[0].Len = 129 }},
		{"scratch of another type", "wrongly typed", func(p *lane.Program) {
			p.Scratch[0].DType = ir.Float32
		}},
		{"no such scratch", "not there", func(p *lane.Program) { at(p, 4).Imm = 1 }},
		{"an odd row", "in rows of 4", func(p *lane.Program) { foreach(p).Row = 4 }},
		{"nested foreach", "inside a foreach", func(p *lane.Program) {
			foreach(p).Body = append(foreach(p).Body, &lane.Foreach{})
		}},
		{"reduction of a wrong type", "do not fit b4", func(p *lane.Program) {
			foreach(p).Reductions[0].In[0] = 6
		}},
		{"too few accumulators", "do not fit b4", func(p *lane.Program) { p.Buffers[4].Len = 15 }},
		{"two operands of a sum", "no reduction", func(p *lane.Program) {
			foreach(p).Reductions[0].In[1] = 7
		}},
		{"products of integers", "no reduction", func(p *lane.Program) {
			foreach(p).Reductions[0].Code, foreach(p).Reductions[0].In[1] = lane.FMA, 7
		}},
		{"accumulators shared", "two reductions", func(p *lane.Program) {
			f := foreach(p)
			f.Reductions = append(f.Reductions, f.Reductions[0])
		}},
		{"accumulators read", "touches accumulators", func(p *lane.Program) {
			p.Types, p.Varying = append(p.Types, ir.Int32), append(p.Varying, false)
			foreach(p).Body = append(foreach(p).Body, &lane.Instr{Code: lane.Load, Out: 13,
				In:     [3]lane.Value{lane.None, lane.None, lane.None},
				Access: &lane.Access{Buffer: 4}})
		}},
		{"no such reduction", "no reduction", func(p *lane.Program) {
			foreach(p).Reductions[0].Code = lane.Sub
		}},
	} {
		p := halving()
		c.spoil(p)
		err := lane.Verify(p)
		if c.want == "" && err == nil || c.want != "" && err != nil &&
			strings.Contains(err.Error(), c.want) {
			continue
		}
		t.Errorf("%s: %v, want %q", c.name, err, c.want)
	}
}

func foreach(p *lane.Program) *lane.Foreach { return p.Body[1].(*lane.Foreach) }

func TestSplittable(t *testing.T) {
	p := halving()
	if p.Splittable() {
		t.Error("a program that reads a sum is divided")
	}
	if p.Body = p.Body[:2]; !p.Splittable() || p.Unit() != lane.ReduceBlock {
		t.Error("a sum is not divided at its blocks")
	}
	for _, written := range []bool{false, true} {
		b := lane.NewBuilder()
		x, y := b.Buffer(ir.Float64, 4, written), b.Buffer(ir.Float64, 4, true)
		v := b.Load(lane.Access{Buffer: x}, lane.None)
		b.Foreach(4, func(lane.Value) { b.Store(lane.Contiguous(y, 4), lane.None, v) })
		if b.Program().Splittable() == written {
			t.Errorf("with a uniform load, of a written buffer: %v, it is divided: %v", written,
				!written)
		}
	}
}

// unless takes the square root of the second of two numbers where it is not positive.
func unless() *lane.Program {
	b := lane.NewBuilder()
	b.Buffer(ir.Float64, 2, false)
	b.Buffer(ir.Float64, 2, true)
	b.Foreach(2, func(lane.Value) {
		x := b.Load(lane.Contiguous(0, 2), lane.None)
		y := b.Unless(b.Less(b.Float(ir.Float64, 0), x), []lane.Value{x}, func() []lane.Value {
			return []lane.Value{b.Sqrt(x)}
		})
		b.Store(lane.Contiguous(1, 2), lane.None, y[0])
	})
	return b.Program()
}

func TestUnless(t *testing.T) {
	out := ir.NewArray(ir.Of(ir.Float64, 2))
	lane.Reference(unless(), []ir.Array{ir.Wrap([]float64{4, math.Copysign(0, -1)}, 2), out})
	if out.Number(0) != 4 || out.Number(1) != 0 {
		t.Errorf("got %v", out)
	}
	p := unless()
	if err := lane.Verify(p); err != nil {
		t.Error(err)
	}
	var w *lane.While
	for _, s := range p.Body[0].(*lane.Foreach).Body {
		if loop, ok := s.(*lane.While); ok {
			w = loop
		}
	}
	w.Next[0] = w.Init[0] // which does not hold in the lanes that are inside
	if err := lane.Verify(p); err == nil || !strings.Contains(err.Error(), "rare") {
		t.Errorf("a rare loop without an end: %v", err)
	}
}

// TestConstants: operations on constants are constants, and what is never rare has no branch.
func TestConstants(t *testing.T) {
	b := lane.NewBuilder()
	to := b.Buffer(ir.Float64, 1, true)
	x := b.Add(b.Float(ir.Float64, 1), b.Float(ir.Float64, 2))
	b.Store(lane.Access{Buffer: to}, lane.None, b.Pow(x, b.Log(b.Exp(x))))
	text := lane.Optimized(b.Program()).String()
	if n := strings.Count(text, "="); n != 1 || !strings.Contains(text, "const 27") {
		t.Errorf("got\n%s", text)
	}
}
