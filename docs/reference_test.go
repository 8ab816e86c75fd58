package docs

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pullback/fit"
	"pullback/model"
	"pullback/model/expression"
)

// TestModelFileExamples reads every model of the page on model files.
func TestModelFileExamples(t *testing.T) {
	models := 0
	for _, part := range strings.Split(read(t, "model-file.md"), "\n```yaml\n")[1:] {
		text, _, _ := strings.Cut(part, "```")
		if !strings.HasPrefix(text, "name:") && !strings.HasPrefix(text, "parameters:") {
			continue
		}
		models++
		if _, err := model.Parse("example.yaml", []byte(text)); err != nil {
			t.Errorf("%v\nin\n%s", err, text)
		}
	}
	if models < 10 {
		t.Errorf("the page has %d models only; are its blocks read?", models)
	}
}

// TestModelFileNames holds the tables of the page on model files to what the reader knows: the
// keys and densities that its errors list, and the functions.
func TestModelFileNames(t *testing.T) {
	page := read(t, "model-file.md")
	functions := []string{"sum", "mean"} // min and max are among the others
	var invertible []string
	for _, f := range expression.Functions() {
		functions = append(functions, f.Name)
		text := "observe:\n  " + f.Name + "(y): normal(1, 1)\n"
		if _, err := model.Parse("target.yaml", []byte(text)); err == nil {
			invertible = append(invertible, f.Name)
		}
	}
	for heading, known := range map[string][]string{
		"## Keys":                   listed(t, "zzzzz: 1"),
		"## Parameters":             listed(t, "parameters: {a: {zzzzz: 1}}"),
		"## Unknowns and equations": listed(t, "unknowns: {a: {zzzzz: 1}}"),
		"### Weights":               listed(t, "weights: {zzzzz: 1}"),
		"### Densities":             listed(t, "observe: {y: zzzzz(1)}"),
		"## What is observed":       invertible,
		"### Functions":             functions,
	} {
		same(t, "model-file.md, "+heading, firstCells(page, heading), known)
	}
}

// listed are the names that the error about an unknown one, zzzzz, lists.
func listed(t *testing.T, text string) []string {
	t.Helper()
	var e *model.Error
	if _, err := model.Parse("unknown.yaml", []byte(text)); !errors.As(err, &e) {
		t.Fatalf("%s is read: %v", text, err)
	}
	_, names, ok := strings.Cut(e.Advice, " are ")
	if !ok {
		t.Fatalf("%s: the advice lists no names: %s", text, e.Advice)
	}
	return strings.Split(names, ", ")
}

// TestCommands holds the page on commands to their help: all commands and all flags.
func TestCommands(t *testing.T) {
	page, binary := read(t, "commands.md"), build(t)
	help := func(args ...string) string {
		out, err := exec.Command(binary, append(args, "--help")...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	var commands []string
	_, list, _ := strings.Cut(help(), "Available Commands:\n")
	for _, line := range strings.Split(list, "\n") {
		if !strings.HasPrefix(line, "  ") {
			break
		}
		if name := strings.Fields(line)[0]; name != "help" {
			commands = append(commands, name)
		}
	}
	same(t, "commands.md", firstCells(page, "# Commands"), commands)
	flag := regexp.MustCompile(`--[a-z][a-z-]*`)
	for _, command := range commands {
		_, known, _ := strings.Cut(help(command), "\nFlags:\n")
		flags := slices.DeleteFunc(flag.FindAllString(known, -1), func(name string) bool {
			return name == "--help"
		})
		heading := "## pullback " + command
		same(t, heading, flag.FindAllString(section(page, heading), -1), flags)
		var inTable []string
		for _, cell := range firstCells(page, heading) {
			inTable = append(inTable, flag.FindString(cell))
		}
		same(t, heading+", table", inTable, flags)
	}
}

// TestKinds holds the tables of the page on commands to the options of package fit.
func TestKinds(t *testing.T) {
	page := read(t, "commands.md")
	for heading, known := range map[string][]string{
		"### Methods":         fit.Methods(),
		"### Standard errors": fit.ErrorKinds(),
		"### Bootstrap":       fit.Resamplings(),
	} {
		var names []string
		for _, cell := range firstCells(page, heading) {
			name, _, _ := strings.Cut(cell, "=") // as in cluster=COLUMN
			names = append(names, name)
		}
		same(t, "commands.md, "+heading, names, known)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// build makes the command and gives its path.
func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pullback")
	out, err := exec.Command("go", "build", "-o", path, "../cmd/pullback").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return path
}

// section is what stands under a heading of a page, up to the next that is no deeper.
func section(page, heading string) string {
	level := strings.IndexByte(heading, ' ')
	_, rest, _ := strings.Cut("\n"+page, "\n"+heading+"\n")
	var out []string
	for _, line := range strings.Split(rest, "\n") {
		depth := len(line) - len(strings.TrimLeft(line, "#"))
		if depth > 0 && depth <= level && strings.HasPrefix(line[depth:], " ") {
			break
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

// firstCells are the texts in code in the first column of the first table under a heading, each
// up to a parenthesis: sin of `sin(x)`.
func firstCells(page, heading string) []string {
	code := regexp.MustCompile("`([^`(]*)[^`]*`")
	var out []string
	for _, line := range strings.Split(section(page, heading), "\n") {
		if !strings.HasPrefix(line, "|") {
			if len(out) > 0 {
				break
			}
			continue
		}
		for _, match := range code.FindAllStringSubmatch(strings.Split(line, "|")[1], -1) {
			out = append(out, match[1])
		}
	}
	return out
}

// same says which names two lists do not share; a name may come several times.
func same(t *testing.T, where string, written, known []string) {
	t.Helper()
	for _, name := range known {
		if !slices.Contains(written, name) {
			t.Errorf("%s does not say what %s is", where, name)
		}
	}
	for _, name := range written {
		if !slices.Contains(known, name) {
			t.Errorf("%s has %s, which does not exist", where, name)
		}
	}
}
