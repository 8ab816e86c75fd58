package model

import (
	"pullback/ad"
	"pullback/model/expression"
)

// evaluation gives the model's names values: at one set of parameters, over all rows at once
// (columns are vectors of N, and everything broadcasts), or in one row (columns are scalars).
type evaluation struct {
	b          *Bound
	parameters []ad.Value          // scalars
	columns    map[string]ad.Value // by key
	unknowns   []ad.Value          // nil where they must not be asked for
	shocks     []ad.Value          // what the shocks are where one solves; nil for zero
	groups     map[*expression.Group]ad.Value
	known      map[string]ad.Value // definitions evaluated so far
}

// over is an evaluation of all rows of a sample.
func (b *Bound) over(theta ad.Value, s Sample) *evaluation {
	e := &evaluation{b: b, columns: map[string]ad.Value{},
		groups: map[*expression.Group]ad.Value{}, known: map[string]ad.Value{}}
	for i := range b.Model.Parameters {
		e.parameters = append(e.parameters, ad.At(theta, i))
	}
	for i, name := range b.names {
		e.columns[name] = s.Columns[i]
	}
	return e
}

// with is the same with other unknowns, columns and reductions over groups.
func (e *evaluation) with(unknowns []ad.Value, columns map[string]ad.Value,
	groups map[*expression.Group]ad.Value) *evaluation {
	return &evaluation{b: e.b, parameters: e.parameters, columns: columns, unknowns: unknowns,
		groups: groups, known: map[string]ad.Value{}}
}

// of is the value of a formula, a scalar or one for each row.
func (e *evaluation) of(f expression.Expr) ad.Value {
	return expression.Eval(f, expression.Env{
		Value: e.name,
		Lag:   func(l *expression.Lag) ad.Value { return e.columns[lagKey(l)] },
		Group: e.group,
	})
}

func (e *evaluation) name(n *expression.Name) ad.Value {
	m := e.b.Model
	if i := m.parameter(n.Name); i >= 0 {
		return e.parameters[i]
	}
	if i := m.unknown(n.Name); i >= 0 {
		return e.unknowns[i]
	}
	definition := m.definition(n.Name)
	if definition == nil {
		return e.columns[n.Name]
	}
	if v, ok := e.known[n.Name]; ok {
		return v
	}
	v := e.of(definition.Formula.Expr)
	e.known[n.Name] = v
	return v
}

// group is a reduction over the rows of each group, given to every row of it. Each reduction is
// evaluated once.
func (e *evaluation) group(g *expression.Group) ad.Value {
	if v, ok := e.groups[g]; ok {
		return v
	}
	v := e.reduce(g)
	e.groups[g] = v
	return v
}

func (e *evaluation) reduce(g *expression.Group) ad.Value {
	n := e.b.N
	x := rows(e.of(g.X), n)
	if g.Key == "" {
		return whole(g.Function, x)
	}
	groups := e.b.groups[g.Key]
	index := ad.Vector(groups.index...)
	sum := func(x ad.Value) ad.Value {
		return ad.ScatterAdd(ad.Zeros(ad.Float64, groups.count), index, x)
	}
	var by ad.Value
	switch g.Function {
	case "sum":
		by = sum(x)
	case "mean":
		by = ad.Div(sum(x), sum(ad.Full(ad.Float64, 1, n)))
	default:
		// One group after another: there is no scatter by minimum.
		var all []ad.Value
		for _, rows := range members(groups) {
			all = append(all, whole(g.Function, ad.Take(x, ad.Vector(rows...), 0)))
		}
		by = ad.Stack(0, all...)
	}
	return ad.Take(by, index, 0)
}

func whole(function string, x ad.Value) ad.Value {
	switch function {
	case "sum":
		return ad.Sum(x)
	case "mean":
		return ad.Mean(x)
	case "min":
		return ad.MinOf(x)
	}
	return ad.MaxOf(x)
}

// members lists the rows of each group.
func members(g grouping) [][]int64 {
	out := make([][]int64, g.count)
	for row, group := range g.index {
		out[group] = append(out[group], int64(row))
	}
	return out
}

// rows is a value for each of n rows.
func rows(x ad.Value, n int) ad.Value { return ad.BroadcastTo(x, n) }
