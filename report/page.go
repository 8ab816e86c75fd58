// Package report writes results for people: tables, charts and sentences, once as text for a
// terminal and once as a self-contained HTML page with its charts beside it as SVG files.
//
// A Page is a list of sections of blocks. [Page.Text] prints it, without the charts;
// [Page.Files] renders it. A [Directory] puts the files in place all at once or not at all.
package report

import (
	"fmt"
	"html"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"
)

// Page is a document.
type Page struct {
	Name     string // of its file, without the suffix
	Title    string
	Sections []Section
}

// Section is a part of a page under a title of its own; an empty title is not shown.
type Section struct {
	Title  string
	Blocks []Block
}

// Block is a piece of a section: a [Paragraph], [List], [Facts], [Warning], [Table] or [Chart].
type Block interface {
	text(io.Writer) error
	html(*pageWriter) error
}

// Paragraph is running text.
type Paragraph string

// List is a list of sentences.
type List []string

// textWidth is the width that running text is wrapped to in print.
const textWidth = 88

// Text prints the page without its charts.
func (p Page) Text(w io.Writer) error {
	for _, section := range p.Sections {
		if section.Title != "" {
			if _, err := fmt.Fprintf(w, "%s\n\n", section.Title); err != nil {
				return err
			}
		}
		for _, block := range section.Blocks {
			if err := block.text(w); err != nil {
				return err
			}
		}
	}
	return nil
}

// Files renders the page, and each chart as a file of its own. The page is the last file. It needs
// nothing but itself: style and charts are inside, no script, no address of anything elsewhere.
func (p Page) Files() ([]File, error) {
	w := &pageWriter{}
	w.print("<!DOCTYPE html>\n", `<html lang="en">`, "\n<head>\n", `<meta charset="utf-8">`, "\n",
		`<meta name="generator" content="`, generator, `">`, "\n",
		`<meta name="viewport" content="width=device-width, initial-scale=1">`, "\n",
		"<title>", html.EscapeString(p.Title), "</title>\n<style>\n", themeCSS(), pageCSS,
		"</style>\n</head>\n<body>\n<main>\n<h1>", html.EscapeString(p.Title), "</h1>\n")
	for _, section := range p.Sections {
		w.print("<section>\n")
		if section.Title != "" {
			w.print("<h2>", html.EscapeString(section.Title), "</h2>\n")
		}
		for _, block := range section.Blocks {
			if err := block.html(w); err != nil {
				return nil, err
			}
		}
		w.print("</section>\n")
	}
	w.print("</main>\n</body>\n</html>\n")
	return append(w.files, File{p.Name + ".html", []byte(w.body.String())}), nil
}

// pageWriter gathers a page and the files that go beside it.
type pageWriter struct {
	body  strings.Builder
	files []File
}

func (w *pageWriter) print(parts ...string) {
	for _, s := range parts {
		w.body.WriteString(s)
	}
}

func (p Paragraph) text(w io.Writer) error {
	_, err := io.WriteString(w, wrap("", string(p))+"\n\n")
	return err
}

func (p Paragraph) html(page *pageWriter) error {
	page.print("<p>", html.EscapeString(string(p)), "</p>\n")
	return nil
}

func (l List) text(w io.Writer) error {
	for _, item := range l {
		if _, err := io.WriteString(w, wrap("- ", item)+"\n"); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (l List) html(page *pageWriter) error {
	page.print("<ul>\n")
	for _, item := range l {
		page.print("<li>", html.EscapeString(item), "</li>\n")
	}
	page.print("</ul>\n")
	return nil
}

// wrap breaks s into lines; the first is led by mark and the others are indented by its width.
func wrap(mark, s string) string {
	width := utf8.RuneCountInString(mark)
	lines := strings.Split(text.WrapSoft(s, textWidth-width), "\n")
	for i, line := range lines {
		lines[i] = strings.TrimRight(line, " ")
	}
	return mark + strings.Join(lines, "\n"+strings.Repeat(" ", width))
}

// pageCSS lays the page out for a phone first; a wide screen only widens the margins.
const pageCSS = `*{box-sizing:border-box}
body{margin:0;background:var(--colour-3);color:var(--colour-0);
 font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main{max-width:46rem;margin:0 auto;padding:1rem}
h1,h2,p,li,dd,figcaption{overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.25;margin:.5rem 0 1rem}
h2{font-size:1.2rem;line-height:1.3;margin:2.5rem 0 .75rem}
section+section{border-top:1px solid var(--colour-2)}
p,li{max-width:42rem}
ul{padding-left:1.2rem}
dl{display:grid;grid-template-columns:minmax(6rem,max-content) 1fr;gap:.2rem 1rem;margin:1rem 0}
dt{color:var(--colour-1)}
dd{margin:0;min-width:0}
.warning{border:3px solid var(--colour-5);padding:.6rem .8rem;font-weight:700}
.scroll{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--colour-1);padding-bottom:.4rem}
th,td{padding:.3rem .75rem;border-bottom:1px solid var(--colour-2);text-align:left;
 white-space:nowrap}
th:first-child,td:first-child{padding-left:0}
thead th{white-space:pre-line;vertical-align:bottom;color:var(--colour-1);font-weight:600}
.number{text-align:right}
figure{margin:1.75rem 0}
figure svg{display:block;width:100%;height:auto;max-width:36rem}
figcaption{max-width:42rem;font-size:.875rem;color:var(--colour-1);margin-top:.5rem}
@media(min-width:48rem){main{padding:2rem 1.5rem}}
@media print{section{break-inside:avoid-page}}
`
