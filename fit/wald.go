package fit

import (
	"errors"
	"fmt"
	"strings"

	"pullback/ad"
	"pullback/estimate"
	"pullback/estimate/tail"
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
		if len(names) > 0 {
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
	left, right, isEquation := strings.Cut(text, "=")
	e, err := expression.Parse(left)
	if err != nil {
		return nil, fmt.Errorf("the restriction %q: %w", text, err)
	}
	if isEquation {
		r, err := expression.Parse(strings.TrimPrefix(right, "="))
		if err != nil {
			return nil, fmt.Errorf("the restriction %q: %w", text, err)
		}
		e = &expression.Binary{Op: expression.Sub, X: e, Y: r}
	}
	expression.Walk(e, func(part expression.Expr) {
		switch part := part.(type) {
		case *expression.Name:
			if f.place(part.Name) < 0 && err == nil {
				err = fmt.Errorf("the restriction %q: %s is no parameter of the fit; its "+
					"parameters are %s", text, part.Name, strings.Join(f.names(), ", "))
			}
		case *expression.Lag, *expression.Group:
			if err == nil {
				err = fmt.Errorf("the restriction %q: restrictions are on parameters, not on rows",
					text)
			}
		}
	})
	return e, err
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
