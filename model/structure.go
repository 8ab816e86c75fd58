package model

import (
	"fmt"
	"strings"

	"pullback/model/expression"
)

// Structure is what a model says, but for names, notes and the numbers of its parameters: two
// models of the same structure differ in starts, bounds, transforms and in which parameters are
// fixed at which values.
func (m *Model) Structure() string {
	var out strings.Builder
	line := func(kind string, texts ...string) {
		fmt.Fprintf(&out, "%s %s\n", kind, strings.Join(texts, " | "))
	}
	for _, p := range m.Parameters {
		line("parameter", p.Name)
	}
	for _, u := range m.Unknowns {
		texts := []string{u.Name, fmt.Sprint(u.Select)}
		if u.Lower != nil {
			texts = append(texts, expression.String(u.Lower.Expr), expression.String(u.Upper.Expr))
		}
		if u.Observed != nil {
			texts = append(texts, u.Observed.Name)
		}
		line("unknown", texts...)
	}
	for _, d := range m.Definitions {
		line("define", d.Name, expression.String(d.Formula.Expr))
	}
	for _, e := range m.Equations {
		line("equation", expression.String(e.Left.Expr), expression.String(e.Right.Expr))
	}
	for k, list := range [][]Observation{m.Observations, m.Shocks} {
		kind := []string{"observe", "residual"}[k]
		for _, o := range list {
			texts := []string{fmt.Sprint(o.Family)}
			for _, t := range o.Targets {
				texts = append(texts, expression.String(t.Formula.Expr))
			}
			for _, a := range o.Args {
				texts = append(texts, expression.String(a.Expr))
			}
			line(kind, texts...)
		}
	}
	if m.LogLik != nil {
		line("loglik", expression.String(m.LogLik.Expr))
	}
	if m.Weights != nil {
		line("weights", m.Weights.Column.Name, fmt.Sprint(m.Weights.Sampling))
	}
	return out.String()
}
