package fitreport

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"testing"

	"pullback/fit"
)

func TestSideBySide(t *testing.T) {
	var all []*fit.Fit
	for _, name := range []string{"identified", "bound", "failed", "flat", "squares"} {
		all = append(all, fits()[name])
	}
	var table, tabular bytes.Buffer
	if err := CSV(&table, all); err != nil {
		t.Fatal(err)
	}
	if err := LaTeX(&tabular, all); err != nil {
		t.Fatal(err)
	}
	golden(t, "fits.csv", table.String())
	golden(t, "fits.tex", tabular.String())

	rows, err := csv.NewReader(&table).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	x, err := strconv.ParseFloat(rows[1][2], 64)
	if err != nil || x != all[0].Parameters[0].Estimate {
		t.Errorf("the first estimate is %s", rows[1][2])
	}
	for line := range strings.Lines(tabular.String()) {
		if strings.Contains(line, "&") && strings.Count(line, " & ") != len(all) {
			t.Errorf("a row has another number of columns: %s", line)
		}
	}
}

func TestEscape(t *testing.T) {
	if got := escape(`a_b & 5 % of {x^2}\`); got !=
		`a\_b \& 5 \% of \{x\textasciicircum{}2\}\textbackslash{}` {
		t.Errorf("escaped is %s", got)
	}
}

func TestMathematics(t *testing.T) {
	for number, want := range map[string]string{"-0.5": "$-0.5$", "4.1e-09": `$4.1\times10^{-9}$`,
		"1e+12": `$1\times10^{12}$`} {
		if got := mathematics(number); got != want {
			t.Errorf("%s is written %s, not %s", number, got, want)
		}
	}
}
