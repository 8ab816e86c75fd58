package control

import (
	"fmt"

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
		return nil, fmt.Errorf("the condition is %v and must be a scalar bool; use ad.Where to "+
			"decide element by element", in[0])
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
	active, n := nonzero(dxs), len(c.Then.Out())
	then := linearizeGraph(c.Then, active, always)
	otherwise := linearizeGraph(c.Else, active, always)
	primal := Cond{
		Then: withOutputs(then.primal, func(out []Value) []Value {
			return concat(out, zeros(otherwise.residuals()))
		}),
		Else: withOutputs(otherwise.primal, func(out []Value) []Value {
			return concat(out[:n], zeros(then.residuals()), out[n:])
		}),
	}
	results := record.Apply(primal, x...)
	y, residuals := results[:n], results[n:]
	activeOut := flagsAt(n, concat(then.out, otherwise.out))
	if !anyTrue(activeOut) {
		return y, make([]record.Tangent, n)
	}
	// The operands of the linear branches: what each passes, the residuals, the tangents.
	passed := [][]Value{at(xs, then.passed), at(xs, otherwise.passed)}
	dense := denseValues(dxs, active, xs)
	operands := concat(passed[0], passed[1], residuals, dense)
	outs := pick(ir.TypesOf(y), activeOut)
	branch := func(f func(parts [][]Value) []record.Tangent) *ir.Graph {
		return record.Trace(func(p []Value) []Value {
			parts := split(p, len(passed[0]), len(passed[1]), then.computed, otherwise.computed)
			return densePick(f(parts), activeOut, outs)
		}, ir.TypesOf(operands))
	}
	lin := Cond{
		Then: branch(func(p [][]Value) []record.Tangent { return then.apply(p[4], p[2], p[0]) }),
		Else: branch(func(p [][]Value) []record.Tangent {
			return otherwise.apply(p[4], p[3], p[1])
		}),
	}
	return y, spreadTangents(record.Apply(lin, concat([]Value{pred}, operands)...), activeOut)
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

// Batch keeps one conditional where all problems have the same condition.
func (c Cond) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	if batched[0] {
		return applyBatched(CondEach{c}, n, x, batched), nil
	}
	branch := func(g *ir.Graph) *ir.Graph {
		return batchGraph(g, n, ir.TypesOf(x[1:]), batched[1:])
	}
	return record.Apply(Cond{branch(c.Then), branch(c.Else)}, x...), nil
}

// Graphs lists both branches.
func (c Cond) Graphs() []*ir.Graph { return []*ir.Graph{c.Then, c.Else} }

// WithGraphs is c with other branches.
func (c Cond) WithGraphs(g []*ir.Graph) record.Primitive { return Cond{g[0], g[1]} }
