package model

import (
	"fmt"
	"slices"

	"pullback/model/expression"
)

// uses is what formulas depend on, through definitions too.
type uses struct {
	parameters []string
	unknowns   []string
	columns    []string            // keys, as x or x[-1], each once
	groups     []*expression.Group // in order of appearance
}

// lagKey names a column's lag among the columns.
func lagKey(l *expression.Lag) string { return fmt.Sprintf("%s[-%d]", l.Column, l.By) }

// uses collects what the formulas depend on. What stands inside a reduction over a group counts
// as well.
func (m *Model) uses(formulas ...expression.Expr) uses {
	var u uses
	seen := map[string]bool{}
	var visit func(e expression.Expr)
	once := func(list *[]string, name string) {
		if !slices.Contains(*list, name) {
			*list = append(*list, name)
		}
	}
	node := func(e expression.Expr) {
		switch e := e.(type) {
		case *expression.Name:
			switch definition := m.definition(e.Name); {
			case m.parameter(e.Name) >= 0:
				once(&u.parameters, e.Name)
			case m.unknown(e.Name) >= 0:
				once(&u.unknowns, e.Name)
			case definition != nil:
				if !seen[e.Name] {
					seen[e.Name] = true
					visit(definition.Formula.Expr)
				}
			default:
				once(&u.columns, e.Name)
			}
		case *expression.Lag:
			once(&u.columns, lagKey(e))
		case *expression.Group:
			u.groups = append(u.groups, e)
		}
	}
	visit = func(e expression.Expr) { expression.Walk(e, node) }
	for _, e := range formulas {
		visit(e)
	}
	return u
}

func (m *Model) parameter(name string) int {
	return slices.IndexFunc(m.Parameters, func(p Parameter) bool { return p.Name == name })
}

func (m *Model) unknown(name string) int {
	return slices.IndexFunc(m.Unknowns, func(u Unknown) bool { return u.Name == name })
}

// definition is nil if the name is none.
func (m *Model) definition(name string) *Definition {
	if i := slices.IndexFunc(m.Definitions, func(d Definition) bool {
		return d.Name == name
	}); i >= 0 {
		return &m.Definitions[i]
	}
	return nil
}

// equilibrium lists the formulas that decide the unknowns: the equations, or the shocks set to
// zero, and where the search for a root begins.
func (m *Model) equilibrium() []expression.Expr {
	var out []expression.Expr
	for _, u := range m.Unknowns {
		out = append(out, u.Start.Expr)
		if u.Lower != nil {
			out = append(out, u.Lower.Expr, u.Upper.Expr)
		}
	}
	for _, e := range m.Equations {
		out = append(out, e.Left.Expr, e.Right.Expr)
	}
	for _, s := range m.Shocks {
		for _, t := range s.Targets {
			out = append(out, t.Formula.Expr)
		}
	}
	return out
}

// Densities are the lines of observe and then those of residual.
func (m *Model) Densities() []Observation { return slices.Concat(m.Observations, m.Shocks) }

// densities lists the arguments of all densities.
func (m *Model) densities() []expression.Expr {
	var out []expression.Expr
	for _, o := range m.Densities() {
		for _, a := range o.Args {
			out = append(out, a.Expr)
		}
	}
	return out
}

// Starts are the parameters' values and starts, in the model's order.
func (m *Model) Starts() []float64 {
	out := make([]float64, len(m.Parameters))
	for i, p := range m.Parameters {
		out[i] = p.Start
	}
	return out
}

// Inputs are the columns that the model needs to say what will be observed, as x or x[-1]:
// of the equilibrium, the definitions and the densities.
func (m *Model) Inputs() []string {
	all := append(m.equilibrium(), m.densities()...)
	for _, d := range m.Definitions {
		all = append(all, d.Formula.Expr)
	}
	return m.uses(all...).columns
}

// Outputs are the columns that the model describes: the observed ones.
func (m *Model) Outputs() []string {
	var out []string
	add := func(name string) {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for _, o := range m.Observations {
		for _, t := range o.Targets {
			add(t.Column)
		}
	}
	for _, u := range m.Unknowns {
		if u.Observed != nil {
			add(u.Observed.Name)
		}
	}
	if m.LogLik != nil {
		for _, c := range m.uses(m.LogLik.Expr).columns {
			add(c)
		}
	}
	return out
}

// HasLags says whether a formula reads an earlier period.
func (m *Model) HasLags() bool {
	return slices.ContainsFunc(m.Inputs(), func(name string) bool {
		_, by := splitKey(name)
		return by > 0
	})
}

// HasGroups says whether a formula reduces over rows.
func (m *Model) HasGroups() bool { return len(m.groups()) > 0 }

// Certain says whether what is observed are outcomes alone, of which a model can be certain.
func (m *Model) Certain() bool {
	return len(m.Observations) > 0 && m.LogLik == nil &&
		!slices.ContainsFunc(m.Observations, func(o Observation) bool {
			return o.Family != Bernoulli && o.Family != BernoulliLogit
		})
}
