// Command pullback runs what Pullback ships with. This package holds flags and exit codes only.
package main

import (
	"os"

	"pullback/internal/problemset/programs"
)

func main() {
	os.Exit(execute(os.Args[1:], programs.All(), os.Stdout, os.Stderr))
}
