package data

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// ReadCSV reads a table in comma-separated values, RFC 4180: a line that names the columns, then a
// line for each row. Cells may be in double quotes, in which a quote is doubled and a line may
// break. Lines end with LF, CR LF or CR; a byte order mark is passed over. If there is no comma in
// the first line, its semicolons or tabs are the separators instead; numbers have decimal points
// in any case. name is what messages call the file.
//
// A row with more or fewer cells than there are names is an error, so is an empty line with rows
// below it, and there are no comments. Spaces around a name are dropped.
func ReadCSV(name string, r io.Reader) (*Table, error) {
	file, err := readLimited(name, r)
	if err != nil {
		return nil, err
	}
	t := &Table{name: name, digest: digest(file), inLines: true}
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	if err := checkText(file); err != nil {
		return nil, fmt.Errorf("%s%w", name, err)
	}
	s := &splitter{rest: string(file), line: 1}
	if err := t.readHeader(s); err != nil {
		return nil, fmt.Errorf("%s:%w", name, err)
	}
	if err := t.readRows(s); err != nil {
		return nil, fmt.Errorf("%s:%w", name, err)
	}
	if err := t.finish(); err != nil {
		return nil, err
	}
	return t, nil
}

// checkText says where a file is no UTF-8 text. The error begins with the line or a colon.
func checkText(file []byte) error {
	if bytes.HasPrefix(file, []byte("\xff\xfe")) || bytes.HasPrefix(file, []byte("\xfe\xff")) {
		return fmt.Errorf(": the text is UTF-16; save it as UTF-8")
	}
	bad, what := bytes.IndexByte(file, 0), "a zero byte, which no text has; is it a CSV file?"
	if bad < 0 {
		bad, what = firstInvalid(file), "a character that is not UTF-8; save the file as UTF-8"
	}
	if bad < 0 {
		return nil
	}
	line := 1 + bytes.Count(file[:bad], []byte("\n"))
	return fmt.Errorf(":%d: there is %s", line, what)
}

// firstInvalid is the index of the first byte that is no UTF-8, or -1.
func firstInvalid(file []byte) int {
	if utf8.Valid(file) {
		return -1
	}
	i := 0
	for {
		r, size := utf8.DecodeRune(file[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
}

// readHeader reads the names of the columns.
func (t *Table) readHeader(s *splitter) error {
	if s.rest == "" {
		return fmt.Errorf(" the file is empty; its first line must name the columns")
	}
	separator, err := findSeparator(s.rest)
	if err != nil {
		return fmt.Errorf("1: %w", err)
	}
	s.separator = separator
	if t.names, err = s.row(nil); err != nil {
		return err
	}
	numbers := true
	for i, name := range t.names {
		t.names[i] = strings.TrimSpace(name)
		_, ok := decimal(t.names[i])
		numbers = numbers && ok
	}
	switch {
	case len(t.names) == 1 && t.names[0] == "":
		return fmt.Errorf("1: the first line is empty; it must name the columns")
	case numbers:
		return fmt.Errorf("1: the first line has numbers only, beginning with %s; "+
			"write a line above it that names the columns", quote(t.names[0]))
	}
	if err := checkNames(t.names); err != nil {
		return fmt.Errorf("1: %w", err)
	}
	return nil
}

// findSeparator is the comma if the first line has one outside quotes, otherwise the semicolon or
// the tab if it has those. A line without any is one column.
func findSeparator(text string) (byte, error) {
	var has [256]bool
	quoted := false
	for i := 0; i < len(text) && (quoted || text[i] != '\n' && text[i] != '\r'); i++ {
		if text[i] == '"' {
			quoted = !quoted
		}
		has[text[i]] = has[text[i]] || !quoted
	}
	switch {
	case has[',']:
		return ',', nil
	case has[';'] && has['\t']:
		return 0, fmt.Errorf("there are semicolons and tabs between the names; use one of them, " +
			"or commas")
	case has[';']:
		return ';', nil
	case has['\t']:
		return '\t', nil
	}
	return ',', nil
}

// readRows reads the rows below the header.
func (t *Table) readRows(s *splitter) error {
	columns := make([]texts, len(t.names))
	var cells []string
	emptyLine := 0 // the first of the empty lines just passed
	for s.rest != "" {
		line := s.line
		if s.newline() {
			if emptyLine == 0 {
				emptyLine = line
			}
			continue
		}
		if emptyLine != 0 {
			return fmt.Errorf("%d: the line is empty, and there are rows below it; remove it, or "+
				"write NA where a value is missing", emptyLine)
		}
		var err error
		if cells, err = s.row(cells[:0]); err != nil {
			return err
		}
		if len(cells) != len(t.names) {
			return s.ragged(line, cells, len(t.names))
		}
		if (len(t.lines)+1)*len(cells) > maxCells {
			return fmt.Errorf("%d: there are more than %d cells; keep only the rows and columns "+
				"that the model needs", line, maxCells)
		}
		for i, cell := range cells {
			columns[i] = append(columns[i], cell)
		}
		t.lines = append(t.lines, line)
	}
	for _, c := range columns {
		t.columns = append(t.columns, slices.Clip(c))
	}
	return nil
}
