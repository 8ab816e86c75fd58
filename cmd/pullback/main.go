// Command pullback runs what Pullback ships with. This package holds flags and exit codes only.
package main

import (
	"os"
	"runtime/debug"

	"pullback/internal/problemset/programs"
)

// gcPercent lets the heap grow to five times what is alive before it is collected: compiling makes
// much that is soon forgotten, and a command ends before that matters.
const gcPercent = 400

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	os.Exit(execute(os.Args[1:], programs.All(), os.Stdout, os.Stderr))
}
