package samedigits_test

import (
	"crypto/sha256"
	"encoding/binary"
	"flag"
	"fmt"
	"hash"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/ir"
	"pullback/random"
)

var update = flag.Bool("update", false, "write testdata/digits.txt anew")

// function is a named computation on one array.
type function struct {
	name string
	f    func(ad.Value) ad.Value
}

// sample is the same random bit patterns on every machine.
func sample(d ad.DType, n int) ad.Value {
	if d == ad.Float32 {
		xs := make([]float32, n)
		for i, b := range ir.Slice[uint32](random.Bits(random.NewKey(7), ad.Uint32, n)) {
			xs[i] = math.Float32frombits(b)
		}
		return ad.Vector(xs...)
	}
	xs := make([]float64, n)
	for i, b := range ir.Slice[uint64](random.Bits(random.NewKey(7), ad.Uint64, n)) {
		xs[i] = math.Float64frombits(b)
	}
	return ad.Vector(xs...)
}

// digits computes every checksum, with compile applied to each function.
func digits(compile func(func(ad.Value) ad.Value) func(ad.Value) ad.Value) string {
	var out strings.Builder
	for _, d := range []ad.DType{ad.Float32, ad.Float64} {
		run := func(f function, x ad.Value) { note(&out, f.name, d, compile(f.f)(x)) }
		x := sample(d, 40000)
		for _, f := range elementwise() {
			run(f, x)
		}
		moderate := ad.Mul(random.Normal(random.NewKey(5), d, 5000), 3e9)
		for _, f := range conversions() {
			run(f, moderate)
		}
		a := ad.Mul(random.Normal(random.NewKey(3), d, 90, 90), 0.3)
		for _, f := range slices.Concat(reductions(), products(), factorisations(), moves(),
			loops()) {
			run(f, a)
		}
		batch := ad.Reshape(ad.Slice(a, []int{0, 0}, []int{80, 90}), 8, 30, 30)
		for _, f := range slices.Concat(factorisations(), moves(), loops()) {
			run(function{"batch_" + f.name, ad.Vmap(f.f)}, batch)
		}
		many := random.Normal(random.NewKey(13), d, 210007)
		for _, f := range large() {
			run(f, many)
		}
		for _, f := range draws(d) {
			run(f, ad.Scalar(int64(1)))
		}
		for _, f := range solvers(d) {
			run(f, ad.Full(d, 1.25))
		}
	}
	return out.String()
}

// note writes a line: what was computed, in which type, and the checksum of a tree of results.
func note[T any](out *strings.Builder, name string, d ad.DType, results T) {
	h := sha256.New()
	leaves, _ := ad.Flatten(results)
	for _, v := range leaves {
		writeBits(h, v)
	}
	fmt.Fprintf(out, "%-22s %v %x\n", name, d, h.Sum(nil)[:8])
}

// writeBits writes v's type and elements, all NaNs being one.
func writeBits(h hash.Hash, v ad.Value) {
	fmt.Fprint(h, v.Type())
	a := v.Array()
	var word [8]byte
	for i := range a.Len() {
		x := a.Number(i)
		bits := math.Float64bits(x)
		if x != x {
			bits = 0x7ff8 << 48
		}
		binary.LittleEndian.PutUint64(word[:], bits)
		h.Write(word[:])
	}
}

const file = "testdata/digits.txt"

// TestDigits compares what this machine computes, eager and compiled and with one and with many
// threads, with what is written down.
func TestDigits(t *testing.T) {
	eager := func(f func(ad.Value) ad.Value) func(ad.Value) ad.Value { return f }
	got := digits(ad.Jit[ad.Value, ad.Value]) + problemSet() + information()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, "compiled", got, string(want))
	compare(t, "eager", digits(eager), string(want))
	for _, threads := range []int{1, 5} {
		former := runtime.GOMAXPROCS(threads)
		compare(t, fmt.Sprintf("%d threads", threads), digits(ad.Jit[ad.Value, ad.Value]),
			string(want))
		runtime.GOMAXPROCS(former)
	}
}

// compare reports the lines of got that differ from those of want, which may have more.
func compare(t *testing.T, what, got, want string) {
	t.Helper()
	lines := strings.Split(want, "\n")
	for i, line := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
		if i >= len(lines) || line != lines[i] {
			t.Errorf("%s: computed %q, which is not what is written down", what, line)
		}
	}
}
