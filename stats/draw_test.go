package stats_test

import (
	"math"
	"slices"
	"testing"

	"pullback/ad"
	"pullback/random"
	"pullback/stats"
)

// drawn are distributions with their mean and variance.
var drawn = []struct {
	family         string
	parameters     []float64
	mean, variance float64
}{
	{"normal", []float64{1.5, 2}, 1.5, 4},
	{"student_t", []float64{9, 0.5, 2}, 0.5, 4 * 9. / 7},
	{"log_normal", []float64{0.25, 0.5}, math.Exp(0.375), math.Expm1(0.25) * math.Exp(0.75)},
	{"poisson", []float64{0.75}, 0.75, 0.75}, {"poisson", []float64{9.5}, 9.5, 9.5},
	{"poisson", []float64{10.5}, 10.5, 10.5}, {"poisson", []float64{3000}, 3000, 3000},
	{"bernoulli", []float64{math.Log(3)}, 0.75, 0.1875},
	{"bernoulli p", []float64{0.125}, 0.125, 0.125 * 0.875},
	{"exponential", []float64{4}, 0.25, 0.0625},
	{"gamma", []float64{0.3, 2}, 0.15, 0.075}, {"gamma", []float64{1, 0.5}, 2, 4},
	{"gamma", []float64{7.5, 3}, 2.5, 2.5 / 3}, {"gamma", []float64{1e6, 1}, 1e6, 1e6},
}

// TestMoments compares with five standard errors, the kurtosis being estimated.
func TestMoments(t *testing.T) {
	const n = 40000
	for _, d := range []ad.DType{ad.Float64, ad.Float32} {
		for i, c := range drawn {
			f := families()[c.family](scalars(d, c.parameters...))
			xs := f.Draw(random.NewKey(100+i), n).Floats()
			mean, squares, fourths := 0., 0., 0.
			for _, x := range xs {
				e := x - c.mean
				mean += e / n
				squares += e * e / n
				fourths += e * e * e * e / n
			}
			if !(math.Abs(mean) <= 5*math.Sqrt(c.variance/n)) {
				t.Errorf("%s %v of %v: the mean is off by %v", c.family, c.parameters, d, mean)
			}
			if !(math.Abs(squares-c.variance) <= 5*math.Sqrt((fourths-squares*squares)/n)) {
				t.Errorf("%s %v of %v: the variance is %v, want %v", c.family, c.parameters, d,
					squares, c.variance)
			}
		}
	}
}

// TestCounts compares how often each number is drawn with LogPDF, by Pearson's χ².
func TestCounts(t *testing.T) {
	const n = 100000
	for i, rate := range []float64{0.125, 2.5, 9.75, 10, 12.5, 40, 500} {
		p := stats.Poisson{Rate: ad.Scalar(rate)}
		counts := map[float64]int{}
		for _, x := range p.Draw(random.NewKey(200+i), n).Floats() {
			counts[x]++
		}
		square, cells, rest, seen := 0., 0, float64(n), n
		for k := range int(3*rate + 50) {
			expected := n * math.Exp(p.LogPDF(ad.Scalar(float64(k))).Float())
			if expected < 10 {
				continue // these are one cell together
			}
			e := float64(counts[float64(k)]) - expected
			square += e * e / expected
			cells++
			rest, seen = rest-expected, seen-counts[float64(k)]
		}
		if rest > 1 {
			square += (float64(seen) - rest) * (float64(seen) - rest) / rest
		}
		// χ² with f degrees of freedom has the mean f and the variance 2f.
		if f := float64(cells); !(square <= f+5*math.Sqrt(2*f)+5) {
			t.Errorf("rate %v: χ² is %v with %v degrees of freedom", rate, square, f)
		}
	}
}

// TestDistributionOfDraws is Kolmogorov's and Smirnov's, with distribution functions by adding up
// densities between the sorted draws.
func TestDistributionOfDraws(t *testing.T) {
	const n, steps = 20000, 8
	for i, c := range drawn {
		if c.family == "poisson" || c.family == "bernoulli" || c.family == "bernoulli p" {
			continue
		}
		f := families()[c.family](scalars(ad.Float64, c.parameters...))
		xs := f.Draw(random.NewKey(300+i), n).Floats()
		slices.Sort(xs)
		// Simpson's rule between draws, and less than 1/n before the first.
		grid := make([]float64, 0, n*steps)
		for k := range n - 1 {
			for s := range steps {
				grid = append(grid, xs[k]+(xs[k+1]-xs[k])*float64(s)/steps)
			}
		}
		density := ad.Exp(f.LogPDF(ad.Vector(append(grid, xs[n-1])...))).Floats()
		cdf, most := 0., 0.
		for k := range n - 1 {
			sum := 0.
			for s := 0; s < steps; s += 2 {
				at := k*steps + s
				sum += density[at] + 4*density[at+1] + density[at+2]
			}
			cdf += sum * (xs[k+1] - xs[k]) / (3 * steps)
			most = max(most, math.Abs(cdf-float64(k+1)/n))
		}
		if !(most*math.Sqrt(n) < 1.95) { // exceeded once in a thousand times
			t.Errorf("%s %v: √n·D is %v", c.family, c.parameters, most*math.Sqrt(n))
		}
	}
}

// TestDrawsOfElements: an element depends on key, place and its own parameters, batched or not.
func TestDrawsOfElements(t *testing.T) {
	key := random.NewKey(9)
	for name, f := range families() {
		p := make([]ad.Value, 3)
		for i := range p {
			p[i] = ad.Vector(0.25, 0.75, 0.5, 0.125, 0.875)
			if name == "poisson" {
				p[i] = ad.Mul(p[i], 30)
			}
		}
		draw := func(key random.Key) ad.Value { return f(p).Draw(key) }
		all := draw(key)
		keys := key.Split(3)
		batch := ad.Jit(ad.Vmap(draw))(keys)
		for i := range 5 {
			one := make([]ad.Value, 3)
			for j := range p {
				one[j] = ad.At(p[j], i)
			}
			same := f(one).Draw(key, 8)
			if got, want := ad.At(all, i).Float(), ad.At(same, i).Float(); got != want {
				t.Errorf("%s: element %d is %v among others and %v alone", name, i, got, want)
			}
		}
		for i := range 3 {
			got, want := ad.At(batch, i).Floats(), draw(keys.At(i)).Floats()
			if !slices.Equal(got, want) {
				t.Errorf("%s: key %d draws %v in a batch and %v alone", name, i, got, want)
			}
		}
	}
}

// TestImpossibleDraws end, with NaN.
func TestImpossibleDraws(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		family     string
		parameters []float64
	}{
		{"normal", []float64{0, -1}}, {"student_t", []float64{-1, 0, 1}},
		{"student_t", []float64{nan, 0, 1}}, {"student_t", []float64{1, 0, -1}},
		{"log_normal", []float64{0, -1}}, {"poisson", []float64{-1}}, {"poisson", []float64{nan}},
		{"poisson", []float64{math.Inf(1)}}, {"bernoulli", []float64{nan}},
		{"bernoulli p", []float64{1.5}}, {"exponential", []float64{0}},
		{"gamma", []float64{0, 1}}, {"gamma", []float64{1, -1}}, {"gamma", []float64{nan, 1}},
		{"gamma", []float64{math.Inf(1), 1}},
	} {
		f := families()[c.family](scalars(ad.Float64, c.parameters...))
		if x := f.Draw(random.NewKey(1)).Float(); !math.IsNaN(x) {
			t.Errorf("%s %v: drew %v", c.family, c.parameters, x)
		}
	}
}

// TestDerivativesOfDraws holds those in parameters of location and scale, and that others are 0.
func TestDerivativesOfDraws(t *testing.T) {
	key := random.NewKey(11)
	for _, c := range []struct {
		family     string
		parameters []float64
		has        []bool
	}{
		{"normal", []float64{1, 2}, []bool{true, true}},
		{"student_t", []float64{5, 1, 2}, []bool{false, true, true}},
		{"log_normal", []float64{0.5, 1}, []bool{true, true}},
		{"poisson", []float64{4}, []bool{false}}, {"bernoulli", []float64{0.5}, []bool{false}},
		{"exponential", []float64{2}, []bool{true}},
		{"gamma", []float64{2.5, 2}, []bool{false, true}},
	} {
		draw := func(p []ad.Value) ad.Value { return ad.Sum(families()[c.family](p).Draw(key, 3)) }
		p := scalars(ad.Float64, c.parameters...)
		for i, g := range ad.Jit(ad.Grad(draw))(p) {
			want := 0.
			if c.has[i] {
				const h = 1e-6
				move := func(h float64) float64 {
					moved := slices.Clone(p)
					moved[i] = ad.Add(p[i], h)
					return draw(moved).Float()
				}
				want = (move(h) - move(-h)) / (2 * h)
			}
			if math.Abs(g.Float()-want) > 1e-7*math.Abs(want) {
				t.Errorf("%s: derivative %d is %v, want %v", c.family, i, g, want)
			}
		}
	}
}

func TestShapesOfDraws(t *testing.T) {
	key := random.NewKey(1)
	p := stats.Poisson{Rate: ad.Vector(1., 2, 3)}
	draws := map[[2]int]ad.Value{{2, 3}: p.Draw(key, 2, 3), {0, 3}: p.Draw(key, 0, 3)}
	for want, got := range draws {
		if !slices.Equal(got.Shape(), want[:]) {
			t.Errorf("shape %v, want %v", got.Shape(), want)
		}
	}
	one := stats.Exponential{Rate: ad.Scalar[float32](2)}.Draw(key).Type()
	if one.DType != ad.Float32 || one.Rank() != 0 {
		t.Errorf("drew %v", one)
	}
}
