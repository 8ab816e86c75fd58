package fit

import (
	"fmt"
	"slices"
	"strings"

	"pullback/ad"
	"pullback/data"
	"pullback/model"
	"pullback/status"
)

// Solution is the equilibrium at given parameters.
type Solution struct {
	Bound      *model.Bound
	Parameters []float64 // in the model's order
	Quantities []string  // the unknowns and then the definitions
	Rows       []SolvedRow
	Alike      bool // no equation names a column: there is one row for all
}

// SolvedRow is the equilibrium in one row.
type SolvedRow struct {
	Row      int
	Status   status.Code
	Residual float64   // the greatest |left - right| at the last iterate
	Method   string    // that found it
	Values   []float64 // of the quantities, NaN where there is no equilibrium
	Last     []float64 // the unknowns' last iterates, whatever the outcome
	// Slopes[quantity][parameter] is the exact derivative, by the implicit function theorem.
	Slopes [][]float64
	// Roots are all that a scan of the bracket finds, where the model has one unknown and a
	// bracket and asks for the only root but there are several.
	Roots []float64
}

// OK says whether every row has an equilibrium.
func (s *Solution) OK() bool {
	return !slices.ContainsFunc(s.Rows, func(r SolvedRow) bool { return !r.Status.OK() })
}

// Solve finds the equilibrium at the parameters' values and starts, but for those that are set.
// t may be nil if the equations name no columns or those are set.
func Solve(m *model.Model, t *data.Table, set []Setting) (*Solution, error) {
	if t == nil {
		var err error
		if t, err = rowOf(m, set); err != nil {
			return nil, err
		}
	}
	b, err := model.BindInputs(m, t, 1)
	if err != nil {
		return nil, err
	}
	change, err := settings(b, set)
	if err != nil {
		return nil, err
	}
	start := m.Starts()
	theta, sample := change(ad.Vector(start...), b.Sample())
	s := &Solution{Bound: b, Parameters: theta.Floats()}
	quantities := b.Solved()
	for _, q := range quantities {
		s.Quantities = append(s.Quantities, q.Name)
	}

	type answer struct {
		Equilibrium    model.Equilibrium
		Values, Slopes []ad.Value
	}
	known := ad.Jit(func(theta ad.Value) answer {
		out := answer{Equilibrium: b.Equilibrium(theta, sample),
			Values: b.Evaluate(quantities, theta, sample)}
		for i := range quantities {
			out.Slopes = append(out.Slopes, ad.Jacobian(func(theta ad.Value) ad.Value {
				return ad.Reshape(b.Evaluate(quantities, theta, sample)[i], -1)
			})(theta))
		}
		return out
	})(theta)
	s.Alike = known.Equilibrium.Status.Size() == 1
	for _, v := range known.Values {
		s.Alike = s.Alike && v.Size() == 1
	}
	n := b.N
	if s.Alike {
		n = 1
	}
	methods := b.SolveMethods()
	codes, residuals := byRow(known.Equilibrium.Status), byRow(known.Equilibrium.Residual)
	stages := byRow(known.Equilibrium.Stage)
	last, values := allByRow(known.Equilibrium.Last), allByRow(known.Values)
	slopes := make([][]float64, len(known.Slopes)) // by rows, one for each parameter
	for i, v := range known.Slopes {
		slopes[i] = v.Floats()
	}
	for r := range n {
		row := SolvedRow{Row: r, Status: status.Code(codes(r)), Residual: residuals(r),
			Method: methods[int(stages(r))]}
		for _, at := range last {
			row.Last = append(row.Last, at(r))
		}
		for i, at := range values {
			row.Values = append(row.Values, at(r))
			from := 0
			if known.Values[i].Size() > 1 {
				from = r * len(start)
			}
			row.Slopes = append(row.Slopes, slopes[i][from:from+len(start)])
		}
		if row.Status == status.Several {
			row.Roots = b.Roots(s.Parameters, sample, r)
		}
		s.Rows = append(s.Rows, row)
	}
	return s, nil
}

// rowOf is a table of one row, if the model reads columns and all of them are set, and otherwise
// nil.
func rowOf(m *model.Model, set []Setting) (*data.Table, error) {
	names := m.Inputs()
	columns := make([][]float64, len(names))
	for i, name := range names {
		at := slices.IndexFunc(set, func(s Setting) bool { return s.Name == name })
		if at < 0 {
			return nil, nil
		}
		columns[i] = []float64{set[at].Value}
	}
	if len(names) == 0 || m.HasLags() || m.HasGroups() {
		return nil, nil
	}
	return data.New("the columns set", names, columns)
}

// byRow reads a vector row by row, or the scalar that stands for all.
func byRow(v ad.Value) func(row int) float64 {
	xs := ad.Convert(v, ad.Float64).Floats()
	return func(row int) float64 {
		if len(xs) == 1 {
			row = 0
		}
		return xs[row]
	}
}

func allByRow(vs []ad.Value) []func(row int) float64 {
	out := make([]func(row int) float64, len(vs))
	for i, v := range vs {
		out[i] = byRow(v)
	}
	return out
}

// failures describes the rows without an equilibrium at given parameters.
func failures(b *model.Bound, parameters []float64) []Failure {
	if len(b.Model.Shocks) > 0 {
		return nil // the likelihood solves nothing
	}
	return failuresIn(b, ad.Vector(parameters...), b.Sample())
}

// everyRow is the place of a failure where no equation names a column.
const everyRow = "every row"

func failuresIn(b *model.Bound, theta ad.Value, sample model.Sample) []Failure {
	if len(b.Model.Unknowns) == 0 {
		return nil
	}
	codes := ad.Jit(func(theta ad.Value) ad.Value {
		return b.Equilibrium(theta, sample).Status
	})(theta)
	var out []Failure
	at := byRow(codes)
	for r := range codes.Size() {
		code := status.Code(at(r))
		if code.OK() {
			continue
		}
		f := Failure{Row: r, Place: b.Place(r), Sentence: code.String()}
		if code == status.Several {
			f.several = true
			f.Sentence = fmt.Sprintf("Several equilibria: %s in the bracket; choose one with "+
				"“select: lowest”, highest or nearest, or narrow the bracket.",
				listed(b.Roots(theta.Floats(), sample, r)))
		}
		if codes.Size() == 1 && b.N > 1 {
			f.Place = everyRow
		}
		out = append(out, f)
	}
	return out
}

// listed joins numbers by commas.
func listed(xs []float64) string {
	out := make([]string, len(xs))
	for i, x := range xs {
		out[i] = fmt.Sprintf("%.6g", x)
	}
	return strings.Join(out, ", ")
}
