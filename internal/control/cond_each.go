package control

import (
	"pullback/internal/op"
	"pullback/internal/record"
	"pullback/internal/transform"
	"pullback/ir"
)

// CondEach is a conditional as one problem of a batch in which the condition differs. Every
// problem runs both branches and selects. It is an operation with rules, and not those selects
// at once, since its derivative is a conditional too: a branch that is not taken then has zeros
// for residuals, where the derivative of a select would multiply its infinities by zero.
type CondEach struct{ Cond Cond }

var (
	_ record.Linear = CondEach{}
	_ record.Ruled  = CondEach{}
)

func (CondEach) Name() string { return "cond_each" }

func (c CondEach) Type(in []ir.Type) ([]ir.Type, error) { return c.Cond.Type(in) }

func (c CondEach) Eval(in, out []ir.Array) { c.Cond.Eval(in, out) }

// Primal runs both branches.
func (c CondEach) Primal(x []Value) []Value {
	a, b := transform.Run(c.Cond.Then, x[1:]), transform.Run(c.Cond.Else, x[1:])
	out := make([]Value, len(a))
	for i := range a {
		out[i] = op.Select(op.Broadcast(x[0], a[i].Type().Shape, nil), a[i], b[i])
	}
	return out
}

func (c CondEach) JVP(x, _ []Value, dx []record.Tangent) []record.Tangent {
	_, dy := c.Cond.Linearize(x, dx)
	return dy
}

func (c CondEach) Transpose(ct []record.Tangent, x []record.Operand) []record.Tangent {
	return c.Cond.Transpose(ct, x)
}

func (c CondEach) Batch(n int, x []Value, batched []bool) ([]Value, []bool) {
	return applyBatched(c, n, x, batched), nil
}
