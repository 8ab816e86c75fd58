package random_test

import (
	"math"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/random"
)

// draws is one draw of every kind, as floats64, from one key.
func draws(key random.Key) []ad.Value {
	p := ad.Vector(0.5, 0, 1.5, 2)
	return []ad.Value{
		random.Bits(key, ad.Uint32, 3), random.Bits(key, ad.Uint64, 3),
		random.Uniform(key, ad.Float32, 2, 2), random.Normal(key, ad.Float64, 5),
		random.UniformIn(key, ad.Float64, -1, 2.5, 3), random.Rademacher(key, ad.Float32, 7),
		random.Bernoulli(key, p), random.RandInt(key, ad.Int64, -3, 9, 4),
		random.Permutation(key, 6), random.Shuffle(key, ad.Arange(ad.Float32, 4), 0),
		random.Choice(key, ad.Int32, 5, 3), random.ChoiceWithoutReplacement(key, 5, 2),
		random.WeightedChoice(key, p, 3), random.WeightedChoiceWithoutReplacement(key, p, 2),
		random.Exponential(key, ad.Float64), random.Gumbel(key, ad.Float32, 2),
		random.TruncatedNormal(key, ad.Float64, -1, 2, 3), key.Split(3).Value,
		key.FoldIn(ad.Scalar(3)).Value,
	}
}

func same(t *testing.T, what string, got, want ad.Value) {
	t.Helper()
	if !got.Type().Equal(want.Type()) || !slices.Equal(got.Floats(), want.Floats()) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// TestTransformed draws under Jit and Vmap of keys and compares with plain draws.
func TestTransformed(t *testing.T) {
	keys := random.NewKey(7).Split(3)
	batch := ad.Vmap(draws)(keys)
	compiled := ad.Jit(draws)
	both := ad.Jit(ad.Vmap(draws))(keys)
	for i := range 3 {
		want := draws(keys.At(i))
		for j, got := range compiled(keys.At(i)) {
			same(t, "jit", got, want[j])
			same(t, "vmap", ad.At(batch[j], i), want[j])
			same(t, "jit of vmap", ad.At(both[j], i), want[j])
		}
	}
}

func TestKeysInLoops(t *testing.T) {
	key := random.NewKey(3)
	sum := ad.ForI(4, ad.Scalar(0.0), func(i, s ad.Value) ad.Value {
		return ad.Add(s, random.Normal(key.FoldIn(i), ad.Float64))
	})
	want := ad.Scalar(0.0)
	for i := range 4 {
		want = ad.Add(want, random.Normal(key.FoldIn(ad.Scalar(i)), ad.Float64))
	}
	same(t, "sum", sum, want)
}

func TestSeeds(t *testing.T) {
	for _, c := range []struct {
		seed int64
		want []uint32
	}{{-1, []uint32{0xffffffff, 0xffffffff}}, {1<<40 + 5, []uint32{256, 5}}} {
		sameKey(t, "seed", random.NewKey(c.seed), c.want)
	}
}

func TestBoundsHaveDerivatives(t *testing.T) {
	key := random.NewKey(5)
	type bounds struct{ Lower, Upper ad.Value }
	at := bounds{ad.Scalar(-1.0), ad.Scalar(2.0)}
	for name, draw := range map[string]func(bounds) ad.Value{
		"uniform": func(b bounds) ad.Value {
			return ad.Sum(ad.Square(random.UniformIn(key, ad.Float64, b.Lower, b.Upper, 6)))
		},
		"truncated": func(b bounds) ad.Value {
			return ad.Sum(ad.Square(random.TruncatedNormal(key, ad.Float64, b.Lower, b.Upper, 6)))
		},
	} {
		g := ad.Grad(draw)(at)
		const h = 1e-6
		difference := func(dl, du float64) float64 {
			up := draw(bounds{ad.Add(at.Lower, dl), ad.Add(at.Upper, du)}).Float()
			down := draw(bounds{ad.Sub(at.Lower, dl), ad.Sub(at.Upper, du)}).Float()
			return (up - down) / (2 * h)
		}
		for i, want := range []float64{difference(h, 0), difference(0, h)} {
			got := []ad.Value{g.Lower, g.Upper}[i].Float()
			if math.Abs(got-want) > 1e-6*(1+math.Abs(want)) {
				t.Errorf("%s: bound %d has derivative %v, want %v", name, i, got, want)
			}
		}
	}
}

func TestTruncatedStaysInside(t *testing.T) {
	x := random.TruncatedNormal(random.NewKey(0), ad.Float32, 7, 7.5, 100)
	for _, v := range x.Floats() {
		if v <= 7 || v >= 7.5 {
			t.Errorf("%v is outside (7, 7.5)", v)
		}
	}
	for _, v := range random.TruncatedNormal(random.NewKey(0), ad.Float32, -7.5, -7, 100).Floats() {
		if v <= -7.5 || v >= -7 {
			t.Errorf("%v is outside (-7.5, -7)", v)
		}
	}
	narrow := random.TruncatedNormal(random.NewKey(0), ad.Float64, 0, math.Inf(1), 100)
	for _, v := range narrow.Floats() {
		if v <= 0 || math.IsInf(v, 1) {
			t.Errorf("%v is outside (0, ∞)", v)
		}
	}
}

func TestPermutationsOfManyAreComplete(t *testing.T) {
	for _, n := range []int{0, 1, 2, 1625, 1626, 5000} {
		seen := random.Permutation(random.NewKey(1), n).Floats()
		slices.Sort(seen)
		for i, x := range seen {
			if x != float64(i) {
				t.Fatalf("n = %d: element %d of the sorted permutation is %v", n, i, x)
			}
		}
	}
}

func TestRandIntBounds(t *testing.T) {
	key := random.NewKey(2)
	ends := random.RandInt(key, ad.Int32, math.MinInt32, math.MaxInt32, 1000).Floats()
	if slices.Min(ends) > -2e9 || slices.Max(ends) < 2e9 {
		t.Errorf("the numbers lie in [%v, %v]", slices.Min(ends), slices.Max(ends))
	}
	same(t, "empty span", random.RandInt(key, ad.Int32, 4, 4, 2), ad.Vector[int32](4, 4))
	lower := ad.Vector[uint64](0, 10, 20)
	for i, x := range random.RandInt(key, ad.Uint64, lower, ad.Add(lower, 3)).Floats() {
		if x < float64(10*i) || x > float64(10*i+2) {
			t.Errorf("element %d is %v", i, x)
		}
	}
}

// TestRandIntIsARemainder compares with the remainders of all the random bits, for spans below the
// square root of their range.
func TestRandIntIsARemainder(t *testing.T) {
	key := random.NewKey(13)
	one, two := key.Pair()
	for _, span := range []uint64{1, 3, 10, 1000, 65535, 65536} {
		high, low := random.Bits(one, ad.Uint32, 50).Floats(),
			random.Bits(two, ad.Uint32, 50).Floats()
		for i, got := range random.RandInt(key, ad.Uint32, 0, span, 50).Floats() {
			if want := (uint64(high[i])<<32 | uint64(low[i])) % span; got != float64(want) {
				t.Fatalf("span %d: element %d is %v, want %d", span, i, got, want)
			}
		}
	}
	for _, span := range []int64{7, 1 << 20, 1<<32 - 5} {
		high, low := random.Bits(one, ad.Uint64, 50), random.Bits(two, ad.Uint64, 50)
		for i, got := range random.RandInt(key, ad.Int64, -1, span-1, 50).Floats() {
			h, l := uint64(ad.At(high, i).Int()), uint64(ad.At(low, i).Int())
			if _, want := bits.Div64(h%uint64(span), l, uint64(span)); got != float64(want)-1 {
				t.Fatalf("span %d: element %d is %v, want %d - 1", span, i, got, want)
			}
		}
	}
}

func TestUniformOfAnEmptyInterval(t *testing.T) {
	x := random.UniformIn(random.NewKey(0), ad.Float64, 2, 1, 3)
	same(t, "empty interval", x, ad.Vector(2.0, 2, 2))
}

// TestWeightedChoiceInverts compares with the definition, the first index at which the sum of the
// weights reaches 1-u of the whole.
func TestWeightedChoiceInverts(t *testing.T) {
	key, sums := random.NewKey(17), []float64{1, 1, 4, 8, 8.5}
	u := random.Uniform(key, ad.Float64, 200).Floats()
	for i, got := range random.WeightedChoice(key, ad.Vector(1, 0, 3, 4, 0.5), 200).Floats() {
		want := slices.IndexFunc(sums, func(s float64) bool { return s >= 8.5*(1-u[i]) })
		if got != float64(want) {
			t.Errorf("draw %d is %v, want %d", i, got, want)
		}
	}
}

func TestWeights(t *testing.T) {
	const n = 40000
	p := ad.Vector(1.0, 0, 3, 4)
	key := random.NewKey(9)
	counts := make([]float64, 4)
	for _, i := range random.WeightedChoice(key, p, n).Floats() {
		counts[int(i)]++
	}
	firsts := make([]float64, 4)
	draw := func(k random.Key) ad.Value { return random.WeightedChoiceWithoutReplacement(k, p, 3) }
	chosen := ad.Vmap(draw)(key.Split(n)).Floats()
	for i := range n {
		firsts[int(chosen[3*i])]++
	}
	for i, want := range []float64{n / 8, 0, 3 * n / 8, n / 2} {
		for name, got := range map[string][]float64{"with": counts, "without": firsts} {
			if math.Abs(got[i]-want) > 4*math.Sqrt(n)/2 {
				t.Errorf("%s replacement: index %d came %v times, not %v", name, i, got[i], want)
			}
		}
	}
}

// TestMoments checks means and variances, which a wrong scale or sign would change.
func TestMoments(t *testing.T) {
	const n = 100_000
	key := random.NewKey(11)
	for _, c := range []struct {
		name           string
		draws          ad.Value
		mean, variance float64
	}{
		{"uniform", random.Uniform(key, ad.Float32, n), 0.5, 1.0 / 12},
		{"normal", random.Normal(key, ad.Float64, n), 0, 1},
		{"exponential", random.Exponential(key, ad.Float64, n), 1, 1},
		{"gumbel", random.Gumbel(key, ad.Float32, n), 0.5772157, math.Pi * math.Pi / 6},
		{"rademacher", random.Rademacher(key, ad.Int32, n), 0, 1},
		{"truncated", random.TruncatedNormal(key, ad.Float64, 0, math.Inf(1), n),
			math.Sqrt(2 / math.Pi), 1 - 2/math.Pi},
	} {
		mean, square := 0.0, 0.0
		for _, x := range c.draws.Floats() {
			mean += x / n
			square += x * x / n
		}
		variance := square - mean*mean
		if math.Abs(mean-c.mean) > 5*math.Sqrt(c.variance/n) {
			t.Errorf("%s: mean %v, want %v", c.name, mean, c.mean)
		}
		if math.Abs(variance/c.variance-1) > 0.03 {
			t.Errorf("%s: variance %v, want %v", c.name, variance, c.variance)
		}
	}
}

func TestMistakes(t *testing.T) {
	key, noKey := random.NewKey(0), random.Key{Value: ad.Vector(1.0, 2)}
	for name, draw := range map[string]func(){
		"several keys": func() { random.Normal(key.Split(2), ad.Float32, 3) },
		"no key":       func() { random.Normal(noKey, ad.Float32, 3) },
		"dtype":        func() { random.Normal(key, ad.Int32, 3) },
		"unsigned":     func() { random.Rademacher(key, ad.Uint32, 3) },
		"negative":     func() { random.Uniform(key, ad.Float32, -3) },
		"too many":     func() { random.ChoiceWithoutReplacement(key, 3, 4) },
		"one key":      func() { key.At(0) },
		"kind":         func() { random.RandInt(key, ad.Int32, 0, 0.5) },
	} {
		if mistake(draw) == "" {
			t.Errorf("%s: no *ad.Error", name)
		}
	}
	for want, draw := range map[string]func(){
		"a key cannot be split into -1":    func() { key.Split(-1) },
		"of 0 elements none can be chosen": func() { random.Choice(key, ad.Int64, 0, 3) },
		"the indices are int32 or int64, not uint32": func() {
			random.Choice(key, ad.Uint32, 9, 3)
		},
		"there are no weights": func() {
			random.WeightedChoice(key, ad.Vector[float64](), 3)
		},
		"the weights must be a vector of floats": func() {
			random.WeightedChoice(key, ad.Vector(1, 2), 3)
		},
	} {
		if got := mistake(draw); !strings.Contains(got, want) ||
			!strings.Contains(got, "random_test.go:") {
			t.Errorf("%q does not say %q with the user's line", got, want)
		}
	}
}

// mistake is what f panics with, if that is an *ad.Error.
func mistake(f func()) (message string) {
	defer func() {
		if e, ok := recover().(*ad.Error); ok {
			message = e.Error()
		}
	}()
	f()
	return ""
}
