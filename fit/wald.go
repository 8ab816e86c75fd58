package fit

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"pullback/ad"
	"pullback/estimate"
	"pullback/estimate/tail"
	"pullback/internal/spelling"
	"pullback/model/expression"
)

// WaldTest is a test of restrictions on the estimates.
type WaldTest struct {
	Restrictions     []string
	Values           []float64 // left - right of each, at the estimates
	Statistic        float64
	DegreesOfFreedom int
	P                float64
}

// Test tests restrictions such as "dP = -sP", or a formula alone for "is zero", by the statistic of
// Wald: at the estimates, with their covariance and first derivatives. Restrictions are on
// parameters.
func Test(f *Fit, restrictions ...string) (*WaldTest, error) {
	if !f.Converged {
		return nil, fmt.Errorf("the fit has not converged, so there is nothing to test: %s",
			f.Verdict)
	}
	var sides []expression.Expr
	for _, text := range restrictions {
		side, err := f.restriction(text)
		if err != nil {
			return nil, err
		}
		sides = append(sides, side)
	}
	g := func(theta ad.Value) ad.Value {
		env := expression.Env{Value: func(n *expression.Name) ad.Value {
			return ad.At(theta, f.place(n.Name))
		}}
		values := make([]ad.Value, len(sides))
		for i, side := range sides {
			values[i] = ad.Convert(expression.Eval(side, env), ad.Float64)
		}
		return ad.Stack(0, values...)
	}
	var covariance [][]float64
	if f.Covariance != nil {
		covariance = f.covariance()
	}
	test := estimate.Wald(g, f.estimates(), covariance)
	if test.Problem != "" {
		names := make([]string, len(test.Dependent))
		for i, d := range test.Dependent {
			names[i] = restrictions[d]
		}
		switch {
		case len(restrictions) == 1:
			return nil, fmt.Errorf("the restriction %q: %s", restrictions[0], test.Problem)
		case len(names) > 0:
			return nil, fmt.Errorf("%s They are: %s", test.Problem, strings.Join(names, "; "))
		}
		return nil, errors.New(test.Problem)
	}
	return &WaldTest{
		Restrictions: restrictions, Values: g(ad.Vector(f.estimates()...)).Floats(),
		Statistic: test.Statistic, DegreesOfFreedom: test.Degrees,
		P: tail.ChiSquare(test.Statistic, float64(test.Degrees)),
	}, nil
}

// restriction reads one, as what is zero under it.
func (f *Fit) restriction(text string) (expression.Expr, error) {
	e, err := difference(text)
	if err == nil {
		err = f.testable(e)
	}
	if err != nil {
		return nil, fmt.Errorf("the restriction %q: %w", text, err)
	}
	return e, nil
}

// difference reads left - right of an equation, or a formula alone.
func difference(text string) (expression.Expr, error) {
	for _, name := range []string{"var(", "cov("} {
		if strings.Contains(text, name) {
			return nil, errors.New("a free covariance of the noise is no parameter, and " +
				"restrictions are on parameters; to test one, give the density a standard " +
				"deviation of its own")
		}
	}
	if strings.ContainsAny(text, "<>≤≥") || strings.Contains(text, "!=") {
		return nil, errors.New("this is a condition, and Wald's statistic tests equations; write " +
			"left = right")
	}
	text = strings.ReplaceAll(text, "==", " =") // as long, so that columns stay
	if !strings.Contains(text, "=") {
		return side(text)
	}
	sign, err := expression.EqualSign(text)
	if err != nil {
		return nil, err
	}
	left, err := side(text[:sign])
	if err != nil {
		return nil, err
	}
	right, err := side(strings.Repeat(" ", sign+1) + text[sign+1:])
	return &expression.Binary{Op: expression.Sub, X: left, Y: right}, err
}

// side reads one side of an equation, or a formula alone.
func side(text string) (expression.Expr, error) {
	e, err := expression.Parse(text)
	if t, isTuple := e.(*expression.Tuple); isTuple && err == nil {
		return nil, fmt.Errorf("column %d: several values stand where one is needed; write a "+
			"restriction for each", t.Where().Start+1)
	}
	return e, err
}

// testable says what keeps a restriction from being tested.
func (f *Fit) testable(e expression.Expr) error {
	var err error
	var fixed []string
	estimated := false
	expression.Walk(e, func(part expression.Expr) {
		switch part := part.(type) {
		case *expression.Lag, *expression.Group:
			err = cmp.Or(err, errors.New("restrictions are on parameters, not on rows"))
		case *expression.Name:
			i := f.place(part.Name)
			if i < 0 {
				err = cmp.Or(err, f.noParameter(part.Name))
				return
			}
			switch state := f.Parameters[i].State; state {
			case Free:
				estimated = true
			case Fixed:
				fixed = append(fixed, part.Name)
			case AtBound:
				err = cmp.Or(err, fmt.Errorf("%s is at its bound, where the estimate is not "+
					"normal and Wald's statistic not chi-square", part.Name))
			case Unidentified:
				err = cmp.Or(err, fmt.Errorf("%s is not identified, so nothing about it can be "+
					"tested", part.Name))
			default:
				err = cmp.Or(err, fmt.Errorf("%s has no standard error, so nothing about it "+
					"can be tested", part.Name))
			}
		}
	})
	switch {
	case err != nil || estimated:
		return err
	case len(fixed) > 0:
		return fmt.Errorf("%s is fixed, so there is nothing to test", fixed[0])
	}
	return errors.New("it names no parameter, so there is nothing to test")
}

func (f *Fit) noParameter(name string) error {
	advice := ""
	if near := spelling.Nearest(name, f.names()); near != "" {
		advice = "; did you mean " + near + "?"
	}
	return fmt.Errorf("%s is no parameter of the fit; restrictions are on parameters, which are "+
		"%s%s", name, strings.Join(f.names(), ", "), advice)
}

func (f *Fit) names() []string {
	out := make([]string, len(f.Parameters))
	for i, p := range f.Parameters {
		out[i] = p.Name
	}
	return out
}

// place of a parameter, or -1.
func (f *Fit) place(name string) int {
	for i, p := range f.Parameters {
		if p.Name == name {
			return i
		}
	}
	return -1
}
