package transform_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pullback/internal/control"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

var update = flag.Bool("update", false, "write what the transforms give into testdata")

// TestGolden reads each program in testdata and compares what every transform makes of it with
// the text that stands below it. Run with -update after a change, and read the differences.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no programs in testdata: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			program, _, _ := strings.Cut(string(text), "\n-- ")
			g, err := ir.Parse(program, control.Lookup)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.TrimRight(program, "\n") + "\n" + transformed(t, g)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if got != string(text) && !*update {
				t.Errorf("got\n%s\nwant\n%s\nIf that is right, run the test with -update.", got,
					text)
			}
		})
	}
}

// transformed is the text of all that the transforms make of g.
func transformed(t *testing.T, g *ir.Graph) string {
	var s strings.Builder
	section := func(name string, g *ir.Graph) {
		if err := g.Verify(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		s.WriteString("\n-- " + name + " --\n\n" + g.Text(ir.TextOptions{}) + "\n")
	}
	types := ir.TypesOf(g.In())
	n := len(types)

	// jvp: the parameters, then the tangents of those that are floats; the results, then tangents.
	var floats []int
	for i, t := range types {
		if t.DType.IsFloat() {
			floats = append(floats, i)
		}
	}
	tangentTypes := make([]ir.Type, len(floats))
	for k, i := range floats {
		tangentTypes[k] = types[i]
	}
	section("jvp", record.Trace(func(p []ir.Value) []ir.Value {
		dx := make([]record.Tangent, n)
		for k, i := range floats {
			dx[i].Value = p[n+k]
		}
		y, dy := transform.JVP(g, p[:n], dx)
		for i, t := range dy {
			if y[i].DType().IsFloat() {
				y = append(y, t.Dense(y[i].Type()))
			}
		}
		return y
	}, append(append([]ir.Type{}, types...), tangentTypes...)))

	// linearize: the results, then the residuals; and the linear map, of tangents and residuals.
	var linear, open *ir.Graph
	var lin transform.LinearMap
	section("linearize", record.Trace(func(p []ir.Value) []ir.Value {
		var y []ir.Value
		y, lin = transform.Linearize(g, p, transform.All(n))
		open = lin.Graph
		closed, residuals := open.Close()
		linear = closed
		return append(append([]ir.Value{}, y...), residuals...)
	}, types))
	section("linear", linear)

	// transpose: the residuals, then the cotangents of the linear map's results.
	tangents := len(open.In())
	if !forwardOnly(g) {
		residuals := ir.TypesOf(linear.In()[tangents:])
		flags := make([]bool, len(linear.In()))
		for i := range tangents {
			flags[i] = true
		}
		cotangents := append(append([]ir.Type{}, residuals...), ir.TypesOf(linear.Out())...)
		section("transpose", record.Trace(func(p []ir.Value) []ir.Value {
			x := append(make([]ir.Value, tangents), p[:len(residuals)]...)
			ct := make([]record.Tangent, len(linear.Out()))
			for i, v := range p[len(residuals):] {
				ct[i].Value = v
			}
			out := make([]ir.Value, tangents)
			for i, t := range transform.Transpose(linear, x, flags, ct)[:tangents] {
				out[i] = t.Dense(linear.In()[i].Type())
			}
			return out
		}, cotangents))
	}

	// batch: the first parameter for seven problems, the others common to them.
	batched := make([]bool, n)
	batched[0] = true
	batchedTypes := append([]ir.Type{types[0].Batched(7)}, types[1:]...)
	section("batch", record.Trace(func(p []ir.Value) []ir.Value {
		return transform.BatchAll(g, 7, p, batched)
	}, batchedTypes))
	return s.String()
}

func forwardOnly(g *ir.Graph) bool {
	for _, n := range g.Nodes() {
		if _, ok := n.Op.(record.ForwardOnly); ok {
			return true
		}
	}
	return false
}
