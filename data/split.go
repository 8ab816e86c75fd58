package data

import (
	"fmt"
	"strings"
)

// splitter takes the rows of a CSV text off its front.
type splitter struct {
	rest      string
	separator byte
	line      int // of rest's first character, from 1
}

// row appends the cells of the next row to cells and passes over its line's end. Cells without
// doubled quotes are parts of the text, not copies. Errors begin with the line.
func (s *splitter) row(cells []string) ([]string, error) {
	line := s.line
	for {
		if len(cells) == maxColumns {
			return nil, fmt.Errorf("%d: there are more than %d columns; keep those that the "+
				"model needs", line, maxColumns)
		}
		cell, err := s.cell(len(cells) + 1)
		if err != nil {
			return nil, err
		}
		if len(cell) > maxCellBytes {
			return nil, fmt.Errorf("%d: the cell in column %d has more than %d bytes, beginning "+
				"with %s; is a closing quote missing?", line, len(cells)+1, maxCellBytes,
				quote(cell))
		}
		cells = append(cells, cell)
		if s.rest == "" || s.newline() {
			return cells, nil
		}
		s.rest = s.rest[1:] // the separator
	}
}

// cell takes the next cell and leaves the separator or line's end behind it.
func (s *splitter) cell(column int) (string, error) {
	if strings.HasPrefix(s.rest, `"`) {
		return s.quotedCell(column)
	}
	end := 0
	for end < len(s.rest) && !s.endsCell(s.rest[end]) {
		if s.rest[end] == '"' {
			return "", fmt.Errorf("%d: there is a quote inside the cell in column %d, which "+
				"does not begin with one; put the whole cell in quotes and double those in it",
				s.line, column)
		}
		end++
	}
	cell := s.rest[:end]
	s.rest = s.rest[end:]
	return cell, nil
}

// quotedCell takes a cell in quotes.
func (s *splitter) quotedCell(column int) (string, error) {
	line := s.line
	doubled := false
	for end := 1; end < len(s.rest); end++ {
		switch c := s.rest[end]; {
		case c == '\n', c == '\r' && !strings.HasPrefix(s.rest[end:], "\r\n"):
			s.line++
		case c == '"' && strings.HasPrefix(s.rest[end:], `""`):
			doubled = true
			end++
		case c == '"':
			cell := s.rest[1:end]
			s.rest = s.rest[end+1:]
			if s.rest != "" && !s.endsCell(s.rest[0]) {
				return "", fmt.Errorf("%d: the cell in column %d goes on after its closing quote; "+
					"double the quotes inside a cell in quotes", s.line, column)
			}
			if doubled {
				cell = strings.ReplaceAll(cell, `""`, `"`)
			}
			return cell, nil
		}
	}
	return "", fmt.Errorf("%d: the cell in column %d begins with a quote and has no closing one",
		line, column)
}

// endsCell says whether an unquoted c ends a cell.
func (s *splitter) endsCell(c byte) bool { return c == s.separator || c == '\n' || c == '\r' }

// newline passes over a line's end, and says whether there was one.
func (s *splitter) newline() bool {
	rest, found := strings.CutPrefix(s.rest, "\r\n")
	if !found && s.rest != "" && (s.rest[0] == '\n' || s.rest[0] == '\r') {
		rest, found = s.rest[1:], true
	}
	if found {
		s.rest = rest
		s.line++
	}
	return found
}

// ragged says that a row has not as many cells as there are names.
func (s *splitter) ragged(line int, cells []string, expected int) error {
	advice := "write NA where a value is missing"
	switch {
	case strings.HasPrefix(cells[0], "#"):
		advice = "remove it if it is a comment"
	case len(cells) > expected && s.separator == ',':
		advice = "put texts with commas in quotes, and write numbers with a decimal point"
	case len(cells) > expected:
		advice = "put texts with a separator in them in quotes"
	}
	return fmt.Errorf("%d: the row has %s, and the header names %s; %s", line,
		count(len(cells), "cell"), count(expected, "column"), advice)
}

// count is a number of things in words: 1 cell, 2 cells.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
