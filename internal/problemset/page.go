package problemset

import (
	"fmt"
	"io"
	"strings"

	"pullback/report"
)

// WriteText prints the answers question by question.
func (a Answers) WriteText(w io.Writer) error { return a.page(false).Text(w) }

// Files renders the report: a page and its pictures.
func (a Answers) Files() ([]report.File, error) { return a.page(true).Files() }

// page lays the answers out; drawing the charts takes time, and text has none.
func (a Answers) page(charts bool) report.Page {
	page := report.Page{Name: "report", Title: "Problem Set 2, every figure"}
	if charts {
		page.Sections = append(page.Sections, report.Section{Blocks: []report.Block{
			report.Paragraph("ECON622's second problem set: the figures published with its " +
				"Python answers beside the same programs in Pullback, in float32 as published " +
				"and in float64 on the same float32 draws."),
		}})
	}
	for _, s := range a.Sections {
		page.Sections = append(page.Sections, s.section(charts))
	}
	page.Sections = append(page.Sections, report.Section{
		Blocks: []report.Block{report.Paragraph(a.summary())}})
	return page
}

// section is the question's table, its sentences and its pictures.
func (s Section) section(charts bool) report.Section {
	table := report.Table{Columns: []report.Column{{Title: "figure"},
		{Title: "published", Right: true}, {Title: "float32", Right: true},
		{Title: "float64", Right: true}, {Title: "time after\ncompilation", Right: true}}}
	var notes report.List
	for _, f := range s.Figures {
		published := f.Published
		if published == "" {
			published = "–"
		}
		table.Rows = append(table.Rows, []string{f.Label, published, f.print(f.Float32),
			f.print(f.Float64), duration(f.Seconds)})
		if f.Note != "" {
			notes = append(notes, f.Label+": "+f.Note)
		}
	}
	blocks := []report.Block{table}
	if len(notes) > 0 {
		blocks = append(blocks, notes)
	}
	for _, remark := range s.Remarks {
		blocks = append(blocks, report.Paragraph(remark))
	}
	if charts && s.Charts != nil {
		for _, chart := range s.Charts() {
			blocks = append(blocks, chart)
		}
	}
	return report.Section{Title: s.ID + "  " + s.Title, Blocks: blocks}
}

// summary counts the figures by status.
func (a Answers) summary() string {
	counts := map[Status]int{}
	published := 0
	for _, f := range a.figures() {
		if f.Published != "" {
			published++
			counts[f.Status]++
		} else if f.Status != Computed {
			counts[f.Status]++
		}
	}
	var parts []string
	for _, s := range []struct {
		status Status
		words  string
	}{{Agrees, "agree"}, {Differs, "differ"}, {NotIdentified, "not identified by the data"},
		{Failed, "failed"}} {
		if n := counts[s.status]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s.words))
		}
	}
	return fmt.Sprintf(
		"%d figures, %d of them published: %s. Computed in %s, compilation included.",
		len(a.figures()), published, strings.Join(parts, ", "), duration(a.Seconds))
}

// duration prints seconds with three digits and a unit that suits them.
func duration(seconds float64) string {
	switch {
	case !finite(seconds):
		return "–"
	case seconds < 0.9995e-3:
		return fmt.Sprintf("%.3g µs", seconds*1e6)
	case seconds < 0.9995:
		return fmt.Sprintf("%.3g ms", seconds*1e3)
	}
	return fmt.Sprintf("%.3g s", seconds)
}
