package fitreport

import (
	"fmt"
	"strings"

	"pullback/estimate"
	"pullback/fit"
	"pullback/model"
	"pullback/report"
)

// Predictions is the page of what a fit predicts, quantity by quantity.
func Predictions(predictions []fit.Prediction, b *model.Bound) report.Page {
	page := report.Page{Name: "predictions", Title: b.Model.Name}
	for _, p := range predictions {
		page.Sections = append(page.Sections, prediction(p, b))
	}
	return page
}

func prediction(p fit.Prediction, b *model.Bound) report.Section {
	n := len(p.Value)
	if alike(p.Value) && alike(p.Counterfactual) && alike(p.Difference) {
		n = 1
	}
	table := report.Table{Caption: p.Name}
	if n > 1 {
		table.Columns = append(table.Columns, report.Column{Title: "row"})
	}
	titles := []string{"value", "std. err.", "95 % interval"}
	for _, title := range titles {
		table.Columns = append(table.Columns, report.Column{Title: title, Right: true})
	}
	if p.Difference != nil {
		for _, title := range []string{"counterfactual", "std. err.", "difference", "std. err.",
			"95 % interval"} {
			table.Columns = append(table.Columns, report.Column{Title: title, Right: true})
		}
	}
	for r := range min(n, rowsShown) {
		var cells []string
		if n > 1 {
			cells = append(cells, b.Place(r))
		}
		cells = append(cells, cellsOf(p.Value[r])...)
		if p.Difference != nil {
			cells = append(cells, cellsOf(p.Counterfactual[r])[:2]...)
			cells = append(cells, cellsOf(p.Difference[r])...)
		}
		table.Rows = append(table.Rows, cells)
	}
	blocks := []report.Block{table}
	if n > rowsShown {
		blocks = append(blocks, report.Paragraph(fmt.Sprintf("And %d more rows; --json has all.",
			n-rowsShown)))
	}
	for _, note := range p.Notes {
		blocks = append(blocks, report.Paragraph(note))
	}
	return report.Section{Title: p.Name, Blocks: blocks}
}

// alike says whether a quantity is the same in all rows.
func alike(xs []fit.Estimated) bool {
	for _, x := range xs {
		if x != xs[0] {
			return false
		}
	}
	return true
}

// cellsOf is a number's value, standard error and interval.
func cellsOf(e fit.Estimated) []string {
	interval := ""
	if e.Lower.Known && e.Upper.Known {
		interval = fmt.Sprintf("[%s, %s]", known(e.Lower.Value, 6), known(e.Upper.Value, 6))
	}
	return []string{known(e.Value, 8), orNone(e.StdErr), interval}
}

func orNone(n estimate.Number) string {
	if !n.Known {
		return "none"
	}
	return known(n.Value, 4)
}

// Wald is the page of a test.
func Wald(t *fit.WaldTest, f *fit.Fit) report.Page {
	table := report.Table{Caption: "Restrictions",
		Columns: []report.Column{{Title: "restriction"}, {Title: "left - right", Right: true}}}
	for i, r := range t.Restrictions {
		table.Rows = append(table.Rows, []string{r, known(t.Values[i], 6)})
	}
	sentence := fmt.Sprintf("Wald statistic %s, chi-square with %s; %s, by %s standard "+
		"errors.", known(t.Statistic, 8), degrees(t.DegreesOfFreedom), pValue(t.P), f.Errors.Kind)
	return report.Page{Name: "test", Title: f.Model.Name, Sections: []report.Section{{
		Blocks: []report.Block{table, report.Paragraph(sentence)},
	}}}
}

// pValue is p with its sign: p = 0.02, or p < 1e-300.
func pValue(p float64) string {
	text := probability(p)
	if small, ok := strings.CutPrefix(text, "<"); ok {
		return "p < " + small
	}
	return "p = " + text
}

func degrees(n int) string {
	if n == 1 {
		return "1 degree of freedom"
	}
	return fmt.Sprintf("%d degrees of freedom", n)
}

// Comparison is the page of two fits beside each other.
func Comparison(c *fit.Comparison) report.Page {
	table := report.Table{Caption: "Two fits", Columns: []report.Column{{Title: "model"},
		{Title: "log likelihood", Right: true}, {Title: "k", Right: true},
		{Title: "AIC", Right: true}, {Title: "BIC", Right: true}}}
	for _, f := range []*fit.Fit{c.Restricted, c.Full} {
		table.Rows = append(table.Rows, []string{f.Model.Path, known(f.LogLik, 10),
			fmt.Sprint(f.K), known(f.AIC, 9), known(f.BIC, 9)})
	}
	sentence := fmt.Sprintf("There is no likelihood ratio test: %s. AIC and BIC compare models "+
		"that are not nested.", c.Reason)
	if c.Nested {
		sentence = fmt.Sprintf("Under %s: likelihood ratio %s, chi-square with %s; %s.",
			strings.Join(c.Restrictions, ", "), known(c.Statistic, 9),
			degrees(c.DegreesOfFreedom), pValue(c.P))
	}
	return report.Page{Name: "comparison", Title: c.Full.Model.Name, Sections: []report.Section{{
		Blocks: []report.Block{table, report.Paragraph(sentence)},
	}}}
}

// Identified is the page of a finding about identification.
func Identified(f *fit.Identified) report.Page {
	table := report.Table{Caption: "The point", Columns: []report.Column{{Title: "parameter"},
		{Title: "value", Right: true}, {Title: ""}}}
	for _, p := range f.At {
		state := ""
		if p.State != fit.Free {
			state = "(" + string(p.State) + ")"
		}
		table.Rows = append(table.Rows, []string{p.Name, known(p.Estimate, 10), state})
	}
	blocks := []report.Block{report.Paragraph("Verdict: " + f.Identification.Verdict + ", " +
		f.Where + "."), table}
	for _, sentence := range f.Identification.Sentences {
		blocks = append(blocks, report.Paragraph(sentence))
	}
	return report.Page{Name: "identification", Title: f.Model,
		Sections: []report.Section{{Blocks: blocks}}}
}
