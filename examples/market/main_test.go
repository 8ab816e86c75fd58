package main

import (
	"os"
	"strings"
	"testing"
)

func Example() {
	main()
	// Output: price 17.646364, gradient (-57.1935, -4211.2917)
}

// TestReadme holds the README to this program and its output.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	_, body, _ := strings.Cut(string(program), "package main\n")
	if !strings.Contains(string(readme), "```go\npackage main\n"+body+"```\n") {
		t.Error("the README's program is not examples/market/main.go")
	}
	if !strings.Contains(string(readme), "    price 17.646364, gradient (-57.1935, -4211.2917)\n") {
		t.Error("the README does not show the program's output")
	}
}
