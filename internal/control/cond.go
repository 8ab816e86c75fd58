package control

import (
	"fmt"

	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// Cond runs one of two programs. Its operands are a scalar bool and the operands of both.
type Cond struct{ Then, Else *ir.Graph }

var (
	_ record.Linear     = Cond{}
	_ record.Linearizer = Cond{}
	_ record.Holder     = Cond{}
)

func (Cond) Name() string { return "cond" }

func (c Cond) Type(in []ir.Type) ([]ir.Type, error) {
	if !in[0].Equal(ir.Of(ir.Bool)) {
		return nil, fmt.Errorf("the condition is %v and must be a scalar bool; use ad.Where to decide "+
			"element by element", in[0])
	}
	a, b := ir.TypesOf(c.Then.Out()), ir.TypesOf(c.Else.Out())
	if !typesEqual(a, b) {
		return nil, fmt.Errorf("the branches give %v and %v; both must give the same types", a, b)
	}
	return a, nil
}

// Eval runs the branch that is taken, and nothing of the other.
func (c Cond) Eval(in, out []ir.Array) {
	branch := c.Else
	if ir.Stored[bool](in[0])[0] {
		branch = c.Then
	}
	evalGraph(branch, in[1:], out)
}

// JVP is never asked: Linearize is.
func (c Cond) JVP(x, y []Value, dx []record.Tangent) []record.Tangent {
	_, dy := c.Linearize(x, dx)
	return dy
}

// Linearize runs a conditional whose branches also give the residuals of both derivatives,
// zeros for the branch not taken, and then a linear conditional on those.
func (c Cond) Linearize(x []Value, dx []record.Tangent) ([]Value, []record.Tangent) {
	pred, xs, dxs := x[0], x[1:], dx[1:]
	active := nonzero(dxs)
	then, otherwise := linearizeGraph(c.Then, active), linearizeGraph(c.Else, active)

	n := len(c.Then.Out())
	thenRes := ir.TypesOf(then.primal.Out()[n:])
	elseRes := ir.TypesOf(otherwise.primal.Out()[n:])
	primal := Cond{
		Then: withOutputs(then.primal, func(out []Value) []Value { return append(out, zeros(elseRes)...) }),
		Else: withOutputs(otherwise.primal, func(out []Value) []Value {
			return concat(out[:n], zeros(thenRes), out[n:])
		}),
	}
	results := record.Apply(primal, x...)
	y, residuals := results[:n], results[n:]

	activeOut := make([]bool, n)
	for _, l := range []*linearized{then, otherwise} {
		for _, j := range l.out {
			activeOut[j] = true
		}
	}
	if !anyTrue(activeOut) {
		return y, make([]record.Tangent, n)
	}
	// Parameters of both linear branches: all residuals, then the active tangents.
	ins := concat(ir.TypesOf(residuals), pick(ir.TypesOf(xs), active))
	outs := pick(ir.TypesOf(y), activeOut)
	branch := func(l *linearized, skip int) *ir.Graph {
		return record.Trace(func(p []Value) []Value {
			res := p[skip : skip+l.residuals]
			dy := l.apply(res, p[len(residuals):])
			return densePick(dy, activeOut, outs)
		}, ins)
	}
	lin := Cond{Then: branch(then, 0), Else: branch(otherwise, len(thenRes))}
	operands := concat([]Value{pred}, residuals, denseValues(dxs, active, xs))
	return y, spreadTangents(record.Apply(lin, operands...), activeOut)
}

// Transpose is a conditional of the transposed branches.
func (c Cond) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	known, linear := partition(x[1:])
	active := nonzero(ct)
	cts := pickTangents(ct, active)
	ins := concat(ir.TypesOf(known), ir.TypesOf(cts))
	branch := func(g *ir.Graph) *ir.Graph {
		return record.Trace(func(p []Value) []Value {
			values := fillKnown(x[1:], p[:len(known)])
			t := transform.Transpose(g, values, linear, spreadTangents(p[len(known):], active))
			return denseOperands(t, x[1:])
		}, ins)
	}
	t := Cond{Then: branch(c.Then), Else: branch(c.Else)}
	results := record.Apply(t, concat([]Value{x[0].Value}, known, cts)...)
	return append([]record.Tangent{{}}, spreadTangents(results, linear)...)
}

// Batch runs both branches and selects where the condition differs from problem to problem.
func (c Cond) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	if batched[0] {
		a := transform.BatchAll(c.Then, n, x[1:], batched[1:])
		b := transform.BatchAll(c.Else, n, x[1:], batched[1:])
		out := make([]Value, len(a))
		for i := range a {
			shape := a[i].Type().Shape
			out[i] = op.Select(op.Broadcast(x[0], shape, []int{0}), a[i], b[i])
		}
		return out, nil
	}
	branch := func(g *ir.Graph) *ir.Graph { return batchGraph(g, n, ir.TypesOf(x[1:]), batched[1:]) }
	return record.Apply(Cond{branch(c.Then), branch(c.Else)}, x...), nil
}

// Graphs lists both branches.
func (c Cond) Graphs() []*ir.Graph { return []*ir.Graph{c.Then, c.Else} }

// WithGraphs is c with other branches.
func (c Cond) WithGraphs(g []*ir.Graph) record.Primitive { return Cond{g[0], g[1]} }
