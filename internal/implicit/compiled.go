package implicit

import (
	"pullback/ad"
	"pullback/internal/exec"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// Compiled is f(x), for an f of many rounds: where all that it depends on is known numbers, it
// is recorded, compiled and run, which pays for itself within a few rounds. In a recording
// it is recorded there, and the whole is compiled by whoever asked for it.
func Compiled[Out any](f func(x ad.Value) Out, x ad.Value) Out {
	if x.Graph() != nil {
		return f(x)
	}
	var rebuild func([]ad.Value) Out
	g := record.Trace(func(p []ir.Value) []ir.Value {
		leaves, tree := ad.Flatten(f(p[0]))
		rebuild = tree
		return leaves
	}, []ir.Type{x.Type()})
	closed, free := g.Close()
	in := append([]ir.Value{x}, free...)
	if len(free) > 0 || record.DebugNaN() {
		return rebuild(transform.Run(closed, in))
	}
	results := exec.Compile(closed).Run([]ir.Array{x.Array()})
	out := make([]ir.Value, len(results))
	for i, a := range results {
		out[i] = ir.Known(a)
	}
	return rebuild(out)
}
