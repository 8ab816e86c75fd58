package exec

import (
	"slices"

	"pullback/internal/control"
	"pullback/internal/lane"
	"pullback/ir"
)

// emitter writes the body of a lane program.
type emitter struct {
	b        *lane.Builder
	constant func(a ir.Array) (buffer int) // binds an array of constants
}

// graph appends a laneable program, for parameters that are in the given lane values.
func (e *emitter) graph(g *ir.Graph, in []lane.Value) []lane.Value {
	env := make([]lane.Value, g.NumValues())
	for i, v := range g.In() {
		env[v.ID()] = in[i]
	}
	get := func(vs []ir.Value) []lane.Value {
		out := make([]lane.Value, len(vs))
		for i, v := range vs {
			if isOneNumber(v) {
				out[i] = emitConstant(e.b, v.Array())
			} else if !v.IsKnown() {
				out[i] = env[v.ID()]
			}
		}
		return out
	}
	for _, n := range g.Nodes() {
		row := func(j int, round lane.Value) lane.Value {
			a := n.In[j].Array()
			if a.IsFill() {
				return emitConstant(e.b, a)
			}
			return e.b.Load(lane.Access{Buffer: e.constant(a)}, round)
		}
		for i, v := range e.node(n, get(n.In), rows{load: row}) {
			env[n.Out[i].ID()] = v
		}
	}
	return get(g.Out())
}

// rows says how a scan gets at the arrays that it goes through.
type rows struct {
	load  func(operand int, round lane.Value) lane.Value // of operand number
	store func(result int, round, x lane.Value)
}

// node appends an operation and gives its results, of a scan those that are its carry.
func (e *emitter) node(n ir.Node, in []lane.Value, r rows) []lane.Value {
	switch op := n.Op.(type) {
	case lane.Lowerer:
		return op.Lower(e.b, in)
	case control.While:
		bodyAt := op.CondConsts + op.BodyConsts
		condConsts, bodyConsts, init := in[:op.CondConsts], in[op.CondConsts:bodyAt], in[bodyAt:]
		return e.b.While(init,
			func(state []lane.Value) lane.Value {
				return e.graph(op.Cond, slices.Concat(condConsts, state))[0]
			},
			func(state []lane.Value) []lane.Value {
				return e.graph(op.Body, slices.Concat(bodyConsts, state))
			})
	case control.Scan:
		return e.scan(op, in, r)
	case control.Cond:
		then, otherwise := e.graph(op.Then, in[1:]), e.graph(op.Else, in[1:])
		for i, x := range then {
			then[i] = e.b.Select(in[0], x, otherwise[i])
		}
		return then
	}
	return in[:1] // a view
}

// scan is a loop of a fixed number of rounds.
func (e *emitter) scan(op control.Scan, in []lane.Value, r rows) []lane.Value {
	first := op.Consts + op.Carry
	return e.b.For(op.Length, in[op.Consts:first],
		func(k lane.Value, state []lane.Value) []lane.Value {
			if op.Reverse {
				k = e.b.Sub(e.b.Int(ir.Int64, int64(op.Length-1)), k)
			}
			x := slices.Concat(in[:op.Consts], state)
			for j := first; j < len(in); j++ {
				x = append(x, r.load(j, k))
			}
			y := e.graph(op.Body, x)
			for j := op.Carry; j < len(y); j++ {
				r.store(j, k, y[j])
			}
			return y[:op.Carry]
		})
}

// emitConstant is a constant that is the same in all lanes.
func emitConstant(b *lane.Builder, a ir.Array) lane.Value {
	t := a.Type().DType
	return b.Bits(t, lane.Canonical(t, a.Bits(0)))
}
