package model

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files of errors")

// columnsOfData are the columns that the golden files' data have.
var columnsOfData = []string{"price", "quantity", "market", "year", "weight"}

// mistake is the first error of a model file, with data or, if it says so, without.
func mistake(name, text string) error {
	m, err := Parse(name+".yaml", []byte(text))
	if err != nil {
		return err
	}
	have := columnsOfData
	if name == "column_no_data" {
		have = nil
	}
	known := map[string]bool{}
	for _, c := range have {
		known[c] = true
	}
	for _, c := range m.Columns() {
		if !known[c.Name] {
			return m.NotAColumn(c, have)
		}
	}
	return nil
}

// TestErrors compares each mistake's whole text with a golden file. To write these again:
//
//	go test ./model -run TestErrors -update
func TestErrors(t *testing.T) {
	for name, text := range mistakes(t) {
		t.Run(name, func(t *testing.T) {
			err := mistake(name, text)
			if err == nil {
				t.Fatal("there is no error")
			}
			if _, ok := err.(*Error); !ok {
				t.Fatalf("the error is a %T: %v", err, err)
			}
			golden := goldenOf(name)
			got := err.Error() + "\n"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("the error is\n%s\nwant\n%s", got, want)
			}
		})
	}
}

func goldenOf(name string) string { return "testdata/errors/" + name + ".txt" }

// mistakes are the model files with mistakes by name: those of the folder, and the long ones.
func mistakes(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{
		"yaml_large":   strings.Repeat("# data\n", largestFile/7+1),
		"yaml_long":    "define:\n" + strings.Repeat("  d: 1\n", mostTokens/3+1),
		"formula_long": "define:\n  d: " + strings.Repeat("x + ", 16500) + "x\n",
	}
	paths, err := filepath.Glob("testdata/errors/*.yaml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("there are no files with mistakes: %v", err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix(filepath.Base(path), ".yaml")] = string(text)
	}
	return out
}

// defences are messages for what no file is known to lead to.
var defences = []string{"this is not YAML that can be read",
	"compare it with a model file that works",
	"this part of YAML has no place in a model file", "write texts, lists and mappings"}

// TestEveryMessageHasAGoldenFile reads the source: what is given to Complain and its like, or
// stands in an error, must be found in a golden file.
func TestEveryMessageHasAGoldenFile(t *testing.T) {
	var texts []string
	for name := range mistakes(t) {
		text, err := os.ReadFile(goldenOf(name))
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	all := strings.Join(texts, "\n")
	for _, file := range []string{"check.go", "columns.go", "declare.go", "depend.go",
		"observe.go", "read.go", "yaml.go", "expression/lex.go", "expression/parse.go",
		"expression/call.go"} {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			for _, pattern := range messages(n) {
				if slices.Contains(defences, pattern) {
					continue
				}
				if !regexp.MustCompile(pattern).MatchString(all) {
					t.Errorf("%v: no golden file has this message: %s", fset.Position(n.Pos()),
						pattern)
				}
			}
			return true
		})
	}
}

// messages are patterns of the messages that a piece of source makes.
func messages(n ast.Node) (patterns []string) {
	var args []ast.Expr
	switch n := n.(type) {
	case *ast.CallExpr:
		name := ""
		switch f := n.Fun.(type) {
		case *ast.Ident:
			name = f.Name
		case *ast.SelectorExpr:
			name = f.Sel.Name
		}
		if name == "Complain" || name == "complain" || name == "refuse" {
			args = n.Args
		}
	case *ast.CompositeLit:
		if id, ok := n.Type.(*ast.Ident); ok && id.Name == "SyntaxError" {
			args = n.Elts
		}
	}
	for _, a := range args {
		if p := pattern(a); strings.Trim(p, ".*") != "" {
			patterns = append(patterns, p)
		}
	}
	return patterns
}

// verb is a place in a format whose special signs are quoted.
var verb = regexp.MustCompile(`%(\\\[\d\\\])?[a-z]`)

// pattern matches the texts that an expression of literals, + and Sprintf can give.
func pattern(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return regexp.QuoteMeta(text)
		}
	case *ast.BinaryExpr:
		return pattern(e.X) + pattern(e.Y)
	case *ast.CallExpr:
		if f, ok := e.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Sprintf" {
			return verb.ReplaceAllString(pattern(e.Args[0]), ".*")
		}
	}
	return ".*"
}
