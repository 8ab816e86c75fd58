package model

import (
	"fmt"
	"strings"
	"unicode"

	"pullback/model/expression"
)

// Error is a mistake in a model file, with its place.
type Error struct {
	Path    string
	At      Position // zero where the mistake is in no line, as in a file that is too large
	Line    string   // the line at At, as it is in the file
	Message string   // what is wrong
	Advice  string   // what to try; may be empty
}

// shown is how many characters of a line are shown on either side of a mistake.
const shown = 80

// Error is the place and the message, the line itself with a caret under the mistake, and the
// advice:
//
//	market.yaml:11:11: there is no function lg
//	  demand: lg(P)
//	          ^
//	did you mean log?
func (e *Error) Error() string {
	if e.At.Line == 0 {
		return joined(e.Path+": "+e.Message, e.Advice)
	}
	first := fmt.Sprintf("%s:%d:%d: %s", e.Path, e.At.Line, e.At.Column, e.Message)
	line := []rune(strings.Map(visible, e.Line))
	caret := min(e.At.Column-1, len(line))
	from, before, after := 0, "", ""
	if caret > shown {
		from, before = caret-shown, "…"
	}
	to := len(line)
	if to > caret+shown {
		to, after = caret+shown, "…"
	}
	// Indentation that the line has before the caret tells nothing.
	for from < caret && line[from] == ' ' {
		from++
	}
	indent := strings.Repeat(" ", caret-from+len([]rune(before)))
	return joined(first, "  "+before+strings.TrimRight(string(line[from:to]), " ")+after,
		"  "+indent+"^", e.Advice)
}

func joined(lines ...string) string {
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// visible is a character that takes one place in a terminal and commands it nothing.
func visible(r rune) rune {
	switch {
	case r == '\t':
		return ' '
	case !unicode.IsPrint(r) && !unicode.IsMark(r):
		return unicode.ReplacementChar
	}
	return r
}

// Complain is an error at a place in the model's file.
func (m *Model) Complain(at Position, message, advice string) error {
	return m.Source.complain(at, message, advice)
}

func (s Source) complain(at Position, message, advice string) error {
	return &Error{s.Path, at, s.line(at.Line), message, advice}
}

// line is a line of the file, counted from one; empty beyond its end.
func (s Source) line(n int) string {
	rest := s.Text
	for ; n > 1; n-- {
		_, rest, _ = strings.Cut(rest, "\n")
	}
	line, _, _ := strings.Cut(rest, "\n")
	return line
}

// Place is where in the file a part of a formula stands.
func (m *Model) Place(f Formula, at expression.Span) Position { return m.Source.place(f, at.Start) }

// place follows a formula's text through the file up to a byte of it. YAML folds line breaks and
// spaces into other spaces; where it changed more, as an escape in quotes, the formula's beginning
// is the answer.
func (s Source) place(f Formula, offset int) Position {
	at := f.At
	source := []rune(s.line(at.Line))
	skip := func() { // spaces and line breaks
		for {
			for at.Column <= len(source) && unicode.IsSpace(source[at.Column-1]) {
				at.Column++
			}
			if at.Column <= len(source) || at.Line > strings.Count(s.Text, "\n") {
				return
			}
			at = Position{at.Line + 1, 1}
			source = []rune(s.line(at.Line))
		}
	}
	for i, r := range f.Text {
		if unicode.IsSpace(r) && i < offset {
			continue
		}
		skip()
		if i >= offset {
			return at
		}
		if at.Column > len(source) || source[at.Column-1] != r {
			return f.At
		}
		at.Column++
	}
	return at
}
