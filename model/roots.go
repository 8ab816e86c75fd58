package model

import (
	"pullback/ad"
	"pullback/model/expression"
	"pullback/root"
)

// Roots lists all equilibria of one row that a scan of the bracket finds, of a model with one
// unknown and a bracket, at known parameters. It is for messages.
func (b *Bound) Roots(parameters []float64, s Sample, row int) []float64 {
	e := b.over(ad.Vector(parameters...), s)
	m := b.Model
	needs := m.uses(m.equilibrium()...)
	columns := map[string]ad.Value{}
	for _, name := range needs.columns {
		columns[name] = ad.At(e.columns[name], row)
	}
	groups := map[*expression.Group]ad.Value{}
	for _, g := range needs.groups {
		groups[g] = ad.At(rows(e.group(g), b.N), row)
	}
	outside := e.with(nil, columns, groups)
	u := m.Unknowns[0]
	excess := func(y ad.Value) ad.Value {
		return e.with([]ad.Value{y}, columns, groups).excess()[0]
	}
	return root.Roots(excess, number(outside.of(u.Lower.Expr)).Float(),
		number(outside.of(u.Upper.Expr)).Float(), ScanPoints)
}
