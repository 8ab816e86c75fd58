package lane_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"pullback/internal/lane"
	"pullback/internal/lane/lanetest"
	"pullback/ir"
)

// pairs calls f with every pair of special values of t and with random ones.
func pairs(t ir.DType, f func(x, y uint64)) {
	for _, x := range lanetest.Special(t) {
		for _, y := range lanetest.Special(t) {
			f(x, y)
		}
	}
	r := rand.New(rand.NewPCG(1, uint64(t)))
	for range 20_000 {
		f(lanetest.Bits(r, t), lanetest.Bits(r, t))
	}
}

func finite(xs ...float64) bool {
	for _, x := range xs {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}

// exact is a float of more than enough bits for any sum of products here.
func exact(x float64) *big.Float { return new(big.Float).SetPrec(5000).SetFloat64(x) }

func same32(x, y float32) bool {
	return math.Float32bits(x) == math.Float32bits(y) || x != x && y != y
}

func same64(x, y float64) bool {
	return math.Float64bits(x) == math.Float64bits(y) || x != x && y != y
}

func TestFMA32(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	check := func(x, y, z float32) {
		t.Helper()
		got := lane.FMA32(x, y, z)
		p := float64(x) * float64(y)
		if want := float32(p + float64(z)); !finite(p, float64(z)) ||
			want == 0 && p == -float64(z) {
			if !same32(got, want) {
				t.Errorf("fma(%x, %x, %x) = %x, want %x", x, y, z, got, want)
			}
			return
		}
		sum := new(big.Float).SetPrec(5000).Add(exact(p), exact(float64(z)))
		if want, _ := sum.Float32(); !same32(got, want) {
			t.Errorf("fma(%x, %x, %x) = %x, want %x", x, y, z, got, want)
		}
	}
	pairs(ir.Float32, func(x, y uint64) {
		f, g := math.Float32frombits(uint32(x)), math.Float32frombits(uint32(y))
		check(f, g, math.Float32frombits(uint32(lanetest.Bits(r, ir.Float32))))
		check(f, g, -float32(f*g))
	})
	// A product that nearly ends in the middle between two float32, and an addend that is far
	// below it and decides; and the same at the subnormal results.
	for range 50_000 {
		x := math.Float32frombits(r.Uint32()&(1<<23-1) | 127<<23)
		y := math.Float32frombits(r.Uint32()&(1<<23-1)&^(1<<12-1) | 127<<23)
		for _, scale := range []float32{1, 0x1p-120, 0x1p-127, 0x1p-140} {
			tiny := float32(math.Ldexp(float64(r.IntN(3)-1), -r.IntN(60)-int(30))) * scale
			check(x, y*scale, tiny)
			check(float32(1+0x1p-12), float32(1+0x1p-12)*scale, tiny)
			check(1+0x1p-23, (1-0x1p-24)*scale, tiny)
			check(tiny, y, x*scale)
		}
		// A subnormal result a little below the middle.
		check((1+0x1p-23)*0x1p-75, (1-0x1p-23)*0x1p-75, float32(r.IntN(1<<22))*0x1p-149)
	}
}

func TestScale(t *testing.T) {
	want := func(x, n float64) *big.Float {
		k := int(math.Floor(max(-5000, min(n, 5000))))
		return new(big.Float).SetMantExp(exact(x), k)
	}
	pairs(ir.Float64, func(a, b uint64) {
		x, n := math.Float64frombits(a), math.Float64frombits(b)
		if !finite(x, n) || x == 0 {
			limit := math.NaN()
			switch {
			case finite(n):
				limit = x
			case n > 0:
				limit = x * math.Inf(1)
			case n < 0:
				limit = x * 0
			}
			if got := lane.Scale64(x, n); !same64(got, limit) {
				t.Errorf("scale(%x, %x) = %x, want %x", x, n, got, limit)
			}
			return
		}
		if w, _ := want(x, n).Float64(); !same64(lane.Scale64(x, n), w) {
			t.Errorf("scale(%x, %x) = %x, want %x", x, n, lane.Scale64(x, n), w)
		}
	})
	pairs(ir.Float32, func(a, b uint64) {
		x, n := math.Float32frombits(uint32(a)), math.Float32frombits(uint32(b))
		if finite(float64(x), float64(n)) && x != 0 {
			if w, _ := want(float64(x), float64(n)).Float32(); !same32(lane.Scale32(x, n), w) {
				t.Errorf("scale(%x, %x) = %x, want %x", x, n, lane.Scale32(x, n), w)
			}
		}
	})
	r := rand.New(rand.NewPCG(5, 6)) // subnormal results, where a second rounding would show
	for range 50_000 {
		x := math.Float64frombits(r.Uint64())
		if !finite(x) || x == 0 {
			continue
		}
		n := -1074 - lane.Exponent64(x) + float64(r.IntN(55)-2)
		if w, _ := want(x, n).Float64(); !same64(lane.Scale64(x, n), w) {
			t.Errorf("scale(%x, %v) = %x, want %x", x, n, lane.Scale64(x, n), w)
		}
	}
}

func TestExponentAndMantissa(t *testing.T) {
	pairs(ir.Float64, func(a, _ uint64) {
		x := math.Float64frombits(a)
		e, m := math.Logb(x), x
		if finite(x) && x != 0 {
			m, _ = math.Frexp(x)
			m *= 2
		}
		if !same64(lane.Exponent64(x), e) || !same64(lane.Mantissa64(x), m) {
			t.Errorf("%x is %x * 2^%v, want %x * 2^%v", x, lane.Mantissa64(x), lane.Exponent64(x),
				m, e)
		}
	})
	pairs(ir.Float32, func(a, _ uint64) {
		x := math.Float32frombits(uint32(a))
		e, m := lane.Exponent32(x), lane.Mantissa32(x)
		if !same64(float64(e), lane.Exponent64(float64(x))) || finite(float64(x)) && x != 0 &&
			(lane.Scale32(m, e) != x || m*m < 1 || m*m >= 4) {
			t.Errorf("%x is %x * 2^%v", x, m, e)
		}
	})
}

func TestMinimumAndMaximum(t *testing.T) {
	pairs(ir.Float64, func(a, b uint64) {
		x, y := math.Float64frombits(a), math.Float64frombits(b)
		least, greatest := x, y
		switch {
		case x != x || y != y:
			least, greatest = math.NaN(), math.NaN()
		case x > y || x == y && math.Signbit(y):
			least, greatest = y, x
		}
		in := [3]uint64{a, b}
		f := func(code lane.Code) float64 {
			return math.Float64frombits(lane.Scalar(code, ir.Float64, ir.Float64, in, 0))
		}
		if !same64(f(lane.Min), least) || !same64(f(lane.Max), greatest) {
			t.Errorf("min and max of %x and %x are %x and %x", x, y, f(lane.Min), f(lane.Max))
		}
	})
}

func TestConvert(t *testing.T) {
	// An integer as a big number, from its bit pattern.
	integer := func(t ir.DType, x uint64) *big.Int {
		n := new(big.Int).SetUint64(x)
		if t.IsSigned() && x>>(t.Bits()-1) != 0 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(t.Bits())))
		}
		return n
	}
	convert := func(to, from ir.DType, x uint64) uint64 {
		return lane.Scalar(lane.Convert, to, from, [3]uint64{x}, 0)
	}
	integers := []ir.DType{ir.Int32, ir.Int64, ir.Uint32, ir.Uint64}
	for _, to := range integers {
		ones := ^uint64(0) >> (64 - to.Bits())
		least, greatest := integer(to, 0), integer(to, ones)
		if to.IsSigned() {
			least, greatest = integer(to, ones/2+1), integer(to, ones/2)
		}
		pairs(ir.Float64, func(x, _ uint64) {
			f, want := math.Float64frombits(x), new(big.Int)
			switch {
			case math.IsInf(f, 1):
				want = greatest
			case math.IsInf(f, -1):
				want = least
			case f == f:
				want, _ = exact(f).Int(nil)
				if want.Cmp(least) < 0 {
					want = least
				} else if want.Cmp(greatest) > 0 {
					want = greatest
				}
			}
			if got := convert(to, ir.Float64, x); integer(to, got).Cmp(want) != 0 {
				t.Errorf("%x to %v is %v, want %v", f, to, integer(to, got), want)
			}
			narrow := math.Float32bits(float32(f))
			if got := convert(to, ir.Float32, uint64(narrow)); got != convert(to, ir.Float64,
				math.Float64bits(float64(float32(f)))) {
				t.Errorf("%x as a float32 to %v is %v", f, to, integer(to, got))
			}
		})
	}
	for _, from := range integers {
		pairs(from, func(x, _ uint64) {
			f := new(big.Float).SetPrec(200).SetInt(integer(from, x))
			want64, _ := f.Float64()
			want32, _ := f.Float32()
			if got := math.Float64frombits(convert(ir.Float64, from, x)); got != want64 {
				t.Errorf("%v to float64 is %x, want %x", f, got, want64)
			}
			if got := math.Float32frombits(uint32(convert(ir.Float32, from, x))); got != want32 {
				t.Errorf("%v to float32 is %x, want %x", f, got, want32)
			}
			for _, to := range integers {
				low := uint(to.Bits())
				ones := new(big.Int).Lsh(big.NewInt(1), low)
				want := new(big.Int).And(integer(from, x), ones.Sub(ones, big.NewInt(1)))
				if got := convert(to, from, x); got != want.Uint64() {
					t.Errorf("%#x of %v to %v is %#x, want %#x", x, from, to, got, want)
				}
			}
		})
	}
}

func TestScalarCorners(t *testing.T) {
	const minus = math.MaxUint64
	for _, c := range []struct {
		code       lane.Code
		t          ir.DType
		x, y, want uint64
	}{
		{lane.Div, ir.Int64, 7, 0, minus},
		{lane.Div, ir.Uint32, 7, 0, 0xffff_ffff},
		{lane.Div, ir.Int64, 1 << 63, minus, 1 << 63},
		{lane.Div, ir.Int32, 0x8000_0000, 0xffff_ffff, 0x8000_0000},
		{lane.Div, ir.Int64, minus - 6, 2, minus - 2}, // -7 / 2 = -3
		{lane.Rem, ir.Int64, minus - 6, 2, minus},     // -7 % 2 = -1
		{lane.Rem, ir.Int32, 7, 0, 7},
		{lane.Rem, ir.Int64, 1 << 63, minus, 0},
		{lane.Neg, ir.Int32, 0x8000_0000, 0, 0x8000_0000},
		{lane.Abs, ir.Int64, 1 << 63, 0, 1 << 63},
		{lane.Abs, ir.Uint64, minus, 0, minus},
		{lane.ShiftLeft, ir.Int32, 1, 32, 0},
		{lane.ShiftLeft, ir.Uint64, 1, minus, 0},
		{lane.ShiftRight, ir.Int32, 0x8000_0000, 32, 0xffff_ffff},
		{lane.ShiftRight, ir.Int64, 1 << 63, minus, minus},
		{lane.ShiftRight, ir.Uint32, 0x8000_0000, 32, 0},
		{lane.Not, ir.Bool, 1, 0, 0},
		{lane.Not, ir.Int32, 1, 0, 0xffff_fffe},
		{lane.Neg, ir.Float64, 0, 0, 1 << 63},
		{lane.Round, ir.Float64, math.Float64bits(2.5), 0, math.Float64bits(2)},
		{lane.Round, ir.Float32, uint64(math.Float32bits(-0.5)), 0, 1 << 31},
		{lane.CopySign, ir.Float64, math.Float64bits(-2), lane.NaN64 | 1<<63, math.Float64bits(2)},
		{lane.Bitcast, ir.Float64, lane.NaN64 | 1<<63 | 7, 0, lane.NaN64},
		{lane.Bitcast, ir.Float32, 0xff80_0001, 0, uint64(lane.NaN32)},
		{lane.NotEqual, ir.Float64, lane.NaN64, lane.NaN64, 1},
		{lane.LessEqual, ir.Float64, lane.NaN64, lane.NaN64, 0},
	} {
		out := c.t
		if c.code == lane.NotEqual || c.code == lane.LessEqual {
			out = ir.Bool
		}
		if got := lane.Scalar(c.code, out, c.t, [3]uint64{c.x, c.y}, 0); got != c.want {
			t.Errorf("%v of %v %#x and %#x is %#x, want %#x", c.code, c.t, c.x, c.y, got, c.want)
		}
	}
}
