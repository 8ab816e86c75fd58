package report

import (
	"html"
	"io"
	"strings"
	"unicode/utf8"
)

// Facts are names with what they stand for, one below the other.
type Facts []Fact

// Fact is one line of [Facts].
type Fact struct{ Name, Value string }

// text aligns the values; one that is too long goes on below itself.
func (f Facts) text(w io.Writer) error {
	width := 0
	for _, fact := range f {
		width = max(width, utf8.RuneCountInString(fact.Name))
	}
	var printed strings.Builder
	for _, fact := range f {
		mark := fact.Name + strings.Repeat(" ", width+2-utf8.RuneCountInString(fact.Name))
		printed.WriteString(strings.TrimRight(wrap(mark, fact.Value), " ") + "\n")
	}
	_, err := io.WriteString(w, printed.String()+"\n")
	return err
}

func (f Facts) html(page *pageWriter) error {
	page.print("<dl>\n")
	for _, fact := range f {
		page.print("<dt>", html.EscapeString(fact.Name), "</dt><dd>",
			html.EscapeString(fact.Value), "</dd>\n")
	}
	page.print("</dl>\n")
	return nil
}

// Warning is what nobody may overlook: a frame around it in a page, marks before it in print.
type Warning string

func (s Warning) text(w io.Writer) error {
	bar := strings.Repeat("!", textWidth)
	lines := strings.ReplaceAll(wrap("!! ", string(s)), "\n   ", "\n!! ")
	_, err := io.WriteString(w, bar+"\n"+lines+"\n"+bar+"\n\n")
	return err
}

func (s Warning) html(page *pageWriter) error {
	page.print(`<p class="warning" role="alert">`, html.EscapeString(string(s)), "</p>\n")
	return nil
}
