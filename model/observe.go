package model

import (
	"fmt"
	"strings"

	"pullback/internal/spelling"
	"pullback/model/expression"
)

// density is a family as files name it.
type density struct {
	name     string
	family   Family
	least    int    // arguments
	most     int    // arguments
	form     string // how it is written
	discrete bool   // has probabilities, so that nothing can be a shock with it
}

func densities() []density {
	return []density{
		{"normal", Normal, 1, 2, "normal(mean, sd), or normal(mean) with a free sd", false},
		{"mvnormal", MultivariateNormal, 1, 1, "mvnormal((mean, mean)), of free covariance", false},
		{"student_t", StudentT, 3, 3, "student_t(df, location, scale)", false},
		{"lognormal", LogNormal, 2, 2, "lognormal(m, s), mean and sd of the logarithm", false},
		{"poisson", Poisson, 1, 1, "poisson(rate)", true},
		{"bernoulli", Bernoulli, 1, 1, "bernoulli(p), or bernoulli(logit(z))", true},
		{"logit", BernoulliLogit, 1, 1, "logit(z)", true},
		{"exponential", Exponential, 1, 1, "exponential(rate)", false},
		{"gamma", Gamma, 2, 2, "gamma(shape, rate)", false},
	}
}

// distribution reads a density and its arguments.
func (r *reader) distribution(n node) (density, []Formula, error) {
	if n.kind != scalar {
		return density{}, nil, r.Complain(n.at, fmt.Sprintf("%v stands where a distribution is "+
			"needed", n), "write its name and its arguments, such as normal(P, sigma)")
	}
	whole := Formula{nil, n.text, n.at}
	call, err := expression.ParseCall(n.text)
	if err := r.inFile(whole, err); err != nil {
		return density{}, nil, err
	}
	var names []string
	for _, d := range densities() {
		if d.name == call.Function {
			args, err := r.arguments(whole, call, d)
			if d.family == Bernoulli && err == nil {
				return r.ofLogit(d, args)
			}
			return d, args, err
		}
		names = append(names, d.name)
	}
	advice := "the distributions are " + strings.Join(names, ", ")
	if near := spelling.Nearest(call.Function, names); near != "" {
		advice = "did you mean " + near + "?"
	} else if expression.Reserved(call.Function) != "" {
		advice = "a formula can stand inside a distribution, as in normal(P, sigma)"
	}
	return density{}, nil, r.Complain(n.at, call.Function+" is no distribution", advice)
}

// arguments are a density's as formulas of their own.
func (r *reader) arguments(whole Formula, call *expression.Call, d density) ([]Formula, error) {
	list := call.Args
	if d.family == MultivariateNormal && len(list) == 1 {
		tuple, ok := list[0].(*expression.Tuple)
		if !ok {
			return nil, r.Complain(whole.At, "mvnormal needs several means in parentheses of "+
				"their own", "write "+d.form+", or normal(mean, sd) for one column")
		}
		list = tuple.Elements
	} else if len(list) < d.least || len(list) > d.most {
		return nil, r.Complain(whole.At, fmt.Sprintf("%s has not %s", d.name,
			plural(len(list), "argument")), "write "+d.form)
	}
	var args []Formula
	for _, e := range list {
		f, err := r.part(whole, e.Where())
		if err := r.single(f, err); err != nil {
			return nil, err
		}
		args = append(args, f)
	}
	return args, nil
}

// ofLogit turns bernoulli(logit(z)) into the density that is computed from z, which stays exact
// where the probability rounds to 0 or 1.
func (r *reader) ofLogit(d density, args []Formula) (density, []Formula, error) {
	call, ok := args[0].Expr.(*expression.Call)
	if !ok || call.Function != "logit" {
		return d, args, nil
	}
	d.family = BernoulliLogit
	z, err := r.part(args[0], call.Args[0].Where())
	return d, []Formula{z}, err
}

// observation reads a line of observe.
func (r *reader) observation(e entry) error {
	o, _, err := r.line(e)
	if err != nil {
		return err
	}
	for i := range o.Targets {
		if err := r.target(&o.Targets[i]); err != nil {
			return err
		}
	}
	r.Observations = append(r.Observations, o)
	return nil
}

// shock reads a line of residual.
func (r *reader) shock(e entry) error {
	o, d, err := r.line(e)
	if err != nil {
		return err
	}
	if d.discrete {
		return r.Complain(e.value.at, d.name+" has probabilities of whole numbers, and a "+
			"residual is any number", "write normal(0, sigma) or another density")
	}
	r.Shocks = append(r.Shocks, o)
	return nil
}

// line reads targets and their density, which must be as many as its means.
func (r *reader) line(e entry) (Observation, density, error) {
	fail := func(err error) (Observation, density, error) { return Observation{}, density{}, err }
	key, err := r.formulas(e.key)
	if err != nil {
		return fail(err)
	}
	d, args, err := r.distribution(e.value)
	if err != nil {
		return fail(err)
	}
	o := Observation{Family: d.family, Args: args, At: e.key.at}
	if tuple, ok := key.Expr.(*expression.Tuple); ok {
		for _, e := range tuple.Elements {
			f, err := r.part(key, e.Where())
			if err != nil {
				return fail(err)
			}
			o.Targets = append(o.Targets, Target{Formula: f})
		}
	} else {
		o.Targets = []Target{{Formula: key}}
	}
	several := d.family == MultivariateNormal
	switch {
	case !several && len(o.Targets) > 1:
		return fail(r.Complain(e.value.at, fmt.Sprintf("%s is a distribution of one number, and "+
			"%d stand before the colon", d.name, len(o.Targets)),
			"write mvnormal((mean, mean)), or a line for each"))
	case several && len(o.Targets) != len(args):
		return fail(r.Complain(e.value.at, fmt.Sprintf("here are %d means of what is %d before "+
			"the colon", len(args), len(o.Targets)), "write as many in the same order: "+
			`"(q, p)": mvnormal((Q, P))`))
	}
	return o, d, nil
}

// target checks that what is observed is a column or an invertible function of one.
func (r *reader) target(t *Target) error {
	const advice = "observe a column or an invertible function of one: log(price), " +
		"100*price - 5, price^0.5, logit(share)"
	names := expression.Names(t.Formula.Expr)
	refuse := func(at expression.Span, message string) error {
		return r.Complain(r.Place(t.Formula, at), message, advice)
	}
	switch len(names) {
	case 0:
		return refuse(t.Formula.Expr.Where(), "no column stands before the colon")
	case 1:
		t.Column = names[0].Name
	default:
		return refuse(names[1].Where(), fmt.Sprintf("%s and %s stand before the colon, and one "+
			"column is needed", names[0].Name, names[1].Name))
	}
	if bad := irreversible(t.Formula.Expr); bad != nil {
		return refuse(bad.Where(), expression.String(bad)+" is not known to be invertible")
	}
	return nil
}

// irreversible is the part of a formula of one column that keeps it from being inverted: nil if
// the formula is made of invertible steps, each of one argument that has the column in it and
// numbers. An invertible step is monotone where it is defined, or on either side of a pole.
func irreversible(e expression.Expr) expression.Expr {
	switch part := e.(type) {
	case *expression.Name:
		return nil
	case *expression.Unary:
		return irreversible(part.X)
	case *expression.Call:
		switch part.Function {
		case "exp", "expm1", "log", "log10", "log1p", "logistic", "logit", "sqrt":
			return irreversible(part.Args[0])
		}
	case *expression.Binary:
		a, isLeft := constant(part.X)
		b, isRight := constant(part.Y)
		switch {
		case isRight && reversibleBy(part.Op, b):
			return irreversible(part.X)
		case isLeft && part.Op != expression.Pow && reversibleBy(part.Op, a):
			return irreversible(part.Y)
		}
	}
	return e
}

// reversibleBy says whether an operation with a number can be undone. An even power cannot.
func reversibleBy(op expression.Operator, x float64) bool {
	finite := x-x == 0
	switch op {
	case expression.Add, expression.Sub:
		return finite
	case expression.Mul, expression.Div:
		return finite && x != 0
	case expression.Pow:
		return finite && x/2 != float64(int64(x/2))
	}
	return false
}

func (r *reader) logLik(n node) error {
	f, err := r.formula(n)
	r.LogLik = &f
	return err
}
