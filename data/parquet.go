package data

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"github.com/parquet-go/parquet-go"
)

// rowsAtOnce is how many rows are read at once: memory grows with what is in the file and not with
// what its footer claims.
const rowsAtOnce = 1024

// parseParquet reads a flat Parquet file: columns of numbers, booleans (1 and 0) and texts,
// optional or not. Nested and repeated ones are refused.
func parseParquet(name string, text []byte) (t *Table, err error) {
	// The reader has been seen to panic on files that are damaged; here is the border.
	defer func() {
		if p := recover(); p != nil {
			t, err = nil, fmt.Errorf("%s: this is no Parquet file that can be read: it is damaged",
				name)
		}
	}()
	file, err := parquet.OpenFile(bytes.NewReader(text), int64(len(text)))
	if err != nil {
		return nil, fmt.Errorf("%s: this is no Parquet file that can be read: %w", name, err)
	}
	t = &Table{name: name}
	var names []string
	for _, field := range file.Schema().Fields() {
		if !field.Leaf() || field.Repeated() {
			return nil, fmt.Errorf("%s: the column %s is nested or repeated; a table has one "+
				"number "+
				"or text in each cell", name, field.Name())
		}
		names = append(names, field.Name())
	}
	if err := t.setNames(names, name); err != nil {
		return nil, err
	}
	t.columns = make([]column, len(names))
	rows := 0
	for _, group := range file.RowGroups() {
		n, err := t.readGroup(group)
		if err != nil {
			return nil, fmt.Errorf("%s: row %d: %w", name, rows+n+1, err)
		}
		rows += n
	}
	if rows == 0 {
		return nil, fmt.Errorf("%s: there are no rows", name)
	}
	t.number(rows)
	return t, nil
}

// readGroup appends the rows of a group.
func (t *Table) readGroup(group parquet.RowGroup) (n int, err error) {
	rows := group.Rows()
	defer func() { err = errors.Join(err, rows.Close()) }()
	buffer := make([]parquet.Row, rowsAtOnce)
	for {
		got, err := rows.ReadRows(buffer)
		for _, row := range buffer[:got] {
			if len(row) != len(t.columns) {
				return n, fmt.Errorf("it has %d cells for %d columns", len(row), len(t.columns))
			}
			for _, v := range row {
				if v.Column() < 0 || v.Column() >= len(t.columns) {
					return n, fmt.Errorf("it has a cell of column %d", v.Column())
				}
				t.columns[v.Column()].add(v)
			}
			n++
		}
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if got == 0 {
			return n, errors.New("the file ends in the middle")
		}
	}
}

// add appends a cell: to the numbers if it is one, and to the texts otherwise.
func (c *column) add(v parquet.Value) {
	x := math.NaN()
	switch {
	case v.IsNull():
	case v.Kind() == parquet.Boolean:
		x = 0
		if v.Boolean() {
			x = 1
		}
	case v.Kind() == parquet.Int32:
		x = float64(v.Int32())
	case v.Kind() == parquet.Int64:
		x = float64(v.Int64())
	case v.Kind() == parquet.Float:
		x = float64(v.Float())
	case v.Kind() == parquet.Double:
		x = v.Double()
	default:
		c.addText(string(v.ByteArray()))
		return
	}
	if c.texts != nil {
		c.addText(plain(x))
		return
	}
	c.numbers = append(c.numbers, x)
}

// addText appends a text; what came before, missing cells at most, becomes text too.
func (c *column) addText(text string) {
	if c.texts == nil {
		c.texts = []string{}
		for _, x := range c.numbers {
			c.texts = append(c.texts, plain(x))
		}
		c.numbers = nil
	}
	c.texts = append(c.texts, text)
}

// plain is a number as a text; a missing one is empty.
func plain(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}
