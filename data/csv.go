package data

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ReadCSV reads a table as Read does; the name is for messages.
func ReadCSV(name string, r io.Reader) (*Table, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return parseCSV(name, text)
}

// mostColumns bounds what a first line can claim.
const mostColumns = 100_000

// parseCSV reads comma-separated values with a header (RFC 4180). Where the header has no comma but
// semicolons or tabs, those separate.
func parseCSV(name string, text []byte) (*Table, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(text) {
		for i, line := range bytes.Split(text, []byte("\n")) {
			if !utf8.Valid(line) {
				return nil, fmt.Errorf("%s:%d: this line is not UTF-8; save the file as "+
					"UTF-8", name,
					i+1)
			}
		}
	}
	if i := bytes.IndexByte(text, 0); i >= 0 {
		return nil, fmt.Errorf("%s:%d: here is a byte of zero, so this is no text; is it a "+
			"spreadsheet? save it as CSV", name, 1+bytes.Count(text[:i], []byte("\n")))
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = separator(text)
	r.FieldsPerRecord = -1
	r.ReuseRecord = true
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: the file is empty; its first line names the columns", name)
	}
	if err != nil {
		return nil, csvError(name, err)
	}
	if len(header) > mostColumns {
		return nil, fmt.Errorf("%s:1: there are %d columns, and at most %d are read", name,
			len(header), mostColumns)
	}
	t := &Table{name: name, byLine: true}
	names := make([]string, len(header))
	for i, h := range header {
		names[i] = strings.Clone(strings.TrimSpace(h))
	}
	if err := t.setNames(names, name+":1"); err != nil {
		return nil, err
	}
	t.columns = make([]column, len(names))
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, csvError(name, err)
		}
		line, _ := r.FieldPos(0)
		if len(record) != len(names) {
			return nil, fmt.Errorf("%s:%d: this row has %d cells, and the first line names %d "+
				"columns", name, line, len(record), len(names))
		}
		t.lines = append(t.lines, line)
		for i, cell := range record {
			t.columns[i].texts = append(t.columns[i].texts, strings.Clone(cell))
		}
	}
	if len(t.lines) == 0 {
		return nil, fmt.Errorf("%s: there are no rows below the names of the columns", name)
	}
	return t, nil
}

// separator is a comma unless the first line has none but semicolons or tabs.
func separator(text []byte) rune {
	header, _, _ := bytes.Cut(text, []byte("\n"))
	for _, comma := range ",;\t" {
		if bytes.ContainsRune(header, comma) {
			return comma
		}
	}
	return ','
}

// csvError is the reader's complaint with the place first.
func csvError(name string, err error) error {
	var at *csv.ParseError
	if !errors.As(err, &at) {
		return err
	}
	switch {
	case errors.Is(at.Err, csv.ErrQuote):
		return fmt.Errorf("%s:%d:%d: a quote is not closed, or something follows it; write \"\" "+
			"for "+
			"a quote within quotes", name, at.StartLine, at.Column)
	case errors.Is(at.Err, csv.ErrBareQuote):
		return fmt.Errorf("%s:%d:%d: a quote within a cell without quotes; put the cell in quotes",
			name, at.Line, at.Column)
	}
	return fmt.Errorf("%s:%d:%d: %w", name, at.Line, at.Column, at.Err)
}

// WriteCSV writes columns of one length, in the shortest digits that read back as the same
// numbers; a NaN is an empty cell.
func WriteCSV(w io.Writer, names []string, columns [][]float64) error {
	buffered := bufio.NewWriter(w)
	out := csv.NewWriter(buffered)
	if err := out.Write(names); err != nil {
		return err
	}
	record := make([]string, len(columns))
	for row := range columns[0] {
		for i, c := range columns {
			record[i] = ""
			if !math.IsNaN(c[row]) {
				record[i] = strconv.FormatFloat(c[row], 'g', -1, 64)
			}
		}
		// A row of one empty cell would be an empty line, which readers skip.
		if len(record) == 1 && record[0] == "" {
			record[0] = "NA"
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return errors.Join(out.Error(), buffered.Flush())
}
