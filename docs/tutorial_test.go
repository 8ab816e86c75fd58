// Package docs holds the manual. Its tests run every command of the tutorial and compare what it
// prints, and hold the reference to the names that the program knows.
package docs

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what the commands print into the tutorial")

// TestTutorial follows the tutorial in an empty directory: a block whose opening line names a
// file, as "```yaml market.yaml", is that file; in a block "```console" each line that begins with
// "$ " is a command, and what follows is what it prints, on both streams. A command whose line
// ends with "# exit 1" must fail with that status.
func TestTutorial(t *testing.T) {
	const path = "tutorial.md"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	work, bin := t.TempDir(), filepath.Dir(build(t))
	if err := os.CopyFS(filepath.Join(work, "examples"), os.DirFS("../examples")); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	lines := strings.SplitAfter(string(text), "\n")
	commands := 0
	for i := 0; i < len(lines); {
		line := lines[i]
		got.WriteString(line)
		i++
		info, opens := strings.CutPrefix(strings.TrimSpace(line), "```")
		if !opens {
			continue
		}
		end := i
		for end < len(lines) && strings.TrimSpace(lines[end]) != "```" {
			end++
		}
		block := lines[i:end]
		i = end
		if info == "console" {
			for _, command := range commandsOf(block) {
				commands++
				got.WriteString("$ " + command + "\n" + run(t, command, work, bin))
			}
		} else {
			got.WriteString(strings.Join(block, ""))
			if _, name, named := strings.Cut(info, " "); named {
				file := filepath.Join(work, name)
				if err := os.WriteFile(file, []byte(strings.Join(block, "")), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
		if i < len(lines) { // the fence
			got.WriteString(lines[i])
			i++
		}
	}
	if commands < 5 {
		t.Errorf("the tutorial has %d commands only; are its blocks read?", commands)
	}
	if got.String() == string(text) {
		return
	}
	if *update {
		if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Error("the tutorial is not what the commands print (go test ./docs -update writes it):\n" +
		difference(string(text), got.String()))
}

func commandsOf(block []string) []string {
	var out []string
	for _, line := range block {
		if command, is := strings.CutPrefix(line, "$ "); is {
			out = append(out, strings.TrimSuffix(command, "\n"))
		}
	}
	return out
}

// run is what a command prints. It must end as its line says.
func run(t *testing.T, command, work, bin string) string {
	t.Helper()
	want := 0
	line, status, says := strings.Cut(command, "# exit ")
	if says {
		if _, err := fmt.Sscan(status, &want); err != nil {
			t.Fatalf("%s: %v", command, err)
		}
	}
	c := exec.Command("sh", "-c", line)
	c.Dir = work
	c.Env = append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	if got := c.ProcessState.ExitCode(); got != want {
		t.Errorf("%s: status %d, want %d (%v)\n%s", command, got, want, err, out.String())
	}
	return out.String()
}

// difference is the first lines where two texts part.
func difference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d is\n%s\nand the commands print\n%s", i+1, w[i],
				strings.Join(g[i:min(i+10, len(g))], "\n"))
		}
	}
	return fmt.Sprintf("it has %d lines, and should have %d", len(w), len(g))
}
