package fit

import (
	"fmt"
	"math"
	"slices"

	"pullback/ad"
	"pullback/data"
	"pullback/model"
	"pullback/random"
)

// Simulate draws a table from a model at the parameters' values and starts, but for those that are
// set: the columns that the model reads, and then those that it observes. Without a table, which a
// model needs that reads columns, there are so many rows.
func Simulate(m *model.Model, t *data.Table, rows int, seed uint64, set []Setting) (names []string,
	columns [][]float64, err error) {
	if len(m.Outputs()) == 0 || m.LogLik != nil {
		return nil, nil, fmt.Errorf("%s: a model is simulated from the densities in observe or "+
			"residual; there are none, or a loglik of one's own, which cannot be drawn from",
			m.Source.Path)
	}
	for _, o := range m.Densities() {
		if o.Free() {
			return nil, nil, m.Complain(o.At, "this density's covariance is free, so there is "+
				"nothing to draw with", advice(o))
		}
	}
	b, err := model.BindInputs(m, t, rows)
	if err != nil {
		return nil, nil, err
	}
	change, err := settings(b, set)
	if err != nil {
		return nil, nil, err
	}
	start := m.Starts()
	theta, sample := change(ad.Vector(start...), b.Sample())
	if err := checkDensities(b, theta, sample); err != nil {
		return nil, nil, err
	}
	drawn := ad.Jit(func(theta ad.Value) model.Drawn {
		return b.Draw(theta, nil, random.NewKey(seed), sample)
	})(theta)
	for i, name := range b.Names() {
		if slices.Contains(m.Outputs(), name) {
			continue // it is drawn anew
		}
		names = append(names, name)
		columns = append(columns, sample.Columns[i].Floats())
	}
	for i, name := range m.Outputs() {
		names = append(names, name)
		columns = append(columns, drawn.Columns[i].Floats())
		for row, x := range drawn.Columns[i].Floats() {
			if math.IsNaN(x) {
				return nil, nil, fmt.Errorf("%s: %s could not be drawn: %s", b.Place(row), name,
					whyNot(b, theta.Floats(), row))
			}
		}
	}
	return names, columns, nil
}

// whyNot says what is wrong in a row.
func whyNot(b *model.Bound, parameters []float64, row int) string {
	for _, f := range failures(b, parameters) {
		if f.Row == row || f.Place == everyRow {
			return f.Sentence
		}
	}
	return "its density is undefined there; look at its parameters"
}

// advice is what to write where a covariance is free.
func advice(o model.Observation) string {
	if o.Family == model.Normal {
		return fmt.Sprintf("write normal(%s, sd), where sd is a number, a parameter or a formula",
			o.Args[0].Text)
	}
	return "write normal(mean, sd) for each of the columns"
}
