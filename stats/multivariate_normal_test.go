package stats_test

import (
	"math"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/random"
	"pullback/stats"
)

// threeVariables is an example of which the log density was computed with 50 digits (mpmath).
func threeVariables(d ad.DType) (x ad.Value, m stats.MultivariateNormal, want float64) {
	c := ad.Matrix(3, 3, []float64{2, 0.5, -0.25, 0.5, 1.5, 0.125, -0.25, 0.125, 1})
	m = stats.MultivariateNormal{Mean: ad.Convert(ad.Vector(0.25, 0.5, -1), d),
		Covariance: ad.Convert(c, d)}
	return ad.Convert(ad.Vector(0.5, -1.25, 2), d), m, -10.141312229220887648
}

func TestMultivariateNormal(t *testing.T) {
	x, m, want := threeVariables(ad.Float64)
	near(t, "LogPDF", 0, m.LogPDF(x).Float(), want, 1e-15)
	x, m, want = threeVariables(ad.Float32)
	near(t, "LogPDF of float32", 0, m.LogPDF(x).Float(), want, 4e-7)
}

// TestManyVariables compares independent ones, and a chain x[i] = x[i-1] + noise, with normals.
func TestManyVariables(t *testing.T) {
	for _, d := range []int{1, 2, 5, 8, 9, 20} {
		x := random.Normal(random.NewKey(2), ad.Float64, 4, d)
		covariance := make([]float64, 0, d*d)
		for i := range d {
			for j := range d {
				covariance = append(covariance, 0.25*float64(min(i, j)+1))
			}
		}
		m := stats.MultivariateNormal{Mean: ad.Full(ad.Float64, 0, d),
			Covariance: ad.Matrix(d, d, covariance)}
		got := m.LogPDF(x)
		for row := range 4 {
			want, before := 0., 0.
			for _, v := range ad.At(x, row).Floats() {
				want += -2*(v-before)*(v-before) - math.Log(0.5) - 0.5*math.Log(2*math.Pi)
				before = v
			}
			near(t, "LogPDF", float64(d), ad.At(got, row).Float(), want, 1e-13)
		}
	}
}

// TestMultivariateDerivatives holds first and second derivatives in everything, every element of
// the covariance by itself.
func TestMultivariateDerivatives(t *testing.T) {
	type args struct{ X, Mean, Covariance ad.Value }
	f := func(a args) ad.Value {
		return stats.MultivariateNormal{Mean: a.Mean, Covariance: a.Covariance}.LogPDF(a.X)
	}
	x, m, _ := threeVariables(ad.Float64)
	at := args{x, m.Mean, m.Covariance}
	sameTree(t, "multivariate", nil, f, at)
	n := 15
	for i := range n {
		slope := func(a args) ad.Value {
			g, _ := ad.Ravel(ad.Grad(f)(a))
			return ad.At(g, i)
		}
		sameTree(t, "multivariate'", []float64{float64(i)}, slope, at)
	}
}

func TestMultivariateMapped(t *testing.T) {
	_, m, _ := threeVariables(ad.Float64)
	x := random.Normal(random.NewKey(3), ad.Float64, 11, 3)
	alone := ad.Jit(m.LogPDF)
	together, mapped := m.LogPDF(x), ad.Jit(ad.Vmap(m.LogPDF))(x)
	covariances := ad.Mul(ad.BroadcastTo(m.Covariance, 11, 3, 3),
		ad.Reshape(ad.Add(ad.Arange(ad.Float64, 11), 1), 11, 1, 1))
	type args struct{ X, Covariance ad.Value }
	own := func(a args) ad.Value {
		return stats.MultivariateNormal{Mean: m.Mean, Covariance: a.Covariance}.LogPDF(a.X)
	}
	owns := ad.Jit(ad.Vmap(own))(args{x, covariances})
	for i := range 11 {
		row := ad.At(x, i)
		same := alone(row).Float()
		for _, v := range []ad.Value{together, mapped} {
			if got := ad.At(v, i).Float(); got != same {
				t.Errorf("row %d: %v in a batch, %v alone", i, got, same)
			}
		}
		want := own(args{row, ad.At(covariances, i)}).Float()
		if got := ad.At(owns, i).Float(); got != want {
			t.Errorf("row %d with its covariance: %v in a batch, %v alone", i, got, want)
		}
	}
}

func TestMultivariateDraws(t *testing.T) {
	_, m, _ := threeVariables(ad.Float64)
	const n = 40000
	x := m.Draw(random.NewKey(4), n)
	r := ad.Sub(x, m.Mean)
	second := ad.Div(ad.MatMul(ad.Transpose(r), r), n).Floats()
	for i, want := range m.Covariance.Floats() { // the standard errors are below 2·√2/200
		if math.Abs(second[i]-want) > 0.05 {
			t.Errorf("element %d of the covariance of draws is %v, want %v", i, second[i], want)
		}
	}
	for i, mean := range ad.Mean(r, 0).Floats() {
		if math.Abs(mean) > 0.03 {
			t.Errorf("mean %d of draws is off by %v", i, mean)
		}
	}
	if shape := m.Draw(random.NewKey(4)).Shape(); len(shape) != 1 || shape[0] != 3 {
		t.Errorf("one draw has shape %v", shape)
	}
}

func TestImpossibleCovariance(t *testing.T) {
	x, m, _ := threeVariables(ad.Float64)
	m.Covariance = ad.Neg(m.Covariance)
	if got := m.LogPDF(x).Float(); !math.IsNaN(got) {
		t.Errorf("got %v", got)
	}
}

func TestMultivariateMistakes(t *testing.T) {
	x, m, _ := threeVariables(ad.Float64)
	for want, call := range map[string]func(){
		"the covariance must be a square matrix": func() {
			stats.MultivariateNormal{Mean: m.Mean, Covariance: x}.LogPDF(x)
		},
		"the last axis must have the covariance's extent, 3": func() {
			m.LogPDF(ad.Vector(1., 2.))
		},
		"Mean was never set": func() {
			stats.MultivariateNormal{Covariance: m.Covariance}.Draw(random.NewKey(1))
		},
	} {
		func() {
			defer func() {
				e, ok := recover().(*ad.Error)
				if !ok || !strings.Contains(e.Error(), want) {
					t.Errorf("%v; want %q", e, want)
				}
			}()
			call()
		}()
	}
}
