// Package fitreport writes a fit for people: as text for a terminal, as a page with pictures, and
// several fits side by side as CSV or LaTeX.
//
// The text and the page have the same sections, so that neither says what the other does not.
// A fit that failed says so first, in each of them.
package fitreport

import (
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"pullback/fit"
	"pullback/report"
)

// Text prints a fit: what was fitted to what and how it ended, a row per parameter, what the data
// can say, and everything that went wrong.
func Text(w io.Writer, f *fit.Fit) error {
	return report.Page{Sections: sections(f, false)}.Text(w)
}

// Page is the same with pictures, each if its data are there.
func Page(f *fit.Fit) report.Page {
	return report.Page{Name: "report", Title: title(f), Sections: sections(f, true)}
}

// title is also the first line of the text.
func title(f *fit.Fit) string {
	return fmt.Sprintf("%s, fitted to %s", f.Model.Name, filepath.Base(f.Data.Path))
}

// sections are those that have something to say. Those of pictures alone are for a page.
func sections(f *fit.Fit, pictures bool) []report.Section {
	head := ""
	if !pictures {
		head = title(f)
	}
	all := []report.Section{
		{Title: head, Blocks: header(f)},
		{Title: "Parameters", Blocks: parameters(f)},
		{Title: "Noise", Blocks: noise(f)},
		{Title: "Identification", Blocks: identification(f, pictures)},
		{Title: "Rows without an equilibrium", Blocks: failures(f)},
	}
	if pictures {
		all = append(all,
			report.Section{Title: "Fit against data", Blocks: fitted(f)},
			report.Section{Title: "Residuals", Blocks: residuals(f)})
	}
	all = append(all, report.Section{Title: "Profile likelihood", Blocks: profiles(f, pictures)})
	if pictures {
		all = append(all,
			report.Section{Title: "The likelihood's surface", Blocks: surfaces(f)},
			report.Section{Title: "Convergence", Blocks: convergence(f)})
	}
	all = append(all,
		report.Section{Title: "Bootstrap", Blocks: bootstrap(f, pictures)},
		report.Section{Title: "Notes", Blocks: notes(f)})
	var said []report.Section
	for _, s := range all {
		if len(s.Blocks) > 0 {
			said = append(said, s)
		}
	}
	return said
}

// header says what must not be overlooked, and then the facts of the whole fit.
func header(f *fit.Fit) []report.Block {
	var blocks []report.Block
	for _, sentence := range warnings(f) {
		blocks = append(blocks, report.Warning(sentence))
	}
	facts := report.Facts{
		{Name: "model", Value: named(f.Model.Name, f.Model.Path)},
		{Name: "data", Value: f.Data.Path},
		{Name: "rows", Value: rows(f.Data)},
		{Name: "N", Value: observations(f)},
		{Name: "k", Value: fmt.Sprint(f.K)},
		{Name: "method", Value: f.Method},
		{Name: "log likelihood", Value: fixed(f.LogLik, 6)},
		{Name: "AIC", Value: fixed(f.AIC, 4)},
		{Name: "BIC", Value: fixed(f.BIC, 4)},
	}
	if f.Squares != nil {
		facts = append(facts, report.Fact{Name: "sum of squares", Value: digits(*f.Squares, 10)})
	}
	facts = append(facts,
		report.Fact{Name: "verdict", Value: f.Verdict},
		report.Fact{Name: "iterations", Value: fmt.Sprintf("%d (evaluations: %d)",
			f.Steps, f.Evaluations)},
		report.Fact{Name: "gradient norm", Value: digits(f.Gradient, 3) + " (relative)"},
		report.Fact{Name: "condition number", Value: condition(f)},
		report.Fact{Name: "standard errors", Value: errorKind(f.Errors)})
	return append(blocks, facts)
}

// warnings are what makes the numbers below no estimates, or not what they seem.
func warnings(f *fit.Fit) []string {
	var sentences []string
	if !f.Converged {
		sentences = append(sentences, "NOT CONVERGED. The numbers below are where the search "+
			"stopped and no estimates. "+f.Verdict)
	}
	if n := len(f.Failures); n > 0 {
		sentences = append(sentences, fmt.Sprintf("%s without an equilibrium at these "+
			"parameters; see below.", counted(n, "row is", "rows are")))
	}
	if f.Identification.Verdict == "flat" {
		sentences = append(sentences, "NOT IDENTIFIED. These data do not determine every "+
			"parameter; see Identification below.")
	}
	return sentences
}

func named(name, path string) string {
	if path == "" {
		return name
	}
	return name + " (" + path + ")"
}

// rows says how many the file has, and why some are not used.
func rows(s fit.Sample) string {
	var dropped []string
	if s.Lagging > 0 {
		dropped = append(dropped, fmt.Sprintf("%d for want of an earlier period", s.Lagging))
	}
	if s.Missing > 0 {
		dropped = append(dropped, fmt.Sprintf("%d for a missing value", s.Missing))
	}
	if len(dropped) == 0 && s.Used == s.Rows {
		return fmt.Sprintf("%d, all used", s.Rows)
	}
	if len(dropped) == 0 {
		return fmt.Sprintf("%d used of %d", s.Used, s.Rows)
	}
	return fmt.Sprintf("%d used of %d; dropped: %s", s.Used, s.Rows, strings.Join(dropped, ", "))
}

func observations(f *fit.Fit) string {
	if f.N != f.Data.Used {
		return fmt.Sprintf("%d (the sum of the rows' frequencies)", f.N)
	}
	return fmt.Sprint(f.N)
}

func condition(f *fit.Fit) string {
	if f.Condition == nil {
		return "none"
	}
	return digits(*f.Condition, 4) + " (of the information, scaled to unit diagonal)"
}

// errorKind says how standard errors were computed, and by which law the intervals are.
func errorKind(e fit.ErrorKind) string {
	parts := []string{e.Kind}
	if e.Kind == "" {
		return "none"
	}
	if e.Cluster != "" {
		parts[0] += " by " + e.Cluster
	}
	if e.Divisor != "" {
		parts = append(parts, "divisor "+e.Divisor)
	}
	if e.DegreesOfFreedom != nil {
		parts = append(parts, "Student's t with "+digits(*e.DegreesOfFreedom, 6)+
			" degrees of freedom")
	}
	return strings.Join(parts, "; ")
}

// counted is a number with its noun.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
