package exec

import (
	"slices"

	"pullback/internal/control"
	"pullback/internal/lane"
	"pullback/ir"
)

// Loops and conditionals of lanes.

// held is how a lane holds a value: its part, or what all lanes have in common.
type held struct {
	own  bool
	size int // elements
}

// holdings is how values are held; few says whether they are few enough to be carried by a loop.
func holdings(types []ir.Type, own []bool, lanes int) (holds []held, few bool) {
	total := 0
	for i, t := range types {
		h := held{own[i], t.Size()}
		if h.own {
			h.size /= lanes
		}
		holds = append(holds, h)
		total += h.size
	}
	return holds, total <= maxCarried
}

// flat lists the elements of all values.
func flat(of []held, xs []array) []lane.Value {
	var out []lane.Value
	for i, h := range of {
		if h.own {
			out = append(out, collect(xs[i].own, h.size)...)
		} else {
			out = append(out, collect(xs[i].shared, h.size)...)
		}
	}
	return out
}

// unflat is flat's way back.
func unflat(of []held, xs []lane.Value) []array {
	out := make([]array, len(of))
	for i, h := range of {
		if out[i] = sharedValues(xs[:h.size]); h.own {
			out[i] = values(xs[:h.size])
		}
		xs = xs[h.size:]
	}
	return out
}

// settle makes arrays ready to be read inside a loop: what takes computing is computed here.
func settle(in []array, forms []form, types []ir.Type, lanes int) []array {
	out := slices.Clone(in)
	for i, a := range in {
		if !forms[i].loose {
			continue
		}
		out[i] = array{}
		if forms[i].own {
			out[i].own = values(collect(a.own, types[i].Size()/lanes)).own
		}
		if forms[i].shared {
			out[i].shared = sharedValues(collect(a.shared, types[i].Size())).shared
		}
	}
	return out
}

// settledForms is the forms after settle.
func settledForms(forms []form) []form {
	out := slices.Clone(forms)
	for i, f := range forms {
		out[i].indexed = f.indexed && !f.loose
		out[i].loose = false
	}
	return out
}

// ownForms is the forms of values that are parts or shared.
func ownForms(own []bool) []form {
	out := make([]form, len(own))
	for i, o := range own {
		out[i] = form{own: o, shared: !o}
	}
	return out
}

// carried is how a loop carries values: as parts if they can be, and otherwise the same in all
// lanes.
func carried(init []form) (own []bool, forms []form) {
	own = make([]bool, len(init))
	for i, f := range init {
		own[i] = f.own
	}
	return own, ownForms(own)
}

// keeps says whether next, the values after a round, can be had as the state is carried, and so
// could init.
func keeps(init, state, next []form) bool {
	for i, f := range state {
		if f.own && !next[i].own || f.shared && !(init[i].shared && next[i].shared) {
			return false
		}
	}
	return true
}

// mostInOne is how many problems each of a few lanes solves one after the other.
const mostInOne = 64

// while divides a while: the problems of a lane, if it has several, go one after the other if they
// can, and together otherwise.
func (d *divider) while(op control.While, n ir.Node, lanes int, in []form) (
	part division, ok bool) {
	pred := op.Cond.Out()[0].Type().Size()
	problems := 1
	if pred > 1 {
		if pred%lanes != 0 {
			return part, false
		}
		problems = pred / lanes
	}
	if lanes < fewLanes && problems > mostInOne {
		return part, false // they are better off as lanes themselves
	}
	if problems > 1 {
		if part, ok := d.eachProblem(op, n, lanes, problems, in); ok {
			return part, true
		}
	}
	types := ir.TypesOf(n.In)
	bodyAt := op.CondConsts + op.BodyConsts
	given, init := in[:bodyAt], in[bodyAt:]
	consts := settledForms(given)
	own, state := carried(init)
	body, ok1 := d.graph(op.Body, lanes, slices.Concat(consts[op.CondConsts:], state))
	cond, ok2 := d.graph(op.Cond, lanes, slices.Concat(consts[:op.CondConsts], state))
	if !ok1 || !ok2 || !keeps(init, state, body.out) {
		return part, false
	}
	test := cond.out[0]
	if pred > 1 && !test.own || pred == 1 && !test.shared && !(lanes == 1 && test.own) {
		return part, false
	}
	part.out = state
	part.cost = body.cost + cond.cost
	holds, few := holdings(types[bodyAt:], own, lanes)
	if problems > 1 {
		part.cost += cond.cost + len(holds)*problems
	}
	part.emit = func(e *partEmitter, in []array) []array {
		consts := settle(in[:bodyAt], given, types, lanes)
		tests := func(state []lane.Value) []lane.Value {
			y := cond.emit(e, slices.Concat(consts[:op.CondConsts], unflat(holds, state)))[0]
			if test.own {
				return collect(y.own, problems)
			}
			return collect(y.shared, 1)
		}
		round := func(state []lane.Value) []lane.Value {
			return flat(holds, body.emit(e, slices.Concat(consts[op.CondConsts:],
				unflat(holds, state))))
		}
		init := flat(holds, in[bodyAt:])
		if problems > 1 {
			return unflat(holds, together(e.b, holds, problems, init, tests, round))
		}
		return unflat(holds, e.b.While(init,
			func(state []lane.Value) lane.Value { return tests(state)[0] }, round))
	}
	return part, few
}

// together is a loop for several problems of one lane that goes on while one of them does; each
// keeps its state once its own test has failed.
func together(b *lane.Builder, holds []held, problems int, init []lane.Value,
	tests, round func(state []lane.Value) []lane.Value) []lane.Value {
	n := len(init)
	end := b.While(slices.Concat(init, tests(init)),
		func(state []lane.Value) lane.Value {
			some := state[n]
			for _, going := range state[n+1:] {
				some = b.Or(some, going)
			}
			return some
		},
		func(state []lane.Value) []lane.Value {
			next := round(state[:n])
			at := 0
			for _, h := range holds {
				for i := range h.size {
					going := state[n+i/(h.size/problems)]
					next[at] = b.Select(going, next[at], state[at])
					at++
				}
			}
			return slices.Concat(next, tests(next))
		})
	return end[:n]
}

// eachProblem divides a while over several problems a lane as if every problem were a lane.
func (d *divider) eachProblem(op control.While, n ir.Node, lanes, problems int, in []form) (
	part division, ok bool) {
	forms := make([]form, len(in))
	for i, f := range in {
		own := f.own && divides(n.In[i].Type(), lanes*problems)
		forms[i] = form{own: own, shared: f.shared, loose: f.loose}
	}
	one, ok := d.while(op, n, lanes*problems, forms)
	if !ok {
		return part, false
	}
	part.cost = one.cost * problems
	for _, f := range one.out {
		if !f.own {
			return part, false
		}
		part.out = append(part.out, form{own: true})
	}
	part.emit = func(e *partEmitter, in []array) []array {
		out := make([][]lane.Value, len(n.Out))
		for k := range problems {
			inner := *e
			inner.lanes, inner.piece = e.lanes*problems, e.piece*problems+k
			own := make([]array, len(in))
			for i, a := range in {
				own[i] = array{shared: a.shared}
				if size := n.In[i].Size() / (lanes * problems); forms[i].own {
					own[i].own = func(j int) lane.Value { return a.own(k*size + j) }
				}
			}
			for i, a := range one.emit(&inner, own) {
				out[i] = append(out[i], collect(a.own, n.Out[i].Size()/(lanes*problems))...)
			}
		}
		arrays := make([]array, len(out))
		for i, xs := range out {
			arrays[i] = values(xs)
		}
		return arrays
	}
	return part, true
}

// innerRows says whether a scan inside a program goes through constants alone, and gives them the
// form that they have there.
func innerRows(s control.Scan, n ir.Node, forms []form) bool {
	for i := s.Consts + s.Carry; i < len(n.In); i++ {
		if !n.In[i].IsKnown() {
			return false
		}
		forms[i] = form{shared: true}
	}
	return len(n.Out) == s.Carry
}

// scan divides a loop of a fixed number of rounds. Its rows come from memory, and go there.
func (d *divider) scan(op control.Scan, n ir.Node, lanes int, in []form) (part division, ok bool) {
	first := op.Consts + op.Carry
	types := ir.TypesOf(n.In)
	if op.Length < 2 {
		return part, false
	}
	rows := make([]form, 0, len(in)-first)
	for i := first; i < len(in); i++ {
		t := op.Body.In()[i].Type()
		own := in[i].own && divides(t, lanes)
		rows = append(rows, form{own: own, shared: in[i].shared})
	}
	given, init := in[:op.Consts], in[op.Consts:first]
	own, state := carried(init)
	body, ok := d.graph(op.Body, lanes, slices.Concat(settledForms(given), state, rows))
	if !ok || !keeps(init, state, body.out) {
		return part, false
	}
	for j := op.Carry; j < len(n.Out); j++ {
		if !body.out[j].own {
			return part, false
		}
	}
	part.out = make([]form, len(n.Out))
	copy(part.out, state)
	part.cost = body.cost
	holds, few := holdings(types[op.Consts:first], own, lanes)
	part.emit = func(e *partEmitter, in []array) []array {
		consts := settle(in[:op.Consts], given, types, lanes)
		end := e.b.For(op.Length, flat(holds, in[op.Consts:first]),
			func(k lane.Value, state []lane.Value) []lane.Value {
				if op.Reverse {
					k = e.b.Sub(e.b.Int(ir.Int64, int64(op.Length-1)), k)
				}
				x := slices.Concat(consts, unflat(holds, state))
				for _, a := range in[first:] {
					x = append(x, a.row(k))
				}
				y := body.emit(e, x)
				next := flat(holds, y[:op.Carry])
				for j := op.Carry; j < len(y); j++ {
					for i := range op.Body.Out()[j].Size() / lanes {
						e.store(j, k, i, y[j].own(i))
					}
				}
				return next
			})
		return append(unflat(holds, end), make([]array, len(n.Out)-op.Carry)...)
	}
	return part, few
}

// cheapNodes bounds the branches of conditionals of which lanes compute both and choose.
const cheapNodes = 16

// cheap says whether a branch is short and without control flow.
func cheap(g *ir.Graph) bool {
	controls := func(n ir.Node) bool {
		_, ok := n.Op.(control.Cond)
		return ok || isLoop(n)
	}
	return len(g.Nodes()) <= cheapNodes && !slices.ContainsFunc(g.Nodes(), controls)
}

// cond divides a conditional: a lane computes both branches, which are cheap, and chooses.
func (d *divider) cond(op control.Cond, n ir.Node, lanes int, in []form) (part division, ok bool) {
	if !cheap(op.Then) || !cheap(op.Else) {
		return part, false
	}
	then, ok1 := d.graph(op.Then, lanes, in[1:])
	otherwise, ok2 := d.graph(op.Else, lanes, in[1:])
	alone := lanes == 1 && in[0].own
	if !ok1 || !ok2 || !in[0].shared && !alone {
		return part, false
	}
	part.cost = then.cost + otherwise.cost
	own := make([]bool, len(n.Out))
	for i, v := range n.Out {
		a, b := then.out[i], otherwise.out[i]
		own[i] = a.own && b.own && divides(v.Type(), lanes)
		if !own[i] && !(a.shared && b.shared) {
			return part, false
		}
	}
	part.out = ownForms(own)
	holds, _ := holdings(ir.TypesOf(n.Out), own, lanes)
	part.emit = func(e *partEmitter, in []array) []array {
		xs, ys := flat(holds, then.emit(e, in[1:])), flat(holds, otherwise.emit(e, in[1:]))
		pred := in[0].shared
		if alone {
			pred = in[0].own
		}
		for i, x := range xs {
			xs[i] = e.b.Select(pred(0), x, ys[i])
		}
		return unflat(holds, xs)
	}
	return part, true
}
