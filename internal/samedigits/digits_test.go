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
	"strings"
	"testing"

	"pullback/ad"
	"pullback/examples/problemset"
	"pullback/ir"
	"pullback/random"
)

var update = flag.Bool("update", false, "write testdata/digits.txt anew")

// function is a named computation on one array.
type function struct {
	name string
	f    func(ad.Value) ad.Value
}

// elementwise are the functions of one number. Their inputs are random bit patterns, which
// reach every exponent, subnormals, infinities and NaNs.
func elementwise() []function {
	return []function{
		{"exp", ad.Exp}, {"expm1", ad.Expm1}, {"log", ad.Log}, {"log1p", ad.Log1p}, {"sqrt", ad.Sqrt},
		{"sin", ad.Sin}, {"cos", ad.Cos}, {"tanh", ad.Tanh}, {"erf", ad.Erf}, {"erfinv", ad.ErfInv},
		{"floor", ad.Floor}, {"round", ad.Round}, {"sign", ad.Sign},
		{"to_int32", func(x ad.Value) ad.Value { return ad.Convert(x, ad.Int32) }},
		{"to_uint64", func(x ad.Value) ad.Value { return ad.Convert(x, ad.Uint64) }},
		{"pow", func(x ad.Value) ad.Value { return ad.Pow(ad.Abs(x), ad.Sin(x)) }},
		{"div", func(x ad.Value) ad.Value { return ad.Div(1, x) }},
		{"muladd", func(x ad.Value) ad.Value { return ad.Add(ad.Mul(x, 1.1), ad.Div(x, 3)) }},
	}
}

// whole are functions of a square matrix of normals.
func whole() []function {
	symmetric := func(a ad.Value) ad.Value {
		n := a.Shape()[0]
		return ad.Add(ad.MatMul(a, ad.Transpose(a)), ad.Identity(a.DType(), n))
	}
	return []function{
		{"sum", func(a ad.Value) ad.Value { return ad.Sum(a) }},
		{"sum_rows", func(a ad.Value) ad.Value { return ad.Sum(a, 1) }},
		{"sum_columns", func(a ad.Value) ad.Value { return ad.Sum(a, 0) }},
		{"prod", func(a ad.Value) ad.Value { return ad.Prod(a, 0) }},
		{"matmul", func(a ad.Value) ad.Value { return ad.MatMul(a, a) }},
		{"matvec", func(a ad.Value) ad.Value { return ad.MatVec(a, ad.At(a, 0)) }},
		{"dot", func(a ad.Value) ad.Value { return ad.Dot(ad.Reshape(a, -1), ad.Reshape(a, -1)) }},
		{"solve", func(a ad.Value) ad.Value { return ad.Solve(symmetric(a), ad.At(a, 1)) }},
		{"gradient", ad.Grad(func(a ad.Value) ad.Value {
			return ad.Sum(ad.Log1p(ad.Exp(ad.MatVec(a, ad.Tanh(ad.At(a, 0))))))
		})},
		{"scan", func(a ad.Value) ad.Value {
			s, _ := ad.Scan(ad.ZerosLike(ad.At(a, 0)), a, func(s, row ad.Value) (ad.Value, ad.Value) {
				next := ad.Add(ad.Mul(s, 0.9), ad.Sin(row))
				return next, next
			})
			return s
		}},
	}
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
		x := sample(d, 40000)
		for _, f := range elementwise() {
			note(&out, f.name, d, compile(f.f)(x))
		}
		a := ad.Mul(random.Normal(random.NewKey(3), d, 90, 90), 0.3)
		for _, f := range whole() {
			note(&out, f.name, d, compile(f.f)(a))
		}
		key := ad.Scalar(int64(1))
		draw := func(name string, f func(random.Key) ad.Value) {
			note(&out, name, d, compile(func(i ad.Value) ad.Value { return f(random.NewKey(11).FoldIn(i)) })(key))
		}
		draw("normal", func(k random.Key) ad.Value { return random.Normal(k, d, 3000) })
		draw("uniform", func(k random.Key) ad.Value { return random.Uniform(k, d, 3000) })
		draw("exponential", func(k random.Key) ad.Value { return random.Exponential(k, d, 3000) })
		draw("rademacher", func(k random.Key) ad.Value { return random.Rademacher(k, d, 3000) })
	}
	return out.String()
}

// problemSet is the checksums of the problem set's answers, which compile what they time.
func problemSet() string {
	var out strings.Builder
	for _, d := range []ad.DType{ad.Float32, ad.Float64} {
		t := problemset.Trace(d)
		note(&out, "trace", d, []ad.Value{t.Hessian.Result, t.Diagonal.Result})
		for _, e := range t.Estimates {
			note(&out, "hutchinson", d, e.Result)
		}
		e := problemset.Equilibria(d)
		note(&out, "brent", d, e.Brent.Result)
		note(&out, "newton", d, e.Newton.Result)
		note(&out, "likelihood", d, problemset.Likelihood(d).Result)
		note(&out, "slope", d, problemset.Slope(d).Result)
		m := problemset.Estimation(d)
		note(&out, "adam", d, m.Adam.Result)
		note(&out, "bfgs", d, m.BFGS.Result)
		note(&out, "both", d, m.Both.Result)
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
	fmt.Fprintf(out, "%-12s %v %x\n", name, d, h.Sum(nil)[:8])
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
	got := digits(ad.Jit[ad.Value, ad.Value]) + problemSet()
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
		compare(t, fmt.Sprintf("%d threads", threads), digits(ad.Jit[ad.Value, ad.Value]), string(want))
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
