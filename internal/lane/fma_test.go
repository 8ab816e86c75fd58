package lane_test

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"pullback/internal/lane"
)

// fmaExact is a*b + c through big.Float, rounded once.
func fmaExact(a, b, c float32) float32 {
	product := float64(a) * float64(b)
	for _, v := range []float64{product, float64(c), product + float64(c)} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return float32(product + float64(c))
		}
	}
	exact := new(big.Float).SetPrec(1000).SetFloat64(product)
	exact.Add(exact, new(big.Float).SetFloat64(float64(c)))
	if exact.Sign() == 0 {
		return float32(product + float64(c)) // the sign of a zero
	}
	r, _ := exact.Float32()
	return r
}

// hardFloats32 are ends of ranges, powers of two and their neighbours, and special values.
func hardFloats32() []float32 {
	inf := float32(math.Inf(1))
	xs := []float32{0, inf, float32(math.NaN()), 3, 1.5, 0.1, 0x1p-149, 3 * 0x1p-149,
		0x1.fffffep127, 0x1.555556p0, 0x1.aaaaaap-64}
	for _, e := range []int{-149, -148, -127, -126, -125, -75, -25,
		-24, -1, 0, 1, 23, 24, 103, 127} {
		x := float32(math.Ldexp(1, e))
		xs = append(xs, x, math.Nextafter32(x, 0), math.Nextafter32(x, inf))
	}
	for _, x := range xs {
		xs = append(xs, -x)
	}
	return xs
}

func TestFMA32HardPoints(t *testing.T) {
	xs := hardFloats32()
	slow := 0
	for _, a := range xs {
		for _, b := range xs {
			for _, c := range xs {
				if got, want := lane.FMA32(a, b, c), fmaExact(a, b, c); !same32(got, want) {
					t.Fatalf("FMA32(%x, %x, %x) = %x, want %x", a, b, c, got, want)
				}
				if s := float64(a)*float64(b) + float64(c); lane.Doubtful32(s) {
					slow++
				}
			}
		}
	}
	if slow < 1000 {
		t.Errorf("only %d points are doubtful", slow)
	}
}

// Sums next to a midpoint of two float32, at every scale, where rounding twice goes wrong: c plus
// half its last place times (1 + k·2⁻²³)(1 - k·2⁻²³) = 1 - k²·2⁻⁴⁶.
func TestFMA32NearMidpoints(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	twice := 0
	for range 100_000 {
		c := math.Float32frombits(r.Uint32())
		_, e := math.Frexp(float64(c))
		half := max(e-24, -149) - 1
		k := float64(1+r.IntN(40)) * 0x1p-23
		a := float32(math.Ldexp(1+k, half/2))
		b := float32(math.Ldexp(1-k, half-half/2))
		if r.IntN(2) == 0 {
			a = -a
		}
		got, want := lane.FMA32(a, b, c), fmaExact(a, b, c)
		if !same32(got, want) {
			t.Fatalf("FMA32(%x, %x, %x) = %x, want %x", a, b, c, got, want)
		}
		if !same32(float32(float64(a)*float64(b)+float64(c)), want) {
			twice++
		}
	}
	if twice < 10_000 {
		t.Errorf("rounding twice is wrong at only %d points: the test is too easy", twice)
	}
}

func TestFMA32Random(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 100_000 {
		a, b, c := math.Float32frombits(r.Uint32()), math.Float32frombits(r.Uint32()),
			math.Float32frombits(r.Uint32())
		if r.IntN(2) == 0 {
			c = -float32(float64(a) * float64(b) * (1 + r.NormFloat64()*1e-7)) // cancellation
		}
		if got, want := lane.FMA32(a, b, c), fmaExact(a, b, c); !same32(got, want) {
			t.Fatalf("FMA32(%x, %x, %x) = %x, want %x", a, b, c, got, want)
		}
	}
}

var sink32 float32

func BenchmarkFMA32(b *testing.B) {
	x := float32(1)
	for b.Loop() {
		x = lane.FMA32(x, 0.999999, 1e-6)
	}
	sink32 = x
}
