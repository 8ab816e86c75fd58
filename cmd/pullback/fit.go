package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"pullback/data"
	"pullback/fit"
	"pullback/internal/fitreport"
	"pullback/model"
	"pullback/report"
)

// fitFlags are the flags of pullback fit.
type fitFlags struct {
	errors     string
	method     string
	starts     int
	seed       uint64
	profiles   []string
	bootstrap  int
	resample   string
	checkpoint string
	json       bool
	table      string
	out        string
	force      bool
	given      func(flag string) bool
}

func fitCommand() *cobra.Command {
	var flags fitFlags
	c := &cobra.Command{
		Use:   "fit MODEL.yaml [MODEL.yaml …] DATA.csv",
		Short: "Estimate the parameters of a model from data, by maximum likelihood",
		Long: "Estimate the parameters of a model file from the rows of a CSV or Parquet file, " +
			"by maximum\nlikelihood, and say how far the estimate can be trusted: whether the " +
			"maximum was confirmed, and\nwhat the data identify. Several models are set side by " +
			"side.",
		Example: "  pullback fit market.yaml prices.csv\n" +
			"  pullback fit market.yaml prices.csv --profile c_d --out report\n" +
			"  pullback fit kmenta.yaml kmenta_independent.yaml kmenta.csv --table latex\n" +
			"  pullback fit market.yaml prices.csv --bootstrap 1000 --resample rows --seed 1",
		Args: between(2, 100, "model files and then a data file"),
		RunE: func(c *cobra.Command, args []string) error {
			flags.given = c.Flags().Changed
			return runFit(args[:len(args)-1], args[len(args)-1], flags, c.OutOrStdout(),
				c.ErrOrStderr())
		},
	}
	f := c.Flags()
	f.StringVar(&flags.errors, "se", "", "`KIND` of standard errors: hessian, opg, sandwich, "+
		"cluster=COLUMN or gauss-newton (default hessian, or sandwich with sampling weights)")
	f.StringVar(&flags.method, "method", "auto", "`METHOD` of maximisation: "+
		strings.Join(fit.Methods(), ", "))
	f.IntVar(&flags.starts, "starts", 0, "search from the best `N` of 20·N random points too")
	f.Uint64Var(&flags.seed, "seed", 0, "the seed of random starts and of the bootstrap")
	f.StringArrayVar(&flags.profiles, "profile", nil,
		"compute the profile likelihood of the parameter `NAME`; may be given several times")
	f.IntVar(&flags.bootstrap, "bootstrap", 0, "refit to `N` resampled samples")
	f.StringVar(&flags.resample, "resample", "parametric",
		"`HOW` the bootstrap resamples: parametric, rows or cluster=COLUMN")
	f.StringVar(&flags.checkpoint, "checkpoint", "", "keep the bootstrap's finished replicates in "+
		"`FILE`, to go on from after an interruption")
	f.BoolVar(&flags.json, "json", false, "print the fit as JSON")
	f.StringVar(&flags.table, "table", "text", "`FORM` of the printed table: text, csv or latex")
	f.StringVar(&flags.out, "out", "", "write report.html, its pictures, fit.json, table.csv and "+
		"table.tex into the directory `DIR`")
	f.BoolVar(&flags.force, "force", false, "write over files in DIR")
	return c
}

// options checks the flags.
func (flags fitFlags) options() (fit.Options, error) {
	o := fit.Options{Method: flags.method, Starts: flags.starts, Seed: flags.seed,
		Profiles: flags.profiles, Pictures: flags.out != ""}
	o.Errors, o.Cluster = kindAndColumn(flags.errors)
	if err := flags.check(); err != nil {
		return o, usageError{err}
	}
	if flags.given("bootstrap") {
		r := fit.Resampling{Replicates: flags.bootstrap, Checkpoint: flags.checkpoint}
		r.Resample, r.Cluster = kindAndColumn(flags.resample)
		o.Bootstrap = &r
	}
	if err := o.Check(); err != nil {
		return o, usageError{err}
	}
	return o, nil
}

// check says which flags do not go together.
func (flags fitFlags) check() error {
	switch flags.table {
	case "text", "csv", "latex":
	default:
		return fmt.Errorf("there is no table %q; the forms are text, csv and latex", flags.table)
	}
	switch {
	case flags.json && flags.given("table"):
		return errors.New("--json and --table both say what is printed; leave one out")
	case flags.given("bootstrap") && flags.bootstrap < 2:
		return fmt.Errorf("--bootstrap %d: a spread needs at least 2 replicates, and a "+
			"percentile interval about a thousand", flags.bootstrap)
	case flags.given("checkpoint") && !flags.given("bootstrap"):
		return errors.New("--checkpoint keeps the replicates of a bootstrap; give --bootstrap N " +
			"too")
	case flags.given("resample") && !flags.given("bootstrap"):
		return errors.New("--resample says how a bootstrap draws; give --bootstrap N too")
	case flags.force && flags.out == "":
		return errors.New("--force is about the files of --out; give --out DIR too")
	}
	return nil
}

// kindAndColumn takes cluster=COLUMN apart.
func kindAndColumn(text string) (kind, column string) {
	kind, column, _ = strings.Cut(text, "=")
	return kind, column
}

func runFit(models []string, table string, flags fitFlags, stdout, stderr io.Writer) error {
	o, err := flags.options()
	if err != nil {
		return err
	}
	if len(models) > 1 && (flags.out != "" || flags.checkpoint != "" || flags.json) {
		return usageError{errors.New("--out, --checkpoint and --json are for one model at a time")}
	}
	if flags.out != "" {
		if !flags.force {
			if err := mustNotExist(flags.out); err != nil {
				return err
			}
		}
		if err := report.CheckDirectory(flags.out); err != nil {
			return err
		}
	}
	t, err := data.Read(table)
	if err != nil {
		return err
	}
	bars := newBars(stderr)
	defer bars.end()
	o.Progress = bars.set
	var fits []*fit.Fit
	for _, path := range models {
		f, err := fitOne(path, t, o)
		if err != nil {
			return err
		}
		fits = append(fits, f)
	}
	bars.end()
	if flags.out != "" {
		files, err := reportFiles(fits[0])
		if err != nil {
			return err
		}
		if err := report.Replace(flags.out, files); err != nil {
			return err
		}
	}
	if err := printFits(stdout, fits, flags); err != nil {
		return err
	}
	if flags.out != "" {
		fmt.Fprintf(stderr, "The report is in %s.\n", filepath.Join(flags.out, "report.html"))
	}
	return verdict(fits)
}

func fitOne(path string, t *data.Table, o fit.Options) (*fit.Fit, error) {
	m, err := model.Read(path)
	if err != nil {
		return nil, err
	}
	b, err := model.Bind(m, t)
	if err != nil {
		return nil, err
	}
	return fit.Estimate(b, o)
}

// printFits prints in the form asked for.
func printFits(w io.Writer, fits []*fit.Fit, flags fitFlags) error {
	var out bytes.Buffer
	var err error
	switch {
	case flags.json:
		return printFitJSON(w, fits[0])
	case flags.table == "csv":
		err = fitreport.CSV(&out, fits)
	case flags.table == "latex":
		err = fitreport.LaTeX(&out, fits)
	default:
		for _, f := range fits {
			if err := fitreport.Text(&out, f); err != nil {
				return err
			}
		}
	}
	if err != nil {
		return err
	}
	return printAll(w, out.Bytes())
}

func printFitJSON(w io.Writer, f *fit.Fit) error {
	text, err := fit.Encode(f)
	if err != nil {
		return err
	}
	return printAll(w, text)
}

// reportFiles are those of --out.
func reportFiles(f *fit.Fit) ([]report.File, error) {
	text, err := fit.Encode(f)
	if err != nil {
		return nil, err
	}
	var csv, latex bytes.Buffer
	if err := fitreport.CSV(&csv, []*fit.Fit{f}); err != nil {
		return nil, err
	}
	if err := fitreport.LaTeX(&latex, []*fit.Fit{f}); err != nil {
		return nil, err
	}
	files := []report.File{{Name: "fit.json", Data: text}, {Name: "table.csv", Data: csv.Bytes()},
		{Name: "table.tex", Data: latex.Bytes()}}
	page, err := fitreport.Page(f).Files()
	return append(files, page...), err
}

// verdict is an error if a fit is none.
func verdict(fits []*fit.Fit) error {
	for _, f := range fits {
		if !f.Converged {
			return fmt.Errorf("the fit of %s is no maximum: %s", f.Model.Path, f.Verdict)
		}
	}
	return nil
}
