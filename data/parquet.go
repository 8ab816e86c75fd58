package data

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// ReadParquet reads a table from an Apache Parquet file. Columns may be booleans (0 and 1),
// integers (dates and times are what they count), decimals (to the nearest float64), floats,
// doubles and UTF-8 text, with or without missing values. Other columns, nested ones say, are in
// the table, but their cells are an error that says why. Pages may be compressed with snappy, gzip
// or zstd, and values plain, in a dictionary, or as differences. name is what messages call the
// file.
func ReadParquet(name string, r io.Reader) (*Table, error) {
	file, err := readLimited(name, r)
	if err != nil {
		return nil, err
	}
	t := &Table{name: name, digest: digest(file)}
	if err := t.readParquet(file); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if err := t.finish(); err != nil {
		return nil, err
	}
	return t, nil
}

// unread says why a column is not read.
type unread struct{ why string }

func (e *unread) Error() string { return e.why }

func (t *Table) readParquet(file []byte) error {
	footer, err := findFooter(file)
	if err != nil {
		return err
	}
	d, err := readDescription(footer)
	if err != nil {
		return err
	}
	leaves, err := d.leaves()
	if err != nil {
		return err
	}
	if err := d.checkSizes(len(leaves), int64(len(file))); err != nil {
		return err
	}
	budget := int64(maxBytes)
	for i, leaf := range leaves {
		if leaf.skipped {
			continue
		}
		c, err := d.readColumn(file, i, leaf, &budget)
		if why, ok := errors.AsType[*unread](err); ok {
			c, err = refused{int(d.rows), why.why}, nil
		}
		if err != nil {
			return fmt.Errorf("column %s: %w", quote(leaf.name), err)
		}
		t.names = append(t.names, leaf.name)
		t.columns = append(t.columns, c)
	}
	return checkNames(t.names)
}

// findFooter is the bytes in which the file describes itself: they are at its end, before their
// own length and a magic word.
func findFooter(file []byte) ([]byte, error) {
	const magic, encrypted = "PAR1", "PARE"
	n := len(file)
	switch {
	case bytes.HasPrefix(file, []byte(encrypted)):
		return nil, errors.New("the file is encrypted; write it without encryption")
	case !bytes.HasPrefix(file, []byte(magic)):
		return nil, errors.New("this is not a Parquet file, which begins with PAR1")
	case n < 12 || !bytes.HasSuffix(file, []byte(magic)):
		return nil, damaged("it does not end with PAR1 and may have been cut off")
	}
	length := uint64(binary.LittleEndian.Uint32(file[n-8:]))
	if length > uint64(n-12) {
		return nil, damaged("it claims a footer of %d bytes and has %d in all", length, n)
	}
	return file[uint64(n-8)-length : n-8], nil
}

// leaf is a column that holds values.
type leaf struct {
	element
	why     string // it is not read, if so
	skipped bool   // part of a nested column that an earlier leaf stands for
}

// leaves lists the leaves of the schema in the order of a row group's chunks.
func (d description) leaves() (leaves []leaf, err error) {
	if len(d.schema) == 0 {
		return nil, damaged("it has no schema")
	}
	rest := d.schema[1:]
	for range d.schema[0].children {
		top, n := element{}, 0
		if len(rest) > 0 {
			top = rest[0]
		}
		if n, rest, err = countLeaves(rest); err != nil {
			return nil, err
		}
		if top.children == 0 {
			leaves = append(leaves, leaf{element: top, why: top.unreadable()})
			continue
		}
		for i := range n {
			leaves = append(leaves, leaf{element: top, skipped: i > 0,
				why: "nested, which a table of numbers and texts is not; write its parts as " +
					"columns"})
		}
	}
	switch {
	case len(rest) > 0:
		return nil, damaged("its schema has columns outside the table")
	case len(leaves) == 0:
		return nil, errors.New("the file has no columns; a table needs at least one")
	case len(leaves) > maxColumns:
		return nil, fmt.Errorf("there are more than %d columns; keep those that the model needs",
			maxColumns)
	}
	return leaves, nil
}

// countLeaves counts the leaves of the tree at the front of schema, which it takes off.
func countLeaves(schema []element) (n int, rest []element, err error) {
	for open := int64(1); open > 0; open-- {
		if len(schema) == 0 || schema[0].children < 0 ||
			schema[0].children >= int64(len(schema)) {
			return 0, nil, damaged("its schema ends too soon")
		}
		if schema[0].children == 0 {
			n++
		}
		open += schema[0].children
		schema = schema[1:]
	}
	return n, schema, nil
}

// unreadable says why an element's values are not read, or nothing.
func (e element) unreadable() string {
	switch {
	case e.repetition == repeated:
		return "a list in each row; write its parts as columns"
	case e.decimal:
		return e.unreadableDecimal()
	case e.physical == physicalInt96:
		return "of type INT96, which is not read; write times as INT64"
	case e.half:
		return "of type float16, which is not read; write it as float or double"
	case e.physical == physicalFixed:
		return "of fixed-length bytes, which are not read; write numbers or text"
	case e.physical < 0 || e.physical > physicalFixed:
		return "of an unknown type; write numbers or text"
	}
	return ""
}

// checkSizes compares what the file claims with itself and with what a table may hold.
func (d description) checkSizes(leaves int, bytes int64) error {
	rows := int64(0)
	for _, g := range d.groups {
		if g.rows < 0 || g.rows > d.rows-rows {
			return damaged("its row groups have more rows than the %d that it claims", d.rows)
		}
		rows += g.rows
		if len(g.chunks) != leaves {
			return damaged("a row group has %s, and the schema %d", count(len(g.chunks), "column"),
				leaves)
		}
		for _, c := range g.chunks {
			if c.size < 0 || c.size > bytes {
				return damaged("its columns are said to have more bytes than there are")
			}
			bytes -= c.size
		}
	}
	if rows != d.rows {
		return damaged("it claims %d rows, and its row groups have %d", d.rows, rows)
	}
	if rows > maxCells/int64(leaves) {
		return fmt.Errorf("there are %d rows of %s, which is more than %d cells; keep only the "+
			"rows and columns that the model needs", rows, count(leaves, "column"), maxCells)
	}
	return nil
}

// readColumn reads the chunks of leaf i.
func (d description) readColumn(file []byte, i int, l leaf, budget *int64) (column, error) {
	if l.why != "" {
		return nil, &unread{l.why}
	}
	g := newGatherer(l.element)
	for _, group := range d.groups {
		c := group.chunks[i]
		switch {
		case c.elsewhere:
			return nil, &unread{"encrypted or in another file; write one file without encryption"}
		case c.physical != l.physical:
			return nil, damaged("its type is not that of the schema")
		case c.values != group.rows:
			return nil, damaged("it has %d values in %d rows", c.values, group.rows)
		}
		p := &pages{chunk: c, optional: l.repetition == optional, budget: budget}
		if err := p.read(file, g); err != nil {
			return nil, err
		}
	}
	return g.column(), nil
}

// refused is a column whose cells are not read.
type refused struct {
	rows int
	why  string
}

func (c refused) len() int                       { return c.rows }
func (c refused) number(int) (float64, string)   { return 0, c.why }
func (c refused) text(int) (value, fault string) { return "", c.why }
func (c refused) keep(rows []int) column         { return refused{len(rows), c.why} }
