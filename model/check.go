package model

import (
	"fmt"
	"slices"
	"strings"

	"pullback/model/expression"
)

// check says what is wrong between the parts of a model.
func (r *reader) check() {
	m := r.m
	for _, f := range r.numbers() {
		r.noDensity(f)
	}
	for _, f := range r.everything() {
		r.checkLags(f)
	}
	r.sortDefinitions()
	if r.err != nil {
		return
	}
	r.checkCounts()
	r.checkStarts()
	r.checkGroups()
	r.checkUse()
	if len(m.Observations) > 0 && len(m.Shocks) > 0 {
		r.fail(m.Observations[0].At, "In a model of shocks what is observed are the unknowns: "+
			"write “observed: COLUMN” at each.", "a model has observe or residual, and not both")
	}
}

// numbers are the formulas that must be numbers, beside those of densities.
func (r *reader) numbers() []Formula {
	m := r.m
	var out []Formula
	for _, u := range m.Unknowns {
		out = append(out, u.Start)
		if u.Lower != nil {
			out = append(out, *u.Lower, *u.Upper)
		}
	}
	for _, d := range m.Definitions {
		out = append(out, d.Formula)
	}
	for _, e := range m.Equations {
		out = append(out, e.Left, e.Right)
	}
	if m.LogLik != nil {
		out = append(out, *m.LogLik)
	}
	return out
}

// everything is all formulas.
func (r *reader) everything() []Formula {
	out := r.numbers()
	for _, list := range [][]Observation{r.m.Observations, r.m.Shocks} {
		for _, o := range list {
			for _, t := range o.Targets {
				out = append(out, t.Formula)
			}
			out = append(out, o.Args...)
		}
	}
	return out
}

// checkLags refuses earlier periods of what is no column.
func (r *reader) checkLags(f Formula) {
	expression.Walk(f.Expr, func(e expression.Expr) {
		lag, ok := e.(*expression.Lag)
		if !ok || !slices.Contains(r.m.declared(), lag.Column) {
			return
		}
		r.fail(f.place(lag.Span), "Lags are of columns; observe it and write the column's lag.",
			"%s is no column, so it has no earlier period here", lag.Column)
	})
}

// sortDefinitions puts each after those that it uses.
func (r *reader) sortDefinitions() {
	m := r.m
	var sorted []Definition
	state := map[string]int{} // 1 while it is visited, 2 after
	var path []string
	var visit func(d Definition)
	visit = func(d Definition) {
		switch state[d.Name] {
		case 1:
			from := slices.Index(path, d.Name)
			cycle := strings.Join(append(path[from:], d.Name), " → ")
			r.fail(d.At, "A definition may use others, but not itself; make it an unknown with an "+
				"equation.", "%s is defined by itself: %s", d.Name, cycle)
			return
		case 2:
			return
		}
		state[d.Name] = 1
		path = append(path, d.Name)
		expression.Walk(d.Formula.Expr, func(e expression.Expr) {
			if n, ok := e.(*expression.Name); ok && r.err == nil {
				if used := m.definition(n.Name); used != nil {
					visit(*used)
				}
			}
		})
		path = path[:len(path)-1]
		state[d.Name] = 2
		sorted = append(sorted, d)
	}
	for _, d := range m.Definitions {
		if r.err == nil {
			visit(d)
		}
	}
	m.Definitions = sorted
}

// checkCounts compares equations with unknowns.
func (r *reader) checkCounts() {
	m := r.m
	if len(m.Shocks) > 0 {
		r.checkShocks()
		return
	}
	for _, u := range m.Unknowns {
		if u.Observed != nil {
			r.fail(u.Observed.At, "In a model without residual the lines of observe say what is "+
				"observed, and with which noise.", "%s is observed without noise", u.Name)
		}
	}
	if n, k := len(m.Equations), len(m.Unknowns); n != k && n+k > 0 {
		at := Position{1, 1}
		switch {
		case n > 0:
			at = m.Equations[n-1].At
		case k > 0:
			at = m.Unknowns[0].At
		}
		r.fail(at, "There must be one equation for each unknown.", "there are %s for %s",
			counted(n, "equation"), counted(k, "unknown"))
	}
	if len(m.Unknowns) > 1 {
		for _, u := range m.Unknowns {
			if u.Select != Nearest || u.Lower != nil {
				r.fail(u.At, "Systems are solved from the start: leave out bracket and select.",
					"%s has a bracket, and there are %s", u.Name, counted(len(m.Unknowns),
						"unknown"))
			}
		}
	}
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// mostShocks bounds the determinants, which are expanded.
const mostShocks = 6

func (r *reader) checkShocks() {
	m := r.m
	n := 0
	for _, s := range m.Shocks {
		n += len(s.Targets)
	}
	switch at := m.Shocks[0].At; {
	case len(m.Equations) > 0:
		r.fail(m.Equations[0].At, "The lines of residual are its equations: they are zero in "+
			"equilibrium.", "a model of shocks has no equilibrium of its own")
	case n != len(m.Unknowns):
		r.fail(at, "There must be one shock for each unknown.", "there are %s for %s",
			counted(n, "shock"), counted(len(m.Unknowns), "unknown"))
	case n > mostShocks:
		r.fail(at, "", "there are %d shocks, and at most %d are possible", n, mostShocks)
	}
	for _, u := range m.Unknowns {
		if u.Observed == nil {
			r.fail(u.At, "Write “observed: COLUMN” at it.", "a model of shocks needs every "+
				"unknown "+
				"observed, and %s is not", u.Name)
		}
	}
}

// checkStarts refuses unknowns where the search for them begins, and empty brackets.
func (r *reader) checkStarts() {
	for _, u := range r.m.Unknowns {
		for _, f := range []*Formula{&u.Start, u.Lower, u.Upper} {
			if f == nil {
				continue
			}
			if used := r.m.uses(f.Expr).unknowns; len(used) > 0 {
				r.fail(f.At, "Starts and brackets are of numbers, parameters and columns.",
					"the start or bracket of %s depends on the unknown %s", u.Name, used[0])
			}
		}
		if u.Lower == nil {
			continue
		}
		lower, known := constant(u.Lower.Expr)
		upper, knownToo := constant(u.Upper.Expr)
		if known && knownToo && lower >= upper {
			r.fail(u.Lower.At, "Write the lower end first.", "the bracket of %s from %v to %v is "+
				"empty", u.Name, lower, upper)
		}
	}
}

// checkGroups refuses reductions over rows that would couple the rows' equilibria, and those
// inside of others.
func (r *reader) checkGroups() {
	m := r.m
	for _, e := range m.uses(m.equilibrium()...).groups {
		if used := m.uses(e.X).unknowns; len(used) > 0 {
			r.failAt(e, "Rows are solved one by one. Reduce columns, or observe the sum.",
				"%s over rows of the unknown %s would couple the rows' equilibria", e.Function,
				used[0])
		}
	}
	for _, f := range r.everything() {
		expression.Walk(f.Expr, func(e expression.Expr) {
			if g, ok := e.(*expression.Group); ok && len(m.uses(g.X).groups) > 0 {
				r.fail(f.place(g.Span), "Compute the inner one as a column of the data.",
					"%s over rows stands around another one", g.Function)
			}
		})
	}
}

// failAt finds the formula that a node is a part of.
func (r *reader) failAt(part expression.Expr, advice, format string, args ...any) {
	for _, f := range r.everything() {
		expression.Walk(f.Expr, func(e expression.Expr) {
			if e == part {
				r.fail(f.place(e.Where()), advice, format, args...)
			}
		})
	}
}

// checkUse refuses a parameter that nothing depends on.
func (r *reader) checkUse() {
	m := r.m
	var all []expression.Expr
	for _, f := range r.everything() {
		all = append(all, f.Expr)
	}
	used := m.uses(all...).parameters
	for _, p := range m.Parameters {
		if !slices.Contains(used, p.Name) {
			r.fail(p.At, "Delete it, or use it.", "the parameter %s is used nowhere", p.Name)
		}
	}
}

// Columns are the names that must be columns of the data, each where it is first mentioned.
func (m *Model) Columns() []Reference {
	var out []Reference
	add := func(name string, at Position) {
		if !slices.ContainsFunc(out, func(r Reference) bool { return r.Name == name }) {
			out = append(out, Reference{name, at})
		}
	}
	r := reader{m: m}
	for _, f := range r.everything() {
		expression.Walk(f.Expr, func(e expression.Expr) {
			at := f.place(e.Where())
			switch e := e.(type) {
			case *expression.Name:
				if !slices.Contains(m.declared(), e.Name) {
					add(e.Name, at)
				}
			case *expression.Lag:
				add(e.Column, at)
			case *expression.Group:
				if e.Key != "" {
					add(e.Key, at)
				}
			}
		})
	}
	for _, u := range m.Unknowns {
		if u.Observed != nil {
			add(u.Observed.Name, u.Observed.At)
		}
	}
	for _, key := range []*Key{m.Panel, m.Time} {
		if key != nil {
			add(key.Name, key.At)
		}
	}
	if m.Weights != nil {
		add(m.Weights.Column.Name, m.Weights.Column.At)
	}
	return out
}
