package model

import "pullback/model/expression"

// LinearSystem says whether the equations are linear in the unknowns and all unknowns are observed
// in levels with one joint normal density: then errors added to the equations are errors added to
// the unknowns, and a free covariance of either is full information maximum likelihood.
func (m *Model) LinearSystem() bool {
	if len(m.Observations) != 1 || m.Observations[0].Family != MultivariateNormal ||
		len(m.Observations[0].Targets) != len(m.Unknowns) || len(m.Unknowns) == 0 {
		return false
	}
	seen := map[string]bool{}
	for i, t := range m.Observations[0].Targets {
		column, plain := t.Formula.Expr.(*expression.Name)
		mean, unknown := m.Observations[0].Args[i].Expr.(*expression.Name)
		if !plain || !unknown || column.Name != t.Column || m.unknown(mean.Name) < 0 {
			return false
		}
		seen[mean.Name] = true
	}
	for _, e := range m.Equations {
		if m.degree(e.Left.Expr) > 1 || m.degree(e.Right.Expr) > 1 {
			return false
		}
	}
	return len(seen) == len(m.Unknowns)
}

// degree of a formula in the unknowns: 0 if there are none in it, 1 if it is linear, 2 if it is
// not seen to be.
func (m *Model) degree(e expression.Expr) int {
	switch e := e.(type) {
	case *expression.Name:
		switch definition := m.definition(e.Name); {
		case m.unknown(e.Name) >= 0:
			return 1
		case definition != nil:
			return m.degree(definition.Formula.Expr)
		}
		return 0
	case *expression.Unary:
		if e.Op == expression.Neg {
			return m.degree(e.X)
		}
	case *expression.Binary:
		x, y := m.degree(e.X), m.degree(e.Y)
		switch {
		case x == 0 && y == 0:
			return 0
		case e.Op == expression.Add || e.Op == expression.Sub:
			return max(x, y)
		case e.Op == expression.Mul:
			return min(x+y, 2)
		case e.Op == expression.Div && y == 0:
			return x
		}
		return 2
	}
	if len(m.uses(e).unknowns) > 0 {
		return 2
	}
	return 0
}
