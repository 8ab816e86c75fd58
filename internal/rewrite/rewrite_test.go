package rewrite_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pullback/internal/control"
	"pullback/internal/op"
	"pullback/internal/rewrite"
	"pullback/ir"
)

var update = flag.Bool("update", false, "write what the passes give into testdata")

// lookup finds all operations that programs are made of.
func lookup(name string) (ir.Op, bool) {
	for _, o := range []ir.Op{control.Cond{}, control.While{}, control.Scan{},
		control.CustomJVP{}} {
		if o.Name() == name {
			return o, true
		}
	}
	return op.Lookup(name)
}

// TestPasses runs testdata: each file is about the pass that it is named after and has cases of
// the form
//
//	# why
//	graph(...) {...}
//	->
//	graph(...) {...}
//
// The file "program" is about the whole pipeline.
func TestPasses(t *testing.T) {
	passes := append(rewrite.Passes(), rewrite.Pass{Name: "program", Run: rewrite.Program})
	for _, pass := range passes {
		path := filepath.Join("testdata", pass.Name+".txt")
		data, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("no cases for a pass: %v", err)
			continue
		}
		var out strings.Builder
		for i, c := range strings.Split(strings.TrimPrefix(string(data), "# "), "\n# ") {
			why, text, _ := strings.Cut(c, "\n")
			before, want, _ := strings.Cut(text, "->\n")
			before, want = strings.TrimSpace(before), strings.TrimSpace(want)
			g, err := ir.Parse(before, lookup)
			if err != nil {
				t.Errorf("%s: %s: %v", path, why, err)
				continue
			}
			after := pass.Run(g)
			if err := after.Verify(); err != nil {
				t.Errorf("%s: %s: %v", path, why, err)
			}
			got := strings.TrimSpace(after.Text(ir.TextOptions{}))
			if got != want && !*update {
				t.Errorf("%s: %s:\n%s\nwant\n%s", path, why, got, want)
			}
			if i > 0 {
				out.WriteString("\n")
			}
			out.WriteString("# " + why + "\n" + before + "\n->\n" + got + "\n")
		}
		if *update {
			if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestOrder states the constraints between passes that their reasons name.
func TestOrder(t *testing.T) {
	var names []string
	for _, p := range rewrite.Passes() {
		names = append(names, p.Name)
	}
	first := func(name string) int { return slices.Index(names, name) }
	if first("inline") != 0 || first("simplify") > first("cse") || first("cse") > first("sink") ||
		names[len(names)-1] != "dce" {
		t.Error(names)
	}
}
