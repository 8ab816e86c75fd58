package op_test

import (
	"slices"
	"strings"
	"testing"

	"pullback/ad"
	"pullback/internal/exec"
	"pullback/internal/op"
	"pullback/internal/optest"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// problems is how many there are in a batch that is to be lanes.
const problems = 3

// looped is a batch of problems, each of which runs g in a loop of so many rounds as its first
// parameter says: if lanes can compute g on small arrays, that is a lane program. The operands
// change places with copies of them every round, lest g be computed once, before the loop.
func looped(g *ir.Graph) *ir.Graph {
	n := len(g.In())
	types := append([]ir.Type{ir.Of(ir.Int32)}, ir.TypesOf(g.In())...)
	one := record.Trace(func(p []ir.Value) []ir.Value {
		state := slices.Concat(p, p[1:])
		for _, v := range g.Out() {
			state = append(state, op.Zeros(v.Type()))
		}
		return ad.While(state,
			func(s []ir.Value) ir.Value { return op.Less(op.Zeros(types[0]), s[0]) },
			func(s []ir.Value) []ir.Value {
				left := op.Sub(s[0], ir.Known(ir.Fill(int32(1))))
				x, copies := s[1:1+n], s[1+n:1+2*n]
				return slices.Concat([]ir.Value{left}, copies, x, transform.Run(g, x))
			})[1+2*n:]
	}, types)
	batched := make([]ir.Type, len(types))
	for i, t := range types {
		batched[i] = t.Batched(problems)
	}
	return record.Trace(func(p []ir.Value) []ir.Value {
		return transform.BatchAll(one, problems, p, transform.All(len(p)))
	}, batched)
}

// inLoops runs a program as one problem of a batch.
func inLoops(g *ir.Graph) func([]ir.Array) []ir.Array {
	p := exec.Compile(looped(g))
	return func(in []ir.Array) []ir.Array {
		batch := []ir.Array{ir.Wrap([]int32{1, 3, 2}, problems)}
		for _, a := range in {
			rows := ir.NewArray(a.Type().Batched(problems))
			for k := range problems {
				ir.Copy(rows.Row(k), a)
			}
			batch = append(batch, rows)
		}
		out := p.Run(batch)
		for i, a := range out {
			out[i] = a.Row(1).Clone()
		}
		return out
	}
}

// TestConformanceInLanes runs every primitive within a batched loop.
func TestConformanceInLanes(t *testing.T) {
	for _, c := range cases() {
		c.ValuesOnly = true
		t.Run(c.Name, func(t *testing.T) { optest.Check(t, c, inLoops) })
	}
}

// TestWhatLanesCompute says for which primitives a batched loop over small arrays is a lane
// program: all but these, whose indices are known only as they run.
func TestWhatLanesCompute(t *testing.T) {
	want := []string{"dynamic_slice", "dynamic_update_slice", "scatter_add"}
	host := map[string]bool{}
	for _, c := range cases() {
		types := make([]ir.Type, len(c.In))
		for i, a := range c.In {
			types[i] = a.Type()
		}
		g := record.Trace(c.Do, types)
		small := func(vs []ir.Value) bool {
			return !slices.ContainsFunc(vs, func(v ir.Value) bool {
				return v.Size() == 0 || v.Size() > 12
			})
		}
		if !small(g.In()) || !small(g.Out()) ||
			!strings.Contains(exec.Compile(looped(g)).String(), "while:") {
			continue
		}
		known := false
		for _, n := range g.Nodes() {
			if host[n.Op.Name()] = true; slices.Contains(want, n.Op.Name()) {
				known = true
			}
		}
		if !known {
			t.Errorf("%s is no lane program", c.Name)
		}
	}
	for _, name := range want {
		if !host[name] {
			t.Errorf("%s is one", name)
		}
	}
}
