package model

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

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
	return &Error{m.Source.Path, at, m.line(at.Line), shortened(message), shortened(advice)}
}

// shortened is a text without the middle, if it quotes more of a file than anybody reads.
func shortened(s string) string {
	const end = 200
	runes := []rune(s)
	if len(runes) <= 3*end {
		return s
	}
	return string(runes[:end]) + " … " + string(runes[len(runes)-end:])
}

// line is a line of the file, counted from one; empty beyond its end.
func (m *Model) line(n int) string {
	if n < 1 || n > len(m.lines) {
		return ""
	}
	return m.lines[n-1]
}

// Place is where in the file a part of a formula begins. It follows the formula's text through
// the file. YAML folds line breaks and spaces into other spaces; where it changed more, as an
// escape in quotes, the formula's beginning is the answer.
func (m *Model) Place(f Formula, part expression.Span) Position {
	at, line := f.At, m.line(f.At.Line)
	if n := strings.Index(line, f.Text); n >= 0 && utf8.RuneCountInString(line[:n]) == at.Column-1 {
		at.Column += utf8.RuneCountInString(f.Text[:part.Start]) // as it is, the usual way
		return at
	}
	source := []rune(line)
	skip := func() { // spaces and line breaks
		for {
			for at.Column <= len(source) && unicode.IsSpace(source[at.Column-1]) {
				at.Column++
			}
			if at.Column <= len(source) || at.Line >= len(m.lines) {
				return
			}
			at = Position{at.Line + 1, 1}
			source = []rune(m.line(at.Line))
		}
	}
	for i, r := range f.Text {
		if unicode.IsSpace(r) && i < part.Start {
			continue
		}
		skip()
		if i >= part.Start {
			return at
		}
		if at.Column > len(source) || source[at.Column-1] != r {
			return f.At
		}
		at.Column++
	}
	return at
}
