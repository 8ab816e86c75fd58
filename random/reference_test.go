package random_test

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"pullback/ad"
	"pullback/random"
)

// array is an array of testdata: integers, or floats as hexadecimal strings.
type array struct {
	Shape  []int
	Values []json.RawMessage
}

// summary is a large array of testdata: its first and last elements, and sums.
type summary struct {
	Head, Tail []json.RawMessage
	Sum        float64
	SumAbs     float64 `json:"sum_abs"`
}

// reference is what JAX drew from one seed.
type reference struct {
	Seed     int64
	KeyData  []uint32   `json:"key_data"`
	Split2   [][]uint32 `json:"split2"`
	Split5   [][]uint32 `json:"split5"`
	FoldIn7  []uint32   `json:"fold_in_7"`
	Bits10   array      `json:"bits_u32_10"`
	Bits3x5  array      `json:"bits_u32_3x5"`
	Uniform  array      `json:"uniform_10"`
	Scalar   array      `json:"normal_scalar"`
	Normal10 array      `json:"normal_10"`
	Normal43 array      `json:"normal_4x3"`
	Normals  summary    `json:"normal_1000x1000_summary"`
	Signs16  array      `json:"rademacher_16"`
	Signs    summary    `json:"rademacher_1000x100_summary"`
	Bool     array      `json:"bernoulli_p0.3_16"`
	Int      array      `json:"randint_0_10_16"`
	Perm     array      `json:"permutation_10"`
	Choice   array      `json:"choice_10_replace"`
	Exp      array      `json:"exponential_6"`
	Gumbel   array      `json:"gumbel_6"`
	Trunc    array      `json:"truncated_normal_6"`
}

func references(t *testing.T, file string) []reference {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var all struct{ Cases []reference }
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Cases) != 3 {
		t.Fatalf("%s has %d cases", file, len(all.Cases))
	}
	return all.Cases
}

// number reads an integer or a hexadecimal float.
func number(t *testing.T, raw json.RawMessage) float64 {
	t.Helper()
	text, err := strconv.Unquote(string(raw))
	if err != nil {
		text = string(raw)
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func numbers(t *testing.T, raw []json.RawMessage) []float64 {
	t.Helper()
	var out []float64
	for _, r := range raw {
		out = append(out, number(t, r))
	}
	return out
}

// agree compares draws with JAX's: floats within 2 units in the last place of max(|x|, 1), the
// rest exactly.
func agree(t *testing.T, name string, got ad.Value, want array) {
	t.Helper()
	if !slices.Equal(got.Shape(), want.Shape) {
		t.Errorf("%s: shape %v, want %v", name, got.Shape(), want.Shape)
		return
	}
	near(t, name, got.DType(), got.Floats(), numbers(t, want.Values))
}

func near(t *testing.T, name string, d ad.DType, got, want []float64) {
	t.Helper()
	tolerance := map[ad.DType]float64{ad.Float32: 0x1p-22, ad.Float64: 0x1p-51}[d]
	for i, w := range want {
		if math.Abs(got[i]-w) > tolerance*math.Max(math.Abs(w), 1) {
			t.Errorf("%s: element %d is %v, want %v", name, i, got[i], w)
		}
	}
}

func sameKey(t *testing.T, name string, got random.Key, want []uint32) {
	t.Helper()
	for i, w := range want {
		if uint32(ad.At(got.Value, i).Int()) != w {
			t.Errorf("%s: %v, want %v", name, got.Value, want)
			return
		}
	}
}

func TestJAX(t *testing.T) {
	t.Run("float32", func(t *testing.T) { testJAX(t, "random_f32.json", ad.Float32, ad.Int32) })
	t.Run("float64", func(t *testing.T) { testJAX(t, "random_f64.json", ad.Float64, ad.Int64) })
}

func testJAX(t *testing.T, file string, float, integer ad.DType) {
	for _, want := range references(t, file) {
		key := random.NewKey(want.Seed)
		sameKey(t, "key", key, want.KeyData)
		for i, w := range want.Split2 {
			sameKey(t, "split 2", key.Split(2).At(i), w)
		}
		for i, w := range want.Split5 {
			sameKey(t, "split 5", key.Split(5).At(i), w)
		}
		sameKey(t, "fold in", key.FoldIn(ad.Scalar(7)), want.FoldIn7)
		agree(t, "bits", random.Bits(key, ad.Uint32, 10), want.Bits10)
		agree(t, "bits", random.Bits(key, ad.Uint32, 3, 5), want.Bits3x5)
		agree(t, "uniform", random.Uniform(key, float, 10), want.Uniform)
		agree(t, "normal", random.Normal(key, float), want.Scalar)
		agree(t, "normal", random.Normal(key, float, 10), want.Normal10)
		agree(t, "normal", random.Normal(key, float, 4, 3), want.Normal43)
		agree(t, "rademacher", random.Rademacher(key, integer, 16), want.Signs16)
		p := ad.Full(float, 0.3)
		agree(t, "bernoulli", random.Bernoulli(key, p, 16), want.Bool)
		agree(t, "rand_int", random.RandInt(key, ad.Int32, 0, 10, 16), want.Int)
		agree(t, "permutation", random.Permutation(key, 10), want.Perm)
		agree(t, "choice", random.Choice(key, integer, 10, 12), want.Choice)
		agree(t, "exponential", random.Exponential(key, float, 6), want.Exp)
		agree(t, "gumbel", random.Gumbel(key, float, 6), want.Gumbel)
		agree(t, "truncated_normal", random.TruncatedNormal(key, float, -1, 2, 6), want.Trunc)

		agreeSummary(t, "normals", random.Normal(key, float, 1000, 1000), want.Normals, 1e-5)
		agreeSummary(t, "signs", random.Rademacher(key, integer, 1000, 100), want.Signs, 0)
		agreeSummary(t, "signs", random.Rademacher(key, float, 1000, 100), want.Signs, 0)
	}
}

// agreeSummary compares the ends element by element and the rest by sums.
func agreeSummary(t *testing.T, name string, got ad.Value, want summary, tolerance float64) {
	t.Helper()
	xs := got.Floats()
	near(t, name, got.DType(), xs, numbers(t, want.Head))
	near(t, name, got.DType(), xs[len(xs)-8:], numbers(t, want.Tail))
	sum, abs := 0.0, 0.0
	for _, x := range xs {
		sum += x
		abs += math.Abs(x)
	}
	// The sums are of float32 numbers that may each be off by some 1e-8.
	tolerance *= math.Sqrt(abs)
	if math.Abs(sum-want.Sum) > tolerance || math.Abs(abs-want.SumAbs) > tolerance {
		t.Errorf("%s: the sums are %v and %v, want %v and %v", name, sum, abs, want.Sum,
			want.SumAbs)
	}
}
