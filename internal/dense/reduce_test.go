package dense

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pullback/ir"
)

func random[T ir.Number](r *rand.Rand, n int) []T {
	x := make([]T, n)
	for i := range x {
		switch any(x[i]).(type) {
		case float32, float64:
			x[i] = T(math.Ldexp(r.NormFloat64(), r.IntN(20)-10))
		default:
			x[i] = T(r.Uint64())
		}
	}
	return x
}

// same compares bits, but any NaN with any.
func same[T ir.Number](x, y T) bool {
	return x == y && math.Signbit(float64(x)) == math.Signbit(float64(y)) || x != x && y != y
}

func compare[T ir.Number](t *testing.T, what string, got, want []T) {
	t.Helper()
	for i := range want {
		if !same(got[i], want[i]) {
			t.Fatalf("%s: element %d is %v, want %v", what, i, got[i], want[i])
		}
	}
}

// pairs is the tree of the definition.
func pairs[T any](xs []T, op func(a, b T) T) T {
	for len(xs) > 1 {
		var next []T
		for i := 0; i < len(xs); i += 2 {
			if i+1 < len(xs) {
				next = append(next, op(xs[i], xs[i+1]))
			} else {
				next = append(next, xs[i])
			}
		}
		xs = next
	}
	return xs[0]
}

func operation[T ir.Number](kind Kind) func(a, b T) T {
	return map[Kind]func(a, b T) T{
		Sum:     func(a, b T) T { return a + b },
		Dot:     func(a, b T) T { return a + b },
		Product: func(a, b T) T { return a * b },
		Max:     func(a, b T) T { return max(a, b) },
		Min:     func(a, b T) T { return min(a, b) },
	}[kind]
}

// reduceSlowly is the definition, one output at a time.
func reduceSlowly[T ir.Number](kind Kind, outer, n, inner int, x, y []T) []T {
	out := make([]T, outer*inner)
	op := operation[T](kind)
	for o := range outer {
		for j := range inner {
			var blocks []T
			for lo := 0; lo < n; lo += 4096 {
				var acc []T
				for i := 0; i < min(4096, n-lo); i++ {
					at := (o*n+lo+i)*inner + j
					switch {
					case kind == Dot && i < 16:
						acc = append(acc, T(x[at]*y[at]))
					case kind == Dot:
						acc[i%16] = fma(x[at], y[at], acc[i%16])
					case i < 16:
						acc = append(acc, x[at])
					default:
						acc[i%16] = op(acc[i%16], x[at])
					}
				}
				blocks = append(blocks, pairs(acc, op))
			}
			out[o*inner+j] = pairs(blocks, op)
		}
	}
	return out
}

func testReduction[T ir.Number](t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	shapes := [][3]int{{1, 1, 1}, {3, 7, 1}, {2, 15, 3}, {2, 16, 1}, {1, 17, 2}, {1, 100, 32},
		{2, 50, 33}, {1, 40, 100}, {1, 4096, 1}, {2, 4097, 1}, {1, 5 * 4096, 1}, {1, 27000, 1},
		{1, 9000, 3}, {2, 9000, 35}, {1, 150_000, 1}, {20_000, 9, 1}}
	for _, s := range shapes {
		x, y := random[T](r, s[0]*s[1]*s[2]), random[T](r, s[0]*s[1]*s[2])
		for kind := Sum; kind <= Dot; kind++ {
			red := Reduction[T]{Kind: kind, Outer: s[0], N: s[1], Inner: s[2]}
			factor := y
			if kind != Dot {
				factor = nil
			}
			got := make([]T, s[0]*s[2])
			red.Run(got, x, factor)
			compare(t, fmt.Sprintf("%v kind %d", s, kind), got,
				reduceSlowly(kind, s[0], s[1], s[2], x, y))
		}
	}
}

func TestReduction(t *testing.T) {
	t.Run("float64", testReduction[float64])
	t.Run("float32", testReduction[float32])
	t.Run("int32", testReduction[int32])
	t.Run("uint64", testReduction[uint64])
}

func reduce[T ir.Number](kind Kind, x ...T) T {
	out := make([]T, 1)
	(&Reduction[T]{Kind: kind, Outer: 1, N: len(x), Inner: 1}).Run(out, x, x)
	return out[0]
}

func TestReductionSpecialValues(t *testing.T) {
	inf, none, minus := math.Inf(1), math.NaN(), math.Copysign(0, -1)
	for i, c := range []struct{ got, want float64 }{
		{reduce[float64](Sum), 0},
		{reduce[float64](Product), 1},
		{reduce[float64](Max), -inf},
		{reduce[float64](Min), inf},
		{reduce[float64](Dot), 0},
		{reduce(Sum, minus, minus), minus},
		{reduce(Dot, minus, minus), 0},
		{reduce(Max, minus, 0), 0},
		{reduce(Max, 0, minus), 0},
		{reduce(Min, 0, minus), minus},
		{reduce(Max, 1, none, 2), none},
		{reduce(Min, -inf, none), none},
		{reduce(Sum, inf, -inf), none},
		{float64(reduce[int32](Max)), math.MinInt32},
		{float64(reduce[uint32](Min)), math.MaxUint32},
		{float64(reduce[int32](Sum, math.MaxInt32, 1)), math.MinInt32},
	} {
		if !same(c.got, c.want) {
			t.Errorf("case %d: %v, want %v", i, c.got, c.want)
		}
	}
}

func TestAnyAll(t *testing.T) {
	x := []bool{ // [2][3][2]
		false, true, false, true, false, true,
		false, false, true, true, false, false}
	some, every, empty := make([]bool, 4), make([]bool, 4), []bool{true, false}
	Any(some, x, 2, 3, 2)
	All(every, x, 2, 3, 2)
	if fmt.Sprint(some, every) != "[false true true true] [false true false false]" {
		t.Error(some, every)
	}
	Any(empty[:1], nil, 1, 0, 1)
	All(empty[1:], nil, 1, 0, 1)
	if empty[0] || !empty[1] {
		t.Error(empty)
	}
}

func TestReductionChecksLengths(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	(&Reduction[float64]{N: 3, Outer: 1, Inner: 1}).Run(make([]float64, 1), make([]float64, 4), nil)
}

func benchmarkReduction[T ir.Number](b *testing.B, kind Kind, outer, n, inner int) {
	red := Reduction[T]{Kind: kind, Outer: outer, N: n, Inner: inner}
	x := random[T](rand.New(rand.NewPCG(1, 1)), outer*n*inner)
	y, out := x, make([]T, outer*inner)
	if kind != Dot {
		y = nil
	}
	for b.Loop() {
		red.Run(out, x, y)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(x)), "ns/element")
}

func BenchmarkSumVector(b *testing.B)    { benchmarkReduction[float64](b, Sum, 1, 100_000, 1) }
func BenchmarkSumColumns(b *testing.B)   { benchmarkReduction[float64](b, Sum, 1, 300, 300) }
func BenchmarkSumRows(b *testing.B)      { benchmarkReduction[float64](b, Sum, 300, 300, 1) }
func BenchmarkSumShortRows(b *testing.B) { benchmarkReduction[float64](b, Sum, 30_000, 3, 1) }
func BenchmarkMaxVector(b *testing.B)    { benchmarkReduction[float64](b, Max, 1, 100_000, 1) }
func BenchmarkDot64(b *testing.B)        { benchmarkReduction[float64](b, Dot, 1, 100_000, 1) }
func BenchmarkDot32(b *testing.B)        { benchmarkReduction[float32](b, Dot, 1, 100_000, 1) }
