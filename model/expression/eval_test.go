package expression_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/model/expression"
)

// environment has the names' values, a lag as the value minus its length, and sums of all rows.
func environment(values map[string]ad.Value) expression.Env {
	env := expression.Env{
		Value: func(n *expression.Name) ad.Value { return values[n.Name] },
		Lag: func(l *expression.Lag) ad.Value {
			return ad.Sub(values[l.Column], float64(l.By))
		},
	}
	env.Group = func(g *expression.Group) ad.Value { return ad.Sum(expression.Eval(g.X, env)) }
	return env
}

func parse(t *testing.T, text string) expression.Expr {
	t.Helper()
	e, err := expression.Parse(text)
	if err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return e
}

func TestEval(t *testing.T) {
	env := environment(map[string]ad.Value{"x": ad.Scalar(0.3), "y": ad.Scalar(-2.),
		"v": ad.Vector(1., 2, 3)})
	const x, y = 0.3, -2.
	formulas := map[string]float64{
		"x + y": x + y, "x - y": x - y, "x*y": x * y, "x/y": x / y, "-x": -x, "y^2": 4, "y^3": -8,
		"y^-1": -0.5, "y^0": 1, "x^0.5": math.Sqrt(x), "y^17": -131072, "y^20": 1 << 20,
		"x^y": math.Pow(x, y), "-y^2": -4, "2^3^2": 512, "pow(2, 3)": 8,
		"abs(y)": 2, "acos(x)": math.Acos(x), "asin(x)": math.Asin(x), "atan(x)": math.Atan(x),
		"atan2(x, y)": math.Atan2(x, y), "ceil(x)": 1, "cos(x)": math.Cos(x),
		"cosh(x)": math.Cosh(x), "erf(x)": math.Erf(x), "exp(x)": math.Exp(x),
		"expm1(x)": math.Expm1(x), "floor(x)": 0, "log(x)": math.Log(x),
		"log10(x)": math.Log10(x), "log1p(x)": math.Log1p(x), "logistic(x)": 1 / (1 + math.Exp(-x)),
		"logit(x)": math.Log(x / (1 - x)), "max(x, y, 7)": 7, "min(x, y, 7)": -2,
		"normal_cdf(x)": 0.5 * math.Erfc(-x/math.Sqrt2), "round(2.5)": 2, "sign(y)": -1,
		"sin(x)": math.Sin(x), "sinh(x)": math.Sinh(x), "sqrt(x)": math.Sqrt(x),
		"tan(x)": math.Tan(x), "tanh(x)": math.Tanh(x), "pi": math.Pi,
		"if x < y then 1 else 2": 2, "if x >= y then 1 else 2": 1, "if x == x then 1 else 2": 1,
		"if x != x then 1 else 2": 2, "if x > y and y > x then 1 else 2": 2,
		"if x > y or y > x then 1 else 2": 1, "if not x <= y then 1 else 2": 1,
		"x[-2]": x - 2, "sum(v)": 6, "lgamma(5)": math.Log(24),
	}
	for _, f := range expression.Functions() {
		tested := false
		for text := range formulas {
			tested = tested || strings.HasPrefix(text, f.Name+"(")
		}
		if !tested {
			t.Errorf("the function %s is not tested", f.Name)
		}
	}
	for text, want := range formulas {
		got := expression.Eval(parse(t, text), env)
		if math.Abs(got.Float()-want) > 1e-14*math.Abs(want) {
			t.Errorf("%s is %v, want %v", text, got, want)
		}
	}
}

// TestFunctionsTakeVectors holds that every function of the table works on rows.
func TestFunctionsTakeVectors(t *testing.T) {
	v := ad.Vector(0.25, 0.5)
	for _, f := range expression.Functions() {
		args := "v"
		if f.Min == 2 {
			args = "v, 1"
		}
		text := fmt.Sprintf("%s(%s)", f.Name, args)
		got := expression.Eval(parse(t, text), environment(map[string]ad.Value{"v": v}))
		if s := got.Shape(); len(s) != 1 || s[0] != 2 {
			t.Errorf("%s has the shape %v", text, s)
		}
	}
}

func TestBroadcast(t *testing.T) {
	env := environment(map[string]ad.Value{"a": ad.Scalar(2.), "v": ad.Vector(1., 2, 3)})
	for text, want := range map[string]string{
		"a*v^2 - 1":                        "[1, 7, 17] float64",
		"if v > a then v else a":           "[2, 2, 3] float64",
		"if a > 1 then v else 0":           "[1, 2, 3] float64",
		"v - mean(v)":                      "[-5, -4, -3] float64", // environment sums
		"if v > 1 and a > 1 then 1 else 0": "[0, 1, 1] float64",
	} {
		if got := fmt.Sprint(expression.Eval(parse(t, text), env)); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}

// TestDerivatives holds that derivatives are numbers where the formula has one: at negative bases,
// and beside a branch that is not taken, in both modes.
func TestDerivatives(t *testing.T) {
	for _, c := range []struct {
		text          string
		x             float64
		first, second float64
	}{
		{"x^2", -3, -6, 2},
		{"x^3", -2, 12, -12},
		{"x^-1", -2, -0.25, -0.25},
		{"x^2", 0, 0, 2},
		{"x^1", 0, 1, 0},
		{"x^0", 0, 0, 0},
		{"x^-(-2)", -3, -6, 2},
		{"x^17", -1, 17, -272},
		{"if x > 0 then sqrt(x) else x^2", -3, -6, 2},
		{"if x > 0 then sqrt(x) else x^2", 0, 0, 2},
		{"if x > 0 then log(x)*x^0.3 else -x", 0, -1, 0},
		{"if x <= 0 then 2*x else if x < 1 then 1/x else x", 0, 2, 0},
		{"if x == 0 then 1 + x else sin(x)/x", 0, 1, 0},
	} {
		e := parse(t, c.text)
		f := func(x ad.Value) ad.Value {
			return expression.Eval(e, environment(map[string]ad.Value{"x": x}))
		}
		x := ad.Scalar(c.x)
		reverse := ad.Grad(f)(x).Float()
		_, forward := ad.JVP(f, x, ad.Scalar(1.))
		twice := ad.Grad(ad.Grad(f))(x).Float()
		if reverse != c.first || forward.Float() != c.first || twice != c.second {
			t.Errorf("%s at %v has the derivatives %v, %v and %v, want %v and %v", c.text, c.x,
				reverse, forward, twice, c.first, c.second)
		}
	}
}

// TestBranchesInABatch has rows that take different branches of one condition.
func TestBranchesInABatch(t *testing.T) {
	e := parse(t, "if v > 0 then a*log(v*a) else a^2")
	slope := ad.Jit(ad.Grad(func(a ad.Value) ad.Value {
		return ad.Sum(expression.Eval(e, environment(map[string]ad.Value{"a": a,
			"v": ad.Vector(-1., 0, 1)})))
	}))(ad.Scalar(2.)).Float()
	if want := 4 + 4 + math.Log(2) + 1; math.Abs(slope-want) > 1e-14 {
		t.Errorf("the slope is %v, want %v", slope, want)
	}
}
