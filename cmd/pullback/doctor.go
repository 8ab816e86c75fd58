package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/spf13/cobra"

	"pullback/internal/doctor"
	"pullback/internal/native/target"
)

func doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor",
		Short: "Say how programs run on this machine, and test that their digits are right",
		Long: "Say which executor runs programs on this machine and why, test on hard points " +
			"that every\nelementary function has the digits that it has on all machines, and " +
			"measure the executors.\n" + target.Variable + "=interp, avx2 or avx512 chooses one.",
		Example: "  pullback doctor\n  " + target.Variable + "=avx2 pullback doctor",
		Args:    noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := doctor.Examine()
			if err != nil {
				return usageError{err}
			}
			return printReport(c.OutOrStdout(), r)
		},
	}
}

// printReport prints r; a failed test is an error.
func printReport(w io.Writer, r doctor.Report) error {
	name := r.Processor
	if name == "" {
		name = runtime.GOARCH
	}
	fmt.Fprintf(w, "processor  %s\n", strings.Join(append([]string{name}, r.Features...), " "))
	fmt.Fprintf(w, "executor   %v: %s\n", r.Choice.Target, r.Choice.Reason)
	fmt.Fprintf(w, "threads    %d\n\n", r.Threads)

	t := table.NewWriter()
	t.SetStyle(table.StyleLight)
	t.AppendHeader(table.Row{"executor", "digits of elementary functions", "exp, ns", "pow, ns"})
	var wrong []string
	for _, e := range r.Executors {
		name := e.Name
		if e.Chosen {
			name += " (runs)"
		}
		test := fmt.Sprintf("%d functions, %d results: as on all machines", e.Test.Functions,
			e.Test.Points)
		if len(e.Test.Wrong) > 0 {
			test = "WRONG: " + strings.Join(e.Test.Wrong, ", ")
			wrong = append(wrong, e.Name)
		}
		t.AppendRow(table.Row{name, test, perResult(e.Speed.Exp.Seconds()),
			perResult(e.Speed.Pow.Seconds())})
	}
	fmt.Fprintln(w, t.Render())
	fmt.Fprintln(w, "Times are for one float64 result on one thread.")
	if len(wrong) > 0 {
		return errors.New("the digits of " + strings.Join(wrong, " and ") + " are not those of " +
			"other machines; please report it with what is printed above, and set " +
			target.Variable + "=interp meanwhile")
	}
	return nil
}

// perResult is nanoseconds a result, from seconds a thousand.
func perResult(seconds float64) string { return fmt.Sprintf("%.2f", seconds*1e6) }
