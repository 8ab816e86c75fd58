package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"pullback/data"
	"pullback/fit"
	"pullback/internal/fitreport"
	"pullback/model"
	"pullback/report"
)

// solveFlags are the flags of pullback solve.
type solveFlags struct {
	set  []string
	data string
	json bool
}

func solveCommand() *cobra.Command {
	var flags solveFlags
	c := &cobra.Command{
		Use:   "solve MODEL.yaml",
		Short: "Find the equilibrium of a model at given parameters, with its derivatives",
		Long: "Find the equilibrium of a model file at the parameters' values and starts, say " +
			"whether it can be\ntrusted, and give the exact derivatives of every unknown and " +
			"definition in every parameter.",
		Example: "  pullback solve market.yaml\n  pullback solve market.yaml --set c_d=.4\n" +
			"  pullback solve kmenta.yaml --data kmenta.csv",
		Args: exactly(1, "a model file"),
		RunE: func(c *cobra.Command, args []string) error {
			return runSolve(args[0], flags, c.OutOrStdout())
		},
	}
	addSet(c, &flags.set)
	c.Flags().StringVar(&flags.data, "data", "", "solve for the rows of `FILE`")
	c.Flags().BoolVar(&flags.json, "json", false, "print the solution as JSON")
	return c
}

func runSolve(path string, flags solveFlags, stdout io.Writer) error {
	set, err := parseSettings(flags.set)
	if err != nil {
		return err
	}
	m, err := model.Read(path)
	if err != nil {
		return err
	}
	t, err := readTable(flags.data)
	if err != nil {
		return err
	}
	s, err := fit.Solve(m, t, set)
	if err != nil {
		return err
	}
	if flags.json {
		err = printJSON(stdout, solutionJSON(s))
	} else {
		err = printPage(stdout, fitreport.Solution(s))
	}
	if err != nil {
		return err
	}
	if !s.OK() {
		bad := 0
		for _, row := range s.Rows {
			if !row.Status.OK() {
				bad++
			}
		}
		return fmt.Errorf("no equilibrium was found in %d of %d rows", bad, len(s.Rows))
	}
	return nil
}

// solvedJSON is a row of a solution in JSON; numbers that there are not are null.
type solvedJSON struct {
	Row         string                         `json:"row"`
	OK          bool                           `json:"ok"`
	Verdict     string                         `json:"verdict"`
	Residual    *float64                       `json:"residual"`
	Method      string                         `json:"method"`
	Values      map[string]*float64            `json:"values"`
	Derivatives map[string]map[string]*float64 `json:"derivatives"`
	Roots       []float64                      `json:"roots,omitempty"`
}

func solutionJSON(s *fit.Solution) []solvedJSON {
	out := []solvedJSON{}
	for _, row := range s.Rows {
		j := solvedJSON{Row: s.Bound.Place(row.Row), OK: row.Status.OK(),
			Verdict: row.Status.String(), Residual: finite(row.Residual), Method: row.Method,
			Values:      map[string]*float64{},
			Derivatives: map[string]map[string]*float64{}, Roots: row.Roots}
		if s.Alike {
			j.Row = "every row"
		}
		for i, name := range s.Quantities {
			j.Values[name] = finite(row.Values[i])
			j.Derivatives[name] = map[string]*float64{}
			for k, p := range s.Bound.Model.Parameters {
				j.Derivatives[name][p.Name] = finite(row.Slopes[i][k])
			}
		}
		out = append(out, j)
	}
	return out
}

// finite is a number for JSON, which has no NaN and no infinity.
func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// addSet adds the flag --set.
func addSet(c *cobra.Command, set *[]string) {
	c.Flags().StringArrayVar(set, "set", nil,
		"give a parameter or a column another value, as `NAME=NUMBER`; may be given several times")
}

// parseSettings reads NAME=NUMBER.
func parseSettings(texts []string) ([]fit.Setting, error) {
	var out []fit.Setting
	known := map[string]bool{}
	for _, text := range texts {
		name, number, ok := strings.Cut(text, "=")
		name = strings.TrimSpace(name)
		value, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		switch {
		case ok && (math.IsNaN(value) || math.IsInf(value, 0)):
			return nil, usageError{fmt.Errorf("--set %s: the value of %s must be a finite number",
				text, name)}
		case !ok || err != nil:
			return nil, usageError{fmt.Errorf("--set takes NAME=NUMBER, such as c_d=.4, not %q",
				text)}
		case known[name]:
			return nil, usageError{fmt.Errorf("--set gives %s twice; leave one out", name)}
		}
		known[name] = true
		out = append(out, fit.Setting{Name: name, Value: value})
	}
	return out, nil
}

// readTable is nil where no file is named.
func readTable(path string) (*data.Table, error) {
	if path == "" {
		return nil, nil
	}
	return data.Read(path)
}

func printPage(w io.Writer, page report.Page) error {
	var out strings.Builder
	if err := page.Text(&out); err != nil {
		return err
	}
	return printAll(w, []byte(out.String()))
}

func printJSON(w io.Writer, x any) error {
	out, err := json.MarshalIndent(x, "", "  ")
	if err != nil {
		return err
	}
	return printAll(w, append(out, '\n'))
}

func printAll(w io.Writer, out []byte) error {
	if _, err := w.Write(out); err != nil {
		return fmt.Errorf("the answer could not be printed: %w", err)
	}
	return nil
}

// exactly refuses another number of arguments than n.
func exactly(n int, what string) cobra.PositionalArgs {
	return between(n, n, what)
}

// between refuses fewer than least or more than most arguments.
func between(least, most int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) >= least && len(args) <= most {
			return nil
		}
		got := "none"
		if len(args) > 0 {
			got = strings.Join(args, " ")
		}
		return usageError{errors.New(c.CommandPath() + " takes " + what + ", and got " + got +
			"; see " + c.CommandPath() + " --help")}
	}
}
