// Package data reads tables of observations, from CSV and Parquet files.
//
// A table keeps each cell as it is written and where it stands, so that what is wrong with it can
// be said by file and line when a column is asked for.
package data

import (
	"crypto/sha256"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Table is rows of named columns.
type Table struct {
	name    string
	names   []string
	columns []column // as many as names
	lines   []int    // of each row in the file, from one; or its number, from zero
	byLine  bool     // lines are of a text
	digest  string
}

// column is cells, as texts or as numbers, whichever the file had.
type column struct {
	texts   []string
	numbers []float64
}

// Read reads a file by its suffix, .csv or .parquet.
func Read(path string) (*Table, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var t *Table
	switch suffix := strings.ToLower(filepath.Ext(path)); suffix {
	case ".csv":
		t, err = parseCSV(path, text)
	case ".parquet":
		t, err = parseParquet(path, text)
	default:
		return nil, fmt.Errorf("%s: data are read from .csv and .parquet files, and this is %q; "+
			"convert it, or rename it", path, suffix)
	}
	if err != nil {
		return nil, err
	}
	t.digest = fmt.Sprintf("%x", sha256.Sum256(text))
	return t, nil
}

// New is a table of numbers; NaN is a missing one.
func New(name string, names []string, columns [][]float64) (*Table, error) {
	t := &Table{name: name}
	for i, column := range columns {
		if len(column) != len(columns[0]) {
			return nil, fmt.Errorf("%s: the column %s has %d rows and %s has %d; all must have as "+
				"many", name, names[i], len(column), names[0], len(columns[0]))
		}
	}
	if err := t.setNames(names, name); err != nil {
		return nil, err
	}
	for _, c := range columns {
		t.columns = append(t.columns, column{numbers: slices.Clone(c)})
	}
	if len(columns) > 0 {
		t.number(len(columns[0]))
	}
	return t, nil
}

// number gives the rows their numbers.
func (t *Table) number(rows int) {
	t.lines = make([]int, rows)
	for i := range t.lines {
		t.lines[i] = i
	}
}

// setNames checks the names of the columns.
func (t *Table) setNames(names []string, place string) error {
	if len(names) == 0 {
		return fmt.Errorf("%s: there are no columns", place)
	}
	for i, name := range names {
		if strings.TrimSpace(name) == "" {
			return fmt.Errorf("%s: the name of column %d is empty; give it one in the first line",
				place, i+1)
		}
		if k := slices.Index(names[:i], name); k >= 0 {
			return fmt.Errorf("%s: the columns %d and %d are both called %s; rename one", place,
				k+1, i+1, name)
		}
	}
	t.names = names
	return nil
}

// Name is the path, or what the table was called.
func (t *Table) Name() string { return t.name }

// Rows is their number.
func (t *Table) Rows() int { return len(t.lines) }

// Names are those of the columns, in the file's order.
func (t *Table) Names() []string { return slices.Clone(t.names) }

// Has says whether there is a column of that name.
func (t *Table) Has(name string) bool { return slices.Contains(t.names, name) }

// Digest is the SHA-256 of the file's bytes in hexadecimal, to know it again; empty for a table
// that is from no file.
func (t *Table) Digest() string { return t.digest }

// Line is the row's line in the file, from one; in Parquet and without a file, its number from one.
func (t *Table) Line(row int) int {
	if t.byLine {
		return t.lines[row]
	}
	return t.lines[row] + 1
}

// Place is where a row stands, as prices.csv:17.
func (t *Table) Place(row int) string {
	if t.byLine {
		return fmt.Sprintf("%s:%d", t.name, t.lines[row])
	}
	return fmt.Sprintf("%s: row %d", t.name, t.lines[row]+1)
}

// Numbers are a column's cells. One that is missing (empty, NA, NaN, null or a point) is a NaN; one
// that is no number is an error.
func (t *Table) Numbers(name string) ([]float64, error) {
	c, err := t.column(name)
	if err != nil {
		return nil, err
	}
	if c.numbers != nil {
		for i, x := range c.numbers {
			if math.IsInf(x, 0) {
				return nil, fmt.Errorf("%s: %s is infinite; data are finite", t.Place(i), name)
			}
		}
		return slices.Clone(c.numbers), nil
	}
	out := make([]float64, len(c.texts))
	for i, text := range c.texts {
		if missing(text) {
			out[i] = math.NaN()
			continue
		}
		x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil || x-x != 0 || strings.ContainsAny(text, "_xXpP") {
			return nil, fmt.Errorf("%s: %s is %q, which is not a number%s", t.Place(i), name, text,
				advice(text))
		}
		out[i] = x
	}
	return out, nil
}

// Texts are a column's cells as they are written, for keys of panels, groups and clusters.
func (t *Table) Texts(name string) ([]string, error) {
	c, err := t.column(name)
	if err != nil {
		return nil, err
	}
	if c.texts != nil {
		return slices.Clone(c.texts), nil
	}
	out := make([]string, len(c.numbers))
	for i, x := range c.numbers {
		out[i] = strconv.FormatFloat(x, 'g', -1, 64)
	}
	return out, nil
}

func (t *Table) column(name string) (column, error) {
	i := slices.Index(t.names, name)
	if i < 0 {
		return column{}, fmt.Errorf("%s: there is no column %s; the columns are %s", t.name, name,
			some(t.names))
	}
	return t.columns[i], nil
}

// Keep is the table of some rows, in that order. They keep their places.
func (t *Table) Keep(rows []int) *Table {
	out := &Table{name: t.name, names: t.names, byLine: t.byLine, digest: t.digest}
	for _, row := range rows {
		out.lines = append(out.lines, t.lines[row])
	}
	for _, c := range t.columns {
		kept := column{}
		for _, row := range rows {
			if c.numbers != nil {
				kept.numbers = append(kept.numbers, c.numbers[row])
			} else {
				kept.texts = append(kept.texts, c.texts[row])
			}
		}
		out.columns = append(out.columns, kept)
	}
	return out
}

// missing says whether a cell says that it is empty.
func missing(text string) bool {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "", "na", "n/a", "nan", "null", ".":
		return true
	}
	return false
}

// advice for a cell that is no number.
func advice(text string) string {
	trimmed := strings.TrimSpace(text)
	comma := strings.Replace(trimmed, ",", ".", 1)
	switch _, err := strconv.ParseFloat(comma, 64); {
	case err == nil && comma != trimmed:
		return "; write " + comma
	case strings.ContainsAny(trimmed, "iI") && strings.Contains(strings.ToLower(trimmed), "inf"):
		return "; data are finite, and a missing value is an empty cell or NA"
	}
	return "; leave the cell empty or write NA if it is missing"
}

// some lists names, not too many.
func some(names []string) string {
	const most = 12
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
