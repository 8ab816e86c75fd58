// Command compare runs the workloads of package benchmarks here, in JAX and in C, in turns, checks
// that the answers agree, and writes the table of benchmarks/README.md. `make anchors` makes what
// it needs and calls it, in the root of the repository.
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"

	"pullback/benchmarks"
)

const (
	anchors = "benchmarks/anchors/"
	python  = anchors + ".venv/bin/python"
	readme  = "benchmarks/README.md"
	// What the tests of package benchmarks compare with: JAX's answers to the small workloads.
	expected = "benchmarks/testdata/answers.txt"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == "serve" {
		exit(serve(os.Stdin, os.Stdout))
	}
	executors := flag.String("exec", auto, "our `executors`, values of PULLBACK_EXEC or "+auto+
		" for what the processor gives: the first is compared with JAX and C, the others with it")
	only := flag.String("only", "", "run workloads whose names match this `expression`, and print "+
		"instead of writing "+readme)
	rounds := flag.Int("turns", 10, "how many `turns` each program gets")
	answers := flag.Bool("answers", false, "write "+expected+" and time nothing")
	flag.Parse()

	if *answers {
		exit(writeAnswers())
	}
	exit(compare(strings.Split(*executors, ","), *only, *rounds))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func compare(executors []string, only string, rounds int) error {
	chosen, err := regexp.Compile(only)
	switch {
	case err != nil:
		return err
	case rounds < 1:
		return fmt.Errorf("-turns %d measures nothing", rounds)
	}
	all, err := start(executors)
	if err != nil {
		return err
	}
	defer all.stop()
	var rows []row
	for _, w := range benchmarks.All() {
		if !chosen.MatchString(w.Name) {
			continue
		}
		fmt.Fprintln(os.Stderr, w.Name)
		r, err := all.measure(w, rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", w.Name, err)
		}
		rows = append(rows, r)
	}
	text, err := all.describe()
	if err != nil {
		return err
	}
	text += tables(executors, rows)
	if only != "" {
		fmt.Print(text)
		return nil
	}
	return insert(readme, text)
}

// writeAnswers asks JAX for its answers to the small workloads.
func writeAnswers() error {
	jax, err := startJAX()
	if err != nil {
		return err
	}
	defer jax.stop()
	var text strings.Builder
	for _, w := range benchmarks.All() {
		answer, err := jax.of(w).open(w, benchmarks.Small)
		if err != nil {
			return err
		}
		fmt.Fprint(&text, w.Name)
		for _, x := range answer {
			fmt.Fprint(&text, " ", x)
		}
		fmt.Fprintln(&text)
	}
	return os.WriteFile(expected, []byte(text.String()), 0o644)
}
