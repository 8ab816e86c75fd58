package model

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pullback/internal/spelling"
	"pullback/model/expression"
)

// Reference is a column's name and the first place where it stands in the file.
type Reference struct {
	Name string
	At   Position
}

// declaration is what a name is in the file.
type declaration struct {
	what string // with its article
	at   Position
}

const (
	aParameter  = "a parameter"
	anUnknown   = "an unknown"
	aDefinition = "a definition"
)

// declared are the names of parameters, unknowns and definitions.
func (m *Model) declared() map[string]bool {
	names := map[string]bool{}
	for _, p := range m.Parameters {
		names[p.Name] = true
	}
	for _, u := range m.Unknowns {
		names[u.Name] = true
	}
	for _, d := range m.Definitions {
		names[d.Name] = true
	}
	return names
}

// Columns are the columns that the model needs of its data, in the order of their first places:
// every name in a formula that is not declared, lagged columns and keys of groups, what is
// observed, and panel, time and weights.
func (m *Model) Columns() []Reference {
	first := map[string]Position{}
	add := func(name string, at func() Position) {
		if before, ok := first[name]; ok {
			if now := at(); compare(now, before) < 0 {
				first[name] = now
			}
			return
		}
		first[name] = at()
	}
	here := func(k *Key) {
		if k != nil {
			add(k.Name, func() Position { return k.At })
		}
	}
	declared := m.declared()
	m.every(func(f Formula) {
		seen := map[string]bool{}
		expression.Walk(f.Expr, func(e expression.Expr) {
			name, span := "", e.Where()
			switch e := e.(type) {
			case *expression.Name:
				name = e.Name
			case *expression.Lag:
				name = e.Column
			case *expression.Group:
				name = e.Key
				span.Start += strings.LastIndex(f.Text[span.Start:span.End], name)
			}
			if name == "" || declared[name] || seen[name] {
				return
			}
			seen[name] = true
			add(name, func() Position { return m.Place(f, span) })
		})
	})
	for _, o := range m.Observations {
		for _, t := range o.Targets {
			name := expression.Names(t.Formula.Expr)[0]
			add(t.Column, func() Position { return m.Place(t.Formula, name.Where()) })
		}
	}
	for _, u := range m.Unknowns {
		here(u.Observed)
	}
	here(m.Panel)
	here(m.Time)
	if m.Weights != nil {
		here(&m.Weights.Column)
	}
	var out []Reference
	for name, at := range first {
		out = append(out, Reference{name, at})
	}
	slices.SortFunc(out, func(a, b Reference) int {
		return cmp.Or(compare(a.At, b.At), cmp.Compare(a.Name, b.Name))
	})
	return out
}

func compare(a, b Position) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// NotAColumn is the error that a name of the file, one of Columns, is no column of the data,
// whose columns are given; none, where there are no data.
func (m *Model) NotAColumn(ref Reference, have []string) error {
	message := fmt.Sprintf("the name %s is unknown: neither a parameter, an unknown or a "+
		"definition, nor a column of the data", ref.Name)
	advice := "declare it, or add the column to the data"
	if len(have) == 0 {
		message = fmt.Sprintf("the name %s is no parameter, unknown or definition, and there "+
			"are no data with such a column", ref.Name)
		advice = "declare it, or give data"
	}
	names := slices.Sorted(maps.Keys(m.declared()))
	if near := spelling.Nearest(ref.Name, append(names, have...)); near != "" {
		advice = "did you mean " + near + "?"
	}
	return m.Complain(ref.At, message, advice)
}
