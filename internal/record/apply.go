package record

import (
	"pullback/ir"
)

// Apply applies op. If every operand is known the results are computed at once; otherwise a
// node is recorded in the newest graph among the operands'. A mistake in the operands panics with
// an *ir.UsageError that names the user's line.
func Apply(op ir.Evaluator, in ...ir.Value) []ir.Value {
	var pos *ir.Position
	g := Newest(in)
	if g != nil {
		if pos = g.Inherited(); pos == nil {
			pos = ir.Here(1)
		}
	}
	return applyTo(g, pos, op, in)
}

// Apply1 is Apply of an operation with one result.
func Apply1(op ir.Evaluator, in ...ir.Value) ir.Value { return Apply(op, in...)[0] }

// ApplyAt is Apply at a given position: of a node that is replayed.
func ApplyAt(pos *ir.Position, op ir.Evaluator, in ...ir.Value) []ir.Value {
	return applyTo(Newest(in), pos, op, in)
}

// Replay applies op in place of n to operands that have the types of n's, which is not looked at
// again: the results have the types of n's. The operands' list stays the caller's; that of the
// results is not to be changed.
func Replay(n ir.Node, op ir.Evaluator, in []ir.Value) []ir.Value {
	if g := Newest(in); g != nil {
		return g.AppendLike(n, op, in)
	}
	return evaluate(n.Pos, op, in, ir.TypesOf(n.Out))
}

// applyTo evaluates where g is nil. The position of an evaluated operation is only looked for
// when it is wrong, since walking the stack would cost more than a small operation itself.
func applyTo(g *ir.Graph, pos *ir.Position, op ir.Evaluator, in []ir.Value) []ir.Value {
	types := ir.TypesOf(in)
	out, err := op.Type(types)
	for _, t := range out {
		if err == nil {
			err = t.Check()
		}
	}
	if err != nil {
		if pos == nil {
			pos = ir.Here(2)
		}
		panic(&ir.UsageError{Pos: pos, Op: op.Name(), In: types, Reason: err.Error()})
	}
	if g != nil {
		return g.Append(op, in, out, pos)
	}
	return evaluate(pos, op, in, out)
}

func evaluate(pos *ir.Position, op ir.Evaluator, in []ir.Value, types []ir.Type) []ir.Value {
	xs := make([]ir.Array, len(in))
	for i, v := range in {
		xs[i] = v.Array()
	}
	ys := make([]ir.Array, len(types))
	if s, ok := op.(Sharer); ok {
		if shared, ok := s.Share(xs, types); ok {
			return known(shared)
		}
	}
	for i, t := range types {
		ys[i] = ir.NewArray(t)
	}
	op.Eval(xs, ys)
	if DebugNaN() {
		CheckNaN(pos, op, xs, ys)
	}
	return known(ys)
}

func known(arrays []ir.Array) []ir.Value {
	vs := make([]ir.Value, len(arrays))
	for i, a := range arrays {
		vs[i] = ir.Known(a)
	}
	return vs
}

// Newest is the newest graph among the values', nil if all are known.
func Newest(vs []ir.Value) *ir.Graph {
	var g *ir.Graph
	for _, v := range vs {
		if h := v.Graph(); h != nil && h.NewerThan(g) {
			g = h
		}
	}
	return g
}

// Trace records f, called with parameters of the given types, as a graph. The graph may refer
// to older graphs, through values that f closed over.
func Trace(f func([]ir.Value) []ir.Value, in []ir.Type) *ir.Graph {
	return traceInto(ir.NewGraph(), f, in)
}

// TraceLike is Trace of what replays g and will be about as long.
func TraceLike(g *ir.Graph, f func([]ir.Value) []ir.Value, in []ir.Type) *ir.Graph {
	return traceInto(ir.NewGraphLike(g), f, in)
}

func traceInto(g *ir.Graph, f func([]ir.Value) []ir.Value, in []ir.Type) *ir.Graph {
	params := make([]ir.Value, len(in))
	for i, t := range in {
		params[i] = g.Param(t)
	}
	// A panic in f leaves a finished graph behind, so that its values are known to be dead.
	var out []ir.Value
	defer func() { g.Finish(out) }()
	out = f(params)
	return g
}

// Inheriting runs body, the rule of a node that stands at pos: what it records in any of graphs
// stands there too, and so do its mistakes.
func Inheriting(graphs []*ir.Graph, pos *ir.Position, body func()) {
	former := make([]*ir.Position, len(graphs))
	for i, g := range graphs {
		former[i] = g.Inherit(pos)
	}
	defer func() {
		for i, g := range graphs {
			g.Inherit(former[i])
		}
		if r := recover(); r != nil {
			panic(located(r, pos))
		}
	}()
	body()
}

// located gives a mistake that does not know its place the position pos.
func located(mistake any, pos *ir.Position) any {
	switch e := mistake.(type) {
	case *ir.UsageError:
		if e.Pos == nil {
			e.Pos = pos
		}
	case *NaNError:
		if !e.placed {
			e.Pos, e.placed = pos, true
		}
	}
	return mistake
}

// GraphsOf lists the unfinished graphs that the values are recorded in, each once.
func GraphsOf(lists ...[]ir.Value) []*ir.Graph {
	var graphs []*ir.Graph
	for _, vs := range lists {
	next:
		for _, v := range vs {
			g := v.Graph()
			if g == nil || g.Finished() {
				continue
			}
			for _, h := range graphs {
				if g == h {
					continue next
				}
			}
			graphs = append(graphs, g)
		}
	}
	return graphs
}
