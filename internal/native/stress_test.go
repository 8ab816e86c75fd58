package native_test

import (
	"io"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"testing"

	"pullback/internal/lane"
	"pullback/internal/lane/lanetest"
	"pullback/internal/native"
	"pullback/internal/native/target"
	"pullback/ir"
)

// newton is a program with a loop that each lane leaves on its own: cube roots by Newton's
// method, and their sum.
func newton(n int) *lane.Program {
	b := lane.NewBuilder()
	in, out := b.Buffer(ir.Float64, n, false), b.Buffer(ir.Float64, n, true)
	sum := b.Buffer(ir.Float64, lane.Partials(n), true)
	b.Foreach(n, func(lane.Value) {
		x := b.Load(lane.Contiguous(in, n), lane.None)
		state := b.While([]lane.Value{b.Float(ir.Float64, 1), b.Float(ir.Float64, 9)},
			func(s []lane.Value) lane.Value {
				return b.Less(b.Float(ir.Float64, 1e-9), b.Abs(s[1]))
			},
			func(s []lane.Value) []lane.Value {
				y := s[0]
				step := b.Div(b.Sub(b.Mul(y, b.Mul(y, y)), x),
					b.Mul(b.Float(ir.Float64, 3), b.Mul(y, y)))
				return []lane.Value{b.Sub(y, step), step}
			})
		b.Store(lane.Contiguous(out, n), lane.None, state[0])
		b.Reduce(lane.Add, sum, state[0], lane.None)
	})
	return b.Program()
}

// deep calls f with a stack that has grown.
func deep(depth int, f func()) byte {
	var room [512]byte
	if depth == 0 {
		f()
	} else {
		room[depth%len(room)] = deep(depth-1, f)
	}
	return room[len(room)/2]
}

// TestStress makes many calls while the garbage collector runs all the time, goroutines are
// preempted, profiled, and given new stacks, and faults are panics; every result must be right.
func TestStress(t *testing.T) {
	calls := int64(lanetest.Long(t, 20_000, 1_000_000))
	if err := pprof.StartCPUProfile(io.Discard); err == nil {
		defer pprof.StopCPUProfile()
	}
	for _, x := range target.Supported() {
		if x != target.None {
			t.Run(x.String(), func(t *testing.T) { stress(t, native.Executor{Target: x}, calls) })
		}
	}
}

func stress(t *testing.T, e lane.Executor, calls int64) {
	const n = 37
	p := newton(n)
	kernel, err := e.Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	in := ir.NewArray(ir.Of(ir.Float64, n))
	for i := range n {
		ir.Stored[float64](in)[i] = 0.1 + float64(i*i)
	}
	results := func() []ir.Array {
		return []ir.Array{in, ir.NewArray(ir.Of(ir.Float64, n)),
			ir.NewArray(ir.Of(ir.Float64, lane.Partials(n)))}
	}
	want := results()
	lane.Reference(p, want)

	var done, left atomic.Int64
	left.Store(calls)
	stop := make(chan struct{})
	var others, workers sync.WaitGroup
	others.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
			}
		}
	})
	check := func(frame lane.Frame, fuel int) bool {
		got := results()
		frame.Start(got, 0, n)
		for frame.Run(fuel) {
			runtime.Gosched()
		}
		done.Add(1)
		for k := range got[1:] {
			for i := range got[k+1].Len() {
				if got[k+1].Bits(i) != want[k+1].Bits(i) {
					t.Errorf("result %d, element %d: %#x, want %#x", k, i, got[k+1].Bits(i),
						want[k+1].Bits(i))
					return false
				}
			}
		}
		return true
	}
	for w := range 4 {
		workers.Go(func() {
			debug.SetPanicOnFault(true)
			r := rand.New(rand.NewPCG(uint64(w), 8))
			frame := kernel.NewFrame()
			for left.Add(-1) >= 0 {
				fuel := []int{lane.Fuel, 1, 7}[r.IntN(3)]
				ok := true
				switch r.IntN(16) {
				case 0: // on a new stack, with a new frame
					var one sync.WaitGroup
					one.Go(func() {
						deep(r.IntN(200), func() { ok = check(kernel.NewFrame(), fuel) })
					})
					one.Wait()
				case 1: // code that is freed again
					k, err := e.Compile(p)
					if err != nil {
						t.Error(err)
						return
					}
					ok = check(k.NewFrame(), fuel)
				default:
					ok = check(frame, fuel)
				}
				if !ok {
					return
				}
			}
		})
	}
	workers.Wait()
	close(stop)
	others.Wait()
	if done.Load() != calls && !t.Failed() {
		t.Errorf("%d calls of %d", done.Load(), calls)
	}
}
