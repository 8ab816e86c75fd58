package ad_test

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"pullback/ad"
)

type settings struct {
	X    ad.Value
	N    int
	Mode string
	Flag any
}

// TestJitKeys counts how often a function is recorded.
func TestJitKeys(t *testing.T) {
	recorded := 0
	f := ad.Jit(func(s settings) ad.Value {
		recorded++
		y := s.X
		for range s.N {
			y = ad.Add(y, 1)
		}
		if s.Mode == "double" {
			y = ad.Mul(y, 2)
		}
		return ad.Sum(y)
	})
	one, two, wide := ad.Vector(1.), ad.Vector(2.), ad.Vector(1., 2.)
	for _, c := range []struct {
		in    settings
		want  float64
		times int
	}{
		{settings{one, 1, "", nil}, 2, 1},
		{settings{two, 1, "", nil}, 3, 1},
		{settings{one, 2, "", nil}, 3, 2}, // another static number
		{settings{one, 2, "double", nil}, 6, 3},
		{settings{wide, 1, "", nil}, 5, 4},                          // another shape
		{settings{ad.Vector[float32](1), 1, "", nil}, 2, 5},         // another element type
		{settings{ad.Matrix(1, 1, []float64{1}), 1, "", nil}, 2, 6}, // another rank
		{settings{one, 1, "", 7}, 2, 7},
		{settings{one, 1, "", int8(7)}, 2, 8}, // equal numbers of two types are not equal
		{settings{two, 1, "", 7}, 3, 8},
		{settings{one, 2, "", nil}, 3, 8},
	} {
		near(t, f(c.in), c.want)
		if recorded != c.times {
			t.Errorf("after %+v it was recorded %d times, want %d", c.in, recorded, c.times)
		}
	}

	// Lengths of slices and keys of maps are part of the key.
	recorded = 0
	g := ad.Jit(func(m map[string][]ad.Value) ad.Value {
		recorded++
		s := ad.Scalar(0.)
		for _, k := range []string{"a", "b", "c"} {
			for i, v := range m[k] {
				s = ad.Add(s, ad.Mul(v, (i+1)*len(k)))
			}
		}
		return s
	})
	x := ad.Scalar(1.)
	near(t, g(map[string][]ad.Value{"a": {x}, "b": {x}}), 2)
	near(t, g(map[string][]ad.Value{"a": {x, x}, "b": {}}), 3)
	near(t, g(map[string][]ad.Value{"a": {x}, "c": {x}}), 2)
	near(t, g(map[string][]ad.Value{"a": {ad.Scalar(4.)}, "b": {x}}), 5)
	if recorded != 3 {
		t.Errorf("recorded %d times, want 3", recorded)
	}
}

// TestJitTellsZerosApart divides by a static number, which may be 0 or -0, wherever in a static
// part it is.
func TestJitTellsZerosApart(t *testing.T) {
	type ratio struct {
		X      ad.Value
		Plain  float64
		Narrow float32
		Any    any
		Nested struct{ list [2]complex128 }
	}
	f := ad.Jit(func(r ratio) ad.Value {
		by := r.Plain + float64(r.Narrow) + real(r.Nested.list[1])
		if a, ok := r.Any.([1]float64); ok {
			by += a[0]
		}
		return ad.Div(r.X, by)
	})
	minus := math.Copysign(0, -1)
	base := ratio{ad.Scalar(1.), minus, float32(minus), [1]float64{minus},
		struct{ list [2]complex128 }{}}
	base.Nested.list[1] = complex(minus, 0)
	for range 2 {
		near(t, f(base), math.Inf(-1))
		for _, change := range []func(*ratio){
			func(r *ratio) { r.Plain = 0 },
			func(r *ratio) { r.Narrow = 0 },
			func(r *ratio) { r.Any = [1]float64{} },
			func(r *ratio) { r.Nested.list[1] = 0 },
		} {
			r := base
			change(&r)
			near(t, f(r), math.Inf(1))
		}
	}
}

// TestJitReadsCapturesOnce is what the documentation says.
func TestJitReadsCapturesOnce(t *testing.T) {
	k := ad.Scalar(2.)
	f := ad.Jit(func(x ad.Value) ad.Value { return ad.Mul(x, k) })
	near(t, f(ad.Scalar(3.)), 6)
	k = ad.Scalar(5.)
	near(t, f(ad.Scalar(3.)), 6)
	near(t, ad.Grad(f)(ad.Scalar(3.)), 2) // the same recording, inlined
	near(t, f(ad.Vector(3.)), 15)
}

// TestJitOfAnOuterRecording closes over another recording each time.
func TestJitOfAnOuterRecording(t *testing.T) {
	var outer ad.Value
	f := ad.Jit(func(x ad.Value) ad.Value { return ad.Mul(x, outer) })
	g := func(y ad.Value) ad.Value {
		outer = y
		return ad.Add(f(y), f(ad.Scalar(3.))) // y² + 3y
	}
	for _, y := range []float64{1, 2, 5} {
		near(t, ad.Grad(g)(ad.Scalar(y)), 2*y+3)
		near(t, ad.Vmap(ad.Grad(g))(ad.Vector(y)), 2*y+3)
	}
}

// TestJitSingleFlight calls a function that is not recorded yet from many goroutines.
func TestJitSingleFlight(t *testing.T) {
	var recorded atomic.Int32
	f := ad.Jit(func(s settings) ad.Value {
		recorded.Add(1)
		runtime.Gosched()
		return ad.Sum(ad.Mul(ad.Sin(s.X), s.N))
	})
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			n := i % 4
			x := ad.Vector(float64(i), 1)
			want := ad.Sum(ad.Mul(ad.Sin(x), n)).Float()
			for range 20 {
				if got := f(settings{X: x, N: n}).Float(); got != want {
					t.Errorf("%v, want %v", got, want)
				}
			}
		})
	}
	wg.Wait()
	if n := recorded.Load(); n != 4 {
		t.Errorf("recorded %d times for 4 keys", n)
	}
}

// TestAPanicInARecording propagates as it is, each time, to everybody who waits, and the next
// call that can work does.
func TestAPanicInARecording(t *testing.T) {
	broken := true
	f := ad.Jit(func(x ad.Value) ad.Value {
		y := ad.Mul(x, x)
		if broken {
			panic(fmt.Errorf("out of %s", "order"))
		}
		return y
	})
	for range 3 {
		func() {
			defer func() {
				if err, ok := recover().(error); !ok || err.Error() != "out of order" {
					t.Errorf("the panic came out as %v", err)
				}
			}()
			f(ad.Scalar(2.))
		}()
	}
	func() {
		defer func() { _ = recover() }()
		ad.Grad(func(x ad.Value) ad.Value { return ad.Add(f(x), x) })(ad.Scalar(2.))
	}()
	broken = false
	near(t, f(ad.Scalar(2.)), 4)
	near(t, ad.Grad(f)(ad.Scalar(2.)), 4)

	// A goroutine that ends inside leaves the function as it was.
	g := ad.Jit(func(x ad.Value) ad.Value {
		if !broken {
			broken = true
			runtime.Goexit()
		}
		return ad.Mul(x, 3)
	})
	done := make(chan struct{})
	go func() { defer close(done); g(ad.Scalar(1.)) }()
	<-done
	near(t, g(ad.Scalar(1.)), 3)
}

//go:noinline
func usersOwnPanic() ad.Value { panic("at the user's") }

// TestAPanicKeepsItsStack looks for the user's function among the frames.
func TestAPanicKeepsItsStack(t *testing.T) {
	defer func() {
		if r := recover(); r != "at the user's" {
			t.Errorf("it panicked with %v", r)
		}
		if stack := string(debug.Stack()); !strings.Contains(stack, "usersOwnPanic") {
			t.Errorf("the stack does not lead to the panic:\n%s", stack)
		}
	}()
	ad.Jit(func(ad.Value) ad.Value { return usersOwnPanic() })(ad.Scalar(1.))
}

// TestJitAllocations holds that a call allocates its results only: for each array its numbers,
// the slice that holds them, and the Value's own block. One more is for the worker pool.
func TestJitAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	type market struct{ Cd, Cs ad.Value }
	m := market{ad.Scalar(0.5), ad.Vector(0.1, 0.2)}
	value := ad.Jit(func(m market) ad.Value { return ad.Mul(ad.Sin(m.Cs), m.Cd) })
	both := ad.Jit(func(m market) market {
		return market{ad.Exp(m.Cd), ad.Mul(ad.Sin(m.Cs), m.Cd)}
	})
	loop := ad.Jit(func(x ad.Value) ad.Value {
		return ad.While(x, func(s ad.Value) ad.Value { return ad.Less(s, 100) },
			func(s ad.Value) ad.Value { return ad.Mul(s, 2) })
	})
	x := ad.Scalar(1.)
	for _, c := range []struct {
		name  string
		call  func()
		bound float64
	}{
		{"one result", func() { value(m) }, 3 + 1},
		{"a struct of two results", func() { both(m) }, 6 + 2},
		{"a loop", func() { loop(x) }, 3 + 1},
	} {
		c.call()
		if got := testing.AllocsPerRun(200, c.call); got > c.bound {
			t.Errorf("%s: %v allocations a call, want %v", c.name, got, c.bound)
		}
	}
}

func TestExplainNamesLines(t *testing.T) {
	text := ad.Explain(func(x ad.Value) ad.Value { return ad.Sin(x) }, ad.Scalar(1.))
	for _, part := range []string{"recorded:", "rewritten:", "kernels:", "sin", "jit_test.go:"} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
}

// TestJitFor is that compiling ahead records f once and does not run it again in the call.
func TestJitFor(t *testing.T) {
	recordings := 0
	f := func(x ad.Value) ad.Value {
		recordings++
		return ad.Mul(x, 2)
	}
	double := ad.JitFor(f, ad.Scalar(0.))
	if recordings != 1 {
		t.Fatalf("%d recordings before the first call", recordings)
	}
	if got := double(ad.Scalar(3.)).Float(); got != 6 || recordings != 1 {
		t.Errorf("2·3 is %v after %d recordings", got, recordings)
	}
	if got := double(ad.Vector(1., 2)).Floats()[1]; got != 4 || recordings != 2 {
		t.Errorf("other shapes are compiled when they come: %v after %d recordings", got,
			recordings)
	}
}

// TestWrongExecutor compiles in an environment that asks for an executor that does not exist.
func TestWrongExecutor(t *testing.T) {
	const child = "PULLBACK_TEST_WRONG_EXECUTOR"
	if os.Getenv(child) != "" {
		_, err := ad.JitChecked(func(x ad.Value) ad.Value { return ad.Add(x, 1) })(ad.Scalar(1))
		fmt.Println(err)
		return
	}
	c := exec.Command(os.Args[0], "-test.run=^TestWrongExecutor$")
	c.Env = append(os.Environ(), child+"=1", "PULLBACK_EXEC=sse")
	out, err := c.CombinedOutput()
	const want = "PULLBACK_EXEC=sse asks for an executor that does not exist: set it to one of"
	if err != nil || !strings.Contains(string(out), want) {
		t.Errorf("%v\n%s", err, out)
	}
}
