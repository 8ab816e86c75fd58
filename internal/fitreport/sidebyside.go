package fitreport

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"

	"pullback/fit"
)

// CSV writes fits for programs: a row per parameter and fit, in which numbers have all their
// digits, and what does not exist is empty. The state is why there is no standard error; if the fit
// did not converge it says so first, in every row of it.
func CSV(w io.Writer, fits []*fit.Fit) error {
	rows := [][]string{{"model", "parameter", "estimate", "std_err", "z", "p", "lower", "upper",
		"state"}}
	for i, name := range modelNames(fits) {
		for _, p := range everyParameter(fits[i]) {
			row := []string{name, p.Name, exact(&p.Estimate)}
			for _, x := range []*float64{p.StdErr, p.Z, p.P, p.Lower, p.Upper} {
				row = append(row, exact(x))
			}
			rows = append(rows, append(row, state(fits[i], p)))
		}
	}
	out := csv.NewWriter(w)
	return out.WriteAll(rows)
}

func exact(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'g', -1, 64)
}

func state(f *fit.Fit, p fit.Parameter) string {
	s := p.State
	if s == fit.Free && p.StdErr == nil {
		s = fit.Unknown
	}
	if f.Converged {
		return string(s)
	}
	if s == fit.Free {
		return "not converged"
	}
	return "not converged; " + string(s)
}

// LaTeX writes fits side by side as a tabular of the package booktabs: a row per parameter, in the
// order in which they first appear, with the standard errors below in parentheses.
func LaTeX(w io.Writer, fits []*fit.Fit) error {
	var out strings.Builder
	row := func(name string, cell func(i int, f *fit.Fit) string) {
		out.WriteString(escape(name))
		for i, f := range fits {
			out.WriteString(" & " + cell(i, f))
		}
		out.WriteString(" \\\\\n")
	}
	fmt.Fprintf(&out, "\\begin{tabular}{l%s}\n\\toprule\n", strings.Repeat("r", len(fits)))
	names := modelNames(fits)
	row("", func(i int, _ *fit.Fit) string { return escape(names[i]) })
	if doubtful(fits) {
		row("", func(_ int, f *fit.Fit) string { return doubt(f) })
	}
	out.WriteString("\\midrule\n")
	for _, name := range union(fits) {
		row(name, func(_ int, f *fit.Fit) string {
			if p, ok := find(f, name); ok {
				estimate, _ := estimateAndError(p)
				return mathematics(estimate)
			}
			return ""
		})
		row("", func(_ int, f *fit.Fit) string {
			p, ok := find(f, name)
			if !ok {
				return ""
			}
			_, stdErr := estimateAndError(p)
			if p.StdErr == nil {
				return escape(stdErr)
			}
			return "(" + mathematics(stdErr) + ")"
		})
	}
	out.WriteString("\\midrule\n")
	row("N", func(_ int, f *fit.Fit) string { return mathematics(strconv.Itoa(f.N)) })
	row("Log likelihood", func(_ int, f *fit.Fit) string { return mathematics(fixed(f.LogLik, 4)) })
	row("AIC", func(_ int, f *fit.Fit) string { return mathematics(fixed(f.AIC, 3)) })
	row("BIC", func(_ int, f *fit.Fit) string { return mathematics(fixed(f.BIC, 3)) })
	row("Standard errors", func(_ int, f *fit.Fit) string {
		kind := f.Errors.Kind
		if f.Errors.Cluster != "" {
			kind += " by " + f.Errors.Cluster
		}
		return escape(kind)
	})
	out.WriteString("\\bottomrule\n\\end{tabular}\n")
	_, err := io.WriteString(w, out.String())
	return err
}

// doubt is what a reader must know of a fit before any number.
func doubt(f *fit.Fit) string {
	switch {
	case !f.Converged:
		return `\textbf{not converged}`
	case f.Identification.Verdict == "flat":
		return `\textbf{not identified}`
	}
	return ""
}

func doubtful(fits []*fit.Fit) bool {
	for _, f := range fits {
		if doubt(f) != "" {
			return true
		}
	}
	return false
}

// modelNames are those of the fits; a model that comes again gets a number.
func modelNames(fits []*fit.Fit) []string {
	seen := map[string]int{}
	var names []string
	for _, f := range fits {
		name := f.Model.Name
		seen[name]++
		if n := seen[name]; n > 1 {
			name = fmt.Sprintf("%s (%d)", name, n)
		}
		names = append(names, name)
	}
	return names
}

// everyParameter are those of the model file and then those of the noise.
func everyParameter(f *fit.Fit) []fit.Parameter {
	return append(f.Parameters[:len(f.Parameters):len(f.Parameters)], f.Noise...)
}

// union are the names of all parameters, those of the noise last.
func union(fits []*fit.Fit) []string {
	var names []string
	seen := map[string]bool{}
	add := func(parameters []fit.Parameter) {
		for _, p := range parameters {
			if !seen[p.Name] {
				seen[p.Name] = true
				names = append(names, p.Name)
			}
		}
	}
	for _, f := range fits {
		add(f.Parameters)
	}
	for _, f := range fits {
		add(f.Noise)
	}
	return names
}

func find(f *fit.Fit, name string) (fit.Parameter, bool) {
	for _, p := range everyParameter(f) {
		if p.Name == name {
			return p, true
		}
	}
	return fit.Parameter{}, false
}

// escape is s as LaTeX prints it.
func escape(s string) string {
	return strings.NewReplacer(`\`, `\textbackslash{}`, `{`, `\{`, `}`, `\}`, `_`, `\_`, `%`, `\%`,
		`&`, `\&`, `#`, `\#`, `$`, `\$`, `~`, `\textasciitilde{}`, `^`, `\textasciicircum{}`,
		"<", `\textless{}`, ">", `\textgreater{}`, "|", `\textbar{}`, "·", `\textperiodcentered{}`,
		"\n", " ").Replace(s)
}

// mathematics is a printed number in mathematical mode, where a minus is as long as a plus.
func mathematics(number string) string {
	mantissa, power, scientific := strings.Cut(number, "e")
	if !scientific {
		return "$" + number + "$"
	}
	n, err := strconv.Atoi(power)
	if err != nil {
		return escape(number)
	}
	return fmt.Sprintf(`$%s\times10^{%d}$`, mantissa, n)
}
