package fit

import (
	"fmt"

	"pullback/data"
	"pullback/model"
)

// Reopen reads the model that a fit is of, from the text that it holds.
func (f *Fit) Reopen() (*model.Model, error) {
	m, err := model.Parse(f.Model.Path, []byte(f.Model.Text))
	if err != nil {
		return nil, fmt.Errorf("the model in the fit: %w", err)
	}
	if len(m.Parameters) != len(f.Parameters) {
		return nil, fmt.Errorf("the fit has %d parameters and its model %d; it is not what "+
			"pullback fit wrote: fit again", len(f.Parameters), len(m.Parameters))
	}
	for i, p := range m.Parameters {
		if p.Name != f.Parameters[i].Name {
			return nil, fmt.Errorf("the fit's parameter %d is %s and its model's %s; it is not "+
				"what pullback fit wrote: fit again", i+1, f.Parameters[i].Name, p.Name)
		}
	}
	return m, nil
}

// Rows reads the data that a fit is from, and is an error if they have changed since.
func (f *Fit) Rows() (*data.Table, error) {
	t, err := data.Read(f.Data.Path)
	if err != nil {
		return nil, err
	}
	if t.Digest() != f.Data.Digest {
		return nil, fmt.Errorf("%s has changed since the model was fitted to it (its SHA-256 is "+
			"another); fit again, or name the data to use", f.Data.Path)
	}
	return t, nil
}

// estimates is the parameters' values, in the model's order.
func (f *Fit) estimates() []float64 {
	out := make([]float64, len(f.Parameters))
	for i, p := range f.Parameters {
		out[i] = p.Estimate
	}
	return out
}

// covariance is that of the parameters alone, zero where there is none.
func (f *Fit) covariance() [][]float64 {
	n := len(f.Parameters)
	out := make([][]float64, n)
	for i := range out {
		out[i] = make([]float64, n)
		if f.Covariance != nil {
			copy(out[i], f.Covariance[i])
		}
	}
	return out
}
