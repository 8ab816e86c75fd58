package rewrite

import (
	"slices"

	"pullback/internal/control"
	"pullback/internal/lane"
	primitives "pullback/internal/op"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// Simplifier is an operation that is sometimes one of its own operands, or a simpler operation
// on them, with the same bits. ok is false where there is nothing to simplify.
type Simplifier interface {
	Simplify(in []ir.Value) (out ir.Value, ok bool)
}

// Follower is an operation of one operand that sometimes is, together with the operation which
// made that operand from in, one simpler operation, or nothing at all, with the same bits.
type Follower interface {
	Follow(first ir.Op, in []ir.Value) (out ir.Value, ok bool)
}

// simplify replays the program: what has become known is computed, and operations simplify.
func simplify(g *ir.Graph) *ir.Graph {
	var made producers
	return replay(g, within(g, simplify), func(_ int, n ir.Node, in []ir.Value) []ir.Value {
		to := record.Newest(in)
		out := made.simpler(to, n, in)
		if out == nil {
			out = same(n, in)
		}
		made.see(to)
		return out
	})
}

// producers knows the nodes of a growing program by their first results.
type producers struct {
	by   []*ir.Node // by value
	seen int
}

// see takes in what was added to the program g, nil if nothing was.
func (p *producers) see(g *ir.Graph) {
	if g == nil {
		return
	}
	p.by = append(p.by, make([]*ir.Node, g.NumValues()-len(p.by))...)
	for k := range g.Nodes()[p.seen:] {
		n := &g.Nodes()[p.seen+k]
		p.by[n.Out[0].ID()] = n
	}
	p.seen = len(g.Nodes())
}

// of is the operation that made v, if it is known, and that operation's operands.
func (p *producers) of(v ir.Value) (op ir.Op, in []ir.Value, ok bool) {
	if v.IsKnown() || v.ID() >= len(p.by) || p.by[v.ID()] == nil {
		return nil, nil, false
	}
	return p.by[v.ID()].Op, p.by[v.ID()].In, true
}

// simpler is simpler, whose operations in the program to stand where n stood.
func (p *producers) simpler(to *ir.Graph, n ir.Node, in []ir.Value) []ir.Value {
	if to != nil {
		defer to.Inherit(to.Inherit(n.Pos))
	}
	return simpler(n.Op, in, p)
}

// simpler is what an operation simplifies to, nil if it does not.
func simpler(op ir.Op, in []ir.Value, made *producers) []ir.Value {
	if c, ok := op.(control.Cond); ok && in[0].IsKnown() {
		if in[0].Bool() {
			return transform.Run(c.Then, in[1:])
		}
		return transform.Run(c.Else, in[1:])
	}
	if out, ok := reducesOne(op, in); ok {
		return []ir.Value{out}
	}
	if f, ok := op.(Follower); ok {
		if first, operands, ok := made.of(in[0]); ok {
			if out, ok := f.Follow(first, operands); ok {
				return []ir.Value{out}
			}
		}
	}
	if s, ok := op.(Simplifier); ok {
		if out, ok := s.Simplify(in); ok {
			return []ir.Value{out}
		}
	}
	return nil
}

// reducesOne replaces a reduction over axes of one element, as solvers of one unknown have many,
// by that element.
func reducesOne(op ir.Op, in []ir.Value) (out ir.Value, ok bool) {
	r, ok := op.(lane.Reducer)
	if !ok {
		return out, false
	}
	shape := in[0].Type().Shape
	kept := []int{}
	_, axes := r.Reduction(ir.TypesOf(in))
	for a, n := range shape {
		if !slices.Contains(axes, a) {
			kept = append(kept, n)
		} else if n != 1 {
			return out, false
		}
	}
	x := in[0]
	if len(in) == 2 {
		x = primitives.Mul(x, in[1])
	}
	return primitives.Reshape(x, kept), true
}
