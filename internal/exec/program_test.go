package exec_test

import (
	"fmt"
	"sync"
	"testing"

	"pullback/internal/exec"
	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/ir"
)

// TestConcurrentRuns runs programs from many goroutines at once.
func TestConcurrentRuns(t *testing.T) {
	for seed := range uint64(60) {
		g, in := randomGraph(seed, 12)
		want := eager(g, in)
		p := exec.Compile(g)
		var group sync.WaitGroup
		for k := range 8 {
			group.Go(func() {
				for range 3 {
					same(t, fmt.Sprintf("seed %d, goroutine %d", seed, k), p.Run(in), want)
				}
			})
		}
		group.Wait()
	}
}

// TestResultsAreTheirOwn overwrites results and sees whether anything else changes: parameters,
// other results, and what the next run gives.
func TestResultsAreTheirOwn(t *testing.T) {
	check := func(label string, g *ir.Graph, in []ir.Array) {
		p := exec.Compile(g)
		want := eager(g, in)
		got := p.Run(in)
		for i, a := range got {
			if a.Len() == 0 {
				continue
			}
			for j, b := range append(append([]ir.Array{}, got[:i]...), in...) {
				if b.Len() > 0 && a.Type().DType == b.Type().DType && a.Address() == b.Address() {
					t.Errorf("%s: result %d is in the memory of array %d", label, i, j)
				}
			}
			a.Clear()
		}
		same(t, label+", again", p.Run(in), want)
	}
	for seed := range uint64(100) {
		g, in := randomGraph(seed, 8)
		check(fmt.Sprint("seed ", seed), g, in)
	}
	constant := ir.Known(ir.Wrap([]float64{1, 2, 3}, 3))
	x := ir.Wrap([]float64{4, 5, 6}, 3)
	check("what is given back", record.Trace(func(p []ir.Value) []ir.Value {
		y := op.Exp(p[0])
		return []ir.Value{p[0], p[0], op.Reshape(p[0], []int{3, 1}), constant, constant, y, y,
			op.Reshape(y, []int{1, 3}), op.Reverse(y, 0), op.Reverse(y, 0)}
	}, []ir.Type{x.Type()}), []ir.Array{x})
}
