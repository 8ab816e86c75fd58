package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"pullback/data"
	"pullback/fit"
	"pullback/model"
)

// simulateFlags are the flags of pullback simulate.
type simulateFlags struct {
	set   []string
	data  string
	rows  int
	seed  uint64
	out   string
	force bool
	given func(flag string) bool
}

func simulateCommand() *cobra.Command {
	var flags simulateFlags
	c := &cobra.Command{
		Use:   "simulate MODEL.yaml",
		Short: "Draw data from a model",
		Long: "Draw what a model file says is observed, at the parameters' values and starts. " +
			"The same seed gives\nthe same rows on every machine. A model that reads columns " +
			"needs them, by --data.",
		Example: "  pullback simulate market.yaml --rows 50 --seed 42 --out prices.csv",
		Args:    exactly(1, "a model file"),
		RunE: func(c *cobra.Command, args []string) error {
			flags.given = c.Flags().Changed
			return runSimulate(args[0], flags, c.OutOrStdout())
		},
	}
	addSet(c, &flags.set)
	c.Flags().StringVar(&flags.data, "data", "", "take the model's columns from `FILE`")
	c.Flags().IntVar(&flags.rows, "rows", 100, "draw `N` rows, where the model reads no columns")
	c.Flags().Uint64Var(&flags.seed, "seed", 0, "the seed of the draws")
	c.Flags().StringVar(&flags.out, "out", "", "write the rows to `FILE` and not to the output")
	c.Flags().BoolVar(&flags.force, "force", false, "write over FILE if it exists")
	return c
}

func runSimulate(path string, flags simulateFlags, stdout io.Writer) error {
	switch {
	case flags.rows < 1:
		return usageError{fmt.Errorf("--rows %d: one row is the least", flags.rows)}
	case flags.given("rows") && flags.data != "":
		return usageError{errors.New("--rows and --data both say how many rows are drawn; leave " +
			"one out")}
	case flags.force && flags.out == "":
		return usageError{errors.New("--force is about the file of --out; give --out FILE too")}
	}
	set, err := parseSettings(flags.set)
	if err != nil {
		return err
	}
	if flags.out != "" && !flags.force {
		if err := mustNotExist(flags.out); err != nil {
			return err
		}
	}
	m, err := model.Read(path)
	if err != nil {
		return err
	}
	t, err := readTable(flags.data)
	if err != nil {
		return err
	}
	names, columns, err := fit.Simulate(m, t, flags.rows, flags.seed, set)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := data.WriteCSV(&out, names, columns); err != nil {
		return err
	}
	if flags.out == "" {
		return printAll(stdout, out.Bytes())
	}
	return writeFile(flags.out, out.Bytes())
}

// mustNotExist keeps files that are there.
func mustNotExist(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%s is there already; give another name, or write over it with --force",
			path)
	} else if !errors.Is(err, os.ErrNotExist) {
		return cannotWrite(path, err)
	}
	return nil
}

// writeFile writes a file beside its place and moves it there, so that nobody meets half of it.
func writeFile(path string, text []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	switch {
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%s cannot be written: the directory %s does not exist", path,
			filepath.Dir(path))
	case err != nil:
		return cannotWrite(path, err)
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.Write(text)
	if err == nil {
		err = temporary.Chmod(0o644)
	}
	if err := errors.Join(err, temporary.Close()); err != nil {
		return cannotWrite(path, err)
	}
	if err := os.Rename(temporary.Name(), path); err != nil {
		return cannotWrite(path, err)
	}
	return nil
}

// cannotWrite is an error of the operating system, about the file that the user named and not
// about the temporary one.
func cannotWrite(path string, err error) error {
	if in, ok := errors.AsType[*os.PathError](err); ok {
		err = in.Err
	} else if in, ok := errors.AsType[*os.LinkError](err); ok {
		err = in.Err
	}
	return fmt.Errorf("%s cannot be written: %w", path, err)
}
