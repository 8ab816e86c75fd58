package main

import (
	"io"

	"github.com/spf13/cobra"

	"pullback/fit"
	"pullback/internal/fitreport"
)

func testCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "test FIT.json 'RESTRICTION' …",
		Short: "Test restrictions on a fit's parameters, by Wald's statistic",
		Long: "Test restrictions on the parameters of a fit, jointly, by Wald's statistic at the " +
			"estimates. A\nformula without = is tested for zero.",
		Example: "  pullback test report/fit.json 'dP = -sP'\n" +
			"  pullback test report/fit.json 'dD = 0.3' 'sA'",
		Args: between(2, 1000, "a fit and restrictions"),
		RunE: func(c *cobra.Command, args []string) error {
			return runTest(args[0], args[1:], asJSON, c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the test as JSON")
	return c
}

func runTest(path string, restrictions []string, asJSON bool, stdout io.Writer) error {
	f, err := readFit(path)
	if err != nil {
		return err
	}
	t, err := fit.Test(f, restrictions...)
	if err != nil {
		return err
	}
	if asJSON {
		return printJSON(stdout, t)
	}
	return printPage(stdout, fitreport.Wald(t, f))
}

func compareCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "compare A.json B.json",
		Short: "Compare two fits of the same rows",
		Long: "Compare two fits of the same rows: by the likelihood ratio, if one model is the " +
			"other with\nparameters fixed, and by AIC and BIC.",
		Example: "  pullback compare restricted/fit.json full/fit.json",
		Args:    exactly(2, "two fits"),
		RunE: func(c *cobra.Command, args []string) error {
			return runCompare(args[0], args[1], asJSON, c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print the comparison as JSON")
	return c
}

// comparisonJSON is a comparison in JSON; without a likelihood ratio its numbers are null.
type comparisonJSON struct {
	Models           [2]string `json:"models"` // the restricted one first
	AIC, BIC         [2]float64
	Nested           bool     `json:"nested"`
	Reason           string   `json:"reason,omitempty"`
	Restrictions     []string `json:"restrictions,omitempty"`
	Statistic        *float64 `json:"likelihood_ratio"`
	DegreesOfFreedom *int     `json:"degrees_of_freedom"`
	P                *float64 `json:"p"`
}

func runCompare(a, b string, asJSON bool, stdout io.Writer) error {
	first, err := readFit(a)
	if err != nil {
		return err
	}
	second, err := readFit(b)
	if err != nil {
		return err
	}
	c, err := fit.Compare(first, second)
	if err != nil {
		return err
	}
	if !asJSON {
		return printPage(stdout, fitreport.Comparison(c))
	}
	out := comparisonJSON{
		Models: [2]string{c.Restricted.Model.Path, c.Full.Model.Path},
		AIC:    [2]float64{c.Restricted.AIC, c.Full.AIC},
		BIC:    [2]float64{c.Restricted.BIC, c.Full.BIC},
		Nested: c.Nested, Reason: c.Reason, Restrictions: c.Restrictions,
	}
	if c.Nested {
		out.Statistic, out.DegreesOfFreedom, out.P = &c.Statistic, &c.DegreesOfFreedom, &c.P
	}
	return printJSON(stdout, out)
}
