package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"pullback/internal/problemset"
	"pullback/report"
)

// problemsetFlags are the flags of pullback problemset.
type problemsetFlags struct {
	json      bool
	out       string
	questions []string
}

func problemsetCommand(programs problemset.Programs) *cobra.Command {
	var flags problemsetFlags
	c := &cobra.Command{
		Use:   "problemset",
		Short: "Compute every figure of ECON622's Problem Set 2",
		Long: "Compute every figure of ECON622's Problem Set 2, in float32 as published and in " +
			"float64 on the\nsame float32 draws, and print them beside the published ones with a " +
			"sentence where they differ.",
		Example: "  pullback problemset\n  pullback problemset --question 1.1\n" +
			"  pullback problemset --json\n  pullback problemset --out report",
		Args: noArguments,
		RunE: func(c *cobra.Command, _ []string) error {
			questions, err := problemset.Find(flags.questions...)
			if err != nil {
				return usageError{err}
			}
			if c.Flags().Changed("out") && flags.out == "" {
				return usageError{errors.New("--out is empty; name a directory for the report")}
			}
			return runProblemset(questions, programs, flags, c.OutOrStdout(), c.ErrOrStderr())
		},
	}
	c.Flags().BoolVar(&flags.json, "json", false, "print the figures as JSON")
	c.Flags().StringVar(&flags.out, "out", "",
		"write report.html and its pictures into the directory `DIR`")
	// An array and no slice, which would read commas and quotes as CSV does.
	c.Flags().StringArrayVar(&flags.questions, "question", nil,
		"answer the question `ID` only, such as 1.1; may be given several times")
	return c
}

// runProblemset computes, prints and writes. Nothing is printed before everything is computed; an
// unwritable directory is found out before.
func runProblemset(questions []problemset.Question, programs problemset.Programs,
	flags problemsetFlags, stdout, stderr io.Writer) error {
	if flags.out != "" {
		if err := report.CheckDirectory(flags.out); err != nil {
			return err
		}
	}
	answers, err := problemset.Answer(questions, programs)
	if err != nil {
		return err
	}
	if flags.out != "" {
		files, err := answers.Files()
		if err != nil {
			return err
		}
		if err := report.Write(flags.out, files); err != nil {
			return err
		}
	}
	var printed bytes.Buffer
	write := answers.WriteText
	if flags.json {
		write = answers.WriteJSON
	}
	if err := write(&printed); err != nil {
		return err
	}
	if _, err := stdout.Write(printed.Bytes()); err != nil {
		return fmt.Errorf("the figures could not be printed: %w", err)
	}
	if flags.out != "" {
		fmt.Fprintf(stderr, "The report is in %s.\n", filepath.Join(flags.out, "report.html"))
	}
	return answers.Err()
}
