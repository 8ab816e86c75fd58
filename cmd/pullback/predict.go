package main

import (
	"io"
	"os"

	"github.com/spf13/cobra"

	"pullback/data"
	"pullback/fit"
	"pullback/internal/fitreport"
)

// predictFlags are the flags of pullback predict.
type predictFlags struct {
	set, expressions []string
	json             bool
}

func predictCommand() *cobra.Command {
	var flags predictFlags
	c := &cobra.Command{
		Use:   "predict FIT.json [NEW.csv]",
		Short: "Ask a fitted model for values, counterfactuals and differences",
		Long: "Give every unknown, definition and expected observation of a fitted model, for " +
			"the rows it was\nfitted to or for those of another file, with standard errors and " +
			"95 % intervals by the delta\nmethod. --set changes parameters or columns: then " +
			"there are counterfactuals and differences.",
		Example: "  pullback predict report/fit.json\n" +
			"  pullback predict report/fit.json new.csv --set tax=.1\n" +
			"  pullback predict report/fit.json --expr 'c_d*P/demand'",
		Args: between(1, 2, "a fit and perhaps a data file"),
		RunE: func(c *cobra.Command, args []string) error {
			return runPredict(args, flags, c.OutOrStdout())
		},
	}
	addSet(c, &flags.set)
	c.Flags().StringArrayVar(&flags.expressions, "expr", nil,
		"ask for the `FORMULA` instead; may be given several times")
	c.Flags().BoolVar(&flags.json, "json", false, "print the predictions as JSON")
	return c
}

func runPredict(args []string, flags predictFlags, stdout io.Writer) error {
	set, err := parseSettings(flags.set)
	if err != nil {
		return err
	}
	f, err := readFit(args[0])
	if err != nil {
		return err
	}
	var t *data.Table
	if len(args) > 1 {
		t, err = data.Read(args[1])
	} else {
		t, err = f.Rows()
	}
	if err != nil {
		return err
	}
	predictions, b, err := fit.Predict(f, t, fit.Question{Set: set, Expressions: flags.expressions})
	if err != nil {
		return err
	}
	if flags.json {
		return printJSON(stdout, predictionsJSON(predictions))
	}
	return printPage(stdout, fitreport.Predictions(predictions, b))
}

// estimatedJSON is a predicted number in JSON; what there is not is null.
type estimatedJSON struct {
	Value  *float64 `json:"value"`
	StdErr *float64 `json:"std_err"`
	Lower  *float64 `json:"lower"`
	Upper  *float64 `json:"upper"`
}

type predictionJSON struct {
	Name           string          `json:"name"`
	Value          []estimatedJSON `json:"value"`
	Counterfactual []estimatedJSON `json:"counterfactual,omitempty"`
	Difference     []estimatedJSON `json:"difference,omitempty"`
	Notes          []string        `json:"notes,omitempty"`
}

func predictionsJSON(predictions []fit.Prediction) []predictionJSON {
	out := []predictionJSON{}
	for _, p := range predictions {
		out = append(out, predictionJSON{p.Name, allJSON(p.Value), allJSON(p.Counterfactual),
			allJSON(p.Difference), p.Notes})
	}
	return out
}

func allJSON(xs []fit.Estimated) []estimatedJSON {
	var out []estimatedJSON
	for _, x := range xs {
		j := estimatedJSON{Value: finite(x.Value)}
		if x.StdErr.Known {
			j.StdErr, j.Lower, j.Upper = &x.StdErr.Value, &x.Lower.Value, &x.Upper.Value
		}
		out = append(out, j)
	}
	return out
}

// readFit reads a fit.json.
func readFit(path string) (*fit.Fit, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return fit.Decode(path, text)
}
