package model

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"pullback/ad"
	"pullback/data"
	"pullback/model/expression"
)

// Bound is a model and the rows of data that it is about.
type Bound struct {
	Model *Model
	Table *data.Table // the rows used, in the file's order; nil if the model needs no data
	N     int         // rows used
	Rows  int         // rows in the file
	// Lagging and Missing count the rows dropped: those without the earlier period that a lag
	// asks for, and of the others those with a missing value.
	Lagging, Missing int

	names   []string             // keys of the columns, as x and x[-1]
	columns map[string][]float64 // of N
	groups  map[string]grouping  // by key column
	weights []float64            // nil: all one
}

// grouping says which group a row is in.
type grouping struct {
	index []int64 // of N
	count int
}

// Sample is the numbers of the columns, as Values: what differs between the samples of a batch.
type Sample struct {
	Columns []ad.Value // each of N, in the order of Bound.Names
	Weights ad.Value   // of N; ones where all count alike
}

// Bind joins a model with a table for estimation: every column that the file names must be there.
func Bind(m *Model, t *data.Table) (*Bound, error) {
	names := m.Inputs()
	for _, name := range m.Outputs() {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if err := m.shadowed(t); err != nil {
		return nil, err
	}
	b, err := bind(m, t, names, true)
	if err != nil {
		return nil, err
	}
	return b, b.checkSupport()
}

// shadowed refuses a parameter or a definition with the name of a column: the one would be read for
// the other.
func (m *Model) shadowed(t *data.Table) error {
	for _, p := range m.Parameters {
		if t.Has(p.Name) {
			return m.Complain(p.At, fmt.Sprintf("%s is a parameter, and %s has a column of that "+
				"name", p.Name, t.Name()), "rename one of the two")
		}
	}
	for _, d := range m.Definitions {
		if t.Has(d.Name) {
			return m.Complain(d.At, fmt.Sprintf("%s is a definition, and %s has a column of "+
				"that name", d.Name, t.Name()), "rename one of the two")
		}
	}
	return nil
}

// BindInputs joins a model with the columns that its equilibrium, definitions and densities need.
// Where that is none, t may be nil, and there are so many rows, all alike.
func BindInputs(m *Model, t *data.Table, rows int) (*Bound, error) {
	names := m.Inputs()
	if t == nil {
		needed := slices.Clone(names)
		for _, g := range m.groups() {
			if g.Key != "" {
				needed = append(needed, g.Key)
			}
		}
		if len(needed) > 0 {
			return nil, m.NotAColumn(m.reference(needed[0]), nil)
		}
	}
	b, err := bind(m, t, names, false)
	if err == nil && t == nil {
		b.N, b.Rows = rows, rows
	}
	return b, err
}

func bind(m *Model, t *data.Table, names []string, estimating bool) (*Bound, error) {
	b := &Bound{Model: m, N: 1, names: names, columns: map[string][]float64{},
		groups: map[string]grouping{}}
	if t == nil {
		return b, nil
	}
	b.Rows = t.Rows()
	if err := b.checkColumns(t, estimating); err != nil {
		return nil, err
	}
	lacking, err := b.read(t)
	if err != nil {
		return nil, err
	}
	if estimating && m.Weights != nil {
		if b.weights, err = t.Numbers(m.Weights.Column.Name); err != nil {
			return nil, err
		}
	}
	if err := b.drop(t, lacking); err != nil {
		return nil, err
	}
	return b, b.readGroups()
}

// checkColumns is an error if the table lacks a column that is needed.
func (b *Bound) checkColumns(t *data.Table, estimating bool) error {
	m := b.Model
	needed := map[string]bool{}
	for _, name := range b.names {
		needed[m.reference(name).Name] = true
	}
	for _, g := range m.groups() {
		needed[g.Key] = true
	}
	for _, ref := range m.Columns() {
		used := estimating || needed[ref.Name] || b.isKey(ref.Name)
		if used && !t.Has(ref.Name) {
			return m.NotAColumn(ref, t.Names())
		}
	}
	return nil
}

func (b *Bound) isKey(name string) bool {
	m := b.Model
	return m.Panel != nil && m.Panel.Name == name || m.Time != nil && m.Time.Name == name
}

// read fills the columns from a table and says which rows lack an earlier period.
func (b *Bound) read(t *data.Table) (lacking []bool, err error) {
	lacking = make([]bool, t.Rows())
	for _, name := range b.names {
		column, by := splitKey(name)
		numbers, err := t.Numbers(column)
		if err != nil {
			return nil, err
		}
		if by == 0 {
			b.columns[name] = slices.Clone(numbers)
			continue
		}
		from, err := b.previous(t, by)
		if err != nil {
			return nil, err
		}
		lagged := make([]float64, len(from))
		for i, j := range from {
			if j < 0 {
				lacking[i] = true
				continue
			}
			lagged[i] = numbers[j]
		}
		b.columns[name] = lagged
	}
	return lacking, nil
}

func (b *Bound) previous(t *data.Table, by int) ([]int, error) {
	name := func(k *Key) string {
		if k == nil {
			return ""
		}
		return k.Name
	}
	return t.Previous(name(b.Model.Panel), name(b.Model.Time), by)
}

// drop leaves out the rows that lack a lag and those that have a missing value.
func (b *Bound) drop(t *data.Table, lacking []bool) error {
	var kept []int
	for i := range t.Rows() {
		if lacking[i] {
			b.Lagging++
			continue
		}
		hole := b.hole(t, i)
		switch {
		case hole == "":
			kept = append(kept, i)
		case b.Model.DropMissing:
			b.Missing++
		default:
			return fmt.Errorf("%s: %s is missing; fill it in, or write “missing: drop” in %s to "+
				"leave such rows out", t.Place(i), hole, b.Model.Source.Path)
		}
	}
	if len(kept) == 0 {
		return fmt.Errorf("%s: no row is left: %d of %d lack an earlier period and %d have a "+
			"missing value; nothing can be computed", t.Name(), b.Lagging, b.Rows, b.Missing)
	}
	b.N, b.Table = len(kept), t.Keep(kept)
	for name, xs := range b.columns {
		b.columns[name] = pick(xs, kept)
	}
	if b.weights != nil {
		b.weights = pick(b.weights, kept)
	}
	return b.checkWeights()
}

// hole is the name of a column whose value in a row is missing, or empty.
func (b *Bound) hole(t *data.Table, row int) string {
	for _, name := range b.names {
		if math.IsNaN(b.columns[name][row]) {
			return name
		}
	}
	if b.weights != nil && math.IsNaN(b.weights[row]) {
		return b.Model.Weights.Column.Name
	}
	return ""
}

func (b *Bound) checkWeights() error {
	total := 0.0
	for i, w := range b.weights {
		if !(w >= 0) || math.IsInf(w, 1) {
			return fmt.Errorf("%s: the weight %s is %v; weights are zero or positive",
				b.Table.Place(i), b.Model.Weights.Column.Name, w)
		}
		if !b.Model.Weights.Sampling && w != math.Trunc(w) {
			return fmt.Errorf("%s: the weight %s is %v, and frequencies are whole numbers; write "+
				"“kind: sampling” if it says how a row was drawn", b.Table.Place(i),
				b.Model.Weights.Column.Name, w)
		}
		total += w
	}
	if b.weights != nil && total == 0 {
		return fmt.Errorf("%s: all weights are zero, so nothing is observed", b.Table.Name())
	}
	return nil
}

// readGroups reads the keys of the sums over groups.
func (b *Bound) readGroups() error {
	for _, g := range b.Model.groups() {
		if g.Key == "" {
			continue
		}
		index, labels, err := b.Groups(g.Key)
		if err != nil {
			return err
		}
		b.groups[g.Key] = grouping{index, len(labels)}
	}
	return nil
}

// Groups numbers the rows used by a column's texts, in order of first appearance.
func (b *Bound) Groups(column string) (index []int64, labels []string, err error) {
	texts, err := b.Table.Texts(column)
	if err != nil {
		return nil, nil, err
	}
	for row, text := range texts {
		if strings.TrimSpace(text) == "" {
			return nil, nil, fmt.Errorf("%s: %s is missing, so the row is in no group; fill it in",
				b.Table.Place(row), column)
		}
	}
	numbers, labels := data.Groups(texts)
	index = make([]int64, len(numbers))
	for i, n := range numbers {
		index[i] = int64(n)
	}
	return index, labels, nil
}

// Names are the keys of the columns, as x and x[-1], in the order of Sample.Columns.
func (b *Bound) Names() []string { return slices.Clone(b.names) }

// Column is the numbers of a column, of N.
func (b *Bound) Column(name string) []float64 { return slices.Clone(b.columns[name]) }

// Weights are the rows' weights, or nil where all count alike.
func (b *Bound) Weights() []float64 { return slices.Clone(b.weights) }

// Sample is the rows used.
func (b *Bound) Sample() Sample {
	s := Sample{Columns: make([]ad.Value, len(b.names))}
	for i, name := range b.names {
		s.Columns[i] = ad.Vector(b.columns[name]...)
	}
	s.Weights = ad.Full(ad.Float64, 1, b.N)
	if b.weights != nil {
		s.Weights = ad.Vector(b.weights...)
	}
	return s
}

// Place is where a row used stands in the file, for messages.
func (b *Bound) Place(row int) string {
	if b.Table == nil {
		return fmt.Sprintf("row %d", row+1)
	}
	return b.Table.Place(row)
}

func pick(xs []float64, rows []int) []float64 {
	out := make([]float64, len(rows))
	for i, row := range rows {
		out[i] = xs[row]
	}
	return out
}

// reference is where the file first names a column, given by its key.
func (m *Model) reference(key string) Reference {
	column, _ := splitKey(key)
	for _, ref := range m.Columns() {
		if ref.Name == column {
			return ref
		}
	}
	return Reference{Name: column}
}

// splitKey takes a column's key apart: x[-2] is x and 2, x is x and 0.
func splitKey(key string) (column string, by int) {
	for i := len(key) - 1; i >= 0; i-- {
		if key[i] == '[' {
			if _, err := fmt.Sscanf(key[i:], "[-%d]", &by); err == nil {
				return key[:i], by
			}
		}
	}
	return key, 0
}

// groups are all reductions over rows in the file.
func (m *Model) groups() []*expression.Group {
	all := append(m.equilibrium(), m.densities()...)
	for _, d := range m.Definitions {
		all = append(all, d.Formula.Expr)
	}
	if m.LogLik != nil {
		all = append(all, m.LogLik.Expr)
	}
	return m.uses(all...).groups
}
