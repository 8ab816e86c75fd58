package fitreport

import (
	"fmt"
	"slices"
	"strings"

	"pullback/fit"
	"pullback/report"
)

// parameters is the table, a row per parameter of the model file.
func parameters(f *fit.Fit) []report.Block {
	if len(f.Parameters) == 0 {
		return nil
	}
	return []report.Block{parameterTable(f, "parameters of "+f.Model.Name, f.Parameters)}
}

// noise is the free covariance.
func noise(f *fit.Fit) []report.Block {
	if len(f.Noise) == 0 {
		return nil
	}
	blocks := []report.Block{parameterTable(f, "elements of the free covariance", f.Noise)}
	if f.NoiseNote != "" {
		blocks = append(blocks, report.Paragraph(f.NoiseNote))
	}
	return blocks
}

func parameterTable(f *fit.Fit, caption string, rows []fit.Parameter) report.Table {
	estimate, statistic := "estimate", "z"
	if !f.Converged {
		estimate = "last value"
	}
	if f.Errors.DegreesOfFreedom != nil {
		statistic = "t"
	}
	table := report.Table{Caption: caption, Columns: []report.Column{{Title: ""},
		{Title: estimate, Right: true}, {Title: "std. err.", Right: true},
		{Title: statistic, Right: true}, {Title: "P>|" + statistic + "|", Right: true},
		{Title: "95 %\nlower", Right: true}, {Title: "95 %\nupper", Right: true}}}
	// Where no row has a standard error, the columns after it would be empty.
	if !slices.ContainsFunc(rows, func(p fit.Parameter) bool { return p.StdErr != nil }) {
		table.Columns = table.Columns[:3]
	}
	for _, p := range rows {
		row := append([]string{p.Name}, cells(p)...)
		table.Rows = append(table.Rows, row[:len(table.Columns)])
	}
	return table
}

// cells are a parameter's numbers, or why it has no standard error.
func cells(p fit.Parameter) []string {
	estimate, stdErr := estimateAndError(p)
	if p.StdErr == nil {
		return []string{estimate, stdErr, "", "", "", ""}
	}
	form := precisionOf(p.Estimate, *p.StdErr)
	return []string{estimate, stdErr, orNothing(p.Z, ratio), orNothing(p.P, probability),
		orNothing(p.Lower, form.print), orNothing(p.Upper, form.print)}
}

// estimateAndError prints both, the second as the state in parentheses where it does not exist.
// What the user wrote, as a fixed value, has all its digits.
func estimateAndError(p fit.Parameter) (estimate, stdErr string) {
	if p.StdErr != nil {
		form := precisionOf(p.Estimate, *p.StdErr)
		return form.print(p.Estimate), form.print(*p.StdErr)
	}
	state := p.State
	switch state {
	case fit.Free:
		state = fit.Unknown
	case fit.Fixed, fit.AtBound:
		return digits(p.Estimate, 10), "(" + string(state) + ")"
	}
	return digits(p.Estimate, 6), "(" + string(state) + ")"
}

func orNothing(x *float64, print func(float64) string) string {
	if x == nil {
		return ""
	}
	return print(*x)
}

// identification is the finding in words, and the numbers it was decided by.
func identification(f *fit.Fit, pictures bool) []report.Block {
	id := f.Identification
	if id.Verdict == "" {
		return nil
	}
	facts := report.Facts{{Name: "verdict", Value: id.Verdict},
		{Name: "rank", Value: fmt.Sprintf("%d of %d, decided from the %s", id.Rank,
			len(id.Names), id.From)},
		{Name: "singular values", Value: list(id.Singular)},
		{Name: "tolerance", Value: digits(id.Tolerance, 3) + " of the greatest"}}
	blocks := []report.Block{facts}
	if len(id.Sentences) > 0 {
		blocks = append(blocks, report.List(id.Sentences))
	}
	if chart, ok := singularValues(id); pictures && ok {
		blocks = append(blocks, chart)
	}
	return blocks
}

// list prints numbers briefly; a long list by its ends.
func list(x []float64) string {
	const most = 12
	var parts []string
	for i, v := range x {
		if len(x) > most && i == most-1 {
			parts = append(parts, "…", digits(x[len(x)-1], 4))
			break
		}
		parts = append(parts, digits(v, 4))
	}
	return strings.Join(parts, ", ")
}

// failures names the first rows and counts the others.
func failures(f *fit.Fit) []report.Block {
	const shown = 10
	var items report.List
	for i, failure := range f.Failures {
		if i == shown {
			items = append(items, fmt.Sprintf("and %d more", len(f.Failures)-shown))
			break
		}
		items = append(items, failure.Place+": "+failure.Sentence)
	}
	if len(items) == 0 {
		return nil
	}
	return []report.Block{items}
}

// profiles is the table of profile intervals with a sentence for each.
func profiles(f *fit.Fit, pictures bool) []report.Block {
	if len(f.Profiles) == 0 {
		return nil
	}
	table := report.Table{Caption: "profile likelihood intervals", Columns: []report.Column{
		{Title: ""}, {Title: "level", Right: true}, {Title: "lower", Right: true},
		{Title: "upper", Right: true}}}
	var sentences report.List
	for _, p := range f.Profiles {
		table.Rows = append(table.Rows, []string{p.Name, digits(100*p.Level, 4) + " %",
			edge(p.Lower), edge(p.Upper)})
		if p.Sentence != "" {
			sentences = append(sentences, p.Sentence)
		}
	}
	blocks := []report.Block{table}
	if len(sentences) > 0 {
		blocks = append(blocks, sentences)
	}
	if pictures {
		blocks = append(blocks, profileCharts(f)...)
	}
	return blocks
}

func edge(e fit.Edge) string {
	switch {
	case e.Unbounded:
		return "none as far as " + digits(e.Value, 6)
	case e.Bound:
		return digits(e.Value, 6) + " (bound)"
	}
	return digits(e.Value, 6)
}

// bootstrap is the table of percentile intervals under the count of refits.
func bootstrap(f *fit.Fit, pictures bool) []report.Block {
	b := f.Bootstrap
	if b == nil {
		return nil
	}
	resample := b.Resample
	if b.Cluster != "" {
		resample += " by " + b.Cluster
	}
	refits := fmt.Sprintf("%d, none failed", b.Asked)
	if b.Failed > 0 {
		refits = fmt.Sprintf("%d, of which %d failed and are left out", b.Asked, b.Failed)
	}
	table := report.Table{Caption: "bootstrap, 95 % percentile intervals",
		Columns: []report.Column{{Title: ""}, {Title: "mean", Right: true},
			{Title: "std. err.", Right: true}, {Title: "95 %\nlower", Right: true},
			{Title: "95 %\nupper", Right: true}}}
	for _, p := range b.Intervals {
		form := precisionOf(p.Mean, p.StdErr)
		table.Rows = append(table.Rows, []string{p.Name, form.print(p.Mean),
			form.print(p.StdErr), form.print(p.Lower), form.print(p.Upper)})
	}
	blocks := []report.Block{report.Facts{{Name: "resample", Value: resample},
		{Name: "refits", Value: refits}, {Name: "seed", Value: fmt.Sprint(b.Seed)},
		{Name: "intervals", Value: "percentile"}}, table}
	if pictures {
		blocks = append(blocks, bootstrapCharts(f)...)
	}
	return blocks
}

func notes(f *fit.Fit) []report.Block {
	if len(f.Notes) == 0 {
		return nil
	}
	return []report.Block{report.List(f.Notes)}
}
