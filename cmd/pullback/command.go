package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pullback/internal/native/target"
	"pullback/internal/problemset"
	"pullback/model"
)

// The exit statuses.
const (
	succeeded = 0
	failed    = 1
	misused   = 2
)

// usageError is a mistake in how the command was called.
type usageError struct{ error }

// execute runs the command with the given arguments and returns its exit status. Every error is a
// sentence on stderr, a mistake of our own too: a panic never shows its trace.
func execute(args []string, programs problemset.Programs, stdout, stderr io.Writer) (status int) {
	defer func() {
		if p := recover(); p != nil {
			bug := fmt.Errorf("this is a bug in pullback, please report it: %v", p)
			fmt.Fprintf(stderr, "pullback: %s\n", sentence(bug))
			status = failed
		}
	}()
	root := rootCommand(programs)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.Execute()
	if err == nil {
		return succeeded
	}
	fmt.Fprintf(stderr, "pullback: %s\n", printed(err))
	if errors.As(err, new(usageError)) {
		return misused
	}
	return failed
}

// printed is an error's text: that about a model file has lines of its own, as the file's line.
func printed(err error) string {
	if inFile := new(*model.Error); errors.As(err, inFile) {
		return err.Error()
	}
	return sentence(err)
}

// sentence is the error's text on one line.
func sentence(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}

func rootCommand(programs problemset.Programs) *cobra.Command {
	root := &cobra.Command{
		Use:   "pullback",
		Short: "Differentiable scientific computing for Go",
		Long: "Pullback is differentiable scientific computing for Go. This command runs what it " +
			"ships with.",
		Args:          noUnknownCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(helpCommand(root))
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		// That sentence would show how the value was parsed.
		if invalid := new(pflag.InvalidValueError); errors.As(err, &invalid) {
			flag, takes := invalid.GetFlag(), "true or false"
			if kind := flag.Value.Type(); kind != "bool" {
				takes = "a " + kind
			}
			err = fmt.Errorf("--%s takes %s, not %q", flag.Name, takes, invalid.GetValue())
		}
		return usageError{fmt.Errorf("%w; see %s --help", err, c.CommandPath())}
	})
	root.PersistentPreRunE = func(*cobra.Command, []string) error {
		if _, err := target.Chosen(); err != nil {
			return usageError{err}
		}
		return nil
	}
	root.AddCommand(solveCommand(), fitCommand(), identifyCommand(), predictCommand(),
		testCommand(), compareCommand(), simulateCommand(), problemsetCommand(programs),
		doctorCommand())
	return root
}

// noUnknownCommand refuses what is left when no command's name matched.
func noUnknownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return usageError{fmt.Errorf("there is no command %q; the commands are: %s", args[0],
		strings.Join(names, ", "))}
}

// noArguments refuses arguments that are no flags.
func noArguments(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usageError{fmt.Errorf("%s takes flags only, not %q; see %s --help", c.CommandPath(),
		args[0], c.CommandPath())}
}

// helpCommand is cobra's, except that asking for the help of no command is a mistake.
func helpCommand(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "help [command]",
		Short: "Help about any command",
		RunE: func(_ *cobra.Command, args []string) error {
			about, rest, err := root.Find(args)
			if err != nil {
				return usageError{err}
			}
			if about == root {
				if err := noUnknownCommand(root, rest); err != nil {
					return err
				}
			}
			return about.Help()
		},
	}
}
