package estimate_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/estimate"
)

// kmenta is J. Kmenta's market of food (Elements of Econometrics, 1971): demand Q = d0 + dP·P +
// dD·income and supply Q = s0 + sP·P + sF·farmPrice + sA·trend.
type kmenta struct{ D0, DP, DD, S0, SP, SF, SA ad.Value }

// column is one of testdata/kmenta.csv.
func column(t testing.TB, name string) ad.Value {
	t.Helper()
	file, err := os.Open("testdata/kmenta.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var xs []float64
	for c, heading := range rows[0] {
		if heading != name {
			continue
		}
		for _, row := range rows[1:] {
			x, err := strconv.ParseFloat(row[c], 64)
			if err != nil {
				t.Fatal(err)
			}
			xs = append(xs, x)
		}
	}
	return ad.Vector(xs...)
}

// certified are the published figures.
type certified struct {
	LogL float64            `json:"logL"`
	Coef map[string]float64 `json:"coef"`
	SE   map[string]float64 `json:"se_hessian"`
}

func readCertified(t testing.TB, name string) certified {
	t.Helper()
	text, err := os.ReadFile("testdata/kmenta_certified.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]certified
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	return all[name]
}

// kmentaNames are in the order of the struct.
var kmentaNames = []string{"d0", "dP", "dD", "s0", "sP", "sF", "sA"}

// equilibrium gives the deviations of what was observed from the equilibrium.
func equilibrium(t testing.TB) func(kmenta) (q, p ad.Value) {
	quantity, price := column(t, "consump"), column(t, "price")
	income, farm, trend := column(t, "income"), column(t, "farmPrice"), column(t, "trend")
	return func(k kmenta) (ad.Value, ad.Value) {
		demand := ad.Add(k.D0, ad.Mul(k.DD, income))
		supply := ad.Add(k.S0, ad.Add(ad.Mul(k.SF, farm), ad.Mul(k.SA, trend)))
		p := ad.Div(ad.Sub(supply, demand), ad.Sub(k.DP, k.SP))
		q := ad.Add(demand, ad.Mul(k.DP, p))
		return ad.Sub(quantity, q), ad.Sub(price, p)
	}
}

// fiml is full information maximum likelihood: the deviations have a free covariance, which is
// concentrated out.
func fiml(t testing.TB) func(kmenta) ad.Value {
	deviations := equilibrium(t)
	return func(k kmenta) ad.Value {
		q, p := deviations(k)
		n := float64(q.Size())
		qq, qp, pp := ad.Div(ad.Dot(q, q), n), ad.Div(ad.Dot(q, p), n), ad.Div(ad.Dot(p, p), n)
		det := ad.Sub(ad.Mul(qq, pp), ad.Square(qp))
		square := ad.Div(ad.Add(ad.Mul(pp, ad.Square(q)), ad.Sub(ad.Mul(qq, ad.Square(p)),
			ad.Mul(ad.Mul(2, qp), ad.Mul(q, p)))), det)
		level := ad.Add(ad.Mul(.5, ad.Log(det)), math.Log(2*math.Pi))
		return ad.Neg(ad.Add(level, ad.Mul(.5, square)))
	}
}

// independent is the likelihood of independent noise around the equilibrium, both variances
// concentrated out.
func independent(t testing.TB) func(kmenta) ad.Value {
	deviations := equilibrium(t)
	return func(k kmenta) ad.Value {
		q, p := deviations(k)
		part := func(x ad.Value) ad.Value {
			variance := ad.Div(ad.Dot(x, x), float64(x.Size()))
			level := ad.Add(ad.Log(variance), math.Log(2*math.Pi))
			return ad.Mul(-.5, ad.Add(level, ad.Div(ad.Square(x), variance)))
		}
		return ad.Add(part(q), part(p))
	}
}

// flat is a function of a struct as one of a vector.
func flat[T any](f func(T) ad.Value, like T) (func(ad.Value) ad.Value, []float64) {
	x, unravel := ad.Ravel(like)
	return func(x ad.Value) ad.Value { return f(unravel(x)) }, x.Floats()
}

func digits(t *testing.T, what string, got, want float64, n int) {
	t.Helper()
	if !(math.Abs(got/want-1) < .5*math.Pow(10, -float64(n))) {
		t.Errorf("%s is %.15g, certified %.15g: fewer than %d digits", what, got, want, n)
	}
}

// TestKmenta reproduces the certified figures from starts near the solution, and by Newton's method
// from starts that are as bad as they can be without losing the equilibrium.
func TestKmenta(t *testing.T) {
	type search struct {
		name   string
		method estimate.Method
		start  [7]float64
	}
	near := [7]float64{90, -.2, .3, 50, .2, .2, .4}
	searches := []search{
		{"bad start", estimate.Auto, [7]float64{0, -1, 1, 0, 1, 1, 1}},
		{"bad start with intercepts", estimate.Auto, [7]float64{1, -1, 1, 1, 1, 1, 1}},
	}
	for m := estimate.Auto; m <= estimate.BFGS; m++ {
		searches = append(searches, search{m.String(), m, near})
	}
	for model, contributions := range map[string]func(kmenta) ad.Value{
		"kmenta_fiml": fiml(t), "kmenta_equilibrium_diagonal_noise": independent(t),
	} {
		want := readCertified(t, model)
		for _, s := range searches {
			x := func(i int) ad.Value { return ad.Scalar(s.start[i]) }
			e := estimate.MaximumLikelihood(contributions,
				kmenta{x(0), x(1), x(2), x(3), x(4), x(5), x(6)},
				estimate.Options[kmenta]{Method: s.method})
			t.Logf("%s, %s: %d steps. %s", model, s.name, e.Optimum.Steps, e.Verdict)
			if !e.Status.OK() || !e.Identification.Identified() {
				t.Errorf("%s, %s: %s; %+v", model, s.name, e.Verdict, e.Optimum)
				continue
			}
			digits(t, "the log likelihood", e.LogLik, want.LogL, 12)
			for i, p := range kmentaNames {
				digits(t, s.name+": "+p, e.X[i], want.Coef[p], 10)
				digits(t, s.name+": the standard error of "+p, e.Inference.StdErr[i].Value,
					want.SE[p], 10)
			}
		}
	}
}

// TestKmentaWithoutEquilibrium is the start at which demand and supply are parallel: it is told of,
// and other starts find the way.
func TestKmentaWithoutEquilibrium(t *testing.T) {
	one, zero := ad.Scalar(1.), ad.Scalar(0.)
	parallel := kmenta{zero, one, one, zero, one, one, one}
	e := estimate.MaximumLikelihood(fiml(t), parallel, estimate.Options[kmenta]{})
	if e.Status.OK() || !strings.HasPrefix(e.Verdict, "No likelihood: ") ||
		e.Inference.Problem == "" {
		t.Errorf("%s", e.Verdict)
	}
	e = estimate.MaximumLikelihood(fiml(t), parallel, estimate.Options[kmenta]{Starts: 20})
	t.Log(e.Verdict)
	want := readCertified(t, "kmenta_fiml")
	digits(t, "the log likelihood", e.LogLik, want.LogL, 12)
	if !strings.Contains(e.Verdict, " of 20 starts led to this maximum, ") {
		t.Error(e.Verdict)
	}
}
