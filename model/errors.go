package model

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pullback/model/expression"
)

// Error is what is wrong with a model file, and where.
type Error struct {
	Path    string
	At      Position
	Line    string // the line itself
	Message string // a sentence without its full stop
	Advice  string // a sentence, or empty
}

// Error is several lines: the place and the message, the line with a caret under the place, and
// the advice.
func (e *Error) Error() string {
	out := fmt.Sprintf("%s:%d:%d: %s.", e.Path, e.At.Line, e.At.Column, e.Message)
	if strings.TrimSpace(e.Line) != "" {
		// The caret stands under its place also where tabs do.
		var space strings.Builder
		for i, r := range []rune(e.Line) {
			switch {
			case i >= e.At.Column-1:
			case r == '\t':
				space.WriteRune('\t')
			default:
				space.WriteRune(' ')
			}
		}
		out += fmt.Sprintf("\n    %s\n    %s^", e.Line, space.String())
	}
	if e.Advice != "" {
		out += "\n" + e.Advice
	}
	return out
}

// Complain makes an error about a place in the file: a message without its full stop, and an
// advice in whole sentences, which may be empty.
func (m *Model) Complain(at Position, message, advice string) error {
	return m.Source.complain(at, message, advice)
}

const longestShown = 200 // characters of a line in a message

func (s Source) complain(at Position, message, advice string) *Error {
	e := &Error{Path: s.Path, At: at, Message: message, Advice: advice}
	lines := strings.Split(s.Text, "\n")
	if at.Line >= 1 && at.Line <= len(lines) {
		e.Line = strings.TrimRight(lines[at.Line-1], "\r ")
		if runes := []rune(e.Line); len(runes) > longestShown {
			e.Line = string(runes[:longestShown]) + "…"
		}
	}
	return e
}

// Place is where a part of a formula stands in the file. In a text that goes over several lines it
// is the formula's beginning.
func (m *Model) Place(f Formula, at expression.Span) Position { return f.place(at) }

func (f Formula) place(at expression.Span) Position {
	if strings.Contains(f.Text, "\n") || at.Start > len(f.Text) {
		return f.At
	}
	return Position{f.At.Line, f.At.Column + utf8.RuneCountInString(f.Text[:at.Start])}
}

// didYouMean is an advice that names the nearest of the candidates, or none.
func didYouMean(name string, candidates []string) string {
	best, least := "", len([]rune(name))/3+1
	for _, c := range candidates {
		if d := distance(name, c); d <= least && (best == "" || d < distance(name, best)) {
			best = c
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("Did you mean %s?", best)
}

// distance is how many letters must be put in, left out, replaced or swapped with a neighbour (F.
// J. Damerau, Comm. ACM 7, 1964), in its form in which no piece is edited twice. Upper and lower
// case are the same.
func distance(a, b string) int {
	x, y := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range y {
		rows[0][j+1] = j + 1
	}
	for i := range x {
		for j := range y {
			change := 1
			if x[i] == y[j] {
				change = 0
			}
			d := min(rows[i][j+1]+1, rows[i+1][j]+1, rows[i][j]+change)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				d = min(d, rows[i-1][j-1]+1)
			}
			rows[i+1][j+1] = d
		}
	}
	return rows[len(x)][len(y)]
}

// declared are all names that the file gives a meaning.
func (m *Model) declared() []string {
	var out []string
	for _, p := range m.Parameters {
		out = append(out, p.Name)
	}
	for _, u := range m.Unknowns {
		out = append(out, u.Name)
	}
	for _, d := range m.Definitions {
		out = append(out, d.Name)
	}
	return out
}

// Reference is the first mention of a name that must be a column.
type Reference struct {
	Name string
	At   Position
}

// NotAColumn is the error that a table with these columns, or no table at all, lacks one.
func (m *Model) NotAColumn(ref Reference, have []string) error {
	candidates := append(m.declared(), have...)
	advice := didYouMean(ref.Name, slices.DeleteFunc(candidates, func(c string) bool {
		return c == ref.Name
	}))
	message := fmt.Sprintf("%s is neither a parameter, an unknown nor a definition, and the data "+
		"have no such column", ref.Name)
	if have == nil {
		message = fmt.Sprintf("%s is neither a parameter, an unknown nor a definition, so it must "+
			"be a column, and there are no data", ref.Name)
		if advice == "" {
			advice = "Declare it, or name a data file."
		}
	} else if advice == "" {
		advice = "The columns are " + some(have) + "."
	}
	return m.Complain(ref.At, message, advice)
}

// some lists names, not too many.
func some(names []string) string {
	const most = 12
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
