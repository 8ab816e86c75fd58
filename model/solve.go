package model

import (
	"pullback/ad"
	"pullback/internal/implicit"
	"pullback/model/expression"
	"pullback/root"
	"pullback/status"
)

// Tolerances of the equilibrium. What an equilibrium is off by is noise in the likelihood, divided
// by the observation's standard deviation, which hides its maximum: so there must be nothing but
// rounding errors. After a Newton step of 1e-13 there is not, since the next one is of its square;
// Brent's method must go to the last digits.
const (
	newtonRTol = 1e-13
	newtonATol = 1e-13
	scanRTol   = 1e-15
	scanATol   = 1e-20
	// systemSteps is at most for each way of solving a system: a search comes by parameters without
	// an equilibrium in many rows, each of which costs all of them.
	systemSteps = 60
	// ScanPoints is the number of equal parts of a bracket at whose ends the excess is looked at,
	// to tell how many equilibria there are. It proves nothing of what happens inside a part.
	ScanPoints = 256
)

// Equilibrium is the solution of the equations at one set of parameters. Every Value is a scalar
// if all rows are alike, and otherwise of N.
type Equilibrium struct {
	// Unknowns are the solutions in the model's order: NaN where none was found, with derivatives
	// in the parameters and columns. Last are the last iterates, whatever the outcome.
	Unknowns, Last []ad.Value
	Status         ad.Value // int32, a status.Code
	Residual       ad.Value // the greatest |left - right|
	Steps          ad.Value // int32
	Stage          ad.Value // int32: which method found it; see SolveMethods
}

// perRow is what a row's equilibrium depends on, mapped over.
type perRow struct{ Columns, Groups, Shocks []ad.Value }

// solve finds the equilibrium in every row. In a model whose equations name no column it is solved
// once for all.
func (e *evaluation) solve() Equilibrium {
	m := e.b.Model
	needs := m.uses(m.equilibrium()...)
	in := perRow{}
	for _, name := range needs.columns {
		in.Columns = append(in.Columns, e.columns[name])
	}
	for _, g := range needs.groups {
		in.Groups = append(in.Groups, rows(e.group(g), e.b.N))
	}
	in.Shocks = e.shocks
	one := func(row perRow) Equilibrium {
		columns := map[string]ad.Value{}
		for i, name := range needs.columns {
			columns[name] = row.Columns[i]
		}
		groups := map[*expression.Group]ad.Value{}
		for i, g := range needs.groups {
			groups[g] = row.Groups[i]
		}
		return e.solveRow(columns, groups, row.Shocks)
	}
	if len(in.Columns)+len(in.Groups)+len(in.Shocks) == 0 {
		return one(in)
	}
	return ad.Vmap(one)(in)
}

// solveRow finds the equilibrium in one row, where the shocks, if there are any, have given values.
func (e *evaluation) solveRow(columns map[string]ad.Value,
	groups map[*expression.Group]ad.Value, shocks []ad.Value) Equilibrium {
	m := e.b.Model
	outside := e.with(nil, columns, groups)
	excess := func(y ad.Value) ad.Value {
		unknowns := make([]ad.Value, len(m.Unknowns))
		for i := range unknowns {
			unknowns[i] = ad.At(y, i)
		}
		excess := e.with(unknowns, columns, groups).excess()
		for i, u := range shocks {
			excess[i] = ad.Sub(excess[i], u)
		}
		return ad.Stack(0, excess...)
	}
	start := make([]ad.Value, len(m.Unknowns))
	for i, u := range m.Unknowns {
		start[i] = number(outside.of(u.Start.Expr))
	}
	y := ad.Stack(0, start...)
	if u := m.Unknowns[0]; len(m.Unknowns) == 1 && u.Lower != nil {
		return equilibrium(root.Find(excess, y, root.Scan{
			Lower: number(outside.of(u.Lower.Expr)), Upper: number(outside.of(u.Upper.Expr)),
			Points: ScanPoints, Select: u.Select.root(), RTol: scanRTol, ATol: scanATol,
		}))
	}
	return equilibrium(root.Find(excess, y, root.Robust{RTol: newtonRTol, ATol: newtonATol,
		MaxSteps: systemSteps}))
}

// excess is what is zero in equilibrium: left - right of the equations, or the shocks.
func (e *evaluation) excess() []ad.Value {
	var out []ad.Value
	for _, q := range e.b.Model.Equations {
		out = append(out, number(ad.Sub(e.of(q.Left.Expr), e.of(q.Right.Expr))))
	}
	for _, s := range e.b.Model.Shocks {
		for _, t := range s.Targets {
			out = append(out, number(e.of(t.Formula.Expr)))
		}
	}
	return out
}

// number is a formula of numbers alone, which may be of another type, as a float64.
func number(x ad.Value) ad.Value { return ad.Convert(x, ad.Float64) }

func equilibrium(r root.Result[ad.Value]) Equilibrium {
	e := Equilibrium{Status: r.Status, Residual: r.Residual, Steps: r.Steps, Stage: r.Stage}
	for i := range r.Value.Size() {
		e.Unknowns = append(e.Unknowns, ad.At(r.Value, i))
		e.Last = append(e.Last, ad.At(r.Last, i))
	}
	return e
}

func (s Selection) root() root.Selection {
	switch s {
	case Lowest:
		return root.Lowest
	case Highest:
		return root.Highest
	case Nearest:
		return root.Nearest
	}
	return root.Unique
}

// SolveMethods names the methods by which the equilibrium is looked for, in their order.
func (b *Bound) SolveMethods() []string {
	m := b.Model
	if len(m.Unknowns) == 1 && m.Unknowns[0].Lower != nil {
		return []string{"scan of the bracket"}
	}
	return root.Robust{}.Stages()
}

// Equilibrium solves the equations at parameters theta, a vector of all of the model's in its
// order, the fixed ones too. It is differentiable in theta and in the sample.
func (b *Bound) Equilibrium(theta ad.Value, s Sample) Equilibrium {
	return b.equilibrium(b.over(theta, s))
}

func (b *Bound) equilibrium(e *evaluation) Equilibrium {
	if len(b.Model.Unknowns) == 0 {
		zero := ad.Scalar(int32(0))
		return Equilibrium{Status: implicit.Code(status.Converged), Residual: ad.Scalar(0.),
			Steps: zero, Stage: zero}
	}
	return e.solve()
}
