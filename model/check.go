package model

import (
	"fmt"
	"strings"

	"pullback/model/expression"
)

// check holds a model that has been read against itself: what can only be said when all of it is
// known.
func (r *reader) check() error {
	for _, check := range []func() error{r.order, r.lags, r.groups, r.counts, r.systems,
		r.observed, r.starts, r.coupled, r.used} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// every calls f with each formula of the file but the left sides of observe, whose one name is a
// column whatever else has it.
func (m *Model) every(f func(Formula)) {
	for _, u := range m.Unknowns {
		f(u.Start)
		if u.Lower != nil {
			f(*u.Lower)
			f(*u.Upper)
		}
	}
	for _, d := range m.Definitions {
		f(d.Formula)
	}
	for _, e := range m.Equations {
		f(e.Left)
		f(e.Right)
	}
	for _, o := range m.Observations {
		for _, a := range o.Args {
			f(a)
		}
	}
	for _, o := range m.Shocks {
		for _, t := range o.Targets {
			f(t.Formula)
		}
		for _, a := range o.Args {
			f(a)
		}
	}
	if m.LogLik != nil {
		f(*m.LogLik)
	}
}

// first is the first mistake that a look at each part of each formula finds.
func (m *Model) first(look func(f Formula, part expression.Expr) error) (err error) {
	m.every(func(f Formula) {
		expression.Walk(f.Expr, func(part expression.Expr) {
			if err == nil {
				err = look(f, part)
			}
		})
	})
	return err
}

// order sorts definitions so that each comes after those that it uses.
func (r *reader) order() error {
	index := map[string]int{}
	for i, d := range r.Definitions {
		index[d.Name] = i
	}
	const (
		fresh = iota
		open
		done
	)
	state := make([]int, len(r.Definitions))
	var sorted []Definition
	var path []string
	var visit func(i int) error
	visit = func(i int) error {
		d := r.Definitions[i]
		state[i] = open
		path = append(path, d.Name)
		for _, n := range expression.Names(d.Formula.Expr) {
			j, ok := index[n.Name]
			switch {
			case !ok || state[j] == done:
			case state[j] == open:
				from := len(path) - 1
				for path[from] != n.Name {
					from--
				}
				cycle := strings.Join(append(path[from:], n.Name), " → ")
				return r.Complain(r.Place(d.Formula, n.Where()), "definitions go in a circle: "+
					cycle, "make one of them an unknown with an equation of its own")
			default:
				if err := visit(j); err != nil {
					return err
				}
			}
		}
		state[i], path = done, path[:len(path)-1]
		sorted = append(sorted, d)
		return nil
	}
	for i := range r.Definitions {
		if state[i] == fresh {
			if err := visit(i); err != nil {
				return err
			}
		}
	}
	r.Definitions = sorted
	return nil
}

// lags refuses earlier values of what has none.
func (r *reader) lags() error {
	return r.first(func(f Formula, part expression.Expr) error {
		l, ok := part.(*expression.Lag)
		if !ok {
			return nil
		}
		if d, isDeclared := r.names[l.Column]; isDeclared {
			return r.Complain(r.Place(f, l.Where()), fmt.Sprintf("%s is %s, and only columns of "+
				"the data have earlier values", l.Column, d.what),
				"take a column that has the earlier values")
		}
		return nil
	})
}

// groups refuses reductions inside reductions, and keys that are no columns.
func (r *reader) groups() error {
	return r.first(func(f Formula, part expression.Expr) error {
		g, ok := part.(*expression.Group)
		if !ok {
			return nil
		}
		if d, isDeclared := r.names[g.Key]; isDeclared {
			return r.Complain(r.Place(f, g.Where()), fmt.Sprintf("%s is %s, and rows are grouped "+
				"by a column", g.Key, d.what), "write the name of a column after by")
		}
		var inner expression.Expr
		expression.Walk(g.X, func(e expression.Expr) {
			if _, ok := e.(*expression.Group); ok && inner == nil {
				inner = e
			}
		})
		if inner != nil {
			return r.Complain(r.Place(f, inner.Where()), "a reduction over rows stands inside "+
				"another", "give the inner one a name under define:")
		}
		return nil
	})
}

// starts refuses starts and brackets of what is only known when the equations are solved.
func (r *reader) starts() error {
	for _, u := range r.Unknowns {
		formulas := []*Formula{&u.Start, u.Lower, u.Upper}
		for _, f := range formulas {
			if f == nil {
				continue
			}
			for _, n := range expression.Names(f.Expr) {
				if d, ok := r.names[n.Name]; ok && d.what != aParameter {
					return r.Complain(r.Place(*f, n.Where()), fmt.Sprintf("%s is %s, and "+
						"starts and brackets come before the equations are solved", n.Name,
						d.what), "write numbers, parameters and columns alone")
				}
			}
		}
	}
	return nil
}

// counts holds equations against unknowns.
func (r *reader) counts() error {
	shocks := 0
	for _, o := range r.Shocks {
		shocks += len(o.Targets)
	}
	unknowns := plural(len(r.Unknowns), "unknown")
	switch {
	case len(r.Shocks) > 0 && len(r.Equations) > 0:
		return r.Complain(r.at["residual"], "the model has equations under equilibrium and "+
			"under residual", "write all equations under residual, or none")
	case len(r.Shocks) > 0 && shocks != len(r.Unknowns):
		return r.Complain(r.at["residual"], fmt.Sprintf("the model has %s and %s", unknowns,
			plural(shocks, "residual")), "write one formula for each unknown: left - right of its "+
			"equation")
	case len(r.Shocks) == 0 && len(r.Equations) != len(r.Unknowns):
		at, ok := r.at["equilibrium"]
		if !ok {
			at = r.at["unknowns"]
		}
		return r.Complain(at, fmt.Sprintf("the model has %s and %s", unknowns,
			plural(len(r.Equations), "equation")), "write one equation for each unknown; what "+
			"follows from others alone stands under define")
	case len(r.Unknowns) == 0 && len(r.Definitions) == 0 && len(r.Observations) == 0 &&
		r.LogLik == nil:
		return r.Complain(Position{1, 1}, "the model has nothing to compute",
			"write unknowns: and equilibrium:, define: or observe:")
	}
	return nil
}

// systems refuses rules by which the solutions of one equation are selected.
func (r *reader) systems() error {
	if len(r.Unknowns) < 2 {
		return nil
	}
	for i := range r.Unknowns {
		u := &r.Unknowns[i]
		if at, isWritten := r.selections[u.Name]; isWritten && u.Select != Nearest {
			return r.Complain(at, "a scan for all solutions is for one unknown, and the model has "+
				fmt.Sprint(len(r.Unknowns)), "write select: nearest, which is nearest to the start")
		}
		u.Select = Nearest
	}
	return nil
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
