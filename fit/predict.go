package fit

import (
	"fmt"
	"slices"

	"pullback/ad"
	"pullback/data"
	"pullback/estimate"
	"pullback/internal/spelling"
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
	// Notes say in how many rows there is no finite number, and why.
	Notes []string
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
	if len(b.Quantities()) == 0 && len(q.Expressions) == 0 {
		return nil, nil, fmt.Errorf("%s names nothing to predict, neither unknowns nor "+
			"definitions nor what is observed; ask for a formula of its parameters, by "+
			"--expr 'FORMULA'", m.Source.Path)
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
	theta := ad.Vector(f.estimates()...)
	why := gaps(b, theta, b.Sample())
	for i, estimated := range f.delta(now, len(quantities)) {
		out[i].Value = estimated
		out[i].Notes = append(out[i].Notes, why("", estimated)...)
	}
	if len(q.Set) == 0 {
		return out, b, nil
	}
	changed, sample := change(theta, b.Sample())
	why = gaps(b, changed, sample)
	for i, estimated := range f.delta(then, len(quantities)) {
		out[i].Counterfactual = estimated
		out[i].Notes = append(out[i].Notes, why("Counterfactual: ", estimated)...)
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
		if _, isTuple := e.(*expression.Tuple); isTuple {
			return nil, fmt.Errorf("the expression %q: several values stand where one is needed; "+
				"write --expr for each", text)
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
		if err := allowed(m, names, s); err != nil {
			return nil, fmt.Errorf("--set %s=%v: %w", s.Name, s.Value, err)
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

// allowed says what keeps a parameter or a column from being set.
func allowed(m *model.Model, columns []string, s Setting) error {
	have := slices.Clone(columns)
	for _, p := range m.Parameters {
		switch have = append(have, p.Name); {
		case s.Name != p.Name:
			continue
		case s.Value < p.Lower:
			return fmt.Errorf("the lower bound of %s is %v in %s", p.Name, p.Lower, m.Source.Path)
		case s.Value > p.Upper:
			return fmt.Errorf("the upper bound of %s is %v in %s", p.Name, p.Upper, m.Source.Path)
		}
		return nil
	}
	if slices.Contains(columns, s.Name) {
		return nil
	}
	advice := ""
	if near := spelling.Nearest(s.Name, have); near != "" {
		advice = "; did you mean " + near + "?"
	}
	return fmt.Errorf("%s is neither a parameter of %s nor a column that its equilibrium, "+
		"definitions or densities use%s", s.Name, m.Source.Path, advice)
}
