package rules

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// root is the module's directory.
const root = "../.."

// allowed says which of our packages a package may import, tests aside. Packages that are not
// listed are above the engine and may import what they like.
var allowed = map[string][]string{
	"ir":     {},
	"status": {},
	"data":   {}, // tables know nothing of models

	"internal/parallel": {},
	// Machine code, from the encoding up.
	"internal/native/asm":     {},
	"internal/native/execmem": {},
	"internal/native/target":  {"internal/native/execmem"},
	"internal/native/gemm": {"internal/lane", "internal/native/asm", "internal/native/execmem",
		"internal/native/target", "internal/parallel"},

	"internal/lane":        {"ir"},
	"internal/lane/interp": {"ir", "internal/lane"},
	"internal/dense": {"ir", "internal/lane", "internal/parallel", "internal/native/gemm",
		"internal/native/target"},
	"internal/native": {"ir", "internal/lane", "internal/lane/interp", "internal/native/asm",
		"internal/native/execmem", "internal/native/target"},
	// The one door knows nothing of what goes through it.
	"internal/record": {"ir"},
	"internal/op": {"ir", "internal/record", "internal/lane", "internal/lane/interp",
		"internal/native",
		"internal/dense", "internal/parallel"},
	// Transforms know the interface of an operation, and of operations those that each needs.
	"internal/transform": {"ir", "internal/record", "internal/op"},
	"internal/control":   {"ir", "internal/record", "internal/op", "internal/transform"},
	"internal/rewrite": {"ir", "internal/record", "internal/op", "internal/transform",
		"internal/control", "internal/lane"},
	"internal/exec": {"ir", "internal/record", "internal/op", "internal/control",
		"internal/rewrite", "internal/lane", "internal/native", "internal/native/target",
		"internal/parallel"},
	"ad": {"ir", "internal/record", "internal/op", "internal/transform", "internal/control",
		"internal/exec", "internal/dense"},
	// Probabilities come from a dependency, so they stay outside the engine.
	"estimate":            {"ad", "internal/implicit", "minimise", "random", "stats", "status"},
	"estimate/tail":       {},
	"internal/orthogonal": {"ad", "internal/implicit"},
	"leastsquares": {"ad", "status", "minimise", "internal/implicit",
		"internal/orthogonal"},
}

// nobodys are packages for tests, which nothing else may import.
var nobodys = []string{"internal/optest", "internal/lane/lanetest", "internal/rules",
	"internal/browser"}

func TestImports(t *testing.T) {
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() &&
			(strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		dir, _ := filepath.Rel(root, filepath.Dir(path))
		from := filepath.ToSlash(dir)
		rule, has := allowed[from]
		for _, spec := range file.Imports {
			name, _ := strconv.Unquote(spec.Path.Value)
			if name == "C" {
				t.Errorf("%s uses cgo", path)
			}
			name, ours := strings.CutPrefix(name, "pullback/")
			domain, _, _ := strings.Cut(name, "/")
			switch {
			case !ours && strings.Contains(domain, ".") && slices.Contains(engine, from):
				t.Errorf("%s imports %s; the engine has no dependencies", path, name)
			case !ours:
			case slices.Contains(nobodys, name) && !slices.Contains(nobodys, from):
				t.Errorf("%s imports %s, which is for tests", path, name)
			case has && !slices.Contains(rule, name):
				t.Errorf("%s imports %s; package %s may import %v", path, name, from, rule)
			case !has && strings.HasPrefix(name, "cmd/"):
				t.Errorf("%s imports a command, %s", path, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestNoInit holds that no package does anything by being imported.
func TestNoInit(t *testing.T) {
	for dir := range allowed {
		files, err := filepath.Glob(filepath.Join(root, dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			file, err := parser.ParseFile(token.NewFileSet(), path, nil,
				parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range functions(file) {
				if name == "init" {
					t.Errorf("%s has an init function", path)
				}
			}
		}
	}
}
