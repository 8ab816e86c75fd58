// Package data holds tables of observations: rows of named columns as they are read from CSV and
// Parquet files, with the places of their cells, so that a complaint about a number can say where
// it stands.
//
// A file is read whole. What it may hold is limited, so that no file makes a program run out of
// memory: 1 GiB of bytes, 67,108,864 cells, 65,536 columns, 65,536 bytes a cell. What a file claims
// about its sizes is never believed before it is read.
package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// What a table may hold.
const (
	maxBytes     = 1 << 30
	maxCells     = 1 << 26
	maxColumns   = 1 << 16
	maxCellBytes = 1 << 16
)

// Table is rows of named columns. A cell is as it was read: whether it is a number is asked when
// it is needed as one, by Numbers. A Table does not change.
type Table struct {
	name    string
	digest  string
	names   []string
	columns []column
	index   map[string]int // of a name among names
	lines   []int          // of each row: its line in a CSV file, otherwise its number from 1
	inLines bool           // places are lines, not numbers of rows
}

// column is the cells of one name.
type column interface {
	len() int
	// number gives NaN for a missing cell, and says why a cell has none: “12,5”, which is …
	number(row int) (value float64, fault string)
	text(row int) (value, fault string)
	keep(rows []int) column
}

// New makes a table of numbers, NaN where one is missing; columns[i] is the one named names[i].
// They are copied. It is an error if a name is missing or given twice, or if the columns have
// different lengths or none.
func New(name string, names []string, columns [][]float64) (*Table, error) {
	if err := checkColumns(names, columns); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	t := &Table{name: name, names: slices.Clone(names)}
	for _, c := range columns {
		t.columns = append(t.columns, floats(slices.Clone(c)))
	}
	if err := t.finish(); err != nil {
		return nil, err
	}
	var file bytes.Buffer
	if err := WriteCSV(&file, names, columns); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	t.digest = digest(file.Bytes())
	return t, nil
}

// checkColumns says what is wrong with columns of numbers as such.
func checkColumns(names []string, columns [][]float64) error {
	if len(names) != len(columns) {
		return fmt.Errorf("%s for %d columns; give each column one name", count(len(names), "name"),
			len(columns))
	}
	if len(columns) == 0 {
		return fmt.Errorf("no columns; a table has at least one")
	}
	for i, c := range columns {
		if len(c) != len(columns[0]) {
			return fmt.Errorf("column %s has %s and column %s has %d; give all the same number",
				quote(names[0]), count(len(columns[0]), "row"), quote(names[i]), len(c))
		}
	}
	return checkNames(names)
}

// checkNames says which name is missing or given twice.
func checkNames(names []string) error {
	first := make(map[string]int, len(names))
	for i, name := range names {
		if name == "" {
			advice := "give it one"
			if i == 0 {
				advice += ", or write the file without row names (R: row.names = FALSE; " +
					"pandas: index=False)"
			}
			return fmt.Errorf("column %d has no name; %s", i+1, advice)
		}
		if !utf8.ValidString(name) {
			return fmt.Errorf("the name of column %d, %s, is not UTF-8; rename it", i+1,
				quote(name))
		}
		if j, twice := first[name]; twice {
			return fmt.Errorf("columns %d and %d are both named %s; rename one", j+1, i+1,
				quote(name))
		}
		first[name] = i
	}
	return nil
}

// finish sets what follows from the names and columns, and checks that there is a row.
func (t *Table) finish() error {
	t.index = make(map[string]int, len(t.names))
	for i, name := range t.names {
		t.index[name] = i
	}
	n := t.columns[0].len()
	if n == 0 {
		return fmt.Errorf("%s: there are no rows, only the names of columns; a table needs "+
			"at least one", t.name)
	}
	if t.lines == nil {
		t.lines = make([]int, n)
		for i := range t.lines {
			t.lines[i] = i + 1
		}
	}
	return nil
}

// digest is what Table.Digest gives for a file.
func digest(file []byte) string {
	sum := sha256.Sum256(file)
	return hex.EncodeToString(sum[:])
}

// Name is the file's name, as it was given.
func (t *Table) Name() string { return t.name }

// Rows is the number of rows, at least one unless Keep kept none.
func (t *Table) Rows() int { return len(t.lines) }

// Names lists the columns in the file's order.
func (t *Table) Names() []string { return slices.Clone(t.names) }

// Has says whether there is a column of this name.
func (t *Table) Has(name string) bool {
	_, has := t.index[name]
	return has
}

// Digest is the SHA-256 of the file's bytes in hexadecimal, to know the file again. Keep does not
// change it. A table that New made has that of the file which WriteCSV would write.
func (t *Table) Digest() string { return t.digest }

// Line is the line on which a row begins in a CSV file, counted from 1, the header's; for other
// tables it is the row's number from 1. row counts from 0.
func (t *Table) Line(row int) int { return t.lines[row] }

// Place is where a row stands, for messages: “prices.csv:17”, “prices.parquet: row 16”.
func (t *Table) Place(row int) string {
	if t.inLines {
		return fmt.Sprintf("%s:%d", t.name, t.lines[row])
	}
	return fmt.Sprintf("%s: row %d", t.name, t.lines[row])
}

// Numbers is a column as numbers, one a row, NaN where a cell is missing: empty, or NA, NaN, null
// or a point alone. A cell that is anything else, infinity included, is an error that gives its
// place, the column, and what was found.
func (t *Table) Numbers(name string) ([]float64, error) {
	c, err := t.column(name)
	if err != nil {
		return nil, err
	}
	values := make([]float64, t.Rows())
	for i := range values {
		v, fault := c.number(i)
		if fault != "" {
			return nil, fmt.Errorf("%s: %s is %s", t.Place(i), label(name), fault)
		}
		values[i] = v
	}
	return values, nil
}

// Texts is a column as it is written, one text a row, for keys of panels, clusters and groups. A
// number of a Parquet file is written with the fewest digits that read back the same, a missing
// cell as the empty text.
func (t *Table) Texts(name string) ([]string, error) {
	c, err := t.column(name)
	if err != nil {
		return nil, err
	}
	values := make([]string, t.Rows())
	for i := range values {
		v, fault := c.text(i)
		if fault != "" {
			return nil, fmt.Errorf("%s: %s is %s", t.Place(i), label(name), fault)
		}
		values[i] = v
	}
	return values, nil
}

// column finds a column.
func (t *Table) column(name string) (column, error) {
	if i, has := t.index[name]; has {
		return t.columns[i], nil
	}
	const most = 12
	list := strings.Join(t.names[:min(most, len(t.names))], ", ")
	if more := len(t.names) - most; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return nil, fmt.Errorf("%s has no column %s; its columns are %s", t.name, quote(name), list)
}

// Keep is the table of the given rows, in the given order. Each keeps its place.
func (t *Table) Keep(rows []int) *Table {
	kept := *t
	kept.lines = make([]int, len(rows))
	for i, row := range rows {
		kept.lines[i] = t.lines[row]
	}
	kept.columns = make([]column, len(t.columns))
	for i, c := range t.columns {
		kept.columns[i] = c.keep(rows)
	}
	return &kept
}
