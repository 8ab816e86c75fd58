package model

import (
	"fmt"
	"strings"

	"pullback/model/expression"
)

// familyForm is a density: its name, and its arguments in words and number.
type familyForm struct {
	name      string
	family    Family
	arguments string
	counts    []int // of arguments that are allowed
}

func familyForms() []familyForm {
	return []familyForm{
		{"normal", Normal, "normal(mean, sd), or normal(mean) with a free sd", []int{1, 2}},
		{"mvnormal", MultivariateNormal, "mvnormal((mean, mean, …))", []int{1}},
		{"student_t", StudentT, "student_t(degrees of freedom, location, scale)", []int{3}},
		{"lognormal", LogNormal, "lognormal(mean of the log, sd of the log)", []int{2}},
		{"poisson", Poisson, "poisson(rate)", []int{1}},
		{"bernoulli", Bernoulli, "bernoulli(probability)", []int{1}},
		{"logit", BernoulliLogit, "logit(log odds)", []int{1}},
		{"exponential", Exponential, "exponential(rate)", []int{1}},
		{"gamma", Gamma, "gamma(shape, rate)", []int{2}},
	}
}

// familyKnown says whether a name is that of a density.
func familyKnown(name string) bool {
	for _, f := range familyForms() {
		if f.name == name {
			return true
		}
	}
	return false
}

// observations reads the lines of observe, or of residual, whose targets are any formulas.
func (r *reader) observations(e entry, ofColumns bool) []Observation {
	if e.value.kind != mapping {
		r.fail(e.value.at, "Write a line such as “price: normal(P, 0.1)” for each.",
			"%s is a mapping from what is observed to its density, and this is %s", e.key,
			e.value.kind)
		return nil
	}
	var out []Observation
	for _, e := range e.value.entries {
		o := Observation{At: e.at}
		targets := r.parsed(Formula{Text: e.key, At: e.at})
		density := r.formula(e.value)
		if r.err != nil {
			return nil
		}
		for _, part := range elements(targets) {
			t := Target{Formula: part}
			if ofColumns {
				t.Column = r.column(part)
			} else {
				r.noDensity(part)
			}
			o.Targets = append(o.Targets, t)
		}
		r.density(&o, density)
		out = append(out, o)
	}
	return out
}

// elements are the parts of a tuple, or the formula itself.
func elements(f Formula) []Formula {
	tuple, ok := f.Expr.(*expression.Tuple)
	if !ok {
		return []Formula{f}
	}
	var out []Formula
	for _, e := range tuple.Elements {
		out = append(out, f.part(e))
	}
	return out
}

// part of a formula, as a formula of its own, whose spans begin at its own text.
func (f Formula) part(e expression.Expr) Formula {
	at := e.Where()
	text := f.Text[at.Start:at.End]
	own, err := expression.Parse(text)
	if err != nil { // a part of what was read is read
		own = e
	}
	return Formula{Expr: own, Text: text, At: f.place(at)}
}

// density reads what stands right of a line.
func (r *reader) density(o *Observation, f Formula) {
	call, ok := f.Expr.(*expression.Call)
	var form familyForm
	for _, known := range familyForms() {
		if ok && known.name == call.Function {
			form = known
		}
	}
	if form.name == "" {
		r.fail(f.At, densityAdvice(f), "here should be a density")
		return
	}
	o.Family = form.family
	for _, a := range call.Args {
		o.Args = append(o.Args, f.part(a))
	}
	// bernoulli(logistic(z)) is read as the density of the log odds, which loses no digits.
	inner, is := soleCall(o.Args)
	if is && form.name == "bernoulli" && inner.Function == "logistic" && len(inner.Args) == 1 {
		o.Family, o.Args = BernoulliLogit, []Formula{o.Args[0].part(inner.Args[0])}
	}
	right := false
	for _, n := range form.counts {
		right = right || len(o.Args) == n
	}
	if !right {
		r.fail(f.At, "Write "+form.arguments+".", "%s has %d arguments here", form.name,
			len(o.Args))
		return
	}
	if o.Family == MultivariateNormal {
		o.Args = elements(o.Args[0])
		if len(o.Targets) < 2 || len(o.Args) != len(o.Targets) {
			r.fail(f.At, "Write “\"(q, p)\": mvnormal((Q, P))”, as many means as targets, and "+
				"two at "+
				"least.", "mvnormal has %d means for %d targets", len(o.Args), len(o.Targets))
			return
		}
	} else if len(o.Targets) != 1 {
		r.fail(o.At, "Write a line for each, or mvnormal for a joint density.",
			"%s is a density of one number, and here are %d", form.name, len(o.Targets))
		return
	}
	for _, a := range o.Args {
		r.noDensity(a)
	}
}

func densityAdvice(f Formula) string {
	var names []string
	for _, form := range familyForms() {
		names = append(names, form.name)
	}
	if call, ok := f.Expr.(*expression.Call); ok {
		if advice := didYouMean(call.Function, names); advice != "" {
			return advice
		}
	}
	return "The densities are " + strings.Join(names, ", ") + "."
}

func soleCall(args []Formula) (*expression.Call, bool) {
	if len(args) != 1 {
		return nil, false
	}
	call, ok := args[0].Expr.(*expression.Call)
	return call, ok
}

// column is the one that an observed formula is an invertible function of.
func (r *reader) column(f Formula) string {
	column, ok := invertible(f.Expr)
	if !ok {
		r.fail(f.At, "Observe a column, or exp, log, sqrt or logit of one, or its sums, products "+
			"and quotients with numbers.", "%s is no invertible function of one column", f.Text)
	}
	return column
}

// invertible says which column a formula is an invertible function of; invert inverts it.
func invertible(e expression.Expr) (string, bool) {
	switch e := e.(type) {
	case *expression.Name:
		return e.Name, true
	case *expression.Unary:
		if e.Op == expression.Neg {
			return invertible(e.X)
		}
	case *expression.Call:
		switch e.Function {
		case "exp", "log", "sqrt", "logit":
			return invertible(e.Args[0])
		}
	case *expression.Binary:
		left, isNumber := constant(e.X)
		right, isNumberToo := constant(e.Y)
		switch {
		case isNumber && isNumberToo:
			return "", false
		case isNumberToo && right != 0 && e.Op <= expression.Pow:
			return invertible(e.X)
		case isNumberToo && e.Op <= expression.Sub:
			return invertible(e.X)
		case isNumber && e.Op == expression.Pow && left > 0 && left != 1:
			return invertible(e.Y)
		case isNumber && left != 0 && e.Op < expression.Pow:
			return invertible(e.Y)
		case isNumber && e.Op <= expression.Sub:
			return invertible(e.Y)
		}
	}
	return "", false
}

// noDensity refuses densities, tuples and unknown functions within a formula.
func (r *reader) noDensity(f Formula) {
	if f.Expr == nil {
		return
	}
	expression.Walk(f.Expr, func(e expression.Expr) {
		switch e := e.(type) {
		case *expression.Tuple:
			r.fail(f.place(e.Span), "", "a list of numbers stands where one number is due")
		case *expression.Call:
			if expression.Known(e.Function) {
				return
			}
			at := f.place(e.Span)
			if familyKnown(e.Function) {
				r.fail(at, "Densities stand right of the lines of observe and residual alone.",
					"%s is a density and no number", e.Function)
				return
			}
			advice := didYouMean(e.Function, expression.Functions())
			if advice == "" {
				advice = "The functions are " + strings.Join(expression.Functions(), ", ") + "."
			}
			r.fail(at, advice, "there is no function %s", e.Function)
		}
	})
	if !expression.IsNumber(f.Expr) {
		r.fail(f.At, "Write if … then 1 else 0 to make a number of a condition.",
			"here a number is due, and this is a condition")
	}
}

// String is the density's name.
func (f Family) String() string {
	for _, form := range familyForms() {
		if form.family == f {
			return form.name
		}
	}
	return fmt.Sprintf("model.Family(%d)", int(f))
}
