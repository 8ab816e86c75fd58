package report

import (
	"html"
	"io"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
)

// Table is a table of texts; every row has as many cells as there are columns.
type Table struct {
	Caption string // what the table shows; read aloud in a page, not printed as text
	Columns []Column
	Rows    [][]string
}

// Column is a table's column. A line break in Title breaks it in print.
type Column struct {
	Title string
	Right bool // flush right, for numbers
}

// text prints the table with spaces between the columns and one rule under their titles.
func (t Table) text(w io.Writer) error {
	out := table.NewWriter()
	style := table.StyleLight
	style.Options = table.Options{SeparateHeader: true}
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "   "
	style.Format.Header = text.FormatDefault
	out.SetStyle(style)
	var header table.Row
	var configs []table.ColumnConfig
	for i, c := range t.Columns {
		header = append(header, c.Title)
		align := text.AlignLeft
		if c.Right {
			align = text.AlignRight
		}
		configs = append(configs, table.ColumnConfig{Number: i + 1, Align: align,
			AlignHeader: align, VAlignHeader: text.VAlignBottom})
	}
	out.AppendHeader(header)
	out.SetColumnConfigs(configs)
	for _, row := range t.Rows {
		var cells table.Row
		for _, cell := range row {
			cells = append(cells, cell)
		}
		out.AppendRow(cells)
	}
	var printed strings.Builder
	for line := range strings.Lines(out.Render()) {
		printed.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	_, err := io.WriteString(w, printed.String()+"\n")
	return err
}

// html writes the table; a narrow screen scrolls it sideways.
func (t Table) html(page *pageWriter) error {
	class := func(column int) string {
		if t.Columns[column].Right {
			return ` class="number"`
		}
		return ""
	}
	page.print(`<div class="scroll" tabindex="0"><table>`, "\n")
	if t.Caption != "" {
		page.print("<caption>", html.EscapeString(t.Caption), "</caption>\n")
	}
	page.print("<thead><tr>")
	for i, c := range t.Columns {
		page.print(`<th scope="col"`, class(i), ">", html.EscapeString(c.Title), "</th>")
	}
	page.print("</tr></thead>\n<tbody>\n")
	for _, row := range t.Rows {
		page.print("<tr>")
		for i, cell := range row {
			page.print("<td", class(i), ">", html.EscapeString(cell), "</td>")
		}
		page.print("</tr>\n")
	}
	page.print("</tbody></table></div>\n")
	return nil
}
