package expression

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// tree is a formula with all its parentheses, to see how it was read.
func tree(e Expr) string {
	list := func(es []Expr) string {
		var out []string
		for _, e := range es {
			out = append(out, tree(e))
		}
		return strings.Join(out, ", ")
	}
	switch e := e.(type) {
	case *Unary:
		return "(" + e.Op.String() + " " + tree(e.X) + ")"
	case *Binary:
		return "(" + tree(e.X) + " " + e.Op.String() + " " + tree(e.Y) + ")"
	case *If:
		return "(if " + tree(e.Cond) + " then " + tree(e.Then) + " else " + tree(e.Else) + ")"
	case *Call:
		return e.Function + "(" + list(e.Args) + ")"
	case *Group:
		return fmt.Sprintf("%s{%s by %s}", e.Function, tree(e.X), e.Key)
	case *Tuple:
		return "<" + list(e.Elements) + ">"
	}
	return String(e)
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"1":                          "1",
		".5 + 1e-3 + 2.5E+2":         "((0.5 + 0.001) + 250)",
		"a + b*c^d":                  "(a + (b * (c ^ d)))",
		"a - b - c":                  "((a - b) - c)",
		"a/b/c":                      "((a / b) / c)",
		"2^3^2":                      "(2 ^ (3 ^ 2))",
		"2**3":                       "(2 ^ 3)",
		"-2^2":                       "(- (2 ^ 2))",
		"2^-1":                       "(2 ^ (- 1))",
		"2^-1^2":                     "(2 ^ (- (1 ^ 2)))",
		"-a*b":                       "((- a) * b)",
		"a*-b":                       "(a * (- b))",
		"+a - +b":                    "(a - b)",
		"100 - 2*P^c_d":              "(100 - (2 * (P ^ c_d)))",
		"5*3^(c_s*P)":                "(5 * (3 ^ (c_s * P)))",
		"σ_p*x1":                     "(σ_p * x1)",
		"if a < b then 1 else 2 + 3": "(if (a < b) then 1 else (2 + 3))",
		"1 + if a < b then c else d": "(1 + (if (a < b) then c else d))",
		"if a < b and not c >= d or e == f then 1 else 0": "(if (((a < b) and (not (c >= d))) or " +
			"(e == f)) then 1 else 0)",
		"if a<b && !c>d || e!=f then 1 else 0": "(if (((a < b) and (not (c > d))) or (e != f)) " +
			"then 1 else 0)",
		"log(price) + max(a, b, 0)": "(log(price) + max(a, b, 0))",
		"price[-1] - price[ - 12 ]": "(price[-1] - price[-12])",
		"sum(q by market)/mean(q)":  "(sum{q by market} / mean{q by })",
		"min(a)+min(a, b)":          "(min{a by } + min(a, b))",
		"max(a*b by firm)":          "max{(a * b) by firm}",
		"(a, b + 1)":                "<a, (b + 1)>",
		"cos(pi)":                   "cos(3.141592653589793)",
		"sum":                       "sum",
		"if (a < b) then 1 else 2":  "(if (a < b) then 1 else 2)",
		"((a))":                     "a",
		"\ta\n+ b":                  "(a + b)",
	} {
		e, err := Parse(text)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := tree(e); got != want {
			t.Errorf("%q reads as %s, want %s", text, got, want)
		}
		again, err := Parse(String(e))
		if err != nil || tree(again) != want {
			t.Errorf("%q prints as %q, which reads otherwise (%v)", text, String(e), err)
		}
	}
}

func TestSpans(t *testing.T) {
	const text = "(a + log( b*c )) - (d[-2])^2"
	e, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	Walk(e, func(e Expr) {
		at := e.Where()
		got = append(got, text[at.Start:at.End])
	})
	want := []string{text, "a + log( b*c )", "a", "log( b*c )", "b*c", "b", "c", "(d[-2])^2",
		"d[-2]", "2"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("the parts are %q, want %q", got, want)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "column 1: here is the end of the formula where a value is needed"},
		{"a +", "column 4: here is the end of the formula where a value is needed"},
		{"1_000", "column 1: 1_000 is not a number; write it without _"},
		{"1.2.3", "column 1: 1.2.3 is not a number"},
		{"1e", "column 1: 1e is not a number"},
		{"1e+", "column 1: 1e+ is not a number"},
		{"2x", "column 1: 2x is neither a number nor a name; write 2*x"},
		{"1e999", "column 1: 1e999 is greater than any float64"},
		{"1e-999", "column 1: 1e-999 is closer to zero"},
		{"a < b < c", "column 7: a comparison has two sides"},
		{"a < b", "column 1: a condition stands where a number"},
		{"1 + (a < b)", "column 6: a condition stands where a number"},
		{"if a then 1 else 2", "column 4: a number stands where a condition"},
		{"if a < b then 1",
			`column 16: "else" is missing before the end of the formula, after "if"`},
		{"not a", "column 5: a number stands where a condition"},
		{"a and b", "column 1: a number stands where a condition"},
		{"if a < b and c then 1 else 0", "column 14: a number stands"},
		{"price[1]", "column 7: only earlier periods exist"},
		{"price[0]", "column 7: only earlier periods exist"},
		{"price[-0]", "column 8: only earlier periods exist"},
		{"price[-1.5]", "column 8: here is \"1.5\" where a lag needs"},
		{"price[-x]", "column 8: here is \"x\" where a lag needs"},
		{"price[-9999999]", "column 8: a lag of more than 1000000"},
		{"price[-99999999999999999999]", "column 8: a lag of more than 1000000"},
		{"price[-1", `column 9: "]" is missing before the end of the formula, after "price"`},
		{"lg(x)", "column 1: there is no function lg; did you mean log?"},
		{"ln(x)", "column 1: there is no function ln; the natural logarithm is log"},
		{"elasticity(x)", "column 1: there is no function elasticity; the functions are abs, "},
		{"normal(a, b)", "column 1: normal is a distribution and no function"},
		{"exp(a, b)", "column 1: exp has 1 argument, not 2"},
		{"atan2(a)", "column 1: atan2 has 2 arguments, not 1"},
		{"max()", "column 1: max has 2 arguments or more, not 0"},
		{"sum(a, b)", "column 1: sum is over rows of the data and has one argument"},
		{"exp(a by b)", "column 7: by stands in a reduction"},
		{"sum(a by 3)", `column 10: here is "3" where by needs a column`},
		{"sum(a by b c)", `column 12: ")" is missing before "c", after "sum"`},
		{"(a, b) + 1", "column 1: several values stand where one is needed"},
		{"((a, b), c)", "column 2: several values stand where one is needed"},
		{"exp((a, b))", "column 5: several values stand where one is needed"},
		{"()", "column 1: the parentheses are empty"},
		{"(a", `column 3: ")" is missing before the end`},
		{"a)", `column 2: the formula could end before ")"`},
		{"a b", `column 3: the formula could end before "b"`},
		{"a, b", `column 2: the formula could end before ","`},
		{"a = b", `column 3: a formula has no =; write == to compare`},
		{"a % b", `column 3: "%" has no meaning in a formula`},
		{"a × b", `column 3: "×" has no meaning in a formula; write *`},
		{"a \xff", `column 3: "\xff" has no meaning`},
		{"by + 1", `column 1: here is "by" where a value is needed`},
		{strings.Repeat("(", 1000) + "a", "column 201: more than 200 parts"},
		{strings.Repeat("-", 1000) + "a", "more than 200 parts"},
		{strings.Repeat("2^", 1000) + "a", "more than 200 parts"},
		{strings.Repeat("min(", 1000) + "a", "more than 200 parts"},
		{"if " + strings.Repeat("not ", 1000), "more than 200 parts"},
		{strings.Repeat("a", 65537), "column 1: the formula has 65537 bytes"},
		{strings.Repeat("a+", 30000), "where a value is needed"},
	} {
		text, want := c.text, c.want
		e, err := Parse(text)
		var syntax *SyntaxError
		if !errors.As(err, &syntax) {
			t.Errorf("%.40q is read as %v with the error %v", text, e, err)
			continue
		}
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: the error is\n%v, want\n%s", text, err, want)
		}
		if syntax.At.Start < 0 || syntax.At.End < syntax.At.Start || syntax.At.End > len(text) {
			t.Errorf("%.40q: the error is at %v", text, syntax.At)
		}
	}
}

func TestParseCall(t *testing.T) {
	for text, want := range map[string]string{
		"normal(P, sigma_p)":      "normal(P, sigma_p)",
		"mvnormal((a, b + 1))":    "mvnormal(<a, (b + 1)>)",
		"bernoulli(logit(a + b))": "bernoulli(logit((a + b)))",
		"anything()":              "anything()",
	} {
		c, err := ParseCall(text)
		if err != nil || tree(c) != want {
			t.Errorf("%q reads as %v (%v), want %s", text, c, err, want)
		}
	}
	for _, text := range []string{"", "P", "1", "normal(P) + 1", "normal(P", "normal(a < b)",
		"normal(P))", "-normal(P)"} {
		if c, err := ParseCall(text); err == nil {
			t.Errorf("%q reads as %s", text, tree(c))
		}
	}
}

func TestEqualSign(t *testing.T) {
	for text, want := range map[string]int{"demand = supply": 7, "a=b": 1, "a <= b = c": 7} {
		if at, err := EqualSign(text); err != nil || at != want {
			t.Errorf("%q has its = at %d (%v), want %d", text, at, err, want)
		}
	}
	for _, text := range []string{"a", "a == b", "a = b = c", ""} {
		if at, err := EqualSign(text); err == nil {
			t.Errorf("%q has its = at %d", text, at)
		}
	}
}

func TestNames(t *testing.T) {
	e, err := Parse("b + a*b + c[-1] + sum(d by e)")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, n := range Names(e) {
		got = append(got, n.Name)
	}
	if want := []string{"b", "a", "d"}; !reflect.DeepEqual(got, want) {
		t.Errorf("the names are %q, want %q", got, want)
	}
}

func TestReserved(t *testing.T) {
	for name, want := range map[string]bool{"if": true, "by": true, "pi": true, "exp": true,
		"sum": true, "gamma": false, "P": false, "e": false} {
		if got := Reserved(name) != ""; got != want {
			t.Errorf("%s is reserved: %v, want %v", name, got, want)
		}
	}
}

// FuzzParse holds that what is read prints as what reads the same, and that errors have places.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"100 - 2*P^c_d", "5*3^(c_s*P)", "if a < b then -1 else x[-2]",
		"sum(q by m)/mean(q)", "(a, b)", "a and not b", "1e999",
		"min(a, b)^-2^.5", "((((", "((a<b)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := Parse(text)
		if err != nil {
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || syntax.At.Start < 0 || syntax.At.Start > syntax.At.End ||
				syntax.At.End > len(text) {
				t.Fatalf("the error %#v has no place", err)
			}
			return
		}
		Walk(e, func(e Expr) {
			if at := e.Where(); at.Start < 0 || at.Start >= at.End || at.End > len(text) {
				t.Fatalf("%s is said to be at %v", tree(e), at)
			}
		})
		printed := String(e)
		again, err := Parse(printed)
		if err != nil {
			t.Fatalf("%q prints as %q, which does not read: %v", text, printed, err)
		}
		if tree(again) != tree(e) || String(again) != printed {
			t.Fatalf("%q prints as %q, which reads as %s instead of %s", text, printed,
				tree(again), tree(e))
		}
	})
}
