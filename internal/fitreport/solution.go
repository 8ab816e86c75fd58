package fitreport

import (
	"fmt"
	"math"

	"pullback/fit"
	"pullback/report"
)

// rowsShown is how many rows of an answer are printed; JSON has all.
const rowsShown = 20

// Solution is the page of an equilibrium: values, verdict and derivatives, row by row.
func Solution(s *fit.Solution) report.Page {
	page := report.Page{Name: "solution", Title: s.Bound.Model.Name}
	shown := s.Rows[:min(len(s.Rows), rowsShown)]
	for _, row := range shown {
		page.Sections = append(page.Sections, solvedRow(s, row))
	}
	if more := len(s.Rows) - len(shown); more > 0 {
		page.Sections = append(page.Sections, report.Section{Blocks: []report.Block{
			report.Paragraph(fmt.Sprintf("And %d more rows; --json has all.", more)),
		}})
	}
	return page
}

func solvedRow(s *fit.Solution, row fit.SolvedRow) report.Section {
	var out report.Section
	if !s.Alike {
		out.Title = s.Bound.Place(row.Row)
	}
	verdict := row.Status.String()
	if len(s.Bound.Model.Unknowns) > 0 {
		verdict = fmt.Sprintf("%s Greatest |left - right|: %s, by %s.", verdict,
			known(row.Residual, 3), row.Method)
	}
	out.Blocks = append(out.Blocks, report.Paragraph(verdict))
	if len(row.Roots) > 0 {
		out.Blocks = append(out.Blocks, report.Paragraph(fmt.Sprintf("The scan finds %d "+
			"equilibria: %s. Choose one with “select: lowest”, highest or nearest, or narrow the "+
			"bracket.", len(row.Roots), numbers(row.Roots))))
	}
	table := report.Table{Caption: "The equilibrium and its derivatives",
		Columns: []report.Column{{Title: ""}, {Title: "value", Right: true}}}
	for _, p := range s.Bound.Model.Parameters {
		table.Columns = append(table.Columns, report.Column{Title: "∂/∂" + p.Name, Right: true})
	}
	for i, name := range s.Quantities {
		cells := []string{name, known(row.Values[i], 10)}
		for _, slope := range row.Slopes[i] {
			cells = append(cells, known(slope, 8))
		}
		table.Rows = append(table.Rows, cells)
	}
	out.Blocks = append(out.Blocks, table)
	return out
}

// known prints a number with so many significant digits; a NaN is "none".
func known(x float64, n int) string {
	if math.IsNaN(x) {
		return "none"
	}
	return digits(x, n)
}

// numbers joins numbers by commas.
func numbers(xs []float64) string {
	out := ""
	for i, x := range xs {
		if i > 0 {
			out += ", "
		}
		out += known(x, 10)
	}
	return out
}
