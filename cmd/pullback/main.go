// Command pullback runs what Pullback ships with. This package holds flags and exit codes only.
package main

import (
	"os"
	"runtime/debug"

	"pullback/internal/problemset/programs"
)

// gcPercent lets the heap grow to three times what is alive before it is collected: compiling makes
// much that is soon forgotten. Measured on problemset, 100 takes a fifth more time, and 400 a
// tenth, for new pages.
const gcPercent = 200

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	os.Exit(execute(os.Args[1:], programs.All(), os.Stdout, os.Stderr))
}
