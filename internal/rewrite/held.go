package rewrite

import (
	"slices"

	"pullback/internal/control"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// trimming applies a conditional or a loop without what it does not need: operands that its
// programs do not look at, or that are given twice; parts of a loop's state that neither its
// condition nor a used result depends on, or that never change; results that nobody uses, whose
// places in the list are left without a value. Operands that are one known number become constants
// of the programs, where they fold.
type trimming struct {
	n       ir.Node
	in      []ir.Value // the operands now
	used    []bool     // by result
	dry     bool       // find out, and record nothing
	changed bool       // whether there was anything that is not needed
}

// trims says whether there is anything in a conditional or a loop that is not needed.
func trims(n ir.Node, used []bool) bool {
	t := trimming{n: n, in: n.In, used: used, dry: true}
	t.apply()
	return t.changed
}

// isTrimmable says whether n is a conditional or a loop.
func isTrimmable(n ir.Node) bool {
	switch n.Op.(type) {
	case control.Cond, control.While, control.Scan:
		return true
	}
	return false
}

func (t *trimming) apply() []ir.Value {
	switch op := t.n.Op.(type) {
	case control.Cond:
		return t.cond(op)
	case control.While:
		return t.while(op)
	}
	return t.scan(t.n.Op.(control.Scan))
}

// smaller records op in place of the one that there was.
func (t *trimming) smaller(op record.Holder, operands []ir.Value) []ir.Value {
	before := t.n.Op.(record.Holder)
	t.changed = !slices.Equal(before.Graphs(), op.Graphs()) || !slices.Equal(t.in, operands)
	switch {
	case t.dry:
		return t.n.Out
	case !t.changed:
		return same(t.n, t.in)
	}
	return record.ApplyAt(t.n.Pos, op, operands...)
}

// parameter says what a parameter of a held program is: an operand that stays the same, or the
// one of the given number that changes from round to round.
type parameter struct {
	operand  ir.Value
	changing int // -1 for an operand
}

// binding gathers the operands that stay the same.
type binding struct{ operands []ir.Value }

// add is a list of parameters of which those that are not needed have become zeros, and of which
// all but known numbers have a place in b.operands, or change.
func (b *binding) add(params []parameter, needed []bool) []parameter {
	out := slices.Clone(params)
	for i, p := range params {
		switch v := p.operand; {
		case p.changing >= 0:
		case !needed[i]:
			out[i].operand = ir.Known(ir.FillNumber(v.Type(), 0))
		case v.IsKnown() && (v.Array().IsFill() || v.Size() == 1):
		case !slices.Contains(b.operands, v):
			b.operands = append(b.operands, v)
		}
	}
	return out
}

// program is g with other parameters: b.operands, and then those that change, whose types are
// given. Its results are those of g that are picked.
func (b *binding) program(g *ir.Graph, params []parameter, changing []ir.Type,
	picked []int) *ir.Graph {
	if b.keeps(g, params, picked) {
		return g
	}
	return record.TraceLike(g, func(p []ir.Value) []ir.Value {
		x := make([]ir.Value, len(params))
		for i, q := range params {
			switch at := slices.Index(b.operands, q.operand); {
			case q.changing >= 0:
				x[i] = p[len(b.operands)+q.changing]
			case at >= 0:
				x[i] = p[at]
			default:
				x[i] = q.operand
			}
		}
		return at(transform.Run(g, x), picked)
	}, slices.Concat(ir.TypesOf(b.operands), changing))
}

// keeps says whether program has nothing to do.
func (b *binding) keeps(g *ir.Graph, params []parameter, picked []int) bool {
	if len(picked) != len(g.Out()) || !slices.Equal(picked, all(g)) {
		return false
	}
	for i, p := range params {
		switch {
		case p.changing >= 0:
			if i != len(b.operands)+p.changing {
				return false
			}
		case i >= len(b.operands) || p.operand != b.operands[i]:
			return false
		}
	}
	return true
}

// at lists the elements at places.
func at[T any](list []T, places []int) []T {
	out := make([]T, len(places))
	for i, k := range places {
		out[i] = list[k]
	}
	return out
}

// places lists where flags are set.
func places(flags []bool) (list []int) {
	for i, f := range flags {
		if f {
			list = append(list, i)
		}
	}
	return list
}

// fixed makes operands parameters.
func fixed(operands []ir.Value) []parameter {
	out := make([]parameter, len(operands))
	for i, v := range operands {
		out[i] = parameter{v, -1}
	}
	return out
}

// needed says which parameters of g the picked results depend on.
func needed(g *ir.Graph, picked []int) []bool {
	used := make([]bool, g.NumValues())
	mark := func(vs []ir.Value) {
		for _, v := range vs {
			if v.Graph() == g {
				used[v.ID()] = true
			}
		}
	}
	mark(at(g.Out(), picked))
	for _, n := range slices.Backward(g.Nodes()) {
		if slices.ContainsFunc(n.Out, func(v ir.Value) bool { return used[v.ID()] }) {
			mark(n.In)
		}
	}
	flags := make([]bool, len(g.In()))
	for i, v := range g.In() {
		flags[i] = used[v.ID()]
	}
	return flags
}

// spread puts results back to their places among n.
func spread(results []ir.Value, places []int, n int) []ir.Value {
	out := make([]ir.Value, n)
	for i, k := range places {
		out[k] = results[i]
	}
	return out
}

func (t *trimming) cond(c control.Cond) []ir.Value {
	picked := places(t.used)
	either := needed(c.Then, picked)
	for i, needs := range needed(c.Else, picked) {
		either[i] = either[i] || needs
	}
	var b binding
	params := b.add(fixed(t.in[1:]), either)
	op := control.Cond{
		Then: b.program(c.Then, params, nil, picked),
		Else: b.program(c.Else, params, nil, picked),
	}
	return spread(t.smaller(op, append(t.in[:1:1], b.operands...)), picked, len(t.used))
}

func (t *trimming) while(w control.While) []ir.Value {
	condConsts, bodyConsts, init := w.Operands(t.in)
	live := needed(w.Cond, []int{0})[w.CondConsts:]
	for i, u := range t.used {
		live[i] = live[i] || u
	}
	grow(live, w.Body, w.BodyConsts)
	changes := slices.Clone(live)
	for i, v := range w.Body.Out() {
		changes[i] = live[i] && v != w.Body.In()[w.BodyConsts+i]
	}
	if !slices.Contains(changes, true) {
		changes = live // it would be a loop without a state
	}
	state := places(changes)
	types := ir.TypesOf(at(init, state))
	params := func(consts []ir.Value) []parameter {
		list := append(fixed(consts), fixed(init)...)
		for k, i := range state {
			list[len(consts)+i].changing = k
		}
		return list
	}
	var c, b binding
	condParams := c.add(params(condConsts), needed(w.Cond, []int{0}))
	bodyParams := b.add(params(bodyConsts), needed(w.Body, state))
	op := control.While{CondConsts: len(c.operands), BodyConsts: len(b.operands)}
	op.Cond = c.program(w.Cond, condParams, types, []int{0})
	op.Body = b.program(w.Body, bodyParams, types, state)
	operands := slices.Concat(c.operands, b.operands, at(init, state))
	out := spread(t.smaller(op, operands), state, len(t.used))
	for i := range out {
		if live[i] && !changes[i] {
			out[i] = init[i]
		}
	}
	return out
}

// grow adds to the live parts of a state those that they depend on, through a body whose
// parameters begin with consts and whose first results are the state.
func grow(live []bool, body *ir.Graph, consts int) {
	for grown := true; grown; {
		grown = false
		for i, needs := range needed(body, places(live))[consts:][:len(live)] {
			if needs && !live[i] {
				live[i], grown = true, true
			}
		}
	}
}

func (t *trimming) scan(s control.Scan) []ir.Value {
	in, used := t.in, t.used
	// The used elements, and the parts of the carry that they or used results depend on.
	ys := places(used[s.Carry:])
	for k := range ys {
		ys[k] += s.Carry
	}
	live := slices.Clone(used[:s.Carry])
	for i, needs := range needed(s.Body, ys)[s.Consts:][:s.Carry] {
		live[i] = live[i] || needs
	}
	grow(live, s.Body, s.Consts)
	carry := places(live)
	picked := slices.Concat(carry, ys)
	needs := needed(s.Body, picked)
	first := s.Consts + s.Carry
	xs := places(needs[first:])

	var changing []ir.Value
	params := fixed(in)
	for _, list := range []struct {
		from   int
		places []int
	}{{s.Consts, carry}, {first, xs}} {
		for _, k := range list.places {
			params[list.from+k].changing = len(changing)
			changing = append(changing, s.Body.In()[list.from+k])
		}
	}
	for i := range params[s.Consts:] { // what is left out has the type of one round
		params[s.Consts+i].operand = s.Body.In()[s.Consts+i]
	}
	var b binding
	params = b.add(params, needs)
	op := control.Scan{Length: s.Length, Reverse: s.Reverse, Consts: len(b.operands),
		Carry: len(carry)}
	op.Body = b.program(s.Body, params, ir.TypesOf(changing), picked)
	operands := slices.Concat(b.operands, at(in[s.Consts:], carry), at(in[first:], xs))
	return spread(t.smaller(op, operands), picked, len(used))
}
