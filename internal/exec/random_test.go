package exec_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"pullback/internal/control"
	"pullback/internal/exec"
	"pullback/internal/lane"
	"pullback/internal/lane/lanetest"
	"pullback/internal/op"
	"pullback/internal/rewrite"
	"pullback/internal/transform"
	"pullback/ir"
)

// TestRandomPrograms runs random programs operation by operation and as kernels, rewritten and
// not, on 1, 2 and 4 processors, with whatever a former run left behind.
func TestRandomPrograms(t *testing.T) {
	n := lanetest.Long(t, 300, 30_000)
	// 12194: an operation takes the first elements of a longer array whole.
	for _, seed := range append([]uint64{12194}, seeds(n)...) {
		g, in := randomGraph(seed, 4+int(seed%20))
		if err := g.Verify(); err != nil {
			t.Fatalf("seed %d: the generator: %v", seed, err)
		}
		if !agrees(t, fmt.Sprint("seed ", seed), g, in) {
			t.Logf("%s", g.Text(ir.TextOptions{Elide: true}))
			return
		}
	}
}

// TestRandomBatches does the same with batches of small problems with loops, most of which are to
// be lane programs.
func TestRandomBatches(t *testing.T) {
	n := lanetest.Long(t, 300, 30_000)
	host, lanes := 0, 0
	// 2974: all lanes read one lane's number.
	for _, seed := range append([]uint64{2974}, seeds(n)...) {
		g, in := randomBatch(seed)
		if !agrees(t, fmt.Sprint("seed ", seed), g, in) {
			t.Logf("%s", g.Text(ir.TextOptions{Elide: true}))
			return
		}
		text := exec.Compile(g).String()
		host += strings.Count(text, "while:") + strings.Count(text, "scan of")
		lanes += strings.Count(text, "while (") + strings.Count(text, "scan (")
	}
	if lanes < 4*host {
		t.Errorf("%d loops are lane programs and %d are not", lanes, host)
	}
}

func seeds(n int) []uint64 {
	out := make([]uint64, n)
	for i := range out {
		out[i] = uint64(i)
	}
	return out
}

// agrees compares a program run by kernels in all ways with the same run op by op.
func agrees(t *testing.T, label string, g *ir.Graph, in []ir.Array) bool {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	want := eager(g, in)
	kept := make([]ir.Array, len(in))
	for i, a := range in {
		kept[i] = a.Clone()
	}
	ok := true
	for name, p := range map[string]*exec.Program{"compiled": exec.Compile(g),
		"lowered": exec.Lower(g)} {
		for _, processors := range []int{1, 2, 4} {
			runtime.GOMAXPROCS(processors)
			what := fmt.Sprintf("%s, %s, %d processors", label, name, processors)
			ok = same(t, what, p.RunPoisoned(in), want) && ok
		}
	}
	return same(t, label+": the operands", in, kept) && ok
}

// eager runs a program operation by operation.
func eager(g *ir.Graph, in []ir.Array) []ir.Array {
	x := make([]ir.Value, len(in))
	for i, a := range in {
		x[i] = ir.Known(a)
	}
	y := transform.Run(g, x)
	out := make([]ir.Array, len(y))
	for i, v := range y {
		out[i] = v.Array().Dense()
	}
	return out
}

// same compares bits, all NaNs being one.
func same(t *testing.T, label string, got, want []ir.Array) bool {
	t.Helper()
	for i := range want {
		if !got[i].Type().Equal(want[i].Type()) {
			t.Errorf("%s: result %d is %v, want %v", label, i, got[i].Type(), want[i].Type())
			return false
		}
		for e := range want[i].Len() {
			d := want[i].Type().DType
			a, b := lane.Canonical(d, got[i].Bits(e)), lane.Canonical(d, want[i].Bits(e))
			if a != b {
				t.Errorf("%s: result %d, %v, element %d: %v (%#x), want %v (%#x)", label, i,
					got[i].Type(), e, got[i].Number(e), a, want[i].Number(e), b)
				return false
			}
		}
	}
	return true
}

// TestRewrites runs random programs op by op after each pass of the pipeline.
func TestRewrites(t *testing.T) {
	for seed := range uint64(200) {
		g, in := randomGraph(1000+seed, 4+int(seed%20))
		want := eager(g, in)
		for _, pass := range rewrite.Passes() {
			before := g
			g = pass.Run(g)
			label := fmt.Sprintf("seed %d after %s", 1000+seed, pass.Name)
			if err := g.Verify(); err != nil {
				t.Fatalf("%s: %v\n%s", label, err, before.Text(ir.TextOptions{Elide: true}))
			}
			if !same(t, label, eager(g, in), want) {
				t.Fatalf("%s", before.Text(ir.TextOptions{Elide: true}))
			}
		}
	}
}

// TestRandomProgramsUseEverything sees that the generator leaves no primitive out.
func TestRandomProgramsUseEverything(t *testing.T) {
	used := map[string]bool{}
	var see func(g *ir.Graph)
	see = func(g *ir.Graph) {
		for _, n := range g.Nodes() {
			used[n.Op.Name()] = true
			for _, inner := range ir.GraphsOf(n.Op) {
				see(inner)
			}
		}
	}
	for seed := range uint64(300) {
		g, _ := randomGraph(seed, 4+int(seed%20))
		see(g)
	}
	for _, p := range append(op.Primitives(), control.While{}, control.Scan{}, control.Cond{}) {
		if !used[p.Name()] && p.Name() != "iota" { // which has no operands, so it is never recorded
			t.Errorf("no random program has a %s", p.Name())
		}
	}
}
