package main

import (
	"io"

	"github.com/spf13/cobra"

	"pullback/data"
	"pullback/fit"
	"pullback/internal/fitreport"
	"pullback/model"
)

func identifyCommand() *cobra.Command {
	var flags fitFlags
	c := &cobra.Command{
		Use:   "identify MODEL.yaml [DATA.csv]",
		Short: "Say what data can tell about a model's parameters, and what they cannot",
		Long: "Say which parameters, or combinations of them, observations like these identify, " +
			"locally at the\nestimate, or without data at the parameters' values and starts; " +
			"along which directions nothing\nchanges, and what else would have to be observed.",
		Example: "  pullback identify market.yaml\n  pullback identify market.yaml prices.csv",
		Args:    between(1, 2, "a model file and perhaps a data file"),
		RunE: func(c *cobra.Command, args []string) error {
			return runIdentify(args, flags, c.OutOrStdout())
		},
	}
	c.Flags().BoolVar(&flags.json, "json", false, "print the finding as JSON")
	return c
}

func runIdentify(args []string, flags fitFlags, stdout io.Writer) error {
	m, err := model.Read(args[0])
	if err != nil {
		return err
	}
	var found *fit.Identified
	if len(args) == 1 {
		found, err = fit.IdentifyAtStart(m)
	} else {
		var t *data.Table
		if t, err = data.Read(args[1]); err != nil {
			return err
		}
		var b *model.Bound
		if b, err = model.Bind(m, t); err != nil {
			return err
		}
		found, err = fit.Identify(b)
	}
	if err != nil {
		return err
	}
	if flags.json {
		return printJSON(stdout, found)
	}
	return printPage(stdout, fitreport.Identified(found))
}
