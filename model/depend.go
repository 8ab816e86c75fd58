package model

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"pullback/internal/spelling"
	"pullback/model/expression"
)

// observed holds observations against unknowns and columns: in a model of shocks every unknown is
// observed, otherwise none is without noise, and no column is observed twice.
func (r *reader) observed() error {
	seen := map[string]Position{}
	observe := func(column string, at Position) error {
		if d, ok := r.names[column]; ok && d.what != anUnknown {
			return r.Complain(at, column+" is "+d.what+", and what is observed is a column",
				"write a column of the data before the colon, and the model's value in the "+
					"distribution")
		}
		if before, twice := seen[column]; twice {
			return r.Complain(at, "the column "+column+" is observed twice",
				fmt.Sprintf("the other place is line %d, column %d; leave one out", before.Line,
					before.Column))
		}
		seen[column] = at
		return nil
	}
	for _, u := range r.Unknowns {
		switch {
		case u.Observed == nil && len(r.Shocks) > 0:
			return r.Complain(u.At, "the model has residuals, and the unknown "+u.Name+
				" is not observed", "write observed: and the column that it is")
		case u.Observed == nil:
			continue
		case len(r.Shocks) == 0:
			return r.Complain(u.Observed.At, "the unknown "+u.Name+" is observed without noise, "+
				"and the model has no residuals", fmt.Sprintf("write %s: normal(%s, sigma) under "+
				"observe:", u.Observed.Name, u.Name))
		}
		if err := observe(u.Observed.Name, u.Observed.At); err != nil {
			return err
		}
	}
	for _, o := range r.Observations {
		for _, t := range o.Targets {
			name := expression.Names(t.Formula.Expr)[0]
			if err := observe(t.Column, r.Place(t.Formula, name.Where())); err != nil {
				return err
			}
		}
	}
	return r.keys()
}

// keys refuses the model's own names where a column is needed.
func (r *reader) keys() error {
	keys := []*Key{r.Panel, r.Time}
	if r.Weights != nil {
		keys = append(keys, &r.Weights.Column)
	}
	for _, k := range keys {
		if k == nil {
			continue
		}
		if d, ok := r.names[k.Name]; ok {
			return r.Complain(k.At, k.Name+" is "+d.what+", and a column is needed here",
				"write the name of a column of the data")
		}
	}
	return nil
}

// coupled checks that each equation has an unknown, and that its rows can be solved one by one.
func (r *reader) coupled() error {
	unknowns := map[string]bool{} // names that depend on unknowns
	for _, u := range r.Unknowns {
		unknowns[u.Name] = true
	}
	couple := map[string]bool{} // definitions in which rows depend on one another's unknowns
	depends := func(e expression.Expr) bool {
		for _, n := range expression.Names(e) {
			if unknowns[n.Name] {
				return true
			}
		}
		return false
	}
	// across is the part of a formula that couples rows, or nil.
	across := func(e expression.Expr) (at expression.Expr) {
		expression.Walk(e, func(part expression.Expr) {
			if n, ok := part.(*expression.Name); ok && couple[n.Name] && at == nil {
				at = part
			}
			if g, ok := part.(*expression.Group); ok && at == nil && depends(g.X) {
				at = part
			}
		})
		return at
	}
	for _, d := range r.Definitions { // each after those that it uses
		unknowns[d.Name] = depends(d.Formula.Expr)
		couple[d.Name] = across(d.Formula.Expr) != nil
	}
	check := func(what string, at Position, sides ...Formula) error {
		solvable := false
		for _, f := range sides {
			solvable = solvable || depends(f.Expr)
			if bad := across(f.Expr); bad != nil {
				return r.Complain(r.Place(f, bad.Where()), expression.String(bad)+" has unknowns "+
					"of several rows in it, and each row is solved by itself",
					"reduce columns of the data alone, or use it under observe:")
			}
		}
		if !solvable {
			advice := "write what determines an unknown; what follows from columns stands under " +
				"define:"
			for _, f := range sides {
				advice = cmp.Or(r.misspelled(f), advice)
			}
			return r.Complain(at, "this "+what+" has no unknown in it", advice)
		}
		return nil
	}
	for _, e := range r.Equations {
		if err := check("equation", e.At, e.Left, e.Right); err != nil {
			return err
		}
	}
	for _, o := range r.Shocks {
		for _, t := range o.Targets {
			if err := check("residual", t.Formula.At, t.Formula); err != nil {
				return err
			}
		}
	}
	return nil
}

// used refuses parameters and unknowns that nothing depends on.
func (r *reader) used() error {
	used := map[string]bool{}
	r.every(func(f Formula) {
		for _, n := range expression.Names(f.Expr) {
			used[n.Name] = true
		}
	})
	for _, p := range r.Parameters {
		if !used[p.Name] {
			return r.Complain(p.At, "the parameter "+p.Name+" is used nowhere",
				cmp.Or(r.meant(p.Name), "delete it, or use it in a formula"))
		}
	}
	for _, u := range r.Unknowns {
		if !used[u.Name] {
			return r.Complain(u.At, "the unknown "+u.Name+" is in no equation",
				cmp.Or(r.meant(u.Name), "delete it, or write the equation that determines it"))
		}
	}
	return nil
}

// misspelled is advice about the first name in a formula that is not declared and resembles one
// that is; "" if there is none. Such a name is read as a column.
func (r *reader) misspelled(f Formula) string {
	declared := slices.Sorted(maps.Keys(r.names))
	for _, n := range expression.Names(f.Expr) {
		if _, ok := r.names[n.Name]; ok {
			continue
		}
		if near := spelling.Nearest(n.Name, declared); near != "" {
			return fmt.Sprintf("%s is no name of the model; did you mean %s?", n.Name, near)
		}
	}
	return ""
}

// meant is advice about the first column whose name resembles a name that is used nowhere; "" if
// there is none.
func (r *reader) meant(name string) string {
	for _, c := range r.Columns() {
		if spelling.Nearest(c.Name, []string{name}) != "" {
			return fmt.Sprintf("did you mean it where %s stands, in line %d, column %d?", c.Name,
				c.At.Line, c.At.Column)
		}
	}
	return ""
}
