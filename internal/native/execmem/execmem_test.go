//go:build amd64

package execmem

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"pullback/internal/native/asm"
)

// argument is what the code of sum finds at RDI.
type argument struct {
	numbers *uint64
	n       uint64 // a multiple of 4, not 0
	rounds  uint64
	sum     uint64
}

// sum adds n numbers, rounds times, with vector registers.
func sum(t testing.TB) []byte {
	var a asm.Assembler
	a.Emit(asm.VPXOR, asm.X(0), asm.X(0), asm.X(0))
	a.Emit(asm.MOV, asm.RDX, asm.At(asm.RDI, 16))
	round := a.Here()
	a.Emit(asm.MOV, asm.RSI, asm.At(asm.RDI, 0))
	a.Emit(asm.MOV, asm.RCX, asm.At(asm.RDI, 8))
	next := a.Here()
	a.Emit(asm.VPADDQ, asm.Y(0), asm.Y(0), asm.At(asm.RSI, 0))
	a.Emit(asm.ADD, asm.RSI, asm.Imm(32))
	a.Emit(asm.SUB, asm.RCX, asm.Imm(4))
	a.JumpIf(asm.NotEqual, next)
	a.Emit(asm.DEC, asm.RDX)
	a.JumpIf(asm.NotEqual, round)
	a.Emit(asm.VEXTRACTI128, asm.X(1), asm.Y(0), asm.Imm(1))
	a.Emit(asm.VPADDQ, asm.X(0), asm.X(0), asm.X(1))
	a.Emit(asm.VPEXTRQ, asm.RAX, asm.X(0), asm.Imm(1))
	a.Emit(asm.VMOVQS, asm.RCX, asm.X(0))
	a.Emit(asm.ADD, asm.RAX, asm.RCX)
	a.Emit(asm.MOV, asm.At(asm.RDI, 24), asm.RAX)
	a.Emit(asm.VZEROUPPER)
	a.Emit(asm.RET)
	code, err := a.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func numbers(n int) (xs []uint64, total uint64) {
	xs = make([]uint64, n)
	for i := range xs {
		xs[i] = rand.Uint64()
		total += xs[i]
	}
	return xs, total
}

func (c *Code) sum(xs []uint64, rounds int) uint64 {
	arg := argument{numbers: &xs[0], n: uint64(len(xs)), rounds: uint64(rounds)}
	c.Call(unsafe.Pointer(&arg))
	runtime.KeepAlive(xs)
	return arg.sum
}

// TestMappers: each way of mapping that the system allows gives code that runs.
func TestMappers(t *testing.T) {
	code := sum(t)
	xs, want := numbers(1000)
	for _, m := range mappers() {
		c, err := load(m, code)
		if err != nil {
			t.Logf("%s: %v", m.name, err)
			continue
		}
		if got := c.sum(xs, 1); got != want {
			t.Errorf("%s: %d, want %d", m.name, got, want)
		}
	}
	if err := Probe(); err != nil {
		t.Skip(err)
	}
	c, err := New(code)
	if err != nil || c.Size() != len(code) {
		t.Fatal(c, err)
	}
	if _, err := New(nil); err == nil {
		t.Error("no error of no code")
	}
}

// TestRefused: a refused way is passed over, and where all are refused the error says why.
func TestRefused(t *testing.T) {
	reason := errors.New("not permitted")
	no := mapper{"never", func([]byte) (uintptr, func(), error) { return 0, nil, reason }}
	if _, err := choose([]mapper{no}); !errors.Is(err, reason) ||
		!strings.Contains(err.Error(), "never") {
		t.Errorf("got %v", err)
	}
	if m, err := choose(append([]mapper{no}, mappers()...)); err != nil || m.name == "never" {
		t.Errorf("got %q, %v", m.name, err)
	}
}

// TestFreed: memory is given back when the code is forgotten, and no sooner than a call ends.
func TestFreed(t *testing.T) {
	var freed atomic.Int32
	m, err := chosen()
	if err != nil {
		t.Skip(err)
	}
	counting := mapper{"counting", func(code []byte) (uintptr, func(), error) {
		entry, free, err := m.load(code)
		return entry, func() { free(); freed.Add(1) }, err
	}}
	xs, total := numbers(4096)
	done := make(chan uint64)
	const rounds = 20000 // some 10 ms
	go func() {
		c, err := load(counting, sum(t))
		if err != nil {
			t.Error(err)
		}
		done <- 0
		done <- c.sum(xs, rounds)
	}()
	<-done
	runtime.GC() // waits for the call, or comes before it
	if got := <-done; got != total*rounds {
		t.Errorf("got %d, want %d", got, total*rounds)
	}
	for begin := time.Now(); freed.Load() == 0; runtime.GC() {
		if time.Since(begin) > 10*time.Second {
			t.Fatal("memory is not given back")
		}
	}
}

// TestSafety calls code from several goroutines while the collector runs, stacks grow and are
// dumped, the profiler samples and memory is allocated: 10^6 calls in the long mode.
func TestSafety(t *testing.T) {
	if err := Probe(); err != nil {
		t.Skip(err)
	}
	calls := 20000
	if os.Getenv("PULLBACK_LONG") != "" {
		calls = 1000000
	}
	runtime.SetCPUProfileRate(2000)
	var profile bytes.Buffer
	if err := pprof.StartCPUProfile(&profile); err != nil {
		t.Log(err) // somebody profiles the test itself
	}
	defer pprof.StopCPUProfile()
	code, err := New(sum(t))
	if err != nil {
		t.Fatal(err)
	}
	var stop atomic.Bool
	var workers, others sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
			for k := range calls / 4 {
				xs, want := numbers(4 * (1 + k%50))
				if got := code.sum(xs, 1+k%20); got != want*uint64(1+k%20) {
					t.Errorf("call %d: %d, want %d", k, got, want)
					return
				}
				if k%16 == 0 {
					grow(64)
				}
				if k%64 == 0 { // another code, soon forgotten
					if _, err := New([]byte{0xc3}); err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	for _, disturb := range []func(){
		runtime.GC,
		func() { runtime.Stack(make([]byte, 1<<16), true); time.Sleep(200 * time.Microsecond) },
		func() { _ = make([][64]byte, 1000); time.Sleep(50 * time.Microsecond) },
	} {
		others.Go(func() {
			for !stop.Load() {
				disturb()
			}
		})
	}
	workers.Wait()
	stop.Store(true)
	others.Wait()
}

// grow makes the stack grow, in a new goroutine each time.
func grow(n int) {
	done := make(chan int)
	go func() { done <- deep(n, new([256]byte)) }()
	<-done
}

func deep(n int, x *[256]byte) int {
	var y [256]byte
	y[n&255] = x[n&255] + 1
	if n == 0 {
		return int(y[0])
	}
	return deep(n-1, &y) + int(y[1])
}

func BenchmarkCall(b *testing.B) {
	c, err := New([]byte{0xc3})
	if err != nil {
		b.Skip(err)
	}
	for b.Loop() {
		c.Call(nil)
	}
}
