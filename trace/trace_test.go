package trace_test

import (
	"math"
	"slices"
	"testing"

	"pullback/ad"
	"pullback/linear"
	"pullback/random"
	"pullback/status"
	"pullback/trace"
)

// matrix is symmetric, of size 6, with trace 21.
func matrix() ad.Value {
	n := ad.Arange(ad.Float64, 6)
	off := ad.Sin(ad.Mul(ad.ExpandDims(n, 1), ad.ExpandDims(n, 0)))
	diagonal := ad.Add(n, 1)
	keep := ad.Sub(1, ad.Identity(ad.Float64, 6))
	return ad.Add(ad.Mul(off, keep), ad.Mul(ad.Identity(ad.Float64, 6), diagonal))
}

func TestExact(t *testing.T) {
	a := matrix()
	byProducts := linear.Func(6, ad.Float64, func(v ad.Value) ad.Value { return ad.MatVec(a, v) })
	for _, op := range []linear.Operator{linear.Dense(a), byProducts} {
		if got := trace.Exact(op).Float(); got != 21 {
			t.Errorf("got %v, want 21", got)
		}
	}
}

func TestProbes(t *testing.T) {
	a := linear.Dense(matrix())
	for name, probes := range map[string]trace.Probes{
		"rademacher": trace.Rademacher, "gaussian": trace.Gaussian, "sphere": trace.Sphere,
	} {
		e := trace.HutchinsonWith(probes, a, random.NewKey(1), 4000)
		z := (e.Value.Float() - 21) / e.StdErr.Float()
		if !(math.Abs(z) < 4) {
			t.Errorf("%s: %v ± %v, want 21", name, e.Value, e.StdErr)
		}
		// E[vvᵀ] = I.
		v := probes(random.NewKey(2), ad.Float64, 4000, 6)
		moment := ad.Div(ad.MatMul(ad.Transpose(v), v), 4000).Floats()
		for i, want := range ad.Identity(ad.Float64, 6).Floats() {
			if math.Abs(moment[i]-want) > 0.1 {
				t.Errorf("%s: E[vvᵀ] has %v for element %d, want %v", name, moment[i], i, want)
			}
		}
	}
}

// TestExactProbes: what each kind of probe meets without error.
func TestExactProbes(t *testing.T) {
	diagonal := linear.Dense(ad.Mul(ad.Identity(ad.Float64, 4), ad.Vector(1.0, 2, 3, 4)))
	e := trace.Hutchinson(diagonal, random.NewKey(0), 3)
	if e.Value.Float() != 10 || e.StdErr.Float() != 0 {
		t.Errorf("signs give %v ± %v for a diagonal of trace 10", e.Value, e.StdErr)
	}
	multiple := linear.Dense(ad.Mul(ad.Identity(ad.Float64, 4), 2.5))
	e = trace.HutchinsonWith(trace.Sphere, multiple, random.NewKey(0), 3)
	if math.Abs(e.Value.Float()-10) > 1e-14 || e.StdErr.Float() > 1e-14 {
		t.Errorf("the sphere gives %v ± %v for a multiple of I of trace 10", e.Value, e.StdErr)
	}
}

func within(t *testing.T, what string, got ad.Value, want float64) {
	t.Helper()
	if !(math.Abs(got.Float()-want) <= 1e-12) {
		t.Errorf("the %s is %v, want %v", what, got, want)
	}
}

func TestDrawsAreQuadraticForms(t *testing.T) {
	a, key := matrix(), random.NewKey(5)
	e := trace.Hutchinson(linear.Dense(a), key, 3)
	v := random.Rademacher(key, ad.Float64, 3, 6)
	var draws []float64
	for i := range 3 {
		row := ad.At(v, i)
		draws = append(draws, ad.Dot(row, ad.MatVec(a, row)).Float())
	}
	mean, variance := (draws[0]+draws[1]+draws[2])/3, 0.0
	for i, d := range draws {
		within(t, "draw", ad.At(e.Draws, i), d)
		variance += (d - mean) * (d - mean) / 2
	}
	within(t, "mean", e.Value, mean)
	within(t, "standard error", e.StdErr, math.Sqrt(variance/3))
}

// curved has a Hessian that depends on x and on a parameter, and is not diagonal.
func curved(s ad.Value) func(x ad.Value) ad.Value {
	return func(x ad.Value) ad.Value {
		return ad.Mul(s, ad.Add(ad.Square(ad.Sum(ad.Mul(x, x))), ad.Sum(ad.Exp(ad.Mul(s, x)))))
	}
}

// TestDerivatives differentiates an estimate, once and twice, with respect to a parameter that the
// function closes over and to the point, and compares with differences for the same probes.
func TestDerivatives(t *testing.T) {
	type at struct{ S, X ad.Value }
	estimate := func(a at) ad.Value {
		return trace.Hutchinson(linear.Hessian(curved(a.S), a.X), random.NewKey(3), 4).Value
	}
	flat, unravel := ad.Ravel(at{ad.Scalar(0.7), ad.Vector(0.3, -0.5, 1.1)})
	f := func(v ad.Value) ad.Value { return estimate(unravel(v)) }
	gradient := ad.Grad(f)
	slope := func(v ad.Value) ad.Value { return ad.Sum(ad.Square(gradient(v))) }
	for name, f := range map[string]func(ad.Value) ad.Value{"first": f, "second": slope} {
		got, compiled := ad.Grad(f)(flat), ad.Jit(ad.Grad(f))(flat)
		if !slices.Equal(got.Floats(), compiled.Floats()) {
			t.Errorf("%s: eager %v, compiled %v", name, got, compiled)
		}
		const h = 1e-5
		for i, g := range got.Floats() {
			moved := func(h float64) float64 {
				m := flat.Floats()
				m[i] += h
				return f(ad.Vector(m...)).Float()
			}
			want := (moved(h) - moved(-h)) / (2 * h)
			if !(math.Abs(g-want) <= 1e-6*(1+math.Abs(want))) {
				t.Errorf("%s: derivative %d is %v, want %v", name, i, g, want)
			}
		}
	}
	uncertainty := func(s ad.Value) ad.Value {
		h := linear.Hessian(curved(s), ad.Vector(1.0, 2))
		return trace.Hutchinson(h, random.NewKey(0), 5).StdErr
	}
	if g := ad.Grad(uncertainty)(ad.Scalar(1.0)).Float(); math.IsNaN(g) || g == 0 {
		t.Errorf("the standard error's derivative is %v", g)
	}
}

func TestKeysCanBeMappedOver(t *testing.T) {
	a := matrix()
	estimate := func(k random.Key) trace.Estimate { return trace.Hutchinson(linear.Dense(a), k, 3) }
	keys := random.NewKey(8).Split(4)
	batch := ad.Jit(ad.Vmap(estimate))(keys)
	for i := range 4 {
		one := estimate(keys.At(i))
		if got := ad.At(batch.Value, i).Float(); got != one.Value.Float() {
			t.Errorf("estimate %d is %v, alone %v", i, got, one.Value)
		}
	}
}

func TestUntil(t *testing.T) {
	a := linear.Dense(matrix())
	for name, c := range map[string]struct {
		tolerance trace.Tolerance
		want      status.Code
		probes    int
	}{
		"met":      {trace.Tolerance{Absolute: 0.1, Batch: 16}, status.Converged, 0},
		"default":  {trace.Tolerance{}, status.Converged, 0},
		"gaussian": {trace.Tolerance{Relative: 0.02, Probes: trace.Gaussian}, status.Converged, 0},
		"too few": {trace.Tolerance{Relative: 1e-3, Batch: 16, MaxProbes: 60}, status.OutOfSteps,
			64},
		"at once": {trace.Tolerance{Absolute: 1e9, Batch: 16}, status.Converged, 16},
	} {
		find := func(k random.Key) trace.Result { return trace.Until(c.tolerance, a, k) }
		eager, compiled := find(random.NewKey(4)), ad.Jit(find)(random.NewKey(4))
		same := eager.Last.Float() == compiled.Last.Float()
		if !same || eager.Probes.Int() != compiled.Probes.Int() {
			t.Errorf("%s: eager %v, compiled %v", name, eager, compiled)
		}
		if eager.Outcome() != c.want || c.probes != 0 && eager.Probes.Int() != c.probes {
			t.Errorf("%s: %v after %v probes", name, eager.Outcome(), eager.Probes)
		}
		if math.IsNaN(eager.Value.Float()) != (c.want != status.Converged) {
			t.Errorf("%s: the value is %v", name, eager.Value)
		}
		if z := (eager.Last.Float() - 21) / eager.StdErr.Float(); !(math.Abs(z) < 4) {
			t.Errorf("%s: %v ± %v, want 21", name, eager.Last, eager.StdErr)
		}
	}
}

// TestUntilAgreesWithAllDraws computes mean and standard error from all draws at once.
func TestUntilAgreesWithAllDraws(t *testing.T) {
	a, key := linear.Dense(matrix()), random.NewKey(6)
	got := trace.Until(trace.Tolerance{Absolute: 1e-9, Batch: 8, MaxProbes: 24}, a, key)
	var draws []ad.Value
	for i := range 3 {
		draws = append(draws, trace.Hutchinson(a, key.FoldIn(ad.Scalar(i)), 8).Draws)
	}
	mean, variance := 0.0, 0.0
	all := ad.Concatenate(0, draws...).Floats()
	for _, d := range all {
		mean += d / 24
	}
	for _, d := range all {
		variance += (d - mean) * (d - mean) / 23
	}
	within(t, "mean", got.Last, mean)
	within(t, "standard error", got.StdErr, math.Sqrt(variance/24))
}

// TestUntilInBatches: every estimate stops by itself, and a failure is that estimate's alone.
func TestUntilInBatches(t *testing.T) {
	find := func(s ad.Value) trace.Result {
		scaled := func(v ad.Value) ad.Value { return ad.Mul(s, ad.MatVec(matrix(), v)) }
		tolerance := trace.Tolerance{Absolute: 1, Batch: 8, MaxProbes: 64}
		return trace.Until(tolerance, linear.Func(6, ad.Float64, scaled), random.NewKey(4))
	}
	scales := ad.Vector(1.0, math.NaN(), 100, 1e-3)
	batch := ad.Jit(ad.Vmap(find))(scales)
	want := []status.Code{status.Converged, status.NotFinite, status.OutOfSteps, status.Converged}
	for i, w := range want {
		one := find(ad.At(scales, i))
		if got := status.Code(ad.At(batch.Status, i).Int()); got != w || one.Outcome() != w {
			t.Errorf("estimate %d: %v and alone %v, want %v", i, got, one.Outcome(), w)
		}
		if w == status.NotFinite && one.Probes.Int() != 8 {
			t.Errorf("%v probes were made of what is not finite", one.Probes)
		}
		if got := ad.At(batch.Probes, i).Int(); got != one.Probes.Int() {
			t.Errorf("estimate %d: %d probes and alone %v", i, got, one.Probes)
		}
		if got := ad.At(batch.Last, i).Float(); w != status.NotFinite && got != one.Last.Float() {
			t.Errorf("estimate %d: %v and alone %v", i, got, one.Last)
		}
	}
}

func TestMistakes(t *testing.T) {
	key := random.NewKey(0)
	wide := linear.Dense(ad.Zeros(ad.Float64, 2, 3))
	for name, f := range map[string]func(){
		"exact":     func() { trace.Exact(wide) },
		"estimate":  func() { trace.Hutchinson(wide, key, 3) },
		"no probes": func() { trace.Hutchinson(linear.Dense(matrix()), key, 0) },
		"batch":     func() { trace.Until(trace.Tolerance{Batch: 1}, linear.Dense(matrix()), key) },
		"reverse": func() {
			ad.Grad(func(s ad.Value) ad.Value {
				h := linear.Hessian(curved(s), ad.Vector(1.0, 2))
				return trace.Until(trace.Tolerance{}, h, key).Last
			})(ad.Scalar(1.0))
		},
	} {
		func() {
			defer func() {
				if _, ok := recover().(*ad.Error); !ok {
					t.Errorf("%s: no *ad.Error", name)
				}
			}()
			f()
		}()
	}
}
