package fit

import (
	"fmt"
	"slices"

	"pullback/ad"
	"pullback/data"
	"pullback/estimate"
	"pullback/model"
	"pullback/model/expression"
)

// Question is what to predict.
type Question struct {
	// Set gives parameters or columns other values: the counterfactual. Without any there are
	// values only, and no differences.
	Set []Setting
	// Expressions are formulas of parameters, unknowns, definitions and columns. Without any
	// the question is about every unknown, definition and expected observation.
	Expressions []string
}

// Setting is a parameter, or a column, and its value.
type Setting struct {
	Name  string
	Value float64
}

// Prediction is what the model says of one quantity.
type Prediction struct {
	Name  string
	Value []Estimated // one for each row, or one if all quantities are the same in all rows
	// Counterfactual and Difference are nil without settings.
	Counterfactual, Difference []Estimated
}

// Estimated is a number with its standard error by the delta method, and the 95 % interval, which
// there may not be.
type Estimated struct {
	Value                float64
	StdErr, Lower, Upper estimate.Number
}

// Predict asks a fitted model about the rows of a table, or about one row without data if the
// model needs none and t is nil. Standard errors are those of the estimates alone, without the
// noise of what will be observed. Values are NaN in rows without an equilibrium.
func Predict(f *Fit, t *data.Table, q Question) ([]Prediction, *model.Bound, error) {
	m, err := f.Reopen()
	if err != nil {
		return nil, nil, err
	}
	b, err := model.BindInputs(m, t, 1)
	if err != nil {
		return nil, nil, err
	}
	quantities, err := askedOf(b, q)
	if err != nil {
		return nil, nil, err
	}
	change, err := settings(b, q.Set)
	if err != nil {
		return nil, nil, err
	}
	now := func(theta ad.Value) ad.Value {
		return table(b.Evaluate(quantities, theta, b.Sample()), b.N)
	}
	then := func(theta ad.Value) ad.Value {
		changed, sample := change(theta, b.Sample())
		return table(b.Evaluate(quantities, changed, sample), b.N)
	}
	difference := func(theta ad.Value) ad.Value { return ad.Sub(then(theta), now(theta)) }

	out := make([]Prediction, len(quantities))
	for i, quantity := range quantities {
		out[i].Name = quantity.Name
	}
	for i, estimated := range f.delta(now, len(quantities)) {
		out[i].Value = estimated
	}
	if len(q.Set) == 0 {
		return out, b, nil
	}
	for i, estimated := range f.delta(then, len(quantities)) {
		out[i].Counterfactual = estimated
	}
	for i, estimated := range f.delta(difference, len(quantities)) {
		out[i].Difference = estimated
	}
	return out, b, nil
}

// table is quantities one after the other, each of n, laid end to end.
func table(quantities []ad.Value, n int) ad.Value {
	all := make([]ad.Value, len(quantities))
	for i, q := range quantities {
		all[i] = ad.BroadcastTo(q, n)
	}
	return ad.Concatenate(0, all...)
}

// delta is so many quantities with their standard errors and intervals.
func (f *Fit) delta(of func(theta ad.Value) ad.Value, quantities int) [][]Estimated {
	values, errors := estimate.Delta(of, f.estimates(), f.covariance())
	quantile := quantile(f.Errors.DegreesOfFreedom)
	all := make([]Estimated, len(values))
	for i, v := range values {
		all[i] = Estimated{Value: v}
		if se := errors[i]; se.Known && f.Covariance != nil {
			all[i].StdErr = se
			all[i].Lower = estimate.Number{Value: v - quantile*se.Value, Known: true}
			all[i].Upper = estimate.Number{Value: v + quantile*se.Value, Known: true}
		}
	}
	return slices.Collect(slices.Chunk(all, len(all)/quantities))
}

// askedOf lists the quantities of a question.
func askedOf(b *model.Bound, q Question) ([]model.Quantity, error) {
	if len(q.Expressions) == 0 {
		return b.Quantities(), nil
	}
	var out []model.Quantity
	for _, text := range q.Expressions {
		e, err := expression.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("the expression %q: %w", text, err)
		}
		quantity, err := b.Quantity(text, e)
		if err != nil {
			return nil, err
		}
		out = append(out, quantity)
	}
	return out, nil
}

// settings is how a counterfactual changes parameters and columns.
func settings(b *model.Bound, set []Setting) (func(ad.Value, model.Sample) (ad.Value,
	model.Sample), error) {
	m, names := b.Model, b.Names()
	for _, s := range set {
		isParameter := slices.ContainsFunc(m.Parameters, func(p model.Parameter) bool {
			return p.Name == s.Name
		})
		if !isParameter && !slices.Contains(names, s.Name) {
			return nil, fmt.Errorf("--set %s=%v: %s is neither a parameter of the model nor a "+
				"column that its equilibrium, definitions or densities "+
				"use", s.Name, s.Value, s.Name)
		}
	}
	return func(theta ad.Value, sample model.Sample) (ad.Value, model.Sample) {
		parameters := make([]ad.Value, len(m.Parameters))
		for i, p := range m.Parameters {
			parameters[i] = ad.At(theta, i)
			for _, s := range set {
				if s.Name == p.Name {
					parameters[i] = ad.Scalar(s.Value)
				}
			}
		}
		sample.Columns = slices.Clone(sample.Columns)
		for i, name := range names {
			for _, s := range set {
				if s.Name == name {
					sample.Columns[i] = ad.Full(ad.Float64, s.Value, b.N)
				}
			}
		}
		return ad.Stack(0, parameters...), sample
	}, nil
}
