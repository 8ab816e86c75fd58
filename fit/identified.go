package fit

import (
	"fmt"

	"pullback/ad"
	"pullback/model"
)

// Identified is a finding about identification, and where it was made.
type Identified struct {
	Model          string         `json:"model"`
	At             []Parameter    `json:"at"`    // the point: the estimate, or the file's start
	Where          string         `json:"where"` // in words
	Identification Identification `json:"identification"`
}

// Identify fits a model and says what its rows identify at the estimate.
func Identify(b *model.Bound) (*Identified, error) {
	f, err := Estimate(b, Options{})
	if err != nil {
		return nil, err
	}
	out := &Identified{Model: f.Model.Path, At: f.Parameters, Identification: f.Identification,
		Where: fmt.Sprintf("at the estimate from %d rows of %s", f.Data.Used, f.Data.Path)}
	if !f.Converged {
		out.Where = fmt.Sprintf("at the last point of a search that did not converge, on %d rows "+
			"of %s", f.Data.Used, f.Data.Path)
	}
	return out, nil
}

// IdentifyAtStart says what one observation of each kind would identify at the parameters' values
// and starts. It is for models that read no columns and whose noise is given.
func IdentifyAtStart(m *model.Model) (*Identified, error) {
	b, err := model.BindInputs(m, nil, 1)
	if err != nil {
		return nil, err
	}
	c := coordinatesOf(m)
	if len(c.free) == 0 || !m.Gaussian(c.names()) || len(noiseNames(m)) > 0 {
		return nil, fmt.Errorf("%s: without data identification is known for free parameters of "+
			"normal observations with given standard deviations only; name a data file",
			m.Source.Path)
	}
	x := m.Starts()
	out := &Identified{Model: m.Source.Path, Where: "at the parameters' values and starts"}
	for _, p := range m.Parameters {
		row := Parameter{Name: p.Name, Estimate: p.Start}
		if p.Fixed {
			row.State = Fixed
		}
		out.At = append(out.At, row)
	}
	sample := b.Sample()
	s := subject{b: b, free: c.free, at: x, noise: model.Noise{}, sample: sample}
	if bad := failuresIn(b, ad.Vector(x...), sample); len(bad) > 0 {
		return nil, fmt.Errorf("%s: there is no equilibrium at the parameters' values and "+
			"starts: %s", m.Source.Path, bad[0].Sentence)
	}
	out.Identification = s.identification()
	return out, nil
}
