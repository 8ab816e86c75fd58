package model

import (
	"fmt"

	"pullback/ad"
	"pullback/model/expression"
)

// Quantity is something that a bound model gives at each set of parameters: an unknown, a
// definition, an expected observation or a formula of them.
type Quantity struct {
	Name string
	of   func(e *evaluation) ad.Value
}

// Solved are the unknowns and the definitions.
func (b *Bound) Solved() []Quantity {
	var out []Quantity
	for i, u := range b.Model.Unknowns {
		out = append(out, Quantity{u.Name, func(e *evaluation) ad.Value { return e.unknowns[i] }})
	}
	for _, d := range b.Model.Definitions {
		out = append(out, Quantity{d.Name, formula(d.Formula.Expr)})
	}
	return out
}

// Quantities are the unknowns, the definitions, and the expectations of what is observed, but for
// observations whose expectation is one of those.
func (b *Bound) Quantities() []Quantity {
	m := b.Model
	out := b.Solved()
	for _, o := range m.Observations {
		if o.Family == Normal || o.Family == MultivariateNormal {
			// Their expectations are arguments of their own.
			for k, t := range o.Targets {
				if name, ok := o.Args[k].Expr.(*expression.Name); ok &&
					(m.unknown(name.Name) >= 0 || m.definition(name.Name) != nil) {
					continue
				}
				out = append(out, Quantity{"E[" + t.Formula.Text + "]", formula(o.Args[k].Expr)})
			}
			continue
		}
		for k, t := range o.Targets {
			name := "E[" + t.Formula.Text + "]"
			if o.Family == StudentT {
				name = "location of " + t.Formula.Text
			}
			out = append(out, Quantity{name, func(e *evaluation) ad.Value {
				return joint{o: o, args: e.arguments(o)}.means()[k]
			}})
		}
	}
	return out
}

func formula(f expression.Expr) func(e *evaluation) ad.Value {
	return func(e *evaluation) ad.Value { return number(e.of(f)) }
}

// Quantity is a formula of the model's parameters, unknowns, definitions and input columns. The
// text names it.
func (b *Bound) Quantity(text string, f expression.Expr) (Quantity, error) {
	for _, name := range b.Model.uses(f).columns {
		if _, ok := b.columns[name]; !ok {
			return Quantity{}, fmt.Errorf("%q: %s is no parameter, unknown or definition of %s, "+
				"nor a column that it reads", text, name, b.Model.Source.Path)
		}
	}
	for _, g := range b.Model.uses(f).groups {
		if _, ok := b.groups[g.Key]; g.Key != "" && !ok {
			return Quantity{}, fmt.Errorf("%q: the groups by %s are none that %s has; define the "+
				"%s there and name the definition", text, g.Key, b.Model.Source.Path, g.Function)
		}
	}
	return Quantity{text, formula(f)}, nil
}

// Evaluate gives quantities at parameters theta, each a scalar, if it is the same in all rows, or
// of N. Unknowns are solved for, also in a model of shocks, which are zero then.
func (b *Bound) Evaluate(quantities []Quantity, theta ad.Value, s Sample) []ad.Value {
	e := b.over(theta, s)
	e.unknowns = b.equilibrium(e).Unknowns
	out := make([]ad.Value, len(quantities))
	for i, q := range quantities {
		out[i] = q.of(e)
	}
	return out
}
