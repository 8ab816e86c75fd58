package estimate_test

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/estimate"
)

// A straight line through six points, whose estimates are in closed form.
var (
	abscissa = []float64{0, 1, 2, 3, 4, 5}
	ordinate = []float64{1.1, 2.8, 5.3, 6.9, 9.2, 10.8}
)

// leastSquares is the line's level, slope, residuals and σ² = RSS/n.
func leastSquares() (b [2]float64, residuals []float64, variance float64) {
	n, sx, sy, sxx, sxy := 0., 0., 0., 0., 0.
	for i, x := range abscissa {
		n, sx, sy, sxx, sxy = n+1, sx+x, sy+ordinate[i], sxx+x*x, sxy+x*ordinate[i]
	}
	b[1] = (n*sxy - sx*sy) / (n*sxx - sx*sx)
	b[0] = (sy - b[1]*sx) / n
	for i, x := range abscissa {
		residuals = append(residuals, ordinate[i]-b[0]-b[1]*x)
		variance += residuals[i] * residuals[i] / n
	}
	return b, residuals, variance
}

// regression are the contributions of the line with level, slope and log standard deviation.
func regression(x ad.Value) ad.Value {
	z := ad.Mul(misses(x), ad.Exp(ad.Neg(ad.At(x, 2))))
	return ad.Sub(ad.Mul(-.5, ad.Square(z)), ad.Add(ad.At(x, 2), math.Log(2*math.Pi)/2))
}

// misses are the residuals.
func misses(x ad.Value) ad.Value {
	fit := ad.Add(ad.At(x, 0), ad.Mul(ad.At(x, 1), ad.Vector(abscissa...)))
	return ad.Sub(ad.Vector(ordinate...), fit)
}

// inverse2 is that of [a b; b d].
func inverse2(a, b, d float64) [2][2]float64 {
	det := a*d - b*b
	return [2][2]float64{{d / det, -b / det}, {-b / det, a / det}}
}

// sandwich is A (Σ sₘsₘᵀ) A with A = (XᵀX)⁻¹ for sums of residuals times (1, x), in groups.
func sandwich(groups []int, residuals []float64) (out [2][2]float64) {
	sums := map[int][2]float64{}
	for i, x := range abscissa {
		s := sums[groups[i]]
		sums[groups[i]] = [2]float64{s[0] + residuals[i], s[1] + residuals[i]*x}
	}
	a, meat := inverse2(6, 15, 55), [2][2]float64{}
	for _, s := range sums {
		for i := range 2 {
			for j := range 2 {
				meat[i][j] += s[i] * s[j]
			}
		}
	}
	for i := range 2 {
		for j := range 2 {
			for k := range 2 {
				for l := range 2 {
					out[i][j] += a[i][k] * meat[k][l] * a[l][j]
				}
			}
		}
	}
	return out
}

func close(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Abs(want)) {
		t.Errorf("%s is %.17g, want %.17g", what, got, want)
	}
}

// TestKinds compares with the textbook's matrices for a straight line: σ² held, the Hessian's
// inverse is σ²(XᵀX)⁻¹, sandwiches are White's and those of sums in clusters.
func TestKinds(t *testing.T) {
	b, residuals, variance := leastSquares()
	at := []float64{b[0], b[1], math.Log(variance) / 2}
	held := []bool{false, false, true}
	clusters := []int{7, 7, 3, 3, 9, 9}
	each := []int{0, 1, 2, 3, 4, 5}
	xx := inverse2(6, 15, 55)
	opg := [3]float64{}
	for i, x := range abscissa {
		s := residuals[i] / variance
		opg[0], opg[1], opg[2] = opg[0]+s*s, opg[1]+s*s*x, opg[2]+s*s*x*x
	}
	white, clustered := sandwich(each, residuals), sandwich(clusters, residuals)
	for _, c := range []struct {
		options estimate.InferenceOptions
		want    [2][2]float64
		factor  float64
	}{
		{estimate.InferenceOptions{Kind: estimate.Hessian}, xx, variance},
		{estimate.InferenceOptions{Kind: estimate.OPG}, inverse2(opg[0], opg[1], opg[2]), 1},
		{estimate.InferenceOptions{Kind: estimate.Sandwich}, white, 1},
		{estimate.InferenceOptions{Kind: estimate.Cluster, Groups: clusters}, clustered, 1.5},
	} {
		c.options.Held = held
		got := estimate.Infer(regression, at, c.options)
		if got.Problem != "" || got.Rows != 6 || got.Free != 2 {
			t.Fatalf("%v: %+v", c.options.Kind, got)
		}
		for i := range 2 {
			for j := range 2 {
				close(t, fmt.Sprint(c.options.Kind, i, j), got.Covariance[i][j],
					c.factor*c.want[i][j], 1e-12)
			}
			close(t, fmt.Sprint(c.options.Kind, i), got.StdErr[i].Value,
				math.Sqrt(c.factor*c.want[i][i]), 1e-12)
		}
		if got.StdErr[2].Known || got.Covariance[2][2] != 0 || got.Covariance[0][2] != 0 {
			t.Errorf("%v: the held parameter has a standard error: %+v", c.options.Kind, got)
		}
		if c.options.Kind == estimate.Cluster && (got.Groups != 3 || got.Factor != 1.5) {
			t.Errorf("%d groups, factor %v", got.Groups, got.Factor)
		}
	}
	// With σ free, log σ has the variance 1/2n, and none with the others.
	all := estimate.Infer(regression, at, estimate.InferenceOptions{})
	close(t, "the variance of log σ", all.Covariance[2][2], 1./12, 1e-12)
	close(t, "the variance of the slope", all.Covariance[1][1], variance*xx[1][1], 1e-12)

	gauss := estimate.InferFromResiduals(misses, at, estimate.InferenceOptions{Held: held})
	close(t, "s²", gauss.Variance.Value, variance*6/4, 1e-12)
	close(t, "Gauss-Newton", gauss.StdErr[1].Value, math.Sqrt(variance*1.5*xx[1][1]), 1e-12)
	if gauss.DegreesOfFreedom != 4 || gauss.Kind != estimate.GaussNewton {
		t.Errorf("%+v", gauss)
	}
	// The condition of [1 r; r 1] with r = 15/√(6·55).
	r := 15 / math.Sqrt(330)
	close(t, "the condition", gauss.Condition.Value, (1+r)/(1-r), 1e-12)
}

// TestWeights is that a frequency weight is a row repeated, for every kind, and that a sampling
// weight w counts w² in the middle of the sandwich.
func TestWeights(t *testing.T) {
	times := []float64{1, 3, 0, 1, 2, 1}
	var rows, groups []int
	for i, w := range times {
		for range int(w) {
			rows, groups = append(rows, i), append(groups, i%3)
		}
	}
	repeated := func(x ad.Value) ad.Value { return ad.Take(regression(x), ad.Vector(rows...), 0) }
	at := []float64{1, 2, -1}
	for _, k := range []estimate.Kind{estimate.Hessian, estimate.OPG, estimate.Sandwich,
		estimate.Cluster} {
		weighted := estimate.Infer(regression, at, estimate.InferenceOptions{
			Kind: k, Weights: times, Groups: []int{0, 1, 2, 0, 1, 2}})
		want := estimate.Infer(repeated, at, estimate.InferenceOptions{Kind: k, Groups: groups})
		if weighted.Problem != "" {
			t.Fatalf("%v: %s", k, weighted.Problem)
		}
		for i := range 3 {
			for j := range 3 {
				if d := weighted.Covariance[i][j] - want.Covariance[i][j]; math.Abs(d) > 1e-13 {
					t.Errorf("%v: covariance %d, %d is off by %g", k, i, j, d)
				}
			}
		}
	}
	sampling := estimate.InferenceOptions{Kind: estimate.Sandwich, Weights: times,
		WeightKind: estimate.Sampling}
	own := sampling
	own.Kind, own.Groups = estimate.Cluster, []int{0, 1, 2, 3, 4, 5}
	a, b := estimate.Infer(regression, at, sampling), estimate.Infer(regression, at, own)
	// Clusters of one row each, but for G/(G-1).
	close(t, "the sampling sandwich", a.Covariance[1][1]*6/5, b.Covariance[1][1], 1e-12)
	sampling.Kind = estimate.Hessian
	if c := estimate.Infer(regression, at, sampling); !strings.Contains(c.Problem, "sandwich") {
		t.Errorf("sampling weights with the Hessian: %+v", c)
	}
}

// TestNoStandardErrors is that there is a reason in place of every number that would be a NaN.
func TestNoStandardErrors(t *testing.T) {
	b, _, variance := leastSquares()
	at := []float64{b[0], b[1], math.Log(variance) / 2}
	sum := func(x ad.Value) ad.Value { // the sum of two parameters is all that shows
		return ad.Neg(ad.Square(ad.Sub(ad.Vector(1., 2), ad.Sum(x))))
	}
	names := []string{"level", "slope"}
	for name, c := range map[string]struct {
		got  estimate.Inference
		want string
	}{
		"flat": {estimate.Infer(sum, []float64{1, .5}, estimate.InferenceOptions{Names: names}),
			"seen at slope"},
		"flat scores": {estimate.Infer(sum, []float64{1, .25},
			estimate.InferenceOptions{Kind: estimate.OPG}), "collinear"},
		"no maximum": {estimate.Infer(func(x ad.Value) ad.Value { return ad.Square(x) },
			[]float64{1}, estimate.InferenceOptions{}), "seen at parameter 0"},
		"outside": {estimate.Infer(func(x ad.Value) ad.Value { return ad.Log(x) }, []float64{-1},
			estimate.InferenceOptions{}), "is a NaN or an infinity here"},
		"kink": {estimate.Infer(func(x ad.Value) ad.Value { return ad.Sqrt(ad.Abs(x)) },
			[]float64{0}, estimate.InferenceOptions{}), "derivative"},
		"one cluster": {estimate.Infer(regression, at, estimate.InferenceOptions{
			Kind: estimate.Cluster, Groups: make([]int, 6)}), "one cluster"},
		"too few": {estimate.InferFromResiduals(func(x ad.Value) ad.Value { return x }, at,
			estimate.InferenceOptions{}), "3 observations for 3 free parameters"},
		"rank": {estimate.InferFromResiduals(func(x ad.Value) ad.Value {
			return ad.Mul(ad.At(x, 0), ad.Mul(ad.At(x, 1), ad.Vector(1., 2, 3)))
		}, []float64{1, 2}, estimate.InferenceOptions{}), "rank 1 in 2"},
	} {
		if !strings.Contains(c.got.Problem, c.want) || c.got.Covariance != nil {
			t.Errorf("%s: %q, want %q", name, c.got.Problem, c.want)
		}
		for i, s := range c.got.StdErr {
			if s != (estimate.Number{}) {
				t.Errorf("%s: standard error %d is %v", name, i, s)
			}
		}
	}
	text, err := json.Marshal([]estimate.Number{{Value: .5, Known: true}, {}})
	var back []estimate.Number
	if err != nil || string(text) != "[0.5,null]" || json.Unmarshal(text, &back) != nil ||
		!back[0].Known || back[0].Value != .5 || back[1].Known || fmt.Sprint(back) != "[0.5 none]" {
		t.Errorf("%s, %v, back %v", text, err, back)
	}
}

func TestRestrictions(t *testing.T) {
	b, _, variance := leastSquares()
	at := []float64{b[0], b[1], math.Log(variance) / 2}
	v := estimate.Infer(regression, at, estimate.InferenceOptions{}).Covariance
	one := estimate.Wald(func(x ad.Value) ad.Value {
		return ad.ExpandDims(ad.Sub(ad.At(x, 1), 2), 0)
	}, at, v)
	close(t, "one restriction", one.Statistic, (b[1]-2)*(b[1]-2)/v[1][1], 1e-12)
	two := estimate.Wald(func(x ad.Value) ad.Value {
		return ad.Stack(0, ad.Mul(1e6, ad.Sub(ad.At(x, 1), 2)), ad.Sub(ad.At(x, 0), 1))
	}, at, v)
	// gᵀXᵀXg/σ².
	d, e := b[0]-1, b[1]-2
	close(t, "two restrictions", two.Statistic, (6*d*d+30*d*e+55*e*e)/variance, 1e-11)
	if two.Degrees != 2 || one.Degrees != 1 || two.Problem != "" {
		t.Errorf("%+v, %+v", one, two)
	}
	dependent := estimate.Wald(func(x ad.Value) ad.Value {
		slope := ad.Sub(ad.At(x, 1), 2)
		return ad.Stack(0, slope, ad.Sub(ad.At(x, 0), 1), ad.Mul(-3, slope))
	}, at, v)
	if fmt.Sprint(dependent.Dependent) != "[0 2]" || dependent.Degrees != 2 ||
		!strings.Contains(dependent.Problem, "rank 2") {
		t.Errorf("%+v", dependent)
	}
	held := estimate.Infer(regression, at, estimate.InferenceOptions{
		Held: []bool{false, true, true}}).Covariance
	fixed := estimate.Wald(func(x ad.Value) ad.Value {
		return ad.Stack(0, ad.At(x, 0), ad.Sub(ad.At(x, 1), 2))
	}, at, held)
	if fmt.Sprint(fixed.Dependent) != "[1]" || fixed.Problem == "" {
		t.Errorf("%+v", fixed)
	}
	if w := estimate.Wald(misses, at, nil); w.Problem == "" {
		t.Errorf("%+v", w)
	}

	ratio := estimate.LikelihoodRatio(-10, -8, 2)
	if ratio.Statistic != 4 || ratio.Degrees != 2 || ratio.Problem != "" {
		t.Errorf("%+v", ratio)
	}
	for _, r := range []estimate.Test{estimate.LikelihoodRatio(-8, -10, 2),
		estimate.LikelihoodRatio(-8, math.NaN(), 2), estimate.LikelihoodRatio(-8, -7, 0)} {
		if r.Problem == "" {
			t.Errorf("%+v", r)
		}
	}

	// Where the line crosses 4, and what has no value.
	values, errors := estimate.Delta(func(x ad.Value) ad.Value {
		cross := ad.Div(ad.Sub(4, ad.At(x, 0)), ad.At(x, 1))
		return ad.Stack(0, cross, ad.Log(ad.Neg(cross)))
	}, at, v)
	cross := (4 - b[0]) / b[1]
	g := [2]float64{-1 / b[1], -cross / b[1]}
	close(t, "the crossing", values[0], cross, 1e-14)
	close(t, "its standard error", errors[0].Value, math.Sqrt(g[0]*g[0]*v[0][0]+
		2*g[0]*g[1]*v[0][1]+g[1]*g[1]*v[1][1]), 1e-12)
	if errors[1].Known {
		t.Errorf("a NaN has the standard error %v", errors[1])
	}
}

func ExampleInfer() {
	// Fifteen successes in twenty trials, with the log odds as the parameter: the standard error
	// is 1/√(n p (1-p)).
	contributions := func(x ad.Value) ad.Value {
		odds := ad.At(x, 0)
		return ad.Stack(0, ad.Mul(-15, ad.Softplus(ad.Neg(odds))), ad.Mul(-5, ad.Softplus(odds)))
	}
	at := []float64{math.Log(3)}
	inference := estimate.Infer(contributions, at, estimate.InferenceOptions{})
	share, stdErr := estimate.Delta(ad.Sigmoid, at, inference.Covariance)
	fmt.Printf("log odds %.4f ± %.4f, share %.4f ± %.4f\n", at[0], inference.StdErr[0].Value,
		share[0], stdErr[0].Value)
	// Output: log odds 1.0986 ± 0.5164, share 0.7500 ± 0.0968
}

// TestInverseInformation is that the compiled covariance is Infer's, in a batch too, where one
// point that is no maximum is its own affair.
func TestInverseInformation(t *testing.T) {
	b, _, variance := leastSquares()
	at := []float64{b[0], b[1], math.Log(variance) / 2}
	held := ad.Vector(false, true, false)
	type inverse struct{ Covariance, OK ad.Value }
	batch := ad.Jit(ad.Vmap(func(x ad.Value) inverse {
		v, ok := estimate.InverseInformation(func(x ad.Value) ad.Value {
			return ad.Sum(regression(x))
		}, x, held)
		return inverse{v, ok}
	}))(ad.Stack(0, ad.Vector(at...), ad.Vector(b[0], b[1], 1), ad.Vector(0., 0, 1e4)))
	want := estimate.Infer(regression, at, estimate.InferenceOptions{
		Held: []bool{false, true, false}})
	for i := range 3 {
		for j := range 3 {
			got := ad.At(ad.At(ad.At(batch.Covariance, 0), i), j).Float()
			if math.Abs(got-want.Covariance[i][j]) > 1e-14 {
				t.Errorf("covariance %d, %d is %v, want %v", i, j, got, want.Covariance[i][j])
			}
		}
	}
	for i, want := range []bool{true, true, false} {
		if ok := ad.At(batch.OK, i).Bool(); ok != want {
			t.Errorf("problem %d has a covariance: %v", i, ok)
		}
	}
}
