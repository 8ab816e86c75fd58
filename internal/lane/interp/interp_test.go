package interp

import (
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"

	"pullback/internal/lane"
	"pullback/internal/lane/lanetest"
	"pullback/ir"
)

func TestOperations(t *testing.T) { lanetest.Operations(t, Executor{}) }

func TestPrograms(t *testing.T) {
	n := 1000
	if os.Getenv("PULLBACK_LONG") != "" {
		n = 50_000
	}
	lanetest.Programs(t, n, Executor{}, Executor{Lanes: 16})
}

// TestStates has the ways in which the states of a loop become one another, in loops of one lane
// and of many, that all leave together or each on its own.
func TestStates(t *testing.T) {
	type states = []lane.Value
	nexts := map[string]func(b *lane.Builder, s states) states{
		"swap":     func(b *lane.Builder, s states) states { return states{s[1], s[0], s[2]} },
		"rotation": func(b *lane.Builder, s states) states { return states{s[1], s[2], s[0]} },
		"sums": func(b *lane.Builder, s states) states {
			return states{s[1], b.Add(s[0], s[1]), s[2]}
		},
		"one value twice": func(b *lane.Builder, s states) states {
			difference := b.Sub(s[1], s[0])
			sum := b.Add(s[0], s[2])
			return states{sum, sum, difference}
		},
		"a value and a state": func(b *lane.Builder, s states) states {
			sum := b.Add(s[0], s[2])
			return states{sum, s[0], b.Mul(sum, s[1])}
		},
		"constants": func(b *lane.Builder, s states) states {
			return states{b.Int(ir.Int64, 3), s[2], b.Int(ir.Int64, 3)}
		},
	}
	for name, next := range nexts {
		for _, lanes := range []int{1, 40} {
			for _, alone := range []bool{false, true} {
				b := lane.NewBuilder()
				out := b.Buffer(ir.Int64, 3*lanes, true)
				b.Foreach(lanes, func(i lane.Value) {
					rounds := b.Int(ir.Int64, 5)
					if alone {
						rounds = b.And(i, b.Int(ir.Int64, 7))
					}
					init := states{b.Int(ir.Int64, 0), i, b.Int(ir.Int64, 7), b.Add(i, i)}
					s := b.While(init, func(s states) lane.Value { return b.Less(s[0], rounds) },
						func(s states) states {
							n := b.Add(s[0], b.Int(ir.Int64, 1))
							return append(states{n}, next(b, s[1:])...)
						})
					for k, v := range s[1:] {
						b.Store(lane.Access{Buffer: out, Offset: k * lanes,
							Dims: []lane.Dim{{Extent: lanes, Stride: 1}}}, lane.None, v)
					}
				})
				if lanetest.Program(t, b.Program(), 1, Executor{}); t.Failed() {
					t.Fatalf("%s, %d lanes:\n%v", name, lanes, b.Program())
				}
			}
		}
	}
}

// TestReductions reduces rows of more than one block of lane.ReduceBlock, whole and in parts.
func TestReductions(t *testing.T) {
	for _, row := range []int{0, 1, 20, 4095, 4096, 4097, 3*4096 + 17, 7 * 4096} {
		for _, rows := range []int{1, 3} {
			n := rows * row
			b := lane.NewBuilder()
			x := b.Buffer(ir.Float32, n, false)
			b.Rows(n, row, func(i lane.Value) {
				reduce := func(code lane.Code, x, y lane.Value) {
					b.Reduce(code, b.Buffer(b.Type(x), b.Partials(b.Type(x)).Size(), true), x, y)
				}
				v := b.Load(lane.Contiguous(x, n), lane.None)
				positive := b.Less(b.Float(ir.Float32, 0), v)
				reduce(lane.Add, v, lane.None)
				reduce(lane.Mul, b.Float(ir.Float32, 0.999), lane.None)
				reduce(lane.Max, v, lane.None)
				reduce(lane.And, positive, lane.None)
				reduce(lane.Or, positive, lane.None)
				reduce(lane.FMA, v, b.Add(v, b.Float(ir.Float32, 1)))
			})
			for _, lanes := range []int{16, 256, 4096} {
				lanetest.Program(t, b.Program(), uint64(n), Executor{Lanes: lanes})
			}
		}
	}
}

func TestNoAllocation(t *testing.T) {
	for seed := range uint64(50) {
		p := lanetest.Random(rand.New(rand.NewPCG(seed, 3)))
		k, err := Executor{}.Compile(p)
		if err != nil {
			t.Fatal(err)
		}
		frame, buffers := k.NewFrame(), lanetest.Bind(rand.New(rand.NewPCG(seed, 4)), p)
		if n := testing.AllocsPerRun(3, func() {
			frame.Start(buffers, 0, p.Extent())
			for frame.Run(lane.Fuel) {
			}
		}); n != 0 {
			t.Fatalf("seed %d: %v allocations in\n%v", seed, n, p)
		}
	}
}

// TestGoroutines shares one kernel, to be run with the race detector.
func TestGoroutines(t *testing.T) {
	const n, parts = 4000, 4
	p := elementwise(ir.Float64, n, newton)
	buffers := numbers(ir.Float64, n)
	want := numbers(ir.Float64, n)
	lane.Reference(p, want)
	k, err := Executor{}.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for part := range parts {
		wg.Go(func() {
			frame := k.NewFrame()
			frame.Start(buffers, part*n/parts, (part+1)*n/parts)
			for frame.Run(7) {
			}
		})
	}
	wg.Wait()
	for i := range n {
		if buffers[1].Number(i) != want[1].Number(i) {
			t.Fatalf("lane %d is %v, want %v", i, buffers[1].Number(i), want[1].Number(i))
		}
	}
}

func TestCompileRefuses(t *testing.T) {
	b := lane.NewBuilder()
	b.Load(lane.Access{Buffer: b.Buffer(ir.Bool, 1, false), Offset: 1}, lane.None)
	if _, err := (Executor{}).Compile(b.Program()); err == nil {
		t.Error("a load outside its buffer compiles")
	}
	for _, lanes := range []int{-1, 8, 100, 8192} {
		if _, err := (Executor{Lanes: lanes}).Compile(&lane.Program{}); err == nil {
			t.Errorf("blocks of %d lanes compile", lanes)
		}
	}
}

func TestStartRefuses(t *testing.T) {
	const n = 10
	p := elementwise(ir.Float64, n, newton)
	good := numbers(ir.Float64, n)
	for name, c := range map[string]struct {
		buffers []ir.Array
		lo, hi  int
	}{
		"too few buffers": {good[:1], 0, n},
		"a shorter array": {[]ir.Array{good[0], ir.NewArray(ir.Of(ir.Float64, n-1))}, 0, n},
		"another type":    {[]ir.Array{good[0], ir.NewArray(ir.Of(ir.Int64, n))}, 0, n},
		"a fill to write": {[]ir.Array{good[0], ir.Fill(1.0, n)}, 0, n},
		"too many lanes":  {good, 0, n + 1},
	} {
		k, err := Executor{}.Compile(p)
		if err != nil {
			t.Fatal(err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			k.NewFrame().Start(c.buffers, c.lo, c.hi)
		}()
	}
}

func ExampleExecutor() {
	p := elementwise(ir.Float64, 3, newton)
	kernel, err := Executor{}.Compile(p)
	if err != nil {
		fmt.Println(err)
		return
	}
	x, y := ir.Wrap([]float64{1, 8, 27}, 3), ir.NewArray(ir.Of(ir.Float64, 3))
	frame := kernel.NewFrame()
	frame.Start([]ir.Array{x, y}, 0, p.Extent())
	for frame.Run(lane.Fuel) {
	}
	fmt.Printf("%.6f", ir.Data[float64](y))
	// Output: [1.000000 2.000000 3.000000]
}
